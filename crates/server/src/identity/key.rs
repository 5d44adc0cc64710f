//! The server's own key. It lies in a file beside the database, never in it, so that a copy of the
//! database alone gives away neither codes nor authenticator secrets.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use deskbell_protocol::ChallengeId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::code::{Code, os_random_bytes};

const KEY_BYTES: usize = 32;

/// The server's key; what is derived from it has a purpose mixed in, so that one cannot stand for another.
#[derive(Clone)]
pub struct ServerKey(Arc<[u8; KEY_BYTES]>);

impl ServerKey {
    /// Takes the key from these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Arc::new(bytes))
    }

    /// Reads the key file, or makes it (readable by its owner only) if there is none.
    ///
    /// # Errors
    /// When the file cannot be read or written, or does not hold a key.
    pub fn load_or_create(file: &Path) -> Result<Self> {
        if !file.exists() {
            create(file)
                .with_context(|| format!("cannot write the key file {}", file.display()))?;
        }
        Self::load(file)
    }

    /// Reads the key file.
    ///
    /// # Errors
    /// When the file cannot be read, or does not hold a key.
    pub fn load(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the key file {}", file.display()))?;
        let bytes = STANDARD_NO_PAD.decode(text.trim()).unwrap_or_default();
        let bytes = bytes.try_into().map_err(|_| {
            anyhow!(
                "{} is not a key file; restore it from your backup",
                file.display()
            )
        })?;
        Ok(Self::from_bytes(bytes))
    }

    /// What is stored of a code: HMAC-SHA-256 bound to its challenge, as lower-case hex.
    #[must_use]
    pub fn code_proof(&self, challenge: ChallengeId, code: &Code) -> String {
        self.digest(
            "sign-in code",
            &[challenge.text().as_bytes(), code.digits().as_bytes()],
        )
    }

    /// What tells this key from another one, and nothing more of it.
    #[must_use]
    pub fn proof(&self) -> String {
        self.digest("proof of the key", &[])
    }

    /// What is stored of an address or phone number that may belong to nobody.
    #[must_use]
    pub fn address_digest(&self, address: &str) -> String {
        self.digest("address", &[address.as_bytes()])
    }

    /// Encrypts `text` so that it opens only with the same `context` (the row's id).
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn seal(&self, context: &str, text: &str) -> Result<String> {
        let mut sealed = text.as_bytes().to_vec();
        let nonce = self
            .cipher()?
            .seal_in_place_append_tag(Aad::from(context), &mut sealed)
            .map_err(|_| anyhow!("sealing failed"))?;
        let mut whole = nonce.as_ref().to_vec();
        whole.extend(sealed);
        Ok(STANDARD_NO_PAD.encode(whole))
    }

    /// Decrypts what [`ServerKey::seal`] made.
    ///
    /// # Errors
    /// When it was sealed with another key or context, or changed since.
    pub fn open(&self, context: &str, sealed: &str) -> Result<String> {
        let whole = STANDARD_NO_PAD
            .decode(sealed)
            .context("sealed text is not base64")?;
        ensure!(whole.len() > NONCE_LEN, "sealed text is too short");
        let (nonce, text) = whole.split_at(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| anyhow!("bad nonce"))?;
        let mut text = text.to_vec();
        let opened = self
            .cipher()?
            .open_in_place(nonce, Aad::from(context), &mut text)
            .map_err(|_| anyhow!("sealed with another key, or damaged"))?;
        Ok(String::from_utf8(opened.to_vec())?)
    }

    fn cipher(&self) -> Result<RandomizedNonceKey> {
        let key = self.mac("sealing").finalize().into_bytes();
        RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| anyhow!("bad sealing key"))
    }

    fn digest(&self, purpose: &str, parts: &[&[u8]]) -> String {
        let mut mac = self.mac(purpose);
        for part in parts {
            mac.update(&[0]);
            mac.update(part);
        }
        hex(&mac.finalize().into_bytes())
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    fn mac(&self, purpose: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(self.0.as_slice()).expect("HMAC takes every key");
        mac.update(purpose.as_bytes());
        mac
    }
}

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(hidden)")
    }
}

/// Lower-case hex, as digests are stored.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn create(file: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(file)?;
    let key = STANDARD_NO_PAD.encode(os_random_bytes::<KEY_BYTES>()?);
    writeln!(opened, "{key}")?;
    opened.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn key(byte: u8) -> ServerKey {
        ServerKey::from_bytes([byte; KEY_BYTES])
    }

    #[test]
    fn a_proof_holds_for_its_own_challenge_and_key_only() {
        let code = Code::typed("482913").unwrap();
        let (one, other) = (
            ChallengeId(Uuid::from_u128(1)),
            ChallengeId(Uuid::from_u128(2)),
        );
        let proof = key(1).code_proof(one, &code);
        assert_eq!(proof, key(1).code_proof(one, &code));
        assert_ne!(proof, key(1).code_proof(other, &code));
        assert_ne!(proof, key(2).code_proof(one, &code));
        assert!(!proof.contains("482913"));
    }

    #[test]
    fn sealed_text_opens_with_its_own_context_and_key_only() {
        let sealed = key(1).seal("job 1", "482913").unwrap();
        assert!(!sealed.contains("482913"));
        assert_eq!(key(1).open("job 1", &sealed).unwrap(), "482913");
        assert!(key(1).open("job 2", &sealed).is_err());
        assert!(key(2).open("job 1", &sealed).is_err());
        assert!(key(1).open("job 1", "AAAA").is_err());
    }

    #[test]
    fn the_key_file_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.key");
        let made = ServerKey::load_or_create(&file).unwrap();
        let read = ServerKey::load_or_create(&file).unwrap();
        assert_eq!(
            made.address_digest("a@b.example"),
            read.address_digest("a@b.example")
        );
    }

    #[test]
    fn a_damaged_key_file_is_refused_with_a_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.key");
        std::fs::write(&file, "short").unwrap();
        let refusal = ServerKey::load_or_create(&file).unwrap_err().to_string();
        assert!(refusal.contains("restore it from your backup"), "{refusal}");
    }
}
