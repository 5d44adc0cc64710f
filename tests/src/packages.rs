//! Where the packages for Windows are that `cargo xtask test` makes.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

/// This version's.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The MSI of this version.
///
/// # Errors
/// When it has not been made.
pub fn msi() -> Result<PathBuf> {
    made(&format!("deskbell-{VERSION}-x64.msi"))
}

/// The next version, one patch higher than this one.
///
/// # Errors
/// When this one is not three numbers.
pub fn next_version() -> Result<String> {
    let (begin, patch) = VERSION.rsplit_once('.').context("three numbers")?;
    Ok(format!("{begin}.{}", patch.parse::<u32>()? + 1))
}

/// The MSI of the next version: the same program under another number.
///
/// # Errors
/// When it has not been made.
pub fn next_msi() -> Result<PathBuf> {
    made(&format!("deskbell-{}-x64.msi", next_version()?))
}

/// A file as it was packed: `deskbell.exe` or `WebView2Loader.dll`.
///
/// # Errors
/// When it has not been made.
pub fn packed(name: &str) -> Result<PathBuf> {
    made(&format!("this/{name}"))
}

/// What does to a running client what Windows and other programs do.
///
/// # Errors
/// When it has not been made.
pub fn probe() -> Result<PathBuf> {
    made("windows_probe.exe")
}

/// The certificate that everything was signed with.
///
/// # Errors
/// When it has not been made.
pub fn certificate() -> Result<PathBuf> {
    made("certificate.pem")
}

fn made(name: &str) -> Result<PathBuf> {
    let folder = env::var_os("DESKBELL_WINDOWS_PACKAGES");
    let folder = folder.context("these tests are run by `cargo xtask test --only Windows`")?;
    let path = PathBuf::from(folder).join(name);
    ensure!(path.exists(), "{} is missing", path.display());
    Ok(path)
}
