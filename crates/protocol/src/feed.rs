//! The feed: what a client hears as it happens, in order, with a cursor to resume from.
//!
//! A requester's feed has what they may see; all technicians share one. Each has its own `seq`
//! without gaps. A cursor is opaque text naming (epoch, seq); a restored server has a new epoch.

use crate::{AccountId, Conversation, ConversationId, Message, Person, Problem, Timestamp};

wire! {
    /// What changed. Each carries the state it leads to, so that applying one twice does no harm.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Event {
        /// A conversation is new or different.
        ConversationChanged {
            /// As it is now.
            conversation: Conversation,
        },
        /// A line was added to a chat.
        MessageCreated {
            /// The line.
            message: Message,
        },
        /// The other side has received or read your messages up to `seq`.
        Receipt {
            /// Where.
            conversation_id: ConversationId,
            /// Which.
            state: ReceiptState,
            /// Up to here, in this feed's numbers.
            seq: u64,
            /// When.
            at: Timestamp,
        },
        /// A reader of this feed has read up to `seq`, on whichever client.
        Read {
            /// Where.
            conversation_id: ConversationId,
            /// Who.
            account_id: AccountId,
            /// Up to here, in this feed's numbers.
            seq: u64,
            /// What is unread for them now.
            unread_count: u32,
        },
        /// Name, organization, branding or permissions are different: ask `GET /v1/me` again.
        MeChanged {},
        /// From a newer peer.
        #[serde(other)]
        Unknown,
    }

    /// How far a message has come on the other side.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum ReceiptState {
        /// A client has it.
        Received,
        /// Somebody has seen it.
        Read,
    }

    /// An event with its place in the feed.
    pub struct SequencedEvent {
        /// One more than the event before it.
        pub seq: u64,
        /// What changed.
        pub event: Event,
    }

    /// `GET /v1/sync?cursor=`.
    pub struct Sync {
        /// Where the reader stands after these events.
        pub cursor: String,
        /// What changed since the cursor, in order.
        pub events: Vec<SequencedEvent>,
        /// There is more: ask again with the new cursor.
        pub more: bool,
        /// The cursor cannot be resumed: load the lists anew, then go on from the new cursor.
        pub resync: bool,
    }

    /// What the server sends over the feed.
    #[expect(clippy::large_enum_variant, reason = "events are nearly all there is")]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum ServerFrame {
        /// Answers the client's hello. The events after its cursor follow.
        Hello {
            /// Where this feed starts: the client's own cursor, or the newest one when it had none.
            cursor: String,
            /// The server's clock.
            server_time: Timestamp,
        },
        /// The client's cursor cannot be resumed: load the lists anew; events after `cursor` follow.
        Resync {
            /// Where the events that follow begin.
            cursor: String,
            /// The server's clock.
            server_time: Timestamp,
        },
        /// Something changed.
        Event {
            /// One more than the event before it.
            seq: u64,
            /// The cursor after this event.
            cursor: String,
            /// What.
            event: Event,
        },
        /// Somebody of the other side types. Not stored; forget it after six seconds.
        Typing {
            /// Where.
            conversation_id: ConversationId,
            /// Who.
            person: Person,
        },
        /// Which technicians look at a conversation now. For technicians only; not stored.
        Viewing {
            /// Which conversation.
            conversation_id: ConversationId,
            /// Everyone who looks at it.
            technicians: Vec<Person>,
        },
        /// Comes with each ping to browsers, which cannot see pings: a feed without it is dead.
        Alive {},
        /// What the client sent was not understood or not allowed.
        Error {
            /// Why.
            problem: Problem,
        },
        /// From a newer peer.
        #[serde(other)]
        Unknown,
    }

    /// What a client sends over the feed.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum ClientFrame {
        /// Must come first, within ten seconds.
        Hello {
            /// Where to resume; null to start from now.
            cursor: Option<String>,
        },
        /// Everything up to `seq` is stored on this client.
        Received {
            /// In this feed's numbers.
            seq: u64,
        },
        /// The user types in this conversation.
        Typing {
            /// Which.
            conversation_id: ConversationId,
        },
        /// The technician looks at this conversation, or at none.
        Viewing {
            /// Which.
            conversation_id: Option<ConversationId>,
        },
    }
}
