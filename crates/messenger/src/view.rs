//! What the window shows: plain data, made by pure functions from the client's state.
//!
//! The window gets an [`AppView`] when it opens and [`WindowEvent`]s after that; it asks for lists
//! and chats with [`crate::command::Command`]. TypeScript for all of it is generated from here.

use deskbell_protocol::{
    Article, ConversationId, Device, DeviceId, ErrorCode, MessageId, MessageKind, Organization,
    Role, Session, Status, Timestamp, Update,
};

/// Declares what crosses between the client and its window: the derives, written once.
macro_rules! view {
    ($($item:item)*) => {$(
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[cfg_attr(feature = "typescript", ts(export, export_to = "messenger.ts"))]
        $item
    )*};
}
pub(crate) use view;

view! {
    /// Everything about the client that is not a list.
    pub struct AppView {
        /// How far signing in has come.
        pub phase: Phase,
        /// Whether the server is heard.
        pub connection: Connection,
        /// Messages of others not read yet, over all conversations.
        pub unread_count: u32,
        /// What waits in the outbox.
        pub waiting_count: u32,
        /// What the user should know, most pressing first.
        pub notices: Vec<Notice>,
        /// The settings in force.
        pub settings: SettingsView,
        /// BCP 47; the catalogue in use, `en` or `de`.
        pub locale: String,
        /// This client's version.
        pub version: String,
        /// Where the window should be, when something outside it chose (a toast, a link, the tray).
        pub route: Route,
        /// The window is in its large size.
        pub enlarged: bool,
    }

    /// How far signing in has come.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Phase {
        /// Nobody has said which server; ask for its address.
        NeedsServer {},
        /// Ask for the e-mail address.
        SignedOut {
            /// Why, if it was not the user's wish: `session_expired`, `session_ended`.
            reason: Option<ErrorCode>,
        },
        /// Ask how the code shall come.
        ChoosingMethod {
            /// The address typed.
            email: String,
            /// Text messages are possible.
            sms: bool,
        },
        /// Ask for the code.
        EnteringCode {
            /// The address typed.
            email: String,
            /// Where the code went: the address, or the end of the number.
            sent_to: String,
            /// It went as a text message.
            by_sms: bool,
            /// Text messages are possible.
            sms: bool,
            /// Another code can be asked for from here on.
            resend_at: Timestamp,
            /// The code is good until here.
            expires_at: Timestamp,
        },
        /// Show home.
        SignedIn {
            /// Who.
            account: AccountView,
            /// Where they work; its branding, hours and phone.
            organization: Option<Organization>,
        },
    }

    /// Who is signed in.
    pub struct AccountView {
        /// Their name.
        pub name: String,
        /// Their address.
        pub email: String,
    }

    /// Whether the server is heard.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Connection {
        /// Not tried yet, or nobody signed in.
        Idle {},
        /// Being made.
        Connecting {},
        /// The feed is live.
        Online {},
        /// Something in between breaks the feed: the server is asked now and then what is new.
        Delayed {},
        /// It is not heard.
        Offline {
            /// Why, as far as known.
            reason: OfflineReason,
            /// The next try; absent while it runs.
            retry_at: Option<Timestamp>,
        },
    }

    /// Why the server is not heard.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum OfflineReason {
        /// No way to the server: no network, name unknown, refused, silent.
        Unreachable,
        /// Something answered that is not Deskbell: a captive portal or a wrong address.
        NotDeskbell,
        /// The certificate is not trusted.
        Certificate,
        /// A proxy refuses.
        Proxy,
        /// A proxy demands a password.
        ProxyPassword,
        /// The server said it cannot now.
        ServerUnavailable,
        /// The server speaks an older or newer wire, or refuses this client's version.
        VersionMismatch,
    }

    /// Something the user should know until it is over.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Notice {
        /// The keyring is locked or missing: the session lasts until the client ends.
        SessionNotKept {},
        /// The disk is full or not writable: what is typed now may not survive.
        CannotStore {},
        /// The computer's clock is off by this many minutes.
        ClockOff {
            /// Positive when it is ahead.
            minutes: i32,
        },
        /// This client is too old for the server.
        ClientTooOld {},
        /// The server is too old for this client.
        ServerTooOld {},
        /// The cache was unreadable and was built anew; nothing unsent was lost.
        CacheRebuilt {},
        /// The server is of a newer version than this client, which still fits.
        NewerVersion {
            /// `0.2.0`.
            version: String,
        },
    }

    /// A place in the window.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Route {
        /// Home, or signing in.
        Home {},
        /// Asking for help.
        Help {},
        /// One conversation.
        Conversation {
            /// Which.
            id: ConversationId,
        },
        /// Settings.
        Settings {},
    }

    /// A conversation in the list.
    pub struct ConversationView {
        /// Its id.
        pub id: ConversationId,
        /// The ticket's number; absent until the server made it.
        pub ticket_number: Option<String>,
        /// Where it stands.
        pub status: Status,
        /// The provider's own word for the status.
        pub label: Option<String>,
        /// The first line of the description.
        pub subject: String,
        /// Who has taken it.
        pub assignee: Option<PersonView>,
        /// The machine's name.
        pub device_name: Option<String>,
        /// When it was asked.
        pub created_at: Timestamp,
        /// When something last happened.
        pub last_activity_at: Timestamp,
        /// Who closed it, when closed.
        pub closed_by: Option<PersonView>,
        /// Messages not read yet.
        pub unread_count: u32,
        /// The newest message, shortened, and whether it is the user's own.
        pub preview: Option<PreviewView>,
        /// The request itself: waiting, sent or failed.
        pub delivery: Delivery,
    }

    /// The newest message in a list entry.
    pub struct PreviewView {
        /// Its text on one line.
        pub text: String,
        /// The user wrote it.
        pub mine: bool,
    }

    /// Somebody.
    pub struct PersonView {
        /// Their name, cleaned of control and direction characters.
        pub name: String,
        /// Where the badge comes from.
        pub role: Role,
    }

    /// A page of the list, newest activity first.
    pub struct ConversationPage {
        /// Requests that wait to be sent come first on the first page.
        pub items: Vec<ConversationView>,
        /// For the next page; absent on the last.
        pub next: Option<String>,
    }

    /// One chat.
    pub struct ChatView {
        /// The conversation.
        pub conversation: ConversationView,
        /// The newest lines, oldest first; what waits in the outbox comes last.
        pub messages: Vec<MessageView>,
        /// There are older lines.
        pub more: bool,
        /// The first line not read when the chat was opened; the divider goes above it.
        pub first_unread: Option<MessageId>,
        /// What was typed and not sent.
        pub draft: String,
    }

    /// Older lines of a chat.
    pub struct MessagePage {
        /// Oldest first.
        pub messages: Vec<MessageView>,
        /// There are still older ones.
        pub more: bool,
    }

    /// A line in a chat.
    pub struct MessageView {
        /// Its id.
        pub id: MessageId,
        /// Its place; absent until the server stored it.
        pub seq: Option<u64>,
        /// What sort of line it is.
        pub kind: MessageKind,
        /// Who wrote it or caused the update.
        pub author: Option<PersonView>,
        /// The user wrote it.
        pub mine: bool,
        /// The text, Markdown.
        pub body: String,
        /// What happened, for updates.
        pub update: Option<Update>,
        /// When it was stored, or typed while it waits.
        pub created_at: Timestamp,
        /// How far it has come; of meaning for the user's own messages.
        pub delivery: Delivery,
    }

    /// How far something the user sent has come.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum Delivery {
        /// In the outbox.
        Waiting {},
        /// On the server's disk.
        Sent {},
        /// On a technician's screen's machine.
        Delivered {},
        /// Seen.
        Read {
            /// When.
            at: Timestamp,
        },
        /// The server refused it for good; it can be tried again or discarded.
        Failed {
            /// Why.
            code: ErrorCode,
        },
    }

    /// The devices to choose from when asking for help.
    pub struct DevicesView {
        /// The account's devices.
        pub devices: Vec<Device>,
        /// The one this client runs on, if it is among them.
        pub this_device: Option<DeviceId>,
        /// What was typed and not sent.
        pub draft: String,
    }

    /// The settings in force, each with who decides.
    pub struct SettingsView {
        /// The server's address; empty until known.
        pub server_url: Setting<String>,
        /// Whose support desk it is; empty when nobody said so.
        pub organization: Setting<String>,
        /// Start with the desktop session.
        pub autostart: Setting<bool>,
        /// Many use this computer: nobody quits or signs out.
        pub kiosk: Setting<bool>,
        /// Toasts are shown.
        pub toasts: Setting<bool>,
        /// Toasts show what was written, not only that something was.
        pub toast_text: Setting<bool>,
        /// They do so on a locked screen too.
        pub toast_text_locked: Setting<bool>,
        /// Technicians see that the user types.
        pub typing: Setting<bool>,
        /// The check of this computer can be attached to a request.
        pub diagnostics: Setting<bool>,
        /// BCP 47, or empty for the system's.
        pub language: Setting<String>,
        /// `system`, `light` or `dark`.
        pub theme: Setting<String>,
    }

    /// One value and who decides.
    pub struct Setting<T> {
        /// The value in force.
        pub value: T,
        /// It is shown and cannot be changed, because of who decided.
        pub managed: bool,
        /// Who decided.
        pub origin: Origin,
    }

    /// Who decided a setting.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Origin {
        /// A policy for the machine.
        MachinePolicy,
        /// A policy for the user.
        UserPolicy,
        /// The command line.
        Argument,
        /// What was given at the installation.
        Installed,
        /// The user.
        User,
        /// Nobody: the built-in value.
        Default,
    }

    /// What opening a link would do.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum LinkDecision {
        /// It was opened.
        Opened {},
        /// Ask first: this is where it really leads.
        Confirm {
            /// The host in ASCII.
            host: String,
            /// The whole address as it would be opened.
            url: String,
            /// It is not encrypted.
            insecure: bool,
        },
        /// It is not opened.
        Refused {},
    }

    /// What the window can do nothing about but show.
    pub struct Failure {
        /// Why; the table of texts is keyed by it.
        pub code: FailureCode,
        /// Tries that remain, with `code_invalid`.
        pub attempts_left: Option<u32>,
        /// Seconds to wait, when the server said so.
        pub retry_after_seconds: Option<u32>,
    }

    /// Why a command failed.
    #[derive(Copy, Hash)]
    #[serde(untagged)]
    pub enum FailureCode {
        /// The client knows why.
        Client(ClientFailure),
        /// The server said why.
        Server(ErrorCode),
    }

    /// Why the client itself could not.
    #[derive(Copy, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum ClientFailure {
        /// No way to the server.
        Unreachable,
        /// What answers is not Deskbell.
        NotDeskbell,
        /// The certificate is not trusted.
        Certificate,
        /// A proxy stands in the way.
        Proxy,
        /// A proxy demands a password.
        ProxyPassword,
        /// The server is too old for this client.
        ServerTooOld,
        /// The address is not one: `https://` and a host.
        AddressInvalid,
        /// This cannot be done now (not signed in, or already done).
        NotNow,
        /// The text is empty.
        TextEmpty,
        /// The text is longer than 16 KiB.
        TextTooLong,
        /// The disk is full or not writable.
        CannotStore,
        /// The setting is managed.
        Managed,
    }

    /// What the window hears without asking.
    #[serde(tag = "type", rename_all = "snake_case")]
    pub enum WindowEvent {
        /// Something in the app view is different.
        AppChanged {
            /// As it is now.
            app: Box<AppView>,
        },
        /// A conversation is new or different. Lists put it where its last activity says.
        ConversationChanged {
            /// As it is now.
            conversation: Box<ConversationView>,
        },
        /// A line is new or different (by id).
        MessageChanged {
            /// Where.
            conversation_id: ConversationId,
            /// As it is now.
            message: Box<MessageView>,
        },
        /// A line is gone: the user discarded what had failed.
        MessageRemoved {
            /// Where.
            conversation_id: ConversationId,
            /// Which.
            message_id: MessageId,
        },
        /// Lists and open chats must be asked for again.
        ListsReset {},
        /// A technician types; forget it after six seconds.
        Typing {
            /// Where.
            conversation_id: ConversationId,
            /// Who.
            person: PersonView,
        },
        /// Something outside the window chose where it should be.
        Navigate {
            /// Where.
            route: Route,
        },
    }

    /// Sessions of the account, for Settings.
    pub struct SessionsView {
        /// Newest use first.
        pub sessions: Vec<Session>,
    }

    /// Help articles for home.
    pub struct ArticlesView {
        /// In the provider's order.
        pub articles: Vec<Article>,
    }
}
