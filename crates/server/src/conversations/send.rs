//! Sending a message or a note.

use deskbell_protocol::{ConversationId, Message, MessageKind, Person, SendMessage};

use super::post::Post;
use super::reader::{Reader, Side};
use super::text;
use crate::app::App;
use crate::identity::session::Session;
use crate::refusal::Refusal;

/// Writes a message down and wakes those who hear it. The same id again answers with what exists.
///
/// # Errors
/// 404 when there is no such conversation for the sender; 403 when a technician does not have it;
/// 409 when it is closed or the id is taken; 413 and 422 for a text that is not taken.
pub async fn send(
    app: &App,
    session: &Session,
    id: ConversationId,
    wish: SendMessage,
) -> Result<Message, Refusal> {
    let reader = Reader::of(session);
    check(reader, &wish)?;
    app.identity
        .admit_text(reader.account_id, app.clock.now())?;
    let account = &session.account;
    let post = Post {
        reader,
        author: Person {
            id: account.id,
            name: account.name.clone(),
            role: account.role,
        },
        conversation_id: id,
        wish,
    };
    app.writer.write(post).await
}

fn check(reader: Reader, wish: &SendMessage) -> Result<(), Refusal> {
    text::check("body", &wish.body)?;
    if wish.id.0.get_version_num() != 7 {
        return Err(Refusal::field("id", "Make the id a UUIDv7."));
    }
    if !wish.attachments.is_empty() {
        return Err(Refusal::field(
            "attachments",
            "Attachments are not switched on.",
        ));
    }
    match (wish.kind, reader.side) {
        (MessageKind::Message, _) | (MessageKind::Note, Side::Technician) => Ok(()),
        _ => Err(Refusal::field("kind", "Send a message.")),
    }
}
