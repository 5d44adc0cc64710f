//! Conversations: one request, its chat and at most one ticket.

use crate::{AccountId, ConversationId, Device, DeviceId, OrganizationSummary, Person, Timestamp};

wire! {
    /// Where a conversation stands.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Status {
        /// Nobody has taken it.
        New,
        /// A technician has it.
        Open,
        /// It waits for the requester.
        Waiting,
        /// It is over and can only be read.
        Closed,
    }

    /// The record in the provider's ticketing system.
    pub struct Ticket {
        /// What people quote.
        pub number: String,
    }

    /// One request and its chat. The same for everyone who may see it.
    pub struct Conversation {
        /// Its id, made by the client that asked.
        pub id: ConversationId,
        /// The ticket, once it exists.
        pub ticket: Option<Ticket>,
        /// Where it stands.
        pub status: Status,
        /// The provider's own word for the status, shown instead of it when there is one.
        pub label: Option<String>,
        /// The first line of the description, shortened.
        pub subject: String,
        /// Who asked.
        pub requester: Person,
        /// Their organization.
        pub organization: OrganizationSummary,
        /// The machine it is about; absent for "None of the above".
        pub device: Option<Device>,
        /// Who has taken it.
        pub assignee: Option<Person>,
        /// When it was asked; its age is counted from here.
        pub created_at: Timestamp,
        /// When something last happened that the reader can see.
        pub last_activity_at: Timestamp,
        /// When it was closed.
        pub closed_at: Option<Timestamp>,
        /// Who closed it.
        pub closed_by: Option<Person>,
    }

    /// A conversation in the list of somebody: with what is unread for them.
    pub struct ConversationItem {
        /// The conversation.
        pub conversation: Conversation,
        /// Messages of others this reader has not read.
        pub unread_count: u32,
        /// Up to where this reader has read, in their feed's numbers; 0 for nothing.
        pub read_seq: u64,
        /// The newest message, shortened, for the list; absent when there is none.
        pub preview: Option<Preview>,
    }

    /// The newest message of a conversation, shortened to 160 characters on one line.
    pub struct Preview {
        /// Who wrote it.
        pub author: Person,
        /// Its text, Markdown as written.
        pub text: String,
        /// When.
        pub created_at: Timestamp,
    }

    /// `POST /v1/conversations`: asks for help. The same id again answers with what exists.
    #[serde(deny_unknown_fields)]
    pub struct CreateConversation {
        /// A UUIDv7 made by the client; the description becomes the message with this same id.
        #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::client_made_id))]
        pub id: ConversationId,
        /// What is wrong, Markdown.
        #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::text))]
        pub description: String,
        /// The machine it is about; null for "None of the above".
        pub device_id: Option<DeviceId>,
    }

    /// `POST /v1/conversations/{id}/assign`.
    #[serde(deny_unknown_fields)]
    pub struct Assign {
        /// Who shall have it.
        #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::assignee))]
        pub technician_id: Assignee,
        /// Who has it as far as the caller knows; null for nobody. Another holder: 409 `already_assigned`.
        pub replaces: Option<AccountId>,
        /// A note left for the one who gets it.
        #[cfg_attr(feature = "openapi", schema(schema_with = crate::openapi::optional_text))]
        #[serde(default)]
        pub note: Option<String>,
    }

    /// A technician by id, or `me`.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Assignee {
        /// The technician who asks.
        Me,
        /// This technician.
        #[serde(untagged)]
        Technician(AccountId),
    }

    /// `POST /v1/conversations/{id}/read`.
    #[serde(deny_unknown_fields)]
    pub struct MarkRead {
        /// The newest message read, in the reader's feed's numbers. Going back changes nothing.
        #[serde(deserialize_with = "crate::whole::number")]
        pub seq: u64,
    }
}
