//! The policy templates, as administrators copy them into their policy store.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use super::VERSION;
use crate::command::succeed;

/// Zips what lies in `installer/policies`.
pub fn pack(root: &Path, out: &Path) -> Result<()> {
    let zip = out.join(format!("deskbell-{VERSION}-policies.zip"));
    let _ = fs::remove_file(&zip);
    let mut command = Command::new("zip");
    command
        .current_dir(root.join("installer/policies"))
        .args(["--quiet", "--no-extra", "--recurse-paths"])
        .arg(zip)
        .arg(".");
    succeed(&mut command).context("zipping installer/policies")
}
