//! Applying the feed's events: they and the cursor after them are one transaction.

use std::collections::BTreeSet;

use deskbell_protocol::{
    AccountId, Conversation, ConversationId, Event, Message, MessageId, MessageKind, ReceiptState,
    SequencedEvent, Timestamp,
};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use super::lists::preview_text;
use super::rows::{id, signed, to_json};
use super::unread::recount;
use super::{Cache, Stored, chats};

/// What a batch of events changed.
#[derive(Debug, Default)]
pub struct Applied {
    /// Lines the feed brought, in order.
    pub created: Vec<Message>,
    /// Lines whose receipts changed.
    pub receipts: Vec<MessageId>,
    /// Conversations that are new or different.
    pub conversations: BTreeSet<ConversationId>,
    /// Conversations of which too little is known: ask the server.
    pub unknown: BTreeSet<ConversationId>,
    /// Conversations read on another client.
    pub read_elsewhere: BTreeSet<ConversationId>,
    /// The account is to be asked for again.
    pub me_changed: bool,
}

impl Cache {
    /// Applies events in order and saves the cursor after the last.
    ///
    /// # Errors
    /// The store fails; then nothing has changed.
    pub async fn apply(
        &mut self,
        me: AccountId,
        events: &[SequencedEvent],
        cursor: &str,
    ) -> Stored<Applied> {
        let mut applied = Applied::default();
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        for event in events {
            apply_one(&mut tx, me, &event.event, &mut applied).await?;
        }
        crate::failpoint::reach("between-apply-and-cursor");
        sqlx::query(
            "UPDATE position SET cursor = ?1, seq = ?2, toasted_seq = coalesce(toasted_seq, ?3)",
        )
        .bind(cursor)
        .bind(events.last().map(|event| signed(event.seq)))
        .bind(
            events
                .first()
                .map(|event| signed(event.seq.saturating_sub(1))),
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(applied)
    }
}

async fn apply_one(
    db: &mut SqliteConnection,
    me: AccountId,
    event: &Event,
    applied: &mut Applied,
) -> Stored<()> {
    match event {
        Event::ConversationChanged { conversation } => {
            conversation_changed(db, conversation, applied).await
        }
        Event::MessageCreated { message } => message_created(db, me, message, applied).await,
        Event::Receipt {
            conversation_id,
            state,
            seq,
            at,
        } => receipt(db, *conversation_id, *state, *seq, *at, applied).await,
        Event::Read {
            conversation_id,
            account_id,
            seq,
            unread_count,
        } if *account_id == me => {
            applied.conversations.insert(*conversation_id);
            applied.read_elsewhere.insert(*conversation_id);
            read(db, *conversation_id, *seq, *unread_count).await
        }
        Event::MeChanged {} => {
            applied.me_changed = true;
            Ok(())
        }
        Event::Read { .. } | Event::Unknown => Ok(()),
    }
}

async fn conversation_changed(
    db: &mut SqliteConnection,
    conversation: &Conversation,
    applied: &mut Applied,
) -> Stored<()> {
    let data = to_json(conversation)?;
    let at = conversation.last_activity_at.as_millis();
    let updated = sqlx::query(
        "UPDATE conversations SET data = ?2, last_activity_at = max(last_activity_at, ?3) WHERE id = ?1",
    )
    .bind(conversation.id.text())
    .bind(&data)
    .bind(at)
    .execute(&mut *db)
    .await?;
    if updated.rows_affected() == 0 {
        applied.unknown.insert(conversation.id);
        sqlx::query("INSERT INTO conversations(id, last_activity_at, data) VALUES (?1, ?2, ?3)")
            .bind(conversation.id.text())
            .bind(at)
            .bind(&data)
            .execute(&mut *db)
            .await?;
        recount(db, conversation.id, 0).await?;
    }
    applied.conversations.insert(conversation.id);
    Ok(())
}

async fn message_created(
    db: &mut SqliteConnection,
    me: AccountId,
    message: &Message,
    applied: &mut Applied,
) -> Stored<()> {
    applied.conversations.insert(message.conversation_id);
    applied.created.push(message.clone());
    // A page of history may have brought the line already; it is news all the same.
    if !chats::insert(db, me, message).await? {
        return Ok(());
    }
    let mine = message
        .author
        .as_ref()
        .is_some_and(|author| author.id == me);
    let spoken = message.kind == MessageKind::Message;
    let updated = sqlx::query(
        "UPDATE conversations SET
           last_activity_at = max(last_activity_at, ?2),
           history_from = coalesce(history_from, ?3),
           preview_text = coalesce(?4, preview_text),
           preview_mine = CASE WHEN ?4 IS NULL THEN preview_mine ELSE ?5 END
         WHERE id = ?1",
    )
    .bind(message.conversation_id.text())
    .bind(message.created_at.as_millis())
    .bind(signed(message.seq))
    .bind(spoken.then(|| preview_text(&message.body)))
    .bind(i64::from(mine))
    .execute(&mut *db)
    .await?;
    if updated.rows_affected() == 0 {
        applied.unknown.insert(message.conversation_id);
    }
    let counted = if spoken && !mine { message.seq } else { 0 };
    recount(db, message.conversation_id, counted).await
}

async fn receipt(
    db: &mut SqliteConnection,
    conversation: ConversationId,
    state: ReceiptState,
    seq: u64,
    at: Timestamp,
    applied: &mut Applied,
) -> Stored<()> {
    let statement = match state {
        ReceiptState::Received => {
            "UPDATE messages SET received_at = ?3
             WHERE conversation_id = ?1 AND seq <= ?2 AND mine = 1 AND received_at IS NULL RETURNING id"
        }
        ReceiptState::Read => {
            "UPDATE messages SET read_at = ?3, received_at = coalesce(received_at, ?3)
             WHERE conversation_id = ?1 AND seq <= ?2 AND mine = 1 AND read_at IS NULL RETURNING id"
        }
    };
    let changed: Vec<String> = sqlx::query_scalar(statement)
        .bind(conversation.text())
        .bind(signed(seq))
        .bind(at.as_millis())
        .fetch_all(db)
        .await?;
    for text in &changed {
        applied.receipts.push(id(text)?);
    }
    Ok(())
}

async fn read(
    db: &mut SqliteConnection,
    conversation: ConversationId,
    seq: u64,
    unread: u32,
) -> Stored<()> {
    sqlx::query(
        "UPDATE conversations SET
           unread_count = CASE WHEN ?2 >= read_seq THEN ?3 ELSE unread_count END,
           read_seq = max(read_seq, ?2)
         WHERE id = ?1",
    )
    .bind(conversation.text())
    .bind(signed(seq))
    .bind(i64::from(unread))
    .execute(&mut *db)
    .await?;
    recount(db, conversation, 0).await
}
