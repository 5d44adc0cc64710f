//! The technician's second factor: six digits from an authenticator app (RFC 6238, SHA-1, 30 s).

use anyhow::{Context, Result, anyhow};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::code::{Code, os_random_bytes};

/// Seconds one set of digits is shown for.
pub const STEP_SECONDS: u64 = 30;
const SECRET_BYTES: usize = 20;
const ISSUER: &str = "Deskbell";

/// An authenticator's secret together with the name it shows.
pub struct Authenticator(Totp);

impl Authenticator {
    /// A new one with a secret from the operating system's generator.
    ///
    /// # Errors
    /// When there are no random bytes, or the address cannot be a label.
    pub fn generate(email: &str) -> Result<Self> {
        let bytes = os_random_bytes::<SECRET_BYTES>()?;
        build(Secret::from(bytes.to_vec()), email)
    }

    /// The one with this secret in base32.
    ///
    /// # Errors
    /// When the secret is not base32.
    pub fn from_base32(secret: &str, email: &str) -> Result<Self> {
        let secret = Secret::try_from_base32(secret).map_err(|e| anyhow!("bad secret: {e}"))?;
        build(secret, email)
    }

    /// The secret in base32, as people type it into an app.
    #[must_use]
    pub fn base32(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The `otpauth://` address that apps read from a QR code.
    ///
    /// # Errors
    /// When the label does not fit into an address.
    pub fn url(&self) -> Result<String> {
        self.0
            .to_url()
            .map_err(|e| anyhow!("no otpauth address: {e}"))
    }

    /// The digits shown at this time (milliseconds since 1970).
    #[must_use]
    pub fn digits_at(&self, millis: i64) -> String {
        self.0.generate(seconds(millis)).to_string()
    }

    /// The step whose digits these are, one step early or late allowed. Each step may be used once,
    /// which the caller keeps.
    #[must_use]
    pub fn step_of(&self, typed: &str, millis: i64) -> Option<i64> {
        let digits = Code::typed(typed)?;
        let step = self.0.check(digits.digits(), seconds(millis))?;
        i64::try_from(step).ok()
    }
}

fn build(secret: Secret, email: &str) -> Result<Authenticator> {
    let totp = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret)
        .with_account_name(email)
        .with_issuer(Some(ISSUER))
        .build();
    Ok(Authenticator(
        totp.map_err(|e| anyhow!("{e}"))
            .context("no authenticator")?,
    ))
}

fn seconds(millis: i64) -> u64 {
    u64::try_from(millis.div_euclid(1000)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's test vectors.
    fn rfc() -> Authenticator {
        Authenticator::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "tess@deskbell.example")
            .unwrap()
    }

    #[test]
    fn digits_match_the_vectors_of_rfc_6238() {
        assert_eq!(rfc().digits_at(59_000), "287082");
        assert_eq!(rfc().digits_at(1_111_111_109_000), "081804");
        assert_eq!(rfc().digits_at(20_000_000_000_000), "353130");
    }

    #[test]
    fn one_step_early_or_late_is_taken_two_are_not() {
        let digits = rfc().digits_at(1_000_000_000);
        let step = 1_000_000 / 30;
        for shift in [-30_000, 0, 30_000] {
            assert_eq!(rfc().step_of(&digits, 1_000_000_000 + shift), Some(step));
        }
        for shift in [-60_000, 60_000] {
            assert_eq!(rfc().step_of(&digits, 1_000_000_000 + shift), None);
        }
    }

    #[test]
    fn the_address_for_apps_names_product_and_person() {
        let url = rfc().url().unwrap();
        assert!(
            url.starts_with("otpauth://totp/Deskbell:tess%40deskbell.example?"),
            "{url}"
        );
    }

    #[test]
    fn two_new_authenticators_differ() {
        let [one, two] = [(); 2].map(|()| Authenticator::generate("a@b.example").unwrap().base32());
        assert_ne!(one, two);
        assert_eq!(one.len(), 32);
    }
}
