//! Where the session is kept: one secret in the system's keyring, and nowhere else.

use std::fmt;

use deskbell_protocol::{Account, SessionId};
use serde::{Deserialize, Serialize};

/// The session's name.
pub const SESSION_SECRET: &str = "session";

/// Where tokens wait that the server has still to be told to forget.
pub const SIGNED_OUT_SECRET: &str = "signed-out";

/// The last session that grew too old: it shows the server that this device is known.
pub const EXPIRED_SECRET: &str = "expired";

/// All that a client may leave in the keyring.
pub const ALL_SECRETS: [&str; 3] = [SESSION_SECRET, SIGNED_OUT_SECRET, EXPIRED_SECRET];

/// Why a secret cannot be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is no keyring.
    #[error("there is no keyring")]
    Unavailable,
    /// It is locked, or the user refused.
    #[error("the keyring is locked")]
    Locked,
    /// It failed.
    #[error("the keyring failed")]
    Other,
}

/// The system's keyring. These may block (a prompt may be on the screen): they are called off the loop.
pub trait SecretStore: Send + Sync + 'static {
    /// The secret's text, or none.
    ///
    /// # Errors
    /// The keyring cannot be read.
    fn get(&self, name: &str) -> Result<Option<String>, SecretError>;
    /// Keep this text, in place of what was kept.
    ///
    /// # Errors
    /// The keyring cannot be written.
    fn set(&self, name: &str, text: &str) -> Result<(), SecretError>;
    /// Forget it. Forgetting what is not there is fine.
    ///
    /// # Errors
    /// The keyring cannot be written.
    fn delete(&self, name: &str) -> Result<(), SecretError>;
}

/// A session's token. It prints as stars.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    /// From the server's answer.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one header it goes into.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// What the keyring keeps: enough to go on after a start without network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptSession {
    /// The server that gave the token; it goes to no other.
    pub server: String,
    /// The token.
    pub token: Token,
    /// The session's id.
    pub session_id: SessionId,
    /// Who signed in.
    pub account: Account,
}

impl KeptSession {
    /// As the keyring's text; under 1,280 UTF-16 units for names and addresses of sane length.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From the keyring's text; none if it is not ours.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// A session that is over here; the server is still to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Farewell {
    pub server: String,
    pub token: Token,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::new("canary-token".into());
        assert!(!format!("{token:?} {:?}", Some(&token)).contains("canary"));
    }
}
