//! Throw-away folders.

use std::{fs, os::unix::fs::PermissionsExt as _};

use anyhow::Result;
use tempfile::TempDir;

/// Set to keep the folders, to look into the peers' logs after a failure.
const KEEP: &str = "DESKBELL_KEEP_FOLDERS";

/// A folder every user may use, for peers that do not run as who made it.
///
/// # Errors
/// When it cannot be made.
pub fn open_folder() -> Result<TempDir> {
    let folder = private_folder()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
    Ok(folder)
}

/// A folder for this user alone.
///
/// # Errors
/// When it cannot be made.
pub fn private_folder() -> Result<TempDir> {
    let mut folder = TempDir::with_prefix("deskbell-")?;
    folder.disable_cleanup(std::env::var_os(KEEP).is_some());
    Ok(folder)
}
