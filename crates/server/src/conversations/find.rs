//! One conversation as a reader sees it, and the pieces of SQL that lists and the feed share.

use deskbell_protocol::{Conversation, ConversationId, ConversationItem};

use super::reader::{Reader, Side};
use super::row::{ConversationRow, ItemRow};
use crate::refusal::Refusal;
use crate::store::{Error, Store, number};

/// The conversation, if there is one for this reader.
///
/// # Errors
/// When the database fails.
pub async fn find(
    store: &Store,
    reader: Reader,
    id: ConversationId,
) -> Result<Option<Conversation>, Error> {
    let sql = match reader.side {
        Side::Requester => concat!(
            "SELECT ",
            conversation_columns!("requester_activity_at"),
            "FROM ",
            conversation_tables!(),
            "WHERE c.id = $1 AND ($2 = '' OR c.requester_id = $2)"
        ),
        Side::Technician => concat!(
            "SELECT ",
            conversation_columns!("technician_activity_at"),
            "FROM ",
            conversation_tables!(),
            "WHERE c.id = $1 AND ($2 = '' OR c.requester_id = $2)"
        ),
    };
    let row: Option<ConversationRow> = sqlx::query_as(sql)
        .bind(id.text())
        .bind(reader.own_only())
        .fetch_optional(store.read())
        .await?;
    row.map(ConversationRow::conversation).transpose()
}

/// The conversation with what is unread in it for this reader.
///
/// # Errors
/// 404 when there is none for this reader.
pub async fn find_item(
    store: &Store,
    reader: Reader,
    id: ConversationId,
) -> Result<ConversationItem, Refusal> {
    let sql = match reader.side {
        Side::Requester => concat!(
            item_select!("requester_activity_at", "requester_seq"),
            "WHERE c.id = $2 AND ($3 = '' OR c.requester_id = $3)"
        ),
        Side::Technician => concat!(
            item_select!("technician_activity_at", "technician_seq"),
            "WHERE c.id = $2 AND ($3 = '' OR c.requester_id = $3)"
        ),
    };
    let row: Option<ItemRow> = sqlx::query_as(sql)
        .bind(reader.account_id.text())
        .bind(id.text())
        .bind(reader.own_only())
        .fetch_optional(store.read())
        .await?;
    Ok(row.ok_or_else(Refusal::not_found)?.item()?)
}

/// Messages of others that this reader has not read; a thousand stands for more.
///
/// # Errors
/// When the database fails.
pub(crate) async fn unread_count(
    store: &Store,
    reader: Reader,
    id: ConversationId,
) -> Result<u32, Error> {
    macro_rules! count {
        ($seq:literal) => {
            concat!(
                "SELECT COUNT(*) FROM (SELECT 1 FROM message u WHERE u.conversation_id = $1
                 AND u.kind <> 'update' AND u.author_id <> $2 AND u.",
                $seq,
                " > COALESCE((SELECT seq FROM read_marker
                    WHERE conversation_id = $1 AND account_id = $2), 0) LIMIT 1000) AS unread"
            )
        };
    }
    let sql = match reader.side {
        Side::Requester => count!("requester_seq"),
        Side::Technician => count!("technician_seq"),
    };
    let count: i64 = sqlx::query_scalar(sql)
        .bind(id.text())
        .bind(reader.account_id.text())
        .fetch_one(store.read())
        .await?;
    number(count)
}
