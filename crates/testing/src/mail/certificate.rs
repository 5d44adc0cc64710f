//! A certificate authority of the test's own, and a certificate from it for `localhost` and for a name
//! that no resolver knows.

use std::{fs, path::Path};

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    CrlDistributionPoint, DnType, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, SerialNumber,
    date_time_ymd,
};

/// The authority's certificate.
pub const CA: &str = "ca.pem";
/// The certificate for `localhost` with its chain.
pub const CHAIN: &str = "chain.pem";
/// Its private key.
pub const KEY: &str = "key.pem";
/// The authority's list of what it has taken back, which is nothing.
pub const REVOKED: &str = "revoked.crl";

/// Writes [`CA`], [`CHAIN`] and [`KEY`] into the folder.
///
/// # Errors
/// When they cannot be made or written.
pub fn make(folder: &Path) -> Result<()> {
    make_with(folder, Vec::new())
}

/// The same, where the certificate says that [`REVOKED`], which is written too, is found at `list`.
///
/// # Errors
/// When they cannot be made or written.
pub fn make_with_list_at(folder: &Path, list: String) -> Result<()> {
    make_with(folder, vec![CrlDistributionPoint { uris: vec![list] }])
}

fn make_with(folder: &Path, lists: Vec<CrlDistributionPoint>) -> Result<()> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority
        .distinguished_name
        .push(DnType::CommonName, "Deskbell's tests");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = ["localhost", "127.0.0.1", "support.deskbell.test"].map(str::to_owned);
    let names = names.to_vec();
    let mut certificate = CertificateParams::new(names)?;
    certificate.crl_distribution_points = lists;
    let certificate = certificate.signed_by(&key, &authority)?;
    let revoked = CertificateRevocationListParams {
        this_update: date_time_ymd(2020, 1, 1),
        next_update: date_time_ymd(2099, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let revoked = revoked.signed_by(&authority)?;
    fs::write(folder.join(REVOKED), revoked.der())?;
    fs::write(folder.join(CA), authority.pem())?;
    fs::write(folder.join(CHAIN), certificate.pem() + &authority.pem())?;
    fs::write(folder.join(KEY), key.serialize_pem())?;
    Ok(())
}
