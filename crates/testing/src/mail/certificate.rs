//! A certificate authority of the test's own, and a certificate from it for `localhost` and for a name
//! that no resolver knows.

use std::{fs, path::Path};

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    CrlDistributionPoint, DnType, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PublicKeyData, SerialNumber, SignatureAlgorithm, SigningKey,
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
    let authority = CertifiedIssuer::self_signed(authority, Full::generate()?)?;
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

/// The bytes of each of the two numbers that a signature of this key is.
const NUMBER_BYTES: usize = 32;

/// A key that signs until both numbers of the signature are as long as they can be. Wine puts them one
/// behind the other without filling up the shorter one, and finds every hundredth signature false.
struct Full(KeyPair);

impl Full {
    fn generate() -> Result<Self, rcgen::Error> {
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map(Self)
    }
}

impl PublicKeyData for Full {
    fn der_bytes(&self) -> &[u8] {
        self.0.der_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.0.algorithm()
    }
}

impl SigningKey for Full {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        loop {
            let signature = self.0.sign(message)?;
            if is_full(&signature) {
                return Ok(signature);
            }
        }
    }
}

fn is_full(signature: &[u8]) -> bool {
    let [0x30, _, both @ ..] = signature else {
        return false;
    };
    number(both).is_some_and(|(first, rest)| {
        let second = number(rest).map(|(second, _)| second);
        first == NUMBER_BYTES && second == Some(NUMBER_BYTES)
    })
}

/// How many bytes the number that begins here has, and what follows it.
fn number(der: &[u8]) -> Option<(usize, &[u8])> {
    let [0x02, length, rest @ ..] = der else {
        return None;
    };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    Some((digits.len() - zeros, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_has_two_numbers_of_full_length() {
        let key = Full::generate().unwrap();
        for n in 0_u32..500 {
            let signature = key.sign(&n.to_be_bytes()).unwrap();
            // Either has a byte more when its first bit is set.
            let (first, second) = (signature[3], signature[5 + usize::from(signature[3])]);
            assert!(first.min(second) >= 32, "{signature:x?}");
        }
    }

    #[test]
    fn a_signature_with_a_short_number_is_not_full() {
        let of = |first: &[u8], second: &[u8]| {
            let number =
                |digits: &[u8]| [&[2, u8::try_from(digits.len()).unwrap()], digits].concat();
            let both = [number(first), number(second)].concat();
            [vec![0x30, u8::try_from(both.len()).unwrap()], both].concat()
        };
        let (full, high) = ([0x7f; 32], [&[0][..], &[0x80; 32]].concat());
        let (short, short_high) = ([0x7f; 31], [&[0][..], &[0x80; 31]].concat());
        assert!(is_full(&of(&full, &high)));
        assert!(!is_full(&of(&full, &short)));
        assert!(
            !is_full(&of(&short_high, &full)),
            "its first byte fills it up"
        );
    }
}
