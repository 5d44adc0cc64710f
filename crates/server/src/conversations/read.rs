//! Read markers: up to where a reader has read, and what the other side hears of it.

use deskbell_protocol::{ConversationId, ReceiptState, Timestamp};

use super::line::{Held, hold};
use super::reader::{Reader, Side};
use crate::app::App;
use crate::feed::{Change, FeedId, append};
use crate::refusal::Refusal;
use crate::store::{Tx, number};

/// Moves the reader's marker forward to `seq`, and tells both sides. Going back changes nothing.
///
/// # Errors
/// 404 when there is no such conversation for this reader.
pub async fn mark_read(
    app: &App,
    reader: Reader,
    id: ConversationId,
    seq: u64,
) -> Result<(), Refusal> {
    let mut tx = app.store.write().await?;
    let held = hold(&mut tx, reader, id).await?;
    let upto = newest_line(&mut tx, reader, id, seq).await?;
    if !move_marker(&mut tx, reader, id, upto).await? {
        tx.rollback().await?;
        return Ok(());
    }
    let now = app.clock.now();
    let receipt = mark_messages(&mut tx, reader, id, upto, now).await?;
    tell(&mut tx, &held, reader, upto, receipt, now).await?;
    tx.commit().await?;
    app.feed.wake_conversation(held.requester_id);
    Ok(())
}

/// The newest line up to `seq`: nobody reads ahead of what there is.
async fn newest_line(
    tx: &mut Tx,
    reader: Reader,
    id: ConversationId,
    seq: u64,
) -> Result<u64, Refusal> {
    let sql = match reader.side {
        Side::Requester => {
            "SELECT COALESCE(MAX(requester_seq), 0) FROM message
             WHERE conversation_id = $1 AND requester_seq <= $2"
        }
        Side::Technician => {
            "SELECT COALESCE(MAX(technician_seq), 0) FROM message
             WHERE conversation_id = $1 AND technician_seq <= $2"
        }
    };
    let newest: i64 = sqlx::query_scalar(sql)
        .bind(id.text())
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .fetch_one(&mut **tx)
        .await?;
    Ok(number(newest)?)
}

async fn move_marker(
    tx: &mut Tx,
    reader: Reader,
    id: ConversationId,
    upto: u64,
) -> Result<bool, Refusal> {
    let done = sqlx::query(
        "INSERT INTO read_marker (conversation_id, account_id, seq) VALUES ($1, $2, $3)
         ON CONFLICT (conversation_id, account_id) DO UPDATE SET seq = excluded.seq
         WHERE excluded.seq > read_marker.seq",
    )
    .bind(id.text())
    .bind(reader.account_id.text())
    .bind(upto.cast_signed())
    .execute(&mut **tx)
    .await?;
    Ok(upto > 0 && done.rows_affected() == 1)
}

/// Marks the other side's messages as read, and answers with the newest of them in the other side's
/// numbers; nothing when all were read before.
async fn mark_messages(
    tx: &mut Tx,
    reader: Reader,
    id: ConversationId,
    upto: u64,
    now: Timestamp,
) -> Result<Option<u64>, Refusal> {
    let sql = match reader.side {
        Side::Requester => {
            "UPDATE message SET read_at = $1, received_at = COALESCE(received_at, $1)
             WHERE conversation_id = $2 AND side = $3 AND kind = 'message' AND read_at IS NULL
             AND requester_seq <= $4 RETURNING technician_seq"
        }
        Side::Technician => {
            "UPDATE message SET read_at = $1, received_at = COALESCE(received_at, $1)
             WHERE conversation_id = $2 AND side = $3 AND kind = 'message' AND read_at IS NULL
             AND technician_seq <= $4 RETURNING requester_seq"
        }
    };
    let seqs: Vec<i64> = sqlx::query_scalar(sql)
        .bind(now.as_millis())
        .bind(id.text())
        .bind(reader.side.other().stored())
        .bind(upto.cast_signed())
        .fetch_all(&mut **tx)
        .await?;
    Ok(seqs.into_iter().max().map(number).transpose()?)
}

async fn tell(
    tx: &mut Tx,
    held: &Held,
    reader: Reader,
    upto: u64,
    receipt: Option<u64>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let read = Change::Read(held.id, reader.account_id, upto);
    let receipt = receipt.map(|seq| Change::Receipt(held.id, ReceiptState::Read, seq));
    let other: Vec<Change> = receipt.into_iter().collect();
    let (requester, technicians) = match reader.side {
        Side::Requester => (vec![read], other),
        Side::Technician => (other, vec![read]),
    };
    for (feed, changes) in [
        (FeedId::Requester(held.requester_id), requester),
        (FeedId::Technicians, technicians),
    ] {
        if !changes.is_empty() {
            append(tx, feed, &changes, now).await?;
        }
    }
    Ok(())
}
