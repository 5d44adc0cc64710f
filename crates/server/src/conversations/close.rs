//! Closing a conversation: from then on it can only be read.

use deskbell_protocol::{Conversation, ConversationId, ErrorCode, MessageId, MessageKind, Status};

use super::find::find;
use super::line::{Addition, Announce, Held, Line, LineUpdate, add, closed, hold};
use super::reader::{Reader, Side};
use crate::app::App;
use crate::failpoint::{Failpoint, failpoint};
use crate::identity::session::Session;
use crate::refusal::Refusal;
use crate::store::Tx;

/// Closes it. Who closed it may say so again.
///
/// # Errors
/// 404 when there is no such conversation; 403 when another technician has it; 409 when somebody
/// else has closed it.
pub async fn close(
    app: &App,
    session: &Session,
    id: ConversationId,
) -> Result<Conversation, Refusal> {
    let reader = Reader::of(session);
    let mut tx = app.store.write().await?;
    let held = hold(&mut tx, reader, id).await?;
    if may_close(&held, reader)? {
        let now = app.clock.now();
        mark_closed(&mut tx, app, &held, reader).await?;
        let line = Line {
            id: MessageId(app.clock.id()),
            kind: MessageKind::Update,
            author_id: reader.account_id,
            side: Side::Technician,
            body: String::new(),
            update: Some(LineUpdate::Closed),
        };
        let addition = Addition {
            held: &held,
            lines: &[line],
            announce: Announce::First,
        };
        add(&mut tx, &[addition], now).await?;
        failpoint(Failpoint::BeforeCommit);
        tx.commit().await?;
        app.feed.wake_conversation(held.requester_id);
        failpoint(Failpoint::BeforeAck);
    } else {
        tx.rollback().await?;
    }
    find(&app.store, reader, id)
        .await?
        .ok_or_else(Refusal::not_found)
}

/// Whether there is something to close.
fn may_close(held: &Held, reader: Reader) -> Result<bool, Refusal> {
    if held.status == Status::Closed {
        let again = held.closed_by_id == Some(reader.account_id);
        return if again { Ok(false) } else { Err(closed()) };
    }
    if held
        .assignee_id
        .is_some_and(|assignee| assignee != reader.account_id)
    {
        let detail = "Only who has taken the conversation closes it.";
        return Err(Refusal::new(ErrorCode::NotAssigned, detail));
    }
    Ok(true)
}

async fn mark_closed(tx: &mut Tx, app: &App, held: &Held, reader: Reader) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE conversation SET status = 'closed', closed_at = $1, closed_by_id = $2,
            requester_activity_at = $1, technician_activity_at = $1
         WHERE id = $3",
    )
    .bind(app.clock.now().as_millis())
    .bind(reader.account_id.text())
    .bind(held.id.text())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
