//! From what is stored to what is shown.

use deskbell_protocol::{Conversation, MessageKind, Person, Role, Status};

use crate::clean;
use crate::store::lists::preview_text;
use crate::store::rows::{ConversationRow, MessageRow};
use crate::store::unsent::{OutboxItem, OutboxState};
use crate::view::{ConversationView, Delivery, MessageView, PersonView, PreviewView};

const NAME_CHARS: usize = 80;
const SUBJECT_CHARS: usize = 120;

/// A conversation as the list shows it. What waits in the outbox is its newest message.
#[must_use]
pub fn conversation(row: &ConversationRow, outbox: &[OutboxItem]) -> ConversationView {
    let Conversation {
        id,
        ticket,
        status,
        label,
        subject,
        assignee,
        device,
        ..
    } = &row.conversation;
    let unsent = outbox
        .iter()
        .rev()
        .find(|item| item.conversation_id == *id && item.state != OutboxState::Sent);
    let stored = row
        .preview
        .clone()
        .map(|(text, mine)| PreviewView { text, mine });
    ConversationView {
        id: *id,
        ticket_number: ticket.as_ref().map(|ticket| ticket.number.clone()),
        status: *status,
        label: label.clone(),
        subject: subject.clone(),
        assignee: assignee.as_ref().map(person),
        device_name: device.as_ref().map(|device| device.name.clone()),
        created_at: row.conversation.created_at,
        last_activity_at: row
            .conversation
            .last_activity_at
            .plus_millis(row.last_activity_at - row.conversation.last_activity_at.as_millis()),
        closed_by: row.conversation.closed_by.as_ref().map(person),
        unread_count: row.unread_count,
        preview: unsent.map(own_preview).or(stored),
        delivery: Delivery::Sent {},
    }
}

/// A request that the server does not have yet.
#[must_use]
pub fn request(item: &OutboxItem, device_name: Option<String>) -> ConversationView {
    ConversationView {
        id: item.conversation_id,
        ticket_number: None,
        status: Status::New,
        label: None,
        subject: clean::one_line(&item.body, SUBJECT_CHARS),
        assignee: None,
        device_name,
        created_at: item.created_at,
        last_activity_at: item.created_at,
        closed_by: None,
        unread_count: 0,
        preview: Some(own_preview(item)),
        delivery: outbox_delivery(item.state),
    }
}

/// A stored line.
#[must_use]
pub fn message(row: &MessageRow) -> MessageView {
    let line = &row.message;
    MessageView {
        id: line.id,
        seq: Some(line.seq),
        kind: line.kind,
        author: line.author.as_ref().map(person),
        mine: row.mine,
        body: line.body.clone(),
        update: line.update.clone(),
        created_at: line.created_at,
        delivery: delivery(row),
    }
}

/// A line that waits, failed, or was just sent.
#[must_use]
pub fn unsent(item: &OutboxItem, my_name: &str) -> MessageView {
    MessageView {
        id: item.id,
        seq: None,
        kind: MessageKind::Message,
        author: Some(PersonView {
            name: clean::one_line(my_name, NAME_CHARS),
            role: Role::Requester,
        }),
        mine: true,
        body: item.body.clone(),
        update: None,
        created_at: item.created_at,
        delivery: outbox_delivery(item.state),
    }
}

/// Somebody, fit to be shown.
#[must_use]
pub fn person(person: &Person) -> PersonView {
    PersonView {
        name: clean::one_line(&person.name, NAME_CHARS),
        role: person.role,
    }
}

fn own_preview(item: &OutboxItem) -> PreviewView {
    PreviewView {
        text: preview_text(&item.body),
        mine: true,
    }
}

fn outbox_delivery(state: OutboxState) -> Delivery {
    match state {
        OutboxState::Waiting => Delivery::Waiting {},
        OutboxState::Sent => Delivery::Sent {},
        OutboxState::Failed(code) => Delivery::Failed { code },
    }
}

fn delivery(row: &MessageRow) -> Delivery {
    match (row.message.read_at, row.message.received_at) {
        (Some(at), _) => Delivery::Read { at },
        (None, Some(_)) => Delivery::Delivered {},
        (None, None) => Delivery::Sent {},
    }
}
