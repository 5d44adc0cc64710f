//! Tools that come from no Debian package, installed beside the build when the machine has none.

use std::{env, ffi::OsString, path::Path, process::Command};

use anyhow::Result;

use crate::command::{cargo, succeed};

/// Where they are installed.
const FOLDER: &str = "tools";

/// A program that comes as a Python package.
pub struct Python {
    pub program: &'static str,
    pub package: &'static str,
    pub version: &'static str,
}

/// Installs such a program unless it is there.
pub fn install_python(root: &Path, wanted: &Python) -> Result<()> {
    let Python {
        program: name,
        package,
        version,
    } = wanted;
    if is_there(root, name) {
        return Ok(());
    }
    println!("{name} is missing: installing it beside the build");
    let folder = crate::target(root).join(FOLDER);
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut install = Command::new(folder.join("bin/pip"));
    succeed(install.args(["install", "--quiet", &format!("{package}=={version}")]))
}

fn is_there(root: &Path, name: &str) -> bool {
    let mut ask = Command::new(name);
    let answer = ask.arg("--version").env("PATH", path(root)).output();
    answer.is_ok_and(|answer| answer.status.success())
}

/// Installs one of cargo's tools unless it is there.
pub fn install(root: &Path, name: &str) -> Result<()> {
    if is_there(root, name) {
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
