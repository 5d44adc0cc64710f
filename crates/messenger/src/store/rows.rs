//! What is read from the store, and how it is read.

use deskbell_protocol::{Conversation, ConversationId, Message, MessageId, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::{StoreError, Stored};

/// A cached conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// As the server told it last.
    pub conversation: Conversation,
    /// When something last happened, in milliseconds; orders the list.
    pub last_activity_at: i64,
    /// Messages of others that are not read.
    pub unread_count: u32,
    /// The user has read up to here.
    pub read_seq: u64,
    /// The newest message's text, and whether it is the user's own.
    pub preview: Option<(String, bool)>,
    /// Every line from here on is cached.
    pub history_from: Option<u64>,
    /// Every line is cached.
    pub history_complete: bool,
}

/// A cached line of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// The line, with the newest receipts.
    pub message: Message,
    /// The user wrote it.
    pub mine: bool,
}

/// A page's place: what was last shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPlace {
    /// Its last activity, in milliseconds.
    pub last_activity_at: i64,
    /// Its id.
    pub id: ConversationId,
}

impl ListPlace {
    /// As the window hands it back.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}~{}", self.last_activity_at, self.id)
    }

    /// From the window.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('~')?;
        Some(Self {
            last_activity_at: at.parse().ok()?,
            id: id.parse().ok()?,
        })
    }
}

impl ConversationRow {
    /// Where it stands in the list.
    #[must_use]
    pub fn place(&self) -> ListPlace {
        ListPlace {
            last_activity_at: self.last_activity_at,
            id: self.conversation.id,
        }
    }

    pub(crate) fn read(row: &SqliteRow) -> Stored<Self> {
        let text: Option<String> = row.try_get("preview_text")?;
        let mine: i64 = row.try_get("preview_mine")?;
        Ok(Self {
            conversation: from_json(row.try_get("data")?)?,
            last_activity_at: row.try_get("last_activity_at")?,
            unread_count: count(row.try_get("unread_count")?),
            read_seq: unsigned(row.try_get("read_seq")?),
            preview: text.map(|text| (text, mine != 0)),
            history_from: row.try_get::<Option<i64>, _>("history_from")?.map(unsigned),
            history_complete: row.try_get::<i64, _>("history_complete")? != 0,
        })
    }
}

impl MessageRow {
    pub(crate) fn read(row: &SqliteRow) -> Stored<Self> {
        let mut message: Message = from_json(row.try_get("data")?)?;
        message.received_at = time(row.try_get("received_at")?);
        message.read_at = time(row.try_get("read_at")?);
        Ok(Self {
            message,
            mine: row.try_get::<i64, _>("mine")? != 0,
        })
    }
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Stored<T> {
    Ok(serde_json::from_str(text)?)
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Stored<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Other(e.to_string()))
}

pub(crate) fn time(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

/// SQLite's numbers are signed; ours are never negative.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Stored<T> {
    text.parse().map_err(|_| StoreError::Damaged)
}

/// A message's id is its conversation's for the description.
#[must_use]
pub fn first_message(id: ConversationId) -> MessageId {
    MessageId(id.0)
}
