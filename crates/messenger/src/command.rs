//! What the window asks of the client. One closed enum; each has one answer.

use deskbell_protocol::{ConversationId, DeviceId, MessageId, SessionId};

use crate::check::CheckView;
use crate::view::{
    AppView, ArticlesView, ChatView, ConversationPage, DevicesView, LinkDecision, MessagePage,
    Route, SessionsView, view,
};

view! {
    /// A wish of the user's. Sent as `invoke("command", {command})`.
    #[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
    pub enum Command {
        /// Everything about the client that is not a list → [`Answer::App`].
        App {},
        /// Which server, when none was given: an `https://` address → `Done`.
        SetServer {
            /// Its address.
            url: String,
        },
        /// Begin to sign in → `Done`, the phase changes.
        StartSignIn {
            /// The work e-mail address.
            email: String,
        },
        /// Send the code by e-mail → `Done`, the phase changes.
        SendCodeByEmail {},
        /// Send the code as a text message → `Done`, the phase changes.
        SendCodeBySms {
            /// The full mobile number.
            phone: String,
        },
        /// Try a code → `Done`, the phase changes.
        VerifyCode {
            /// As typed; spaces are ignored.
            code: String,
        },
        /// Back to the e-mail address → `Done`.
        CancelSignIn {},
        /// Sign out → `Done`.
        SignOut {},
        /// A page of the list → [`Answer::Conversations`].
        Conversations {
            /// From the page before; null for the first.
            after: Option<String>,
        },
        /// One chat, which is also marked as the one being looked at → [`Answer::Chat`].
        OpenChat {
            /// Which.
            id: ConversationId,
        },
        /// This chat is not being looked at any more → `Done`.
        CloseChat {
            /// Which; without it, whichever it is.
            #[serde(default)]
            #[cfg_attr(feature = "typescript", ts(optional))]
            id: Option<ConversationId>,
        },
        /// Older lines → [`Answer::Messages`].
        OlderMessages {
            /// Of which chat.
            id: ConversationId,
            /// Lines before this place.
            before_seq: u64,
        },
        /// Put a message into the outbox → `Done`; a `message_changed` event shows it.
        SendMessage {
            /// Where.
            conversation_id: ConversationId,
            /// Markdown.
            body: String,
        },
        /// Try again what had failed → `Done`.
        Retry {
            /// The message; for a request, the conversation's id.
            id: MessageId,
        },
        /// Discard what had failed → `Done`.
        Discard {
            /// The message; for a request, the conversation's id.
            id: MessageId,
        },
        /// The newest lines are on the screen of a focused window → `Done`.
        MarkRead {
            /// Which chat.
            id: ConversationId,
        },
        /// Keep what is typed and not sent → `Done`.
        SaveDraft {
            /// The chat; null for the request being written.
            conversation_id: Option<ConversationId>,
            /// The text as it stands.
            text: String,
        },
        /// The user types in this chat; at most every three seconds → `Done`.
        Typing {
            /// Which.
            conversation_id: ConversationId,
        },
        /// The devices to choose from → [`Answer::Devices`].
        Devices {},
        /// Ask for help: into the outbox → [`Answer::Started`].
        StartConversation {
            /// What is wrong.
            description: String,
            /// Null for "None of the above".
            device_id: Option<DeviceId>,
        },
        /// Help articles for home → [`Answer::Articles`].
        Articles {},
        /// The account's sessions → [`Answer::Sessions`].
        Sessions {},
        /// End another session of the account → `Done`.
        EndSession {
            /// Which.
            id: SessionId,
        },
        /// Check this computer: the server, the keyring, notifications … → [`Answer::Check`].
        CheckComputer {},
        /// Change a setting → `Done`, the app view changes.
        ChangeSetting {
            /// Which, to what.
            change: SettingChange,
        },
        /// Open a link from a message, an article or the hotline → [`Answer::Link`].
        OpenLink {
            /// As written.
            url: String,
            /// The user has seen where it leads.
            confirmed: bool,
        },
        /// The window's size: enlarged or reduced → `Done`.
        Enlarge {
            /// Enlarged.
            enlarged: bool,
        },
        /// The window has gained or lost the keyboard focus → `Done`.
        Focus {
            /// It has it.
            focused: bool,
        },
        /// Where the user went inside the window → `Done`.
        Went {
            /// Where.
            route: Route,
        },
        /// Try to connect now → `Done`.
        ConnectNow {},
    }

    /// A changed setting.
    #[serde(tag = "name", content = "value", rename_all = "snake_case")]
    pub enum SettingChange {
        /// Start with the desktop session.
        Autostart(bool),
        /// Show toasts.
        Toasts(bool),
        /// Toasts show what was written.
        ToastText(bool),
        /// They do so on a locked screen too.
        ToastTextLocked(bool),
        /// Technicians see that the user types.
        Typing(bool),
        /// BCP 47, or empty for the system's.
        Language(String),
        /// `system`, `light` or `dark`.
        Theme(String),
    }

    /// The answer to a command.
    #[serde(tag = "type", content = "value", rename_all = "snake_case")]
    pub enum Answer {
        /// It is done.
        Done {},
        /// To [`Command::App`].
        App(Box<AppView>),
        /// To [`Command::Conversations`].
        Conversations(ConversationPage),
        /// To [`Command::OpenChat`].
        Chat(Box<ChatView>),
        /// To [`Command::OlderMessages`].
        Messages(MessagePage),
        /// To [`Command::Devices`].
        Devices(DevicesView),
        /// To [`Command::StartConversation`].
        Started {
            /// The new conversation.
            id: ConversationId,
        },
        /// To [`Command::Articles`].
        Articles(ArticlesView),
        /// To [`Command::Sessions`].
        Sessions(SessionsView),
        /// To [`Command::CheckComputer`].
        Check(Box<CheckView>),
        /// To [`Command::OpenLink`].
        Link(LinkDecision),
    }
}
