//! Chats: one conversation and its lines.

use deskbell_protocol::{AccountId, ConversationId, Message, MessageId, MessageKind, Page};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{Connection, Row, SqlSafeStr};

use super::rows::{ConversationRow, MessageRow, id, signed, to_json, unsigned};
use super::unread::recounted;
use super::{Cache, Stored};

/// Lines on a page of a chat.
pub const PAGE: usize = 50;

impl Cache {
    /// One conversation.
    ///
    /// # Errors
    /// The store fails.
    pub async fn conversation(&mut self, id: ConversationId) -> Stored<Option<ConversationRow>> {
        let row = sqlx::query("SELECT * FROM conversations WHERE id = ?1")
            .bind(id.text())
            .fetch_optional(&mut self.db)
            .await?;
        row.as_ref().map(ConversationRow::read).transpose()
    }

    /// The newest [`PAGE`] lines before a place that are cached without holes, oldest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn lines(
        &mut self,
        id: ConversationId,
        before: Option<u64>,
    ) -> Stored<Vec<MessageRow>> {
        let rows = sqlx::query(
            "SELECT * FROM messages m WHERE conversation_id = ?1 AND seq < ?2
               AND seq >= (SELECT CASE WHEN history_complete = 1 THEN 0
                                       ELSE coalesce(history_from, 0) END
                           FROM conversations c WHERE c.id = ?1)
             ORDER BY seq DESC LIMIT 50",
        )
        .bind(id.text())
        .bind(before.map_or(i64::MAX, signed))
        .fetch_all(&mut self.db)
        .await?;
        rows.iter().rev().map(MessageRow::read).collect()
    }

    /// One line.
    ///
    /// # Errors
    /// The store fails.
    pub async fn line(&mut self, id: MessageId) -> Stored<Option<MessageRow>> {
        let row = sqlx::query("SELECT * FROM messages WHERE id = ?1")
            .bind(id.text())
            .fetch_optional(&mut self.db)
            .await?;
        row.as_ref().map(MessageRow::read).transpose()
    }

    /// Others' lines after a place in the whole feed, oldest first: those not decided about.
    ///
    /// # Errors
    /// The store fails.
    pub async fn lines_after(&mut self, seq: u64) -> Stored<Vec<MessageRow>> {
        let rows = sqlx::query("SELECT * FROM messages WHERE seq > ?1 AND mine = 0 ORDER BY seq")
            .bind(signed(seq))
            .fetch_all(&mut self.db)
            .await?;
        rows.iter().map(MessageRow::read).collect()
    }

    /// The first line of others that is not read.
    ///
    /// # Errors
    /// The store fails.
    pub async fn first_unread(
        &mut self,
        conversation: ConversationId,
    ) -> Stored<Option<MessageId>> {
        let text: Option<String> = sqlx::query_scalar(
            "SELECT m.id FROM messages m JOIN conversations c ON c.id = m.conversation_id
             WHERE c.id = ?1 AND m.counts = 1 AND m.seq > c.read_seq ORDER BY m.seq LIMIT 1",
        )
        .bind(conversation.text())
        .fetch_optional(&mut self.db)
        .await?;
        text.map(|text| id(&text)).transpose()
    }

    /// Adds a page of history. `before` is the place asked for, none for the newest page.
    ///
    /// # Errors
    /// The store fails; then nothing has changed.
    pub async fn add_history(
        &mut self,
        me: AccountId,
        conversation: ConversationId,
        before: Option<u64>,
        page: &Page<Message>,
    ) -> Stored<()> {
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        for message in &page.items {
            line(insert_line!(), me, message)?.execute(&mut *tx).await?;
        }
        let first = page.items.iter().map(|m| m.seq).min();
        sqlx::query(
            "UPDATE conversations SET
               history_from = CASE WHEN ?2 IS NULL THEN history_from
                                   WHEN history_from IS NULL OR ?2 < history_from THEN ?2
                                   ELSE history_from END,
               history_complete = max(history_complete, ?3)
             WHERE id = ?1 AND (?4 IS NULL OR history_from <= ?4)",
        )
        .bind(conversation.text())
        .bind(first.map(signed))
        .bind(i64::from(page.next.is_none()))
        .bind(before.map(signed))
        .execute(&mut *tx)
        .await?;
        recounted(&mut tx, conversation).await?;
        Ok(tx.commit().await?)
    }

    /// The user has read all that is here. The place to tell the server, if there is news.
    ///
    /// # Errors
    /// The store fails; then nothing has changed.
    pub async fn mark_read(&mut self, conversation: ConversationId) -> Stored<Option<u64>> {
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        let row = sqlx::query(
            "SELECT c.read_seq, c.unread_count,
               (SELECT max(seq) FROM messages m WHERE m.conversation_id = c.id) AS newest
             FROM conversations c WHERE c.id = ?1",
        )
        .bind(conversation.text())
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let read: i64 = row.try_get("read_seq")?;
        let unread: i64 = row.try_get("unread_count")?;
        let newest: Option<i64> = row.try_get("newest")?;
        let Some(seq) = newest.filter(|newest| *newest > read || unread > 0) else {
            return Ok(None);
        };
        sqlx::query(
            "UPDATE conversations SET read_seq = max(read_seq, ?2), unread_count = 0 WHERE id = ?1",
        )
        .bind(conversation.text())
        .bind(seq)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO reads(conversation_id, seq) VALUES (?1, ?2)
             ON CONFLICT(conversation_id) DO UPDATE SET seq = max(seq, excluded.seq)",
        )
        .bind(conversation.text())
        .bind(seq)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(unsigned(seq)))
    }

    /// A chat read here of which the server has not been told.
    ///
    /// # Errors
    /// The store fails.
    pub async fn untold_read(&mut self) -> Stored<Option<(ConversationId, u64)>> {
        let row = sqlx::query("SELECT conversation_id, seq FROM reads LIMIT 1")
            .fetch_optional(&mut self.db)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((
            id(row.try_get("conversation_id")?)?,
            unsigned(row.try_get("seq")?),
        )))
    }

    /// The server has been told, or will never take it.
    ///
    /// # Errors
    /// The store fails.
    pub async fn told_read(&mut self, conversation: ConversationId, seq: u64) -> Stored<()> {
        sqlx::query("DELETE FROM reads WHERE conversation_id = ?1 AND seq <= ?2")
            .bind(conversation.text())
            .bind(signed(seq))
            .execute(&mut self.db)
            .await?;
        Ok(())
    }
}

/// Adds a line to the conversation `$1`, unless it is there. [`line`] has its values.
macro_rules! insert_line {
    () => {
        "INSERT INTO messages(conversation_id, id, seq, mine, counts, received_at, read_at, data)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"
    };
}
pub(crate) use insert_line;

/// What begins with [`insert_line`], with the values of that.
pub(crate) fn line<'q>(
    statement: impl SqlSafeStr,
    me: AccountId,
    message: &Message,
) -> Stored<Query<'q, Sqlite, SqliteArguments>> {
    let mine = is_mine(me, message);
    let counts = !mine && message.kind == MessageKind::Message;
    Ok(sqlx::query(statement)
        .bind(message.conversation_id.text())
        .bind(message.id.text())
        .bind(signed(message.seq))
        .bind(i64::from(mine))
        .bind(i64::from(counts))
        .bind(message.received_at.map(|t| t.as_millis()))
        .bind(message.read_at.map(|t| t.as_millis()))
        .bind(to_json(message)?))
}

/// The user wrote it.
pub(crate) fn is_mine(me: AccountId, message: &Message) -> bool {
    message
        .author
        .as_ref()
        .is_some_and(|author| author.id == me)
}
