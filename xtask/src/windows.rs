//! The tray client for Windows, built from here.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::command::succeed;

/// Debian's own compiler, which has a standard library to build for Windows.
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
const TARGET: &str = "x86_64-pc-windows-gnu";

/// Parts of SQLite that the client does not use.
const UNUSED: &str = "-USQLITE_ENABLE_DBSTAT_VTAB -USQLITE_ENABLE_FTS3 \
                      -USQLITE_ENABLE_FTS3_PARENTHESIS -USQLITE_ENABLE_FTS5 -USQLITE_ENABLE_RTREE";

/// Builds the client and all it uses, warnings being errors. Gives the folder that then holds
/// `deskbell.exe` and `WebView2Loader.dll`.
pub fn build(root: &Path, profile: &str) -> Result<PathBuf> {
    cross_built(root, profile, &["-p", "deskbell", "--bin", "deskbell"])
}

/// Builds the client, and `windows_probe.exe` beside it: what the tests do to an installed client from
/// outside. In one go, so that both are made from the same build of what they share.
pub fn build_tested(root: &Path, profile: &str) -> Result<PathBuf> {
    let what = ["-p", "deskbell", "-p", "deskbell-desktop", "--bins"];
    cross_built(root, profile, &what)
}

/// Builds the client, and the least that programs in a tray can be, for measuring. Gives the folder
/// with `deskbell.exe`, `bare_tray.exe` and `plain_tray.exe`.
pub fn build_measured(root: &Path, profile: &str) -> Result<PathBuf> {
    let measured = crate::target(root).join("windows-measured");
    fs::create_dir_all(&measured)?;
    let both = [
        "-p",
        "deskbell",
        "--bin",
        "deskbell",
        "--example",
        "bare_tray",
    ];
    let client = cross_built(root, profile, &both)?;
    let bare = client.join("examples/bare_tray.exe");
    fs::copy(bare, measured.join("bare_tray.exe"))?;
    for name in ["deskbell.exe", "WebView2Loader.dll"] {
        fs::copy(client.join(name), measured.join(name))?;
    }
    let mut plain = Command::new("x86_64-w64-mingw32-gcc");
    plain.args(["-Os", "-s", "-mwindows", "-o"]);
    plain.arg(measured.join("plain_tray.exe"));
    succeed(plain.arg(root.join("tests/src/bin/bench/plain_tray.c")))?;
    Ok(measured)
}

fn cross_built(root: &Path, profile: &str, what: &[&str]) -> Result<PathBuf> {
    let folder = crate::target(root).join("windows");
    let mut build = Command::new("setpriv");
    build.args(["--pdeathsig", "TERM", "--", CARGO, "build"]);
    build.args(["-Z", "build-std=std", "--target", TARGET]);
    // Programs without symbols have no use for what turns addresses into names.
    build.args(["-Z", "build-std-features=panic-unwind"]);
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
        .env("LIBSQLITE3_FLAGS", UNUSED)
        .env(
            "PATH",
            format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()),
        )
        .env("CARGO_TARGET_DIR", &folder);
    succeed(&mut build)?;
    Ok(folder.join(TARGET).join(profile))
}
