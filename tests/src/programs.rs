//! Where the built programs are.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

/// The server.
///
/// # Errors
/// When it has not been built.
pub fn server() -> Result<PathBuf> {
    built("deskbell-server")
}

/// The tray client.
///
/// # Errors
/// When it has not been built.
pub fn client() -> Result<PathBuf> {
    built("deskbell")
}

/// The least that a program on Tauri takes: an example of the client's package.
///
/// # Errors
/// When it has not been built.
pub fn bare_tray() -> Result<PathBuf> {
    built("examples/bare_tray")
}

/// Beside this program, or in the folder above when this is a test.
fn built(name: &str) -> Result<PathBuf> {
    let this = std::env::current_exe()?;
    let folder = this.parent().context("a program lies in a folder")?;
    let folder = if folder.ends_with("deps") {
        folder.parent().context("target")?
    } else {
        folder
    };
    let path = folder.join(name);
    ensure!(
        path.exists(),
        "{} is missing: cargo build -p {name}",
        path.display()
    );
    Ok(path)
}
