//! Reading events: their references, and the state these lead to now.

use std::collections::HashMap;
use std::vec;

use deskbell_protocol::{
    AccountId, Conversation, ConversationId, Event, ReceiptState, SequencedEvent, Timestamp,
};
use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};
use uuid::Uuid;

use crate::conversations::{self, MessageRow, Reader, Side, message_columns};
use crate::event_log::FeedId;
use crate::store::{self, Error, Store};

/// An event as it is stored, with its message.
struct EventRow {
    seq: i64,
    kind: String,
    at: i64,
    conversation_id: Option<String>,
    account_id: Option<String>,
    upto_seq: Option<i64>,
    message: Option<MessageRow>,
}

impl FromRow<'_, AnyRow> for EventRow {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let kind: String = row.try_get("event_kind")?;
        let message = if kind == "message" {
            Some(MessageRow::from_row(row)?)
        } else {
            None
        };
        Ok(Self {
            seq: row.try_get("event_seq")?,
            kind,
            at: row.try_get("event_at")?,
            conversation_id: row.try_get("event_conversation_id")?,
            account_id: row.try_get("event_account_id")?,
            upto_seq: row.try_get("event_upto_seq")?,
            message,
        })
    }
}

/// The events after `after`, in order, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn events(
    store: &Store,
    feed: FeedId,
    after: u64,
    limit: u32,
) -> Result<Vec<SequencedEvent>, Error> {
    let mut batch = Batch::of(store, feed, after, limit).await?;
    let mut events = Vec::with_capacity(batch.len());
    while let Some(event) = batch.next().await? {
        events.push(event);
    }
    Ok(events)
}

/// Events that were read, to be given their state one by one: nobody waits for those that follow.
/// Each conversation is read once.
pub struct Batch<'a> {
    store: &'a Store,
    feed: FeedId,
    side: Side,
    rows: vec::IntoIter<EventRow>,
    conversations: HashMap<ConversationId, Option<Conversation>>,
}

impl<'a> Batch<'a> {
    /// Reads the references of the events after `after`, at most `limit` of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(store: &'a Store, feed: FeedId, after: u64, limit: u32) -> Result<Self, Error> {
        let side = match feed {
            FeedId::Requester(_) => Side::Requester,
            FeedId::Technicians | FeedId::Revocations => Side::Technician,
        };
        let rows = rows(store, feed, side, after, limit).await?.into_iter();
        Ok(Self {
            store,
            feed,
            side,
            rows,
            conversations: HashMap::new(),
        })
    }

    /// How many are left.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The next event with its state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<SequencedEvent>, Error> {
        let Some(row) = self.rows.next() else {
            return Ok(None);
        };
        let seq = store::number(row.seq)?;
        let event = match self.event(row).await {
            Ok(event) => event,
            // One event of a newer server must not hold up those that follow: it keeps its number.
            Err(error @ Error::Corrupt { .. }) => {
                tracing::error!(%error, seq, "an event was not understood");
                Event::Unknown
            }
            Err(error) => return Err(error),
        };
        Ok(Some(SequencedEvent { seq, event }))
    }
    async fn event(&mut self, row: EventRow) -> Result<Event, Error> {
        let corrupt = || Error::Corrupt { what: "event" };
        if let Some(message) = row.message {
            return Ok(Event::MessageCreated {
                message: message.message()?,
            });
        }
        if row.kind == "me" {
            return Ok(Event::MeChanged {});
        }
        let conversation_id: ConversationId =
            store::id(row.conversation_id.as_deref().ok_or_else(corrupt)?)?;
        let seq = row.upto_seq.map(store::number).transpose()?.unwrap_or(0);
        let at = Timestamp::from_millis(row.at);
        let receipt = |state| Event::Receipt {
            conversation_id,
            state,
            seq,
            at,
        };
        match row.kind.as_str() {
            "conversation" => self.conversation(conversation_id).await,
            "received" => Ok(receipt(ReceiptState::Received)),
            "read_by_other" => Ok(receipt(ReceiptState::Read)),
            "read" => {
                let account_id = store::id(row.account_id.as_deref().ok_or_else(corrupt)?)?;
                self.read(conversation_id, account_id, seq).await
            }
            _ => Err(corrupt()),
        }
    }

    async fn conversation(&mut self, id: ConversationId) -> Result<Event, Error> {
        if !self.conversations.contains_key(&id) {
            let account_id = match self.feed {
                FeedId::Requester(account) => account,
                FeedId::Technicians | FeedId::Revocations => AccountId(Uuid::nil()),
            };
            let reader = Reader {
                account_id,
                side: self.side,
            };
            let found = conversations::find(self.store, reader, id).await?;
            self.conversations.insert(id, found);
        }
        match self.conversations.get(&id).cloned().flatten() {
            Some(conversation) => Ok(Event::ConversationChanged { conversation }),
            None => Err(Error::Corrupt {
                what: "conversation",
            }),
        }
    }

    async fn read(
        &self,
        conversation_id: ConversationId,
        account_id: AccountId,
        seq: u64,
    ) -> Result<Event, Error> {
        let reader = Reader {
            account_id,
            side: self.side,
        };
        let unread_count = conversations::unread_count(self.store, reader, conversation_id).await?;
        Ok(Event::Read {
            conversation_id,
            account_id,
            seq,
            unread_count,
        })
    }
}

async fn rows(
    store: &Store,
    feed: FeedId,
    side: Side,
    after: u64,
    limit: u32,
) -> Result<Vec<EventRow>, Error> {
    macro_rules! select {
        ($seq:literal) => {
            concat!(
                "SELECT e.seq AS event_seq, e.kind AS event_kind, e.at AS event_at,
                 e.conversation_id AS event_conversation_id, e.account_id AS event_account_id,
                 e.upto_seq AS event_upto_seq, ",
                message_columns!($seq),
                "FROM event e LEFT JOIN message m ON m.id = e.message_id
                 LEFT JOIN account w ON w.id = m.author_id
                 LEFT JOIN account t ON t.id = m.update_technician_id
                 WHERE e.feed_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3"
            )
        };
    }
    let sql = match side {
        Side::Requester => select!("requester_seq"),
        Side::Technician => select!("technician_seq"),
    };
    let rows = sqlx::query_as(sql)
        .bind(feed.to_string())
        .bind(after.cast_signed())
        .bind(i64::from(limit))
        .fetch_all(store.read())
        .await?;
    Ok(rows)
}
