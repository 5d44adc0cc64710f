//! The lines of a chat, page by page from the newest back.

use deskbell_protocol::{ConversationId, Message, Page};

use super::reader::{Reader, Side};
use super::row::MessageRow;
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::Error;

/// The `limit` lines before `before` (the newest without it), oldest first.
///
/// # Errors
/// 404 when there is no such conversation for this reader.
pub async fn history(
    app: &App,
    reader: Reader,
    id: ConversationId,
    before: Option<u64>,
    limit: u32,
) -> Result<Page<Message>, Refusal> {
    if !exists(app, reader, id).await? {
        return Err(Refusal::not_found());
    }
    let mut rows = rows(app, reader, id, before, limit).await?;
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > full;
    rows.truncate(full);
    rows.reverse();
    let items: Vec<Message> = rows
        .into_iter()
        .map(MessageRow::message)
        .collect::<Result<_, Error>>()?;
    let next = items
        .first()
        .filter(|_| more)
        .map(|oldest| oldest.seq.to_string());
    Ok(Page { items, next })
}

async fn exists(app: &App, reader: Reader, id: ConversationId) -> Result<bool, Error> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT created_at FROM conversation WHERE id = $1 AND ($2 = '' OR requester_id = $2)",
    )
    .bind(id.text())
    .bind(reader.own_only())
    .fetch_optional(app.store.read())
    .await?;
    Ok(found.is_some())
}

/// Newest first, one more than asked for, to know whether there are more.
async fn rows(
    app: &App,
    reader: Reader,
    id: ConversationId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<MessageRow>, Error> {
    macro_rules! select {
        ($seq:literal) => {
            concat!(
                "SELECT ",
                message_columns!($seq),
                "FROM message m LEFT JOIN account w ON w.id = m.author_id
                 LEFT JOIN account t ON t.id = m.update_technician_id
                 WHERE m.conversation_id = $1 AND ($2 = '' OR m.requester_id = $2) AND m.",
                $seq,
                " < $3 ORDER BY m.",
                $seq,
                " DESC LIMIT $4"
            )
        };
    }
    let sql = match reader.side {
        Side::Requester => select!("requester_seq"),
        Side::Technician => select!("technician_seq"),
    };
    let before = before
        .and_then(|seq| i64::try_from(seq).ok())
        .unwrap_or(i64::MAX);
    let rows = sqlx::query_as(sql)
        .bind(id.text())
        .bind(reader.own_only())
        .bind(before)
        .bind(i64::from(limit) + 1)
        .fetch_all(app.store.read())
        .await?;
    Ok(rows)
}
