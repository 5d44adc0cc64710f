//! The tray client for Windows, built from here.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::command::succeed;

/// Debian's own compiler, which has a standard library to build for Windows.
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
const TARGET: &str = "x86_64-pc-windows-gnu";

/// Builds the client and all it uses, warnings being errors. Gives the folder that then holds
/// `deskbell.exe` and `WebView2Loader.dll`.
pub fn build(root: &Path, profile: &str) -> Result<PathBuf> {
    cross_built(root, profile, &["-p", "deskbell"])
}

/// Builds what the tests do to an installed client from outside. Gives the program.
pub fn build_probe(root: &Path, profile: &str) -> Result<PathBuf> {
    let what = ["-p", "deskbell-desktop", "--example", "windows_probe"];
    let folder = cross_built(root, profile, &what)?;
    Ok(folder.join("examples").join("windows_probe.exe"))
}

fn cross_built(root: &Path, profile: &str, what: &[&str]) -> Result<PathBuf> {
    let folder = crate::target(root).join("windows");
    let mut build = Command::new("setpriv");
    build.args(["--pdeathsig", "TERM", "--", CARGO, "build"]);
    build.args(["-Z", "build-std=std,panic_abort", "--target", TARGET]);
    build.args(["--profile", profile]).args(what);
    // The compiler that runs this task has left its mark in the environment.
    for inherited in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER"] {
        build.env_remove(inherited);
    }
    build
        .current_dir(root)
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Dwarnings")
        .env(
            "PATH",
            format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()),
        )
        .env("CARGO_TARGET_DIR", &folder);
    succeed(&mut build)?;
    Ok(folder.join(TARGET).join(profile))
}
