//! Taking a conversation, or giving it to a colleague.

use deskbell_protocol::{
    AccountId, Assign, Assignee, Conversation, ConversationId, ErrorCode, MessageId, MessageKind,
    Person, Status,
};

use super::find::find;
use super::line::{Addition, Announce, Held, Line, LineUpdate, add, closed, hold};
use super::reader::{Reader, Side};
use super::row::person;
use super::text;
use crate::app::App;
use crate::failpoint::{Failpoint, failpoint};
use crate::identity::session::Session;
use crate::refusal::Refusal;
use crate::store::Tx;

/// Gives the conversation to a technician, if it is still with whom the caller believes.
///
/// # Errors
/// 404 when there is no such conversation; 409 when somebody else has it or it is closed; 422 when
/// the technician is none or the note is not taken.
pub async fn assign(
    app: &App,
    session: &Session,
    id: ConversationId,
    wish: Assign,
) -> Result<Conversation, Refusal> {
    let reader = Reader::of(session);
    if let Some(note) = &wish.note {
        text::check("note", note)?;
    }
    let target = match wish.technician_id {
        Assignee::Me => reader.account_id,
        Assignee::Technician(id) => id,
    };
    let mut tx = app.store.write().await?;
    let held = hold(&mut tx, reader, id).await?;
    if may_assign(&mut tx, &held, target, &wish).await? {
        give(&mut tx, app, &held, target).await?;
        let lines = lines(app, reader.account_id, target, wish.note);
        let addition = Addition {
            held: &held,
            lines: &lines,
            announce: Announce::First,
        };
        add(&mut tx, &[addition], app.clock.now()).await?;
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

/// Whether there is something to change: giving it to whom it already is with changes nothing.
async fn may_assign(
    tx: &mut Tx,
    held: &Held,
    target: AccountId,
    wish: &Assign,
) -> Result<bool, Refusal> {
    if held.status == Status::Closed {
        return Err(closed());
    }
    if technician(tx, target).await?.is_none() {
        return Err(Refusal::field(
            "technician_id",
            "Choose a technician who is active.",
        ));
    }
    let is_with_target = held.assignee_id == Some(target);
    // A note would be lost without a word if somebody was faster with the same colleague.
    if is_with_target && wish.note.is_none() {
        return Ok(false);
    }
    if held.assignee_id == wish.replaces && !is_with_target {
        return Ok(true);
    }
    let assignee = match held.assignee_id {
        Some(id) => technician(tx, id).await?,
        None => None,
    };
    let detail = "Somebody else has it by now. Look who, and try again.";
    Err(Refusal::new(ErrorCode::AlreadyAssigned, detail).assignee(assignee))
}

async fn technician(tx: &mut Tx, id: AccountId) -> Result<Option<Person>, Refusal> {
    let row: Option<(String, String)> = sqlx::query_as(
        "SELECT name, role FROM account
         WHERE id = $1 AND role IN ('technician', 'admin') AND disabled_at IS NULL",
    )
    .bind(id.text())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row
        .map(|(name, role)| person(&id.text(), name, &role))
        .transpose()?)
}

async fn give(tx: &mut Tx, app: &App, held: &Held, target: AccountId) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE conversation SET assignee_id = $1, requester_activity_at = $2,
            technician_activity_at = $2,
            status = CASE WHEN status = 'new' THEN 'open' ELSE status END
         WHERE id = $3",
    )
    .bind(target.text())
    .bind(app.clock.now().as_millis())
    .bind(held.id.text())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn lines(app: &App, author_id: AccountId, target: AccountId, note: Option<String>) -> Vec<Line> {
    let assigned = Line {
        id: MessageId(app.clock.id()),
        kind: MessageKind::Update,
        author_id,
        side: Side::Technician,
        body: String::new(),
        update: Some(LineUpdate::Assigned(target)),
    };
    let note = note.map(|body| Line {
        id: MessageId(app.clock.id()),
        kind: MessageKind::Note,
        body,
        update: None,
        ..assigned.clone()
    });
    std::iter::once(assigned).chain(note).collect()
}
