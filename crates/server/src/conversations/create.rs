//! Asking for help: a conversation with its ticket and its first message.

use deskbell_protocol::{
    Account, AccountId, Conversation, ConversationId, CreateConversation, DeviceId, MessageId,
    MessageKind, OrganizationId, Status, Ticket, Timestamp,
};

use super::find::find;
use super::line::{Addition, Announce, Held, Line, LineUpdate, add, id_conflict};
use super::reader::{Reader, Side};
use super::text;
use crate::app::App;
use crate::failpoint::{Failpoint, failpoint};
use crate::identity::session::Session;
use crate::refusal::Refusal;
use crate::store::Tx;
use crate::ticketing;

/// A conversation, and whether this call made it.
pub struct Created {
    /// As it is now.
    pub conversation: Conversation,
    /// Whether it is new.
    pub is_new: bool,
}

/// Makes the conversation and wakes the technicians. The same id again answers with what exists.
///
/// # Errors
/// 409 when the id belongs to something else; 413 and 422 for a description that is not taken or a
/// device that is not the requester's.
pub async fn create(
    app: &App,
    session: &Session,
    wish: CreateConversation,
) -> Result<Created, Refusal> {
    let reader = Reader::of(session);
    let organization = session
        .organization_id
        .ok_or_else(|| Refusal::internal(&"a requester has no organization"))?;
    check(&wish)?;
    app.identity
        .admit_text(reader.account_id, app.clock.now())?;
    let mut tx = app.store.write().await?;
    if !owns_device(&mut tx, reader.account_id, wish.device_id).await? {
        return Err(Refusal::field(
            "device_id",
            "Choose one of your devices, or none.",
        ));
    }
    let now = app.clock.now();
    let ticket = ticketing::open(&mut tx).await?;
    let is_new = insert(&mut tx, &session.account, organization, &wish, &ticket, now).await?;
    if is_new {
        let lines = lines(app, reader.account_id, &wish, ticket);
        let held = held(wish.id, reader.account_id);
        let addition = Addition {
            held: &held,
            lines: &lines,
            announce: Announce::First,
        };
        add(&mut tx, &[addition], now).await?;
        failpoint(Failpoint::BeforeCommit);
        tx.commit().await?;
        app.feed.wake_conversation(reader.account_id);
        failpoint(Failpoint::BeforeAck);
    } else {
        tx.rollback().await?;
    }
    let conversation = find(&app.store, reader, wish.id)
        .await?
        .ok_or_else(id_conflict)?;
    Ok(Created {
        conversation,
        is_new,
    })
}

fn check(wish: &CreateConversation) -> Result<(), Refusal> {
    text::check("description", &wish.description)?;
    if wish.id.0.get_version_num() != 7 {
        return Err(Refusal::field("id", "Make the id a UUIDv7."));
    }
    Ok(())
}

async fn owns_device(
    tx: &mut Tx,
    account: AccountId,
    device: Option<DeviceId>,
) -> Result<bool, Refusal> {
    let Some(device) = device else {
        return Ok(true);
    };
    let owned: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM device WHERE id = $1 AND account_id = $2")
            .bind(device.text())
            .bind(account.text())
            .fetch_one(&mut **tx)
            .await?;
    Ok(owned == 1)
}

/// Whether the row is new; a taken id leaves everything as it is.
async fn insert(
    tx: &mut Tx,
    requester: &Account,
    organization: OrganizationId,
    wish: &CreateConversation,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<bool, Refusal> {
    let subject = text::subject(&wish.description);
    let found_by = [&subject, &ticket.number, &requester.name, &requester.email];
    let found_by = found_by.map(String::as_str).join("\n");
    let done = sqlx::query(
        "INSERT INTO conversation (id, ticket_number, status, subject, folded, requester_id,
            organization_id, device_id, created_at, requester_activity_at, technician_activity_at)
         VALUES ($1, $2, 'new', $3, $4, $5, $6, $7, $8, $8, $8) ON CONFLICT (id) DO NOTHING",
    )
    .bind(wish.id.text())
    .bind(ticket.number.as_str())
    .bind(subject.as_str())
    .bind(text::fold(&found_by))
    .bind(requester.id.text())
    .bind(organization.text())
    .bind(wish.device_id.map(DeviceId::text))
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The description, under the conversation's own id, and the update that names the ticket.
fn lines(app: &App, author_id: AccountId, wish: &CreateConversation, ticket: Ticket) -> [Line; 2] {
    let description = Line {
        id: MessageId(wish.id.0),
        kind: MessageKind::Message,
        author_id,
        side: Side::Requester,
        body: wish.description.clone(),
        update: None,
    };
    let ticket_created = Line {
        id: MessageId(app.clock.id()),
        kind: MessageKind::Update,
        body: String::new(),
        update: Some(LineUpdate::TicketCreated(ticket.number)),
        ..description.clone()
    };
    [description, ticket_created]
}

/// The row just inserted is this transaction's own.
fn held(id: ConversationId, requester_id: AccountId) -> Held {
    Held {
        id,
        requester_id,
        status: Status::New,
        assignee_id: None,
        closed_by_id: None,
    }
}
