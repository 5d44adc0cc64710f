//! How much of a conversation is unread.

use deskbell_protocol::ConversationId;
use sqlx::sqlite::SqliteConnection;

use super::Stored;
use super::rows::signed;

/// Counts what is unread: exactly where every line after the last one read is cached, else the number
/// so far and `new_seq` (0 for none) if that is not read yet.
pub(crate) async fn recount(
    db: &mut SqliteConnection,
    conversation: ConversationId,
    new_seq: u64,
) -> Stored<()> {
    sqlx::query(
        "UPDATE conversations SET unread_count =
           CASE WHEN history_complete = 1 OR (history_from IS NOT NULL AND history_from <= read_seq)
             THEN (SELECT count(*) FROM messages m
                   WHERE m.conversation_id = conversations.id AND m.counts = 1 AND m.seq > conversations.read_seq)
             ELSE unread_count + (?2 > read_seq) END
         WHERE id = ?1",
    )
    .bind(conversation.text())
    .bind(signed(new_seq))
    .execute(db)
    .await?;
    Ok(())
}
