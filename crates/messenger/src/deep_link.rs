//! `deskbell://conversation/<uuid>`: the one address the client answers to. It can only navigate.

use deskbell_protocol::ConversationId;
use uuid::Uuid;

const PREFIX: &str = "deskbell://conversation/";

/// The conversation meant, if the text is such an address to the letter.
#[must_use]
pub fn parse(text: &str) -> Option<ConversationId> {
    let id = text.strip_prefix(PREFIX)?;
    let uuid = Uuid::try_parse(id).ok()?;
    let exact = uuid.hyphenated().to_string() == id;
    exact.then_some(ConversationId(uuid))
}

/// What a second start asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Launch {
    /// Show the window.
    Window,
    /// Show this conversation.
    Conversation(ConversationId),
    /// Nothing: an address was given that is not ours.
    Nothing,
}

/// What the arguments of a second start ask for.
#[must_use]
pub fn launch(args: &[String]) -> Launch {
    let mut addresses = args
        .iter()
        .filter(|arg| arg.to_ascii_lowercase().contains("deskbell:"));
    match (addresses.next(), addresses.next(), args.len()) {
        (None, ..) => Launch::Window,
        (Some(only), None, 1) => parse(only).map_or(Launch::Nothing, Launch::Conversation),
        _ => Launch::Nothing,
    }
}

/// The address of a conversation.
#[must_use]
pub fn write(id: ConversationId) -> String {
    format!("{PREFIX}{id}")
}
