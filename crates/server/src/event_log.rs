//! Appending events to feeds, each with the next number of its feed.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use deskbell_protocol::{AccountId, ConversationId, MessageId, ReceiptState, SessionId, Timestamp};
use sqlx::AssertSqlSafe;

use crate::store::{Error, Tx, id, number, placeholders};

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

/// What feeds grow by, each in its order. The feeds are taken in the order of [`FeedId`]: otherwise two
/// writers may wait for each other.
pub type Growth = BTreeMap<FeedId, Vec<Change>>;

/// Rows in one statement: PostgreSQL takes 65,535 values, SQLite 32,766.
const ROWS: usize = 1_000;

/// Appends the changes of each feed, and answers with the number of each feed's first.
///
/// The feeds' rows are locked from here to the end of the transaction, so that nobody sees a number
/// before the ones below it.
///
/// # Errors
/// When the database fails.
pub async fn append(
    tx: &mut Tx,
    growth: &Growth,
    now: Timestamp,
) -> Result<BTreeMap<FeedId, u64>, Error> {
    let firsts = reserve(tx, growth).await?;
    write(tx, growth, &firsts, now).await?;
    Ok(firsts)
}

/// Takes the next numbers of each feed.
async fn reserve(tx: &mut Tx, growth: &Growth) -> Result<BTreeMap<FeedId, u64>, Error> {
    let wanted: Vec<(FeedId, usize)> = growth
        .iter()
        .map(|(feed, changes)| (*feed, changes.len()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let mut firsts = BTreeMap::new();
    for wanted in wanted.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO feed (id, seq) VALUES {}
             ON CONFLICT (id) DO UPDATE SET seq = feed.seq + excluded.seq RETURNING id, seq",
            placeholders(wanted.len(), 2)
        );
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for (feed, count) in wanted {
            query = query
                .bind(feed.to_string())
                .bind(i64::try_from(*count).unwrap_or(i64::MAX));
        }
        let rows: Vec<(String, i64)> = query.fetch_all(&mut **tx).await?;
        for (feed, last) in rows {
            let feed: FeedId = feed.parse()?;
            let count = growth.get(&feed).map_or(0, Vec::len) as u64;
            let first = number::<u64>(last)?.saturating_sub(count) + 1;
            firsts.insert(feed, first);
        }
    }
    Ok(firsts)
}

async fn write(
    tx: &mut Tx,
    growth: &Growth,
    firsts: &BTreeMap<FeedId, u64>,
    now: Timestamp,
) -> Result<(), Error> {
    let mut rows: Vec<(FeedId, u64, References)> = Vec::new();
    for (feed, changes) in growth.iter().filter(|(_, changes)| !changes.is_empty()) {
        let first = *firsts.get(feed).ok_or(Error::Corrupt { what: "feed" })?;
        let numbered = (first..).zip(changes);
        rows.extend(numbered.map(|(seq, change)| (*feed, seq, change.references())));
    }
    for rows in rows.chunks(ROWS) {
        let sql = format!(
            "INSERT INTO event (feed_id, seq, kind, at, conversation_id, message_id, account_id,
                session_id, upto_seq) VALUES {}",
            placeholders(rows.len(), 9)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (feed, seq, references) in rows {
            query = query
                .bind(feed.to_string())
                .bind(seq.cast_signed())
                .bind(references.kind)
                .bind(now.as_millis())
                .bind(references.conversation_id.as_deref())
                .bind(references.message_id.as_deref())
                .bind(references.account_id.as_deref())
                .bind(references.session_id.as_deref())
                .bind(references.upto_seq.map(u64::cast_signed));
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}
