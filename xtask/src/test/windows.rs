//! The tray client's code for Windows, checked from here.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::command::succeed;

/// Debian's own compiler, which has a standard library to build for Windows.
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
const TARGET: &str = "x86_64-pc-windows-gnu";

/// Checks the client and all it uses, warnings being errors.
pub fn check(root: &Path) -> Result<()> {
    let mut check = Command::new("setpriv");
    check.args([
        "--pdeathsig",
        "TERM",
        "--",
        CARGO,
        "check",
        "-Z",
        "build-std=std,panic_abort",
    ]);
    check.args(["--target", TARGET, "-p", "deskbell"]);
    // The compiler that runs this task has left its mark in the environment.
    for inherited in ["CARGO", "RUSTUP_TOOLCHAIN", "RUSTC_WRAPPER"] {
        check.env_remove(inherited);
    }
    check
        .current_dir(root)
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Dwarnings")
        .env(
            "PATH",
            format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()),
        )
        .env("CARGO_TARGET_DIR", crate::target(root).join("windows"));
    succeed(&mut check)
}
