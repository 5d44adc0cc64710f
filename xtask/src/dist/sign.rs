//! Signatures on what Windows runs and installs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::command::printed;

/// Whose signature, and who says when it was made.
#[derive(Debug, Clone, clap::Args)]
pub struct Signing {
    /// Sign the program, its library and the MSI with the certificate and key in this PKCS#12 file.
    #[arg(long = "sign", value_name = "P12")]
    pub certificate: Option<PathBuf>,
    /// The file whose first line is its password; without, it has none.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub password_file: Option<PathBuf>,
    /// The server that signs the time, so that signatures outlive the certificate.
    #[arg(long, value_name = "URL", requires = "certificate")]
    pub timestamp: Option<String>,
}

impl Signing {
    /// Fails when what signs is not there, before anything is built that would wait for it.
    pub fn check(&self) -> Result<()> {
        let files = [&self.certificate, &self.password_file];
        for file in files.into_iter().flatten() {
            fs::metadata(file).with_context(|| format!("signing with {}", file.display()))?;
        }
        Ok(())
    }
}

/// Signs a program, library or MSI in place, if there is something to sign with.
pub fn sign(signing: &Signing, file: &Path) -> Result<()> {
    let Some(certificate) = &signing.certificate else {
        return Ok(());
    };
    let signed = file.with_extension("signed");
    let mut command = Command::new("osslsigncode");
    command.args(["sign", "-h", "sha256", "-n", "Deskbell", "-pkcs12"]);
    command.arg(certificate);
    match &signing.password_file {
        Some(password) => command.arg("-readpass").arg(password),
        None => command.args(["-pass", ""]),
    };
    if let Some(server) = &signing.timestamp {
        command.args(["-ts", server]);
    }
    command.arg("-in").arg(file).arg("-out").arg(&signed);
    printed(&mut command).with_context(|| format!("signing {}", file.display()))?;
    Ok(fs::rename(signed, file)?)
}
