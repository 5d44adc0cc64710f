//! Messages, notes and updates: the lines of a chat.

use crate::{AttachmentId, ConversationId, MessageId, Person, Status, Ticket, Timestamp};

wire! {
    /// What sort of line it is.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum MessageKind {
        /// What a person wrote to the other side.
        Message,
        /// What a technician wrote for technicians.
        Note,
        /// A line of the system's: assigned, closed, …
        Update,
    }

    /// One line of a chat. What was written never changes.
    pub struct Message {
        /// Its id.
        pub id: MessageId,
        /// Where it belongs.
        pub conversation_id: ConversationId,
        /// Its place in the reader's feed; orders the chat.
        pub seq: u64,
        /// What sort of line it is.
        pub kind: MessageKind,
        /// Who wrote it, or caused the update; absent when the system did.
        pub author: Option<Person>,
        /// The text, Markdown; empty for an update.
        pub body: String,
        /// What happened; for updates only.
        pub update: Option<Update>,
        /// When the server stored it.
        pub created_at: Timestamp,
        /// When it first reached a client of the other side.
        pub received_at: Option<Timestamp>,
        /// When somebody of the other side first read it.
        pub read_at: Option<Timestamp>,
    }

    /// What an update tells.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Update {
        /// The ticket exists.
        TicketCreated {
            /// It.
            ticket: Ticket,
        },
        /// Somebody has taken it or was given it.
        Assigned {
            /// Who has it now.
            technician: Person,
        },
        /// It stands elsewhere now.
        StatusChanged {
            /// Where.
            status: Status,
            /// The provider's own word for it.
            label: Option<String>,
        },
        /// It is over; the message's author closed it.
        Closed {},
        /// From a newer peer.
        #[serde(other)]
        Unknown,
    }

    /// `POST /v1/conversations/{id}/messages`. The same id again answers with what exists.
    #[serde(deny_unknown_fields)]
    pub struct SendMessage {
        /// A UUIDv7 made by the client.
        #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::client_made_id))]
        pub id: MessageId,
        /// The text, Markdown.
        #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::text))]
        pub body: String,
        /// Ids of uploads; empty until attachments are switched on.
        #[cfg_attr(feature = "openapi", schema(max_items = 0))]
        #[serde(default)]
        pub attachments: Vec<AttachmentId>,
        /// `message`, or `note` for technicians. `update` is refused.
        #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::sent_kind))]
        pub kind: MessageKind,
    }
}
