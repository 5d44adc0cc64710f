//! Sending a message or a note.

use deskbell_protocol::{
    ConversationId, ErrorCode, Message, MessageId, MessageKind, Person, SendMessage, Status,
    Timestamp,
};

use super::line::{Announce, Held, Line, Place, add, closed, hold, id_conflict};
use super::list::stored;
use super::reader::{Reader, Side};
use super::row::MessageRow;
use super::text;
use crate::app::App;
use crate::failpoint::{Failpoint, failpoint};
use crate::identity::session::Session;
use crate::refusal::Refusal;
use crate::store::Tx;

/// Writes a message down and wakes those who hear it. The same id again answers with what exists.
///
/// # Errors
/// 404 when there is no such conversation for the sender; 403 when a technician does not have it;
/// 409 when it is closed or the id is taken; 413 and 422 for a text that is not taken.
pub async fn send(
    app: &App,
    session: &Session,
    id: ConversationId,
    mut wish: SendMessage,
) -> Result<Message, Refusal> {
    let reader = Reader::of(session);
    check(reader, &wish)?;
    app.identity
        .admit_text(reader.account_id, app.clock.now())?;
    let mut tx = app.store.write().await?;
    let held = hold(&mut tx, reader, id).await?;
    let status = match next_status(&held, reader, wish.kind) {
        Ok(status) => status,
        Err(refusal) => return retried(app, tx, &held, reader, &wish, refusal).await,
    };
    let now = app.clock.now();
    let line = Line {
        id: wish.id,
        kind: wish.kind,
        author_id: reader.account_id,
        side: reader.side,
        body: std::mem::take(&mut wish.body),
        update: None,
    };
    let announce = if status == held.status {
        Announce::Nothing
    } else {
        Announce::Last
    };
    let places = match add(&mut tx, &held, std::slice::from_ref(&line), announce, now).await {
        Ok(places) => places,
        Err(refusal) => {
            let wish = SendMessage {
                body: line.body,
                ..wish
            };
            return retried(app, tx, &held, reader, &wish, refusal).await;
        }
    };
    move_on(&mut tx, &held, status, wish.kind, now).await?;
    failpoint(Failpoint::BeforeCommit);
    tx.commit().await?;
    app.feed.wake_conversation(held.requester_id);
    failpoint(Failpoint::BeforeAck);
    let place = places
        .into_iter()
        .next()
        .ok_or_else(|| Refusal::internal(&"no line was placed"))?;
    Ok(as_sent(session, id, line, place, reader.side, now))
}

fn check(reader: Reader, wish: &SendMessage) -> Result<(), Refusal> {
    text::check("body", &wish.body)?;
    if wish.id.0.get_version_num() != 7 {
        return Err(Refusal::field("id", "Make the id a UUIDv7."));
    }
    if !wish.attachments.is_empty() {
        return Err(Refusal::field(
            "attachments",
            "Attachments are not switched on.",
        ));
    }
    match (wish.kind, reader.side) {
        (MessageKind::Message, _) | (MessageKind::Note, Side::Technician) => Ok(()),
        _ => Err(Refusal::field("kind", "Send a message.")),
    }
}

/// A message that cannot be written may have been written before: then it is acknowledged again, and
/// told again in case the first time was cut short. Nothing of this transaction is kept.
async fn retried(
    app: &App,
    mut tx: Tx,
    held: &Held,
    reader: Reader,
    wish: &SendMessage,
    refusal: Refusal,
) -> Result<Message, Refusal> {
    let existing = existing(&mut tx, reader, wish.id).await?;
    tx.rollback().await?;
    match existing {
        Some(existing) if is_same(&existing, reader, held.id, wish) => {
            app.feed.wake_conversation(held.requester_id);
            Ok(existing)
        }
        Some(_) => Err(id_conflict()),
        None => Err(refusal),
    }
}

/// Whether the message may be written, and where the conversation stands after it.
fn next_status(held: &Held, reader: Reader, kind: MessageKind) -> Result<Status, Refusal> {
    if held.status == Status::Closed {
        return Err(closed());
    }
    match (reader.side, kind) {
        (Side::Technician, _) if held.assignee_id != Some(reader.account_id) => Err(Refusal::new(
            ErrorCode::NotAssigned,
            "Take the conversation before you write.",
        )),
        (Side::Technician, MessageKind::Message) => Ok(Status::Waiting),
        (Side::Requester, _) if held.status == Status::Waiting => Ok(Status::Open),
        _ => Ok(held.status),
    }
}

async fn existing(tx: &mut Tx, reader: Reader, id: MessageId) -> Result<Option<Message>, Refusal> {
    macro_rules! select {
        ($seq:literal) => {
            concat!(
                "SELECT ",
                message_columns!($seq),
                "FROM message m LEFT JOIN account w ON w.id = m.author_id
                 LEFT JOIN account t ON t.id = m.update_technician_id
                 WHERE m.id = $1 AND m.",
                $seq,
                " IS NOT NULL"
            )
        };
    }
    let sql = match reader.side {
        Side::Requester => select!("requester_seq"),
        Side::Technician => select!("technician_seq"),
    };
    let row: Option<MessageRow> = sqlx::query_as(sql)
        .bind(id.text())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(MessageRow::message).transpose()?)
}

fn is_same(existing: &Message, reader: Reader, id: ConversationId, wish: &SendMessage) -> bool {
    let author = existing.author.as_ref().map(|author| author.id);
    existing.conversation_id == id
        && author == Some(reader.account_id)
        && existing.kind == wish.kind
        && existing.body == wish.body
}

async fn move_on(
    tx: &mut Tx,
    held: &Held,
    status: Status,
    kind: MessageKind,
    now: Timestamp,
) -> Result<(), Refusal> {
    let shown = i64::from(kind == MessageKind::Message);
    sqlx::query(
        "UPDATE conversation SET status = $1, technician_activity_at = $2,
            requester_activity_at = CASE WHEN $3 = 1 THEN $2 ELSE requester_activity_at END
         WHERE id = $4",
    )
    .bind(stored(status))
    .bind(now.as_millis())
    .bind(shown)
    .bind(held.id.text())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn as_sent(
    session: &Session,
    conversation_id: ConversationId,
    line: Line,
    place: Place,
    side: Side,
    now: Timestamp,
) -> Message {
    let seq = match side {
        Side::Requester => place.requester_seq.unwrap_or_default(),
        Side::Technician => place.technician_seq,
    };
    let account = &session.account;
    Message {
        id: line.id,
        conversation_id,
        seq,
        kind: line.kind,
        author: Some(Person {
            id: account.id,
            name: account.name.clone(),
            role: account.role,
        }),
        body: line.body,
        update: None,
        created_at: now,
        received_at: None,
        read_at: None,
    }
}
