//! Appending events to feeds, each with the next number of its feed.

use std::fmt;
use std::str::FromStr;

use deskbell_protocol::{AccountId, ConversationId, MessageId, ReceiptState, SessionId, Timestamp};
use sqlx::AssertSqlSafe;

use crate::store::{Error, Tx, id, number};

/// Whose feed it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FeedId {
    /// One requester's.
    Requester(AccountId),
    /// The one that all technicians share.
    Technicians,
    /// Ended sessions and changed accounts; no client reads it, every server does.
    Revocations,
}

impl FromStr for FeedId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "technicians" => Ok(Self::Technicians),
            "revocations" => Ok(Self::Revocations),
            account => id(account).map(Self::Requester),
        }
    }
}

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requester(id) => id.fmt(f),
            Self::Technicians => f.write_str("technicians"),
            Self::Revocations => f.write_str("revocations"),
        }
    }
}

/// What changed, as references to where its state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A conversation is new or different.
    Conversation(ConversationId),
    /// A line was added to a chat.
    Message(ConversationId, MessageId),
    /// The other side has received or read up to this number of this feed.
    Receipt(ConversationId, ReceiptState, u64),
    /// This reader has read up to this number of this feed.
    Read(ConversationId, AccountId, u64),
    /// The account is different.
    Me(AccountId),
    /// The session was ended.
    SessionEnded(SessionId),
    /// The account was disabled, or has another role.
    AccountChanged(AccountId),
}

/// The columns of an event, beside its place and time.
#[derive(Default)]
struct References {
    kind: &'static str,
    conversation_id: Option<String>,
    message_id: Option<String>,
    account_id: Option<String>,
    session_id: Option<String>,
    upto_seq: Option<u64>,
}

impl Change {
    fn references(self) -> References {
        let conversation = |id: ConversationId| Some(id.text());
        match self {
            Self::Conversation(id) => References {
                kind: "conversation",
                conversation_id: conversation(id),
                ..References::default()
            },
            Self::Message(id, message) => References {
                kind: "message",
                conversation_id: conversation(id),
                message_id: Some(message.text()),
                ..References::default()
            },
            Self::Receipt(id, state, seq) => References {
                kind: match state {
                    ReceiptState::Received => "received",
                    ReceiptState::Read => "read_by_other",
                },
                conversation_id: conversation(id),
                upto_seq: Some(seq),
                ..References::default()
            },
            Self::Read(id, account, seq) => References {
                kind: "read",
                conversation_id: conversation(id),
                account_id: Some(account.text()),
                upto_seq: Some(seq),
                ..References::default()
            },
            Self::Me(account) => References {
                kind: "me",
                account_id: Some(account.text()),
                ..References::default()
            },
            Self::SessionEnded(session) => References {
                kind: "session_ended",
                session_id: Some(session.text()),
                ..References::default()
            },
            Self::AccountChanged(account) => References {
                kind: "account_changed",
                account_id: Some(account.text()),
                ..References::default()
            },
        }
    }
}

/// Appends the changes in order and answers with the number of the first.
///
/// The feed's row is locked from here to the end of the transaction, so that nobody sees a number
/// before the ones below it. Take several feeds in the order of [`FeedId`], or two writers may wait
/// for each other.
///
/// # Errors
/// When the database fails.
pub async fn append(
    tx: &mut Tx,
    feed: FeedId,
    changes: &[Change],
    now: Timestamp,
) -> Result<u64, Error> {
    let first = reserve(tx, &[(feed, changes.len())])
        .await?
        .into_iter()
        .next()
        .unwrap_or(0);
    write(tx, &[(feed, first, changes)], now).await?;
    Ok(first)
}

/// Takes the next numbers of each feed, so many, and answers with the first of each. [`write`] must
/// fill all of them in the same transaction. The feeds must come in order.
///
/// # Errors
/// When the database fails.
pub async fn reserve(tx: &mut Tx, wanted: &[(FeedId, usize)]) -> Result<Vec<u64>, Error> {
    let values = placeholders(wanted.len(), 2);
    let sql = format!(
        "INSERT INTO feed (id, seq) VALUES {values}
         ON CONFLICT (id) DO UPDATE SET seq = feed.seq + excluded.seq RETURNING id, seq"
    );
    let mut query = sqlx::query_as(AssertSqlSafe(sql));
    for (feed, count) in wanted {
        query = query
            .bind(feed.to_string())
            .bind(i64::try_from(*count).unwrap_or(i64::MAX));
    }
    let rows: Vec<(String, i64)> = query.fetch_all(&mut **tx).await?;
    let first = |(feed, count): &(FeedId, usize)| {
        let name = feed.to_string();
        let last = rows
            .iter()
            .find(|(id, _)| *id == name)
            .map(|(_, last)| number::<u64>(*last));
        let last = last.ok_or(Error::Corrupt { what: "feed" })??;
        Ok(last.saturating_sub(*count as u64) + 1)
    };
    wanted.iter().map(first).collect()
}

/// Writes the changes of each feed from the number on that [`reserve`] gave.
///
/// # Errors
/// When the database fails.
pub async fn write(
    tx: &mut Tx,
    feeds: &[(FeedId, u64, &[Change])],
    now: Timestamp,
) -> Result<(), Error> {
    let rows: Vec<(FeedId, u64, References)> = feeds
        .iter()
        .flat_map(|(feed, first, changes)| {
            (*first..)
                .zip(*changes)
                .map(|(seq, change)| (*feed, seq, change.references()))
        })
        .collect();
    let values = placeholders(rows.len(), 9);
    let sql = format!(
        "INSERT INTO event (feed_id, seq, kind, at, conversation_id, message_id, account_id,
            session_id, upto_seq) VALUES {values}"
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (feed, seq, references) in rows {
        query = query
            .bind(feed.to_string())
            .bind(seq.cast_signed())
            .bind(references.kind)
            .bind(now.as_millis())
            .bind(references.conversation_id)
            .bind(references.message_id)
            .bind(references.account_id)
            .bind(references.session_id)
            .bind(references.upto_seq.map(u64::cast_signed));
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn placeholders(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let names: Vec<String> = (1..=columns)
            .map(|column| format!("${}", row * columns + column))
            .collect();
        format!("({})", names.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_placeholder_of_its_own() {
        assert_eq!(placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
