//! Everything the client reacts to, as one closed enum.

use deskbell_protocol::{
    Article, ChallengeId, ConversationId, ConversationItem, Device, Me, Message, MessageId, Page,
    SessionId, SignedIn,
};
use tokio::sync::oneshot;

use crate::address::ServerAddress;
use crate::api::{ApiError, Proven};
use crate::command::{Answer, Command};
use crate::feed::News;
use crate::secret::{Farewell, SecretError};
use crate::shell::Signal;
use crate::view::Failure;

/// Where an answer to the window goes.
pub(crate) type Reply = oneshot::Sender<Result<Answer, Failure>>;

/// Something the client reacts to.
pub(crate) enum Input {
    /// From the window.
    Command(Box<Command>, Reply),
    /// From the desktop.
    Signal(Signal),
    /// From the keyring: what it kept.
    SecretRead(Result<Option<String>, SecretError>),
    /// From the keyring: whether it keeps the session.
    SecretKept(Result<(), SecretError>),
    /// From the keyring: whether it has forgotten this session.
    SecretForgotten(SessionId, Result<(), SecretError>),
    /// From the keyring: sessions that the server is still to be told about.
    FarewellsRead(Result<Option<String>, SecretError>),
    /// From the keyring: whether it keeps those.
    FarewellsKept(Result<(), SecretError>),
    /// From a server: whether it has ended this session.
    FarewellSaid(Farewell, Result<(), ApiError>),
    /// From the feed's connection.
    Feed(News),
    /// From the server: a call has come back. Those of an earlier era are stale.
    Back(u64, Box<Back>),
    /// A deadline has come.
    Due,
}

/// A call that has come back.
pub(crate) enum Back {
    /// A server's address was tried.
    Server(ServerAddress, Reply, Result<Proven, ApiError>),
    /// Signing in was begun, unless the server does not fit.
    Challenge(
        String,
        Reply,
        Result<(Proven, Option<ChallengeId>), ApiError>,
    ),
    /// A code was asked for.
    CodeSent(CodeTo, Reply, Result<(), ApiError>),
    /// A code was tried.
    Verified(ChallengeId, Reply, Result<SignedIn, ApiError>),
    /// The lists were loaded anew, for this connection.
    Snapshot(u64, Result<Snapshot, ApiError>),
    /// The account was asked for.
    Me(Result<Me, ApiError>),
    /// A conversation was asked for.
    Item(ConversationId, Result<ConversationItem, ApiError>),
    /// The next page of the list.
    List(
        Option<String>,
        Reply,
        Result<Page<ConversationItem>, ApiError>,
    ),
    /// A page of a chat.
    History(HistoryWish, Result<Page<Message>, ApiError>),
    /// An item of the outbox was sent.
    Sent(MessageId, Result<(), ApiError>),
    /// The server was told what was read.
    ReadTold(ConversationId, u64, Result<(), ApiError>),
    /// The devices.
    Devices(Reply, Result<Vec<Device>, ApiError>),
    /// The help articles.
    Articles(Reply, Result<Vec<Article>, ApiError>),
    /// The account's sessions, or the end of one.
    Answered(Reply, Result<Answer, ApiError>),
}

/// Where a code went.
pub(crate) struct CodeTo {
    /// The address, or the end of the number.
    pub sent_to: String,
    /// As a text message.
    pub by_sms: bool,
}

/// What a page of a chat is for.
pub(crate) struct HistoryWish {
    /// Of which chat.
    pub id: ConversationId,
    /// Lines before this; none for the newest.
    pub before: Option<u64>,
    /// The conversation itself, if it had to be asked for too.
    pub item: Option<Box<ConversationItem>>,
    /// Who waits for it.
    pub reply: Reply,
}

/// The lists as they are now.
pub(crate) struct Snapshot {
    /// Who I am.
    pub me: Me,
    /// The first page of the list.
    pub first: Page<ConversationItem>,
    /// The newest lines of those with something unread.
    pub chats: Vec<(ConversationId, Page<Message>)>,
}
