//! Ending what an open socket relies on: every server hears of it within a second or two.

use deskbell_protocol::{AccountId, SessionId, Timestamp};

use super::log::{Change, FeedId, append};
use crate::store::{Error, Tx};

/// Tells every server that this session was ended, once the transaction is committed.
///
/// # Errors
/// When the database fails.
pub async fn session(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), Error> {
    append(tx, FeedId::Revocations, &[Change::SessionEnded(id)], now)
        .await
        .map(|_| ())
}

/// Tells every server that this account was disabled or has another role.
///
/// # Errors
/// When the database fails.
pub async fn account(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), Error> {
    append(tx, FeedId::Revocations, &[Change::AccountChanged(id)], now)
        .await
        .map(|_| ())
}
