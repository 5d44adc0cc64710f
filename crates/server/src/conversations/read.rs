//! Read markers: up to where a reader has read, and what the other side hears of it.

use deskbell_protocol::{ConversationId, ReceiptState, Timestamp};

use super::line::{Held, hold};
use super::reader::{Reader, Side};
use crate::app::App;
use crate::event_log::{Change, FeedId, Growth, append};
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
    let unread = unread(&mut tx, reader, id, seq).await?;
    if unread.is_empty() {
        tx.rollback().await?;
        return Ok(());
    }
    let now = app.clock.now();
    move_marker(&mut tx, reader, id, unread.upto).await?;
    let receipt = mark_messages(&mut tx, reader, id, unread, now).await?;
    tell(&mut tx, &held, reader, unread.upto, receipt, now).await?;
    tx.commit().await?;
    app.feed.wake_conversation(held.requester_id);
    Ok(())
}

/// What a reader has read now and had not before.
#[derive(Debug, Clone, Copy)]
struct Unread {
    /// Where the reader's marker is.
    after: u64,
    /// Where it goes.
    upto: u64,
}

impl Unread {
    fn is_empty(self) -> bool {
        self.upto <= self.after
    }
}

/// From the reader's marker to the newest line up to `seq`: nobody reads ahead of what there is.
async fn unread(
    tx: &mut Tx,
    reader: Reader,
    id: ConversationId,
    seq: u64,
) -> Result<Unread, Refusal> {
    macro_rules! select {
        ($seq:literal) => {
            concat!(
                "SELECT COALESCE((SELECT seq FROM read_marker
                    WHERE conversation_id = $1 AND account_id = $3), 0),
                    COALESCE((SELECT MAX(",
                $seq,
                ") FROM message WHERE conversation_id = $1 AND ",
                $seq,
                " <= $2), 0)"
            )
        };
    }
    let sql = match reader.side {
        Side::Requester => select!("requester_seq"),
        Side::Technician => select!("technician_seq"),
    };
    let (after, upto): (i64, i64) = sqlx::query_as(sql)
        .bind(id.text())
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .bind(reader.account_id.text())
        .fetch_one(&mut **tx)
        .await?;
    Ok(Unread {
        after: number(after)?,
        upto: number(upto)?,
    })
}

async fn move_marker(
    tx: &mut Tx,
    reader: Reader,
    id: ConversationId,
    upto: u64,
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO read_marker (conversation_id, account_id, seq) VALUES ($1, $2, $3)
         ON CONFLICT (conversation_id, account_id) DO UPDATE SET seq = excluded.seq
         WHERE excluded.seq > read_marker.seq",
    )
    .bind(id.text())
    .bind(reader.account_id.text())
    .bind(upto.cast_signed())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Marks the other side's messages as read, and answers with the newest of them in the other side's
/// numbers; nothing when all were read before. Those up to the marker were when it was moved there,
/// however many they are.
async fn mark_messages(
    tx: &mut Tx,
    reader: Reader,
    id: ConversationId,
    unread: Unread,
    now: Timestamp,
) -> Result<Option<u64>, Refusal> {
    let sql = match reader.side {
        Side::Requester => {
            "UPDATE message SET read_at = $1, received_at = COALESCE(received_at, $1)
             WHERE conversation_id = $2 AND side = $3 AND kind = 'message' AND read_at IS NULL
             AND requester_seq > $4 AND requester_seq <= $5 RETURNING technician_seq"
        }
        Side::Technician => {
            "UPDATE message SET read_at = $1, received_at = COALESCE(received_at, $1)
             WHERE conversation_id = $2 AND side = $3 AND kind = 'message' AND read_at IS NULL
             AND technician_seq > $4 AND technician_seq <= $5 RETURNING requester_seq"
        }
    };
    let seqs: Vec<i64> = sqlx::query_scalar(sql)
        .bind(now.as_millis())
        .bind(id.text())
        .bind(reader.side.other().stored())
        .bind(unread.after.cast_signed())
        .bind(unread.upto.cast_signed())
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
    let growth = Growth::from([
        (FeedId::Requester(held.requester_id), requester),
        (FeedId::Technicians, technicians),
    ]);
    append(tx, &growth, now).await?;
    Ok(())
}
