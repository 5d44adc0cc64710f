//! Where the codes come from that people type.

use anyhow::{Context, Result};
use deskbell_testing::{mail::Mail, mail::code_in, sms::Sms, wait::eventually};
use serde::Deserialize;
use totp_rs::{Builder, Secret};

/// Somewhere codes arrive. `count` is 1 for the first that came to this receiver.
#[expect(async_fn_in_trait, reason = "nobody needs these futures to be Send")]
pub trait Letters {
    /// The `count`th code for this address or number.
    ///
    /// # Errors
    /// When it does not come.
    async fn code(&self, to: &str, count: usize) -> Result<String>;
}

impl Letters for Mail {
    async fn code(&self, to: &str, count: usize) -> Result<String> {
        Self::code(self, to, count).await
    }
}

impl Letters for Sms {
    async fn code(&self, to: &str, count: usize) -> Result<String> {
        Self::code(self, to, count).await
    }
}

/// The demo server's mailbox page, as programs read it.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// Its address.
    pub url: String,
}

#[derive(Debug, Deserialize)]
struct Letter {
    to: String,
    text: String,
}

impl Letters for Mailbox {
    async fn code(&self, to: &str, count: usize) -> Result<String> {
        eventually(
            &format!("code {count} for {to} on the mailbox page"),
            async || {
                let request = reqwest::Client::new()
                    .get(&self.url)
                    .header("accept", "application/json");
                let letters: Vec<Letter> =
                    serde_json::from_str(&request.send().await?.error_for_status()?.text().await?)?;
                let mut theirs = letters.iter().filter(|letter| letter.to == to);
                let letter = theirs
                    .nth(count.saturating_sub(1))
                    .with_context(|| format!("{letters:?}"))?;
                code_in(&letter.text).with_context(|| format!("no code in {:?}", letter.text))
            },
        )
        .await
    }
}

/// The digits an authenticator app shows now for this secret.
///
/// # Errors
/// When the secret is not base32.
pub fn authenticator_digits(secret: &str) -> Result<String> {
    let secret = Secret::try_from_base32(secret).map_err(|cause| anyhow::anyhow!("{cause}"))?;
    let authenticator = Builder::new().with_secret(secret).build()?;
    Ok(authenticator.generate(seconds_since_1970()?).to_string())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an authenticator shows the digits of this moment"
)]
fn seconds_since_1970() -> Result<u64> {
    Ok(std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)?
        .as_secs())
}
