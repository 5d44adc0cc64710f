//! Cargo's own tools, installed beside the build when the machine has none.

use std::{env, ffi::OsString, path::Path, process::Command};

use anyhow::Result;

use crate::command::{cargo, succeed};

/// Where they are installed.
const FOLDER: &str = "tools";

/// Installs a tool unless it is there.
pub fn install(root: &Path, name: &str) -> Result<()> {
    let mut ask = Command::new(name);
    let there = ask.arg("--version").env("PATH", path(root)).output();
    if there.is_ok_and(|answer| answer.status.success()) {
        return Ok(());
    }
    println!("{name} is missing: installing it beside the build");
    let mut install = cargo(root);
    install
        .args(["install", name, "--locked", "--root"])
        .arg(crate::target(root).join(FOLDER));
    succeed(&mut install)
}

/// Where programs are found, these tools included.
pub fn path(root: &Path) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain([crate::target(root).join(FOLDER).join("bin")]);
    env::join_paths(folders).unwrap_or(path)
}
