//! A certificate authority of the test's own, and a certificate from it for `localhost` and for a name
//! that no resolver knows.

use std::{fs, path::Path};

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// The authority's certificate.
pub const CA: &str = "ca.pem";
/// The certificate for `localhost` with its chain.
pub const CHAIN: &str = "chain.pem";
/// Its private key.
pub const KEY: &str = "key.pem";

/// Writes [`CA`], [`CHAIN`] and [`KEY`] into the folder.
///
/// # Errors
/// When they cannot be made or written.
pub fn make(folder: &Path) -> Result<()> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority
        .distinguished_name
        .push(DnType::CommonName, "Deskbell's tests");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = ["localhost", "127.0.0.1", "support.deskbell.test"].map(str::to_owned);
    let names = names.to_vec();
    let certificate = CertificateParams::new(names)?.signed_by(&key, &authority)?;
    fs::write(folder.join(CA), authority.pem())?;
    fs::write(folder.join(CHAIN), certificate.pem() + &authority.pem())?;
    fs::write(folder.join(KEY), key.serialize_pem())?;
    Ok(())
}
