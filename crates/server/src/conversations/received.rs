//! Receipts: a client says up to where it has stored its feed.

use std::collections::BTreeMap;

use deskbell_protocol::{AccountId, ConversationId, ReceiptState};

use super::reader::{Reader, Side};
use crate::app::App;
use crate::event_log::{Change, FeedId, Growth, append};
use crate::store::{self, Error, Tx};

/// A message that a client of the other side now has.
#[derive(Debug, sqlx::FromRow)]
struct ReceivedRow {
    conversation_id: String,
    requester_id: String,
    requester_seq: Option<i64>,
    technician_seq: i64,
}

/// Marks the other side's messages up to `seq` as received, and tells their authors.
///
/// # Errors
/// When the database fails.
pub async fn mark_received(app: &App, reader: Reader, seq: u64) -> Result<(), Error> {
    let upto = i64::try_from(seq).unwrap_or(i64::MAX);
    // Most receipts tell nothing new: find out without the write lock.
    if !is_news(app, reader, upto).await? {
        return Ok(());
    }
    let mut tx = app.store.write().await?;
    let rows = mark(&mut tx, app, reader, upto).await?;
    let changes = receipts(&rows, reader.side)?;
    append(&mut tx, &changes, app.clock.now()).await?;
    tx.commit().await?;
    for feed in changes.keys() {
        app.feed.wake(*feed);
    }
    Ok(())
}

async fn is_news(app: &App, reader: Reader, upto: i64) -> Result<bool, Error> {
    let sql = match reader.side {
        Side::Requester => {
            "SELECT 1 FROM message WHERE side = $1 AND kind = 'message' AND received_at IS NULL
             AND requester_id = $2 AND requester_seq <= $3 LIMIT 1"
        }
        Side::Technician => {
            "SELECT 1 FROM message WHERE side = $1 AND kind = 'message' AND received_at IS NULL
             AND ($2 = '' OR requester_id = $2) AND technician_seq <= $3 LIMIT 1"
        }
    };
    let found = sqlx::query(sql)
        .bind(reader.side.other().stored())
        .bind(reader.own_only())
        .bind(upto)
        .fetch_optional(app.store.read())
        .await?;
    Ok(found.is_some())
}

async fn mark(
    tx: &mut Tx,
    app: &App,
    reader: Reader,
    upto: i64,
) -> Result<Vec<ReceivedRow>, Error> {
    let sql = match reader.side {
        Side::Requester => {
            "UPDATE message SET received_at = $4
             WHERE side = $1 AND kind = 'message' AND received_at IS NULL
             AND requester_id = $2 AND requester_seq <= $3
             RETURNING conversation_id, requester_id, requester_seq, technician_seq"
        }
        Side::Technician => {
            "UPDATE message SET received_at = $4
             WHERE side = $1 AND kind = 'message' AND received_at IS NULL
             AND ($2 = '' OR requester_id = $2) AND technician_seq <= $3
             RETURNING conversation_id, requester_id, requester_seq, technician_seq"
        }
    };
    let rows = sqlx::query_as(sql)
        .bind(reader.side.other().stored())
        .bind(reader.own_only())
        .bind(upto)
        .bind(app.clock.now().as_millis())
        .fetch_all(&mut **tx)
        .await?;
    Ok(rows)
}

/// One receipt for each conversation, in the numbers of the feed that hears it, feeds in order.
fn receipts(rows: &[ReceivedRow], side: Side) -> Result<Growth, Error> {
    let mut newest: BTreeMap<(FeedId, ConversationId), u64> = BTreeMap::new();
    for row in rows {
        let requester = store::id::<AccountId>(&row.requester_id)?;
        let (feed, seq) = match side {
            Side::Requester => (FeedId::Technicians, row.technician_seq),
            Side::Technician => (FeedId::Requester(requester), row.requester_seq.unwrap_or(0)),
        };
        let seq = store::number(seq)?;
        let entry = newest
            .entry((feed, store::id(&row.conversation_id)?))
            .or_insert(seq);
        *entry = seq.max(*entry);
    }
    let mut changes = Growth::new();
    for ((feed, conversation), seq) in newest {
        let receipt = Change::Receipt(conversation, ReceiptState::Received, seq);
        changes.entry(feed).or_default().push(receipt);
    }
    Ok(changes)
}
