//! The window's and the console's pages.

use std::{fs, path::Path, process::Command};

use anyhow::Result;

use crate::command::{program, succeed};

/// Installs the packages the lock file names, unless they are there, and builds the pages.
pub fn build(root: &Path) -> Result<()> {
    install(root)?;
    succeed(npm(root).args(["run", "build"]))
}

/// Installs the packages the lock file names, unless they are there.
pub fn install(root: &Path) -> Result<()> {
    let ui = root.join("ui");
    let lock = fs::read(ui.join("package-lock.json"))?;
    let mark = ui.join("node_modules/.installed-lock.json");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    succeed(npm(root).arg("ci"))?;
    Ok(fs::write(mark, lock)?)
}

/// `npm` in the pages' folder.
pub fn npm(root: &Path) -> Command {
    program(&root.join("ui"), "npm")
}
