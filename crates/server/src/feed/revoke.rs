//! Ending what an open socket relies on: every server hears of it within a second or two.

use deskbell_protocol::{AccountId, SessionId, Timestamp};

use crate::event_log::{Change, FeedId, Growth, append};
use crate::store::{self, Error, Store, Tx};

/// What was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoked {
    /// This session.
    Session(SessionId),
    /// Something about this account: look at its sessions again.
    Account(AccountId),
}

/// Tells every server that this session was ended, once the transaction is committed.
///
/// # Errors
/// When the database fails.
pub async fn session(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), Error> {
    revoke(tx, Change::SessionEnded(id), now).await
}

/// Tells every server that this account was disabled or has another role.
///
/// # Errors
/// When the database fails.
pub async fn account(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), Error> {
    revoke(tx, Change::AccountChanged(id), now).await
}

async fn revoke(tx: &mut Tx, change: Change, now: Timestamp) -> Result<(), Error> {
    let growth = Growth::from([(FeedId::Revocations, vec![change])]);
    append(tx, &growth, now).await.map(drop)
}

/// What was revoked after `after`, each with its number.
///
/// # Errors
/// When the database fails.
pub async fn after(store: &Store, after: u64) -> Result<Vec<(u64, Revoked)>, Error> {
    let rows: Vec<(i64, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT seq, session_id, account_id FROM event
         WHERE feed_id = 'revocations' AND seq > $1 ORDER BY seq",
    )
    .bind(after.cast_signed())
    .fetch_all(store.read())
    .await?;
    rows.into_iter()
        .map(|(seq, session, account)| revoked(seq, session, account))
        .collect()
}

fn revoked(
    seq: i64,
    session: Option<String>,
    account: Option<String>,
) -> Result<(u64, Revoked), Error> {
    let revoked = match (session, account) {
        (Some(id), _) => Revoked::Session(store::id(&id)?),
        (None, Some(id)) => Revoked::Account(store::id(&id)?),
        (None, None) => return Err(Error::Corrupt { what: "revocation" }),
    };
    Ok((store::number(seq)?, revoked))
}
