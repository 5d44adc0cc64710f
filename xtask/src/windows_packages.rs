//! The packages for Windows that the tests install in Wine.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    command::printed,
    dist::{self, Signing},
    windows,
};

/// Built like what people get, but sooner.
const PROFILE: &str = "wine";

/// Tells the tests where they are.
pub const VARIABLE: &str = "DESKBELL_WINDOWS_PACKAGES";

/// What signs the tests' packages opens with this.
const PASSWORD: &str = "for the tests";

/// Builds the client and the tests' probe, every warning an error.
pub fn build(root: &Path) -> Result<()> {
    windows::build_tested(root, PROFILE).map(drop)
}

/// Where they lie for who builds into `target`.
pub fn place(target: &Path) -> PathBuf {
    target.join("windows-packages")
}

/// Makes them: this version and a next one, signed by nobody in particular. Gives where they are.
pub fn make(root: &Path) -> Result<PathBuf> {
    let out = place(&crate::target(root));
    pack(root, &out)?;
    Ok(out)
}

/// Leaves in `out`: this version's MSI and the next one's, the program and its library as packed, the
/// certificate they were signed with, and the tests' probe.
fn pack(root: &Path, out: &Path) -> Result<()> {
    let built = windows::build_tested(root, PROFILE)?;
    let _ = fs::remove_dir_all(out);
    fs::create_dir_all(out)?;
    let probe = "windows_probe.exe";
    fs::copy(built.join(probe), out.join(probe))?;
    let signing = certificate(out)?;
    let (next, text) = next()?;
    let older = dist::stage(&built, &out.join("this"))?;
    dist::pack(root, &older, dist::VERSION, out, &signing)?;
    let newer = dist::stage(&built, &out.join("next"))?;
    let exe = newer.join("deskbell.exe");
    fs::write(&exe, dist::with_version(fs::read(&exe)?, next)?)?;
    dist::pack(root, &newer, &text, out, &signing).map(drop)
}

/// The version after this one, as a program carries it and as an MSI is named.
fn next() -> Result<([u16; 4], String)> {
    let mut numbers = dist::VERSION.split('.').map(str::parse);
    let mut number = || numbers.next().context("three numbers")?.context("a number");
    let (major, minor, patch) = (number()?, number()?, number()? + 1);
    Ok(([major, minor, patch, 0], format!("{major}.{minor}.{patch}")))
}

/// A certificate of our own and its key.
fn certificate(folder: &Path) -> Result<Signing> {
    let openssl = |arguments: &[&str]| -> Result<()> {
        let mut command = Command::new("openssl");
        command.current_dir(folder).args(arguments);
        printed(&mut command).map(drop)
    };
    openssl(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:3072",
        "-nodes",
        "-sha256",
        "-days",
        "2",
        "-subj",
        "/CN=Deskbell tests",
        "-addext",
        "extendedKeyUsage=codeSigning",
        "-keyout",
        "key.pem",
        "-out",
        "certificate.pem",
    ])?;
    let password = format!("pass:{PASSWORD}");
    openssl(&[
        "pkcs12",
        "-export",
        "-inkey",
        "key.pem",
        "-in",
        "certificate.pem",
        "-passout",
        &password,
        "-out",
        "certificate.p12",
    ])?;
    let file: PathBuf = folder.join("password");
    fs::write(&file, PASSWORD)?;
    Ok(Signing {
        certificate: Some(folder.join("certificate.p12")),
        password_file: Some(file),
        timestamp: None,
    })
}
