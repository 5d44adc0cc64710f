//! Rows of conversations and messages, and what they become on the wire.

use deskbell_protocol::{
    AccountId, Conversation, ConversationItem, Device, DeviceKind, Message, OrganizationSummary,
    Person, Preview, Role, Ticket, Timestamp, Update,
};

use super::text;
use crate::store::{self, Error};

/// Somebody, as others may know them.
///
/// # Errors
/// When the row makes no sense.
pub fn person(id: &str, name: String, role: &str) -> Result<Person, Error> {
    Ok(Person {
        id: store::id(id)?,
        name,
        role: store::name(role)?,
    })
}

fn optional_person(
    id: Option<&str>,
    name: Option<String>,
    role: Option<&str>,
) -> Result<Option<Person>, Error> {
    match (id, name, role) {
        (Some(id), Some(name), Some(role)) => person(id, name, role).map(Some),
        _ => Ok(None),
    }
}

/// A conversation with the names of what it refers to.
#[derive(Debug, sqlx::FromRow)]
pub struct ConversationRow {
    id: String,
    ticket_number: Option<String>,
    status: String,
    label: Option<String>,
    subject: String,
    requester_id: String,
    requester_name: String,
    organization_id: String,
    organization_name: String,
    device_id: Option<String>,
    device_name: Option<String>,
    device_kind: Option<String>,
    device_model: Option<String>,
    device_serial: Option<String>,
    assignee_id: Option<String>,
    assignee_name: Option<String>,
    assignee_role: Option<String>,
    created_at: i64,
    last_activity_at: i64,
    closed_at: Option<i64>,
    closed_by_id: Option<String>,
    closed_by_name: Option<String>,
    closed_by_role: Option<String>,
}

impl ConversationRow {
    /// The conversation it stands for.
    ///
    /// # Errors
    /// When it makes no sense.
    pub fn conversation(self) -> Result<Conversation, Error> {
        let device = self.device()?;
        let assignee = self.assignee_id.as_deref();
        let closed_by = self.closed_by_id.as_deref();
        Ok(Conversation {
            id: store::id(&self.id)?,
            ticket: self.ticket_number.map(|number| Ticket { number }),
            status: store::name(&self.status)?,
            label: self.label,
            subject: self.subject,
            requester: Person {
                id: store::id::<AccountId>(&self.requester_id)?,
                name: self.requester_name,
                role: Role::Requester,
            },
            organization: OrganizationSummary {
                id: store::id(&self.organization_id)?,
                name: self.organization_name,
            },
            device,
            assignee: optional_person(assignee, self.assignee_name, self.assignee_role.as_deref())?,
            created_at: Timestamp::from_millis(self.created_at),
            last_activity_at: Timestamp::from_millis(self.last_activity_at),
            closed_at: self.closed_at.map(Timestamp::from_millis),
            closed_by: optional_person(
                closed_by,
                self.closed_by_name,
                self.closed_by_role.as_deref(),
            )?,
        })
    }

    fn device(&self) -> Result<Option<Device>, Error> {
        let (Some(id), Some(name)) = (&self.device_id, &self.device_name) else {
            return Ok(None);
        };
        Ok(Some(Device {
            id: store::id(id)?,
            name: name.clone(),
            kind: self
                .device_kind
                .as_deref()
                .map_or(Ok(DeviceKind::Other), store::name)?,
            model: self.device_model.clone(),
            serial: self.device_serial.clone(),
        }))
    }

    /// When it last moved for this reader, for the place in a list.
    pub fn place(&self) -> (i64, &str) {
        (self.last_activity_at, &self.id)
    }
}

/// A conversation in somebody's list.
#[derive(Debug, sqlx::FromRow)]
pub struct ItemRow {
    #[sqlx(flatten)]
    conversation: ConversationRow,
    read_seq: i64,
    unread_count: i64,
    preview_author_id: Option<String>,
    preview_author_name: Option<String>,
    preview_author_role: Option<String>,
    preview_body: Option<String>,
    preview_at: Option<i64>,
}

impl ItemRow {
    /// When it last moved for this reader, for the place in a list.
    pub fn place(&self) -> (i64, &str) {
        self.conversation.place()
    }

    /// The item it stands for.
    ///
    /// # Errors
    /// When it makes no sense.
    pub fn item(self) -> Result<ConversationItem, Error> {
        let author = optional_person(
            self.preview_author_id.as_deref(),
            self.preview_author_name,
            self.preview_author_role.as_deref(),
        )?;
        let preview = match (author, self.preview_body, self.preview_at) {
            (Some(author), Some(body), Some(at)) => Some(Preview {
                author,
                text: text::preview(&body),
                created_at: Timestamp::from_millis(at),
            }),
            _ => None,
        };
        Ok(ConversationItem {
            conversation: self.conversation.conversation()?,
            unread_count: store::number(self.unread_count)?,
            read_seq: store::number(self.read_seq)?,
            preview,
        })
    }
}

/// A line of a chat with the names of those in it; `message_seq` is its place in the reader's feed.
#[derive(Debug, sqlx::FromRow)]
pub struct MessageRow {
    message_id: String,
    message_conversation_id: String,
    message_seq: i64,
    message_kind: String,
    author_id: Option<String>,
    author_name: Option<String>,
    author_role: Option<String>,
    body: String,
    update_kind: Option<String>,
    update_technician_id: Option<String>,
    update_technician_name: Option<String>,
    update_technician_role: Option<String>,
    update_status: Option<String>,
    update_text: Option<String>,
    message_created_at: i64,
    received_at: Option<i64>,
    read_at: Option<i64>,
}

impl MessageRow {
    /// The line it stands for.
    ///
    /// # Errors
    /// When it makes no sense.
    pub fn message(self) -> Result<Message, Error> {
        let update = self.update()?;
        let author_id = self.author_id.as_deref();
        Ok(Message {
            id: store::id(&self.message_id)?,
            conversation_id: store::id(&self.message_conversation_id)?,
            seq: store::number(self.message_seq)?,
            kind: store::name(&self.message_kind)?,
            author: optional_person(author_id, self.author_name, self.author_role.as_deref())?,
            body: self.body,
            update,
            created_at: Timestamp::from_millis(self.message_created_at),
            received_at: self.received_at.map(Timestamp::from_millis),
            read_at: self.read_at.map(Timestamp::from_millis),
        })
    }

    fn update(&self) -> Result<Option<Update>, Error> {
        let corrupt = || Error::Corrupt { what: "update" };
        let Some(kind) = &self.update_kind else {
            return Ok(None);
        };
        let update = match kind.as_str() {
            "ticket_created" => Update::TicketCreated {
                ticket: Ticket {
                    number: self.update_text.clone().ok_or_else(corrupt)?,
                },
            },
            "assigned" => Update::Assigned {
                technician: optional_person(
                    self.update_technician_id.as_deref(),
                    self.update_technician_name.clone(),
                    self.update_technician_role.as_deref(),
                )?
                .ok_or_else(corrupt)?,
            },
            "status_changed" => Update::StatusChanged {
                status: store::name(self.update_status.as_deref().ok_or_else(corrupt)?)?,
                label: self.update_text.clone(),
            },
            "closed" => Update::Closed {},
            _ => return Err(corrupt()),
        };
        Ok(Some(update))
    }
}
