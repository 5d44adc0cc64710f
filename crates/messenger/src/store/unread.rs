//! How much of a conversation is unread.

use deskbell_protocol::ConversationId;
use sqlx::sqlite::SqliteConnection;

use super::Stored;

/// Counts what is unread in the conversation `$1`: exactly where every line after the last one read is
/// cached, else the number so far and a new line's place (0 for none) if that is not read yet.
macro_rules! recount {
    ($new_seq:literal) => {
        concat!(
            "UPDATE conversations SET unread_count =
               CASE WHEN history_complete = 1 OR (history_from IS NOT NULL AND history_from <= read_seq)
                 THEN (SELECT count(*) FROM messages m
                       WHERE m.conversation_id = conversations.id AND m.counts = 1 AND m.seq > conversations.read_seq)
                 ELSE unread_count + (",
            $new_seq,
            " > read_seq) END
             WHERE id = $1"
        )
    };
}
pub(crate) use recount;

/// Counts what is unread after lines were added or taken as read.
pub(crate) async fn recounted(
    db: &mut SqliteConnection,
    conversation: ConversationId,
) -> Stored<()> {
    sqlx::query(recount!("0"))
        .bind(conversation.text())
        .execute(db)
        .await?;
    Ok(())
}
