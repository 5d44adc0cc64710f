//! What a message or note does to the database.

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;

use deskbell_protocol::{
    AccountId, ConversationId, ErrorCode, Message, MessageId, MessageKind, Person, SendMessage,
    Status, Timestamp,
};
use sqlx::AssertSqlSafe;

use super::line::{Addition, Announce, Held, Line, Place, add, closed, hold_all};
use super::list::stored;
use super::reader::{Reader, Side};
use super::row::MessageRow;
use crate::event_log::FeedId;
use crate::refusal::Refusal;
use crate::store::{self, Store, Tx, placeholders};

/// A message or note on its way into a conversation; its text and kind are checked.
#[derive(Debug)]
pub struct Post {
    /// Who writes, and from which half.
    pub reader: Reader,
    /// As the others see them.
    pub author: Person,
    /// Where to.
    pub conversation_id: ConversationId,
    /// What.
    pub wish: SendMessage,
}

impl Post {
    /// Whether the message is this one, written before.
    #[must_use]
    pub fn is(&self, existing: &Message) -> bool {
        existing.conversation_id == self.conversation_id
            && existing.author.as_ref().map(|author| author.id) == Some(self.author.id)
            && existing.kind == self.wish.kind
            && existing.body == self.wish.body
    }

    fn line(&self) -> Line {
        Line {
            id: self.wish.id,
            kind: self.wish.kind,
            author_id: self.author.id,
            side: self.reader.side,
            body: self.wish.body.clone(),
            update: None,
        }
    }

    fn message(&self, place: Place, now: Timestamp) -> Message {
        let seq = match self.reader.side {
            Side::Requester => place.requester_seq.unwrap_or_default(),
            Side::Technician => place.technician_seq,
        };
        Message {
            id: self.wish.id,
            conversation_id: self.conversation_id,
            seq,
            kind: self.wish.kind,
            author: Some(self.author.clone()),
            body: self.wish.body.clone(),
            update: None,
            created_at: now,
            received_at: None,
            read_at: None,
        }
    }
}

/// Messages as they were written, and the feeds that tell of them.
type Entered<M> = (M, BTreeSet<FeedId>);

/// Writes the posts in their order.
///
/// # Errors
/// What stands in the way of the first that cannot be written. The transaction must then be rolled
/// back.
pub async fn enter(
    tx: &mut Tx,
    posts: &[Post],
    now: Timestamp,
) -> Result<Entered<Vec<Message>>, Refusal> {
    let ids = posts.iter().map(|post| post.conversation_id).collect();
    let mut held = hold_all(tx, &ids).await?;
    let mut steps = Vec::with_capacity(posts.len());
    for post in posts {
        steps.push((post.line(), take(&mut held, post)?));
    }
    let additions: Vec<Addition<'_>> = posts
        .iter()
        .zip(&steps)
        .filter_map(|(post, (line, announce))| {
            Some(Addition {
                held: held.get(&post.conversation_id)?,
                lines: from_ref(line),
                announce: *announce,
            })
        })
        .collect();
    let places = add(tx, &additions, now).await?;
    move_on(tx, &held, posts, now).await?;
    let placed = posts.iter().zip(places);
    let messages = placed
        .map(|(post, place)| post.message(place, now))
        .collect();
    let feeds = held.values().flat_map(|held| hearers(held.requester_id));
    Ok((messages, feeds.collect()))
}

/// Moves the conversation to where it stands after the post, and says whether that is to be told.
fn take(held: &mut BTreeMap<ConversationId, Held>, post: &Post) -> Result<Announce, Refusal> {
    let held = held
        .get_mut(&post.conversation_id)
        .filter(|held| post.reader.sees(held.requester_id))
        .ok_or_else(Refusal::not_found)?;
    let status = next_status(held, post.reader, post.wish.kind)?;
    if status == held.status {
        return Ok(Announce::Nothing);
    }
    held.status = status;
    Ok(Announce::Last)
}

/// Whether the message may be written, and where the conversation stands after it.
fn next_status(held: &Held, reader: Reader, kind: MessageKind) -> Result<Status, Refusal> {
    if held.status == Status::Closed {
        return Err(closed());
    }
    match (reader.side, kind) {
        (Side::Technician, _) if held.assignee_id != Some(reader.account_id) => Err(Refusal::new(
            ErrorCode::NotAssigned,
            "Take the conversation before you write.",
        )),
        (Side::Technician, MessageKind::Message) => Ok(Status::Waiting),
        (Side::Requester, _) if held.status == Status::Waiting => Ok(Status::Open),
        _ => Ok(held.status),
    }
}

async fn move_on(
    tx: &mut Tx,
    held: &BTreeMap<ConversationId, Held>,
    posts: &[Post],
    now: Timestamp,
) -> Result<(), Refusal> {
    let shown: BTreeSet<ConversationId> = posts
        .iter()
        .filter(|post| post.wish.kind == MessageKind::Message)
        .map(|post| post.conversation_id)
        .collect();
    let sql = format!(
        "UPDATE conversation SET status = moved.column2, technician_activity_at = moved.column3,
            requester_activity_at =
                CASE WHEN moved.column4 = 1 THEN moved.column3 ELSE requester_activity_at END
         FROM (VALUES {}) AS moved WHERE id = moved.column1",
        placeholders(held.len(), 4)
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for held in held.values() {
        query = query
            .bind(held.id.text())
            .bind(stored(held.status))
            .bind(now.as_millis())
            .bind(i64::from(shown.contains(&held.id)));
    }
    query.execute(&mut **tx).await?;
    Ok(())
}

/// Which feeds tell of a conversation of this requester.
fn hearers(requester: AccountId) -> [FeedId; 2] {
    [FeedId::Requester(requester), FeedId::Technicians]
}

#[derive(sqlx::FromRow)]
struct Existing {
    requester_id: String,
    #[sqlx(flatten)]
    message: MessageRow,
}

/// The message with this id, as this side sees it.
///
/// # Errors
/// When the database fails.
pub async fn existing(
    store: &Store,
    side: Side,
    id: MessageId,
) -> Result<Option<Entered<Message>>, Refusal> {
    macro_rules! select {
        ($seq:literal) => {
            concat!(
                "SELECT m.requester_id, ",
                message_columns!($seq),
                "FROM message m LEFT JOIN account w ON w.id = m.author_id
                 LEFT JOIN account t ON t.id = m.update_technician_id
                 WHERE m.id = $1 AND m.",
                $seq,
                " IS NOT NULL"
            )
        };
    }
    let sql = match side {
        Side::Requester => select!("requester_seq"),
        Side::Technician => select!("technician_seq"),
    };
    let row: Option<Existing> = sqlx::query_as(sql)
        .bind(id.text())
        .fetch_optional(store.read())
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let feeds = hearers(store::id(&row.requester_id)?);
    Ok(Some((row.message.message()?, feeds.into())))
}
