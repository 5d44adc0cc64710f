//! Beginning a session: its token and its row.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deskbell_protocol::limits::{
    REQUESTER_SESSION_SECONDS, TECHNICIAN_SESSION_SECONDS, TOKEN_BITS,
};
use deskbell_protocol::{Account, Role, SessionId, Timestamp};

use super::Place;
use super::code::os_random_bytes;
use super::session::token_hash;
use crate::clock::id_at;
use crate::store::{Error, Tx};

/// What opens a session. Only its hash is stored; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub String);

impl Token {
    /// A new one from the operating system's generator.
    ///
    /// # Errors
    /// When the operating system has no random bytes, which is fatal.
    pub fn generate() -> Result<Self, Error> {
        let bytes = os_random_bytes::<{ TOKEN_BITS / 8 }>();
        let bytes = bytes.map_err(|_| Error::Corrupt {
            what: "random source",
        })?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// A session that has just begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// What opens it.
    pub token: Token,
    /// Its id.
    pub session_id: SessionId,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Whose it is.
    pub account: Account,
}

/// Begins a session for this account.
///
/// # Errors
/// When the database fails.
pub async fn begin(
    tx: &mut Tx,
    account: Account,
    place: &Place,
    now: Timestamp,
) -> Result<Begun, Error> {
    let token = Token::generate()?;
    let session_id = SessionId(id_at(now));
    let expires_at = now.plus_millis(life_seconds(account.role) * 1_000);
    sqlx::query(
        "INSERT INTO session
             (id, account_id, token_hash, client, ip, created_at, last_used_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
    )
    .bind(session_id.text())
    .bind(account.id.text())
    .bind(token_hash(&token.0))
    .bind(&place.client)
    .bind(place.ip.to_string())
    .bind(now.as_millis())
    .bind(expires_at.as_millis())
    .execute(&mut **tx)
    .await?;
    tracing::info!(account = %account.id, session = %session_id, "signed in");
    Ok(Begun {
        token,
        session_id,
        expires_at,
        account,
    })
}

/// How long a session of this role lives at most.
#[must_use]
pub fn life_seconds(role: Role) -> i64 {
    match role {
        Role::Requester => REQUESTER_SESSION_SECONDS,
        Role::Technician | Role::Admin => TECHNICIAN_SESSION_SECONDS,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// SES-01.
    #[test]
    fn ten_thousand_tokens_are_all_different_and_of_256_bits() {
        let tokens: HashSet<String> = (0..10_000).map(|_| Token::generate().unwrap().0).collect();
        assert_eq!(tokens.len(), 10_000);
        assert!(
            tokens
                .iter()
                .all(|token| URL_SAFE_NO_PAD.decode(token).unwrap().len() == 32)
        );
    }
}
