//! What a toast says. The title's shape is the app's; what others wrote is cleaned and bounded.

use deskbell_protocol::{ConversationId, Message, MessageKind, Status, Update};

use crate::clean;
use crate::shell::{QuickReply, Toast, ToastTag};
use crate::texts::{Texts, Value};

/// Lines of a toast's body; with the title there are four.
const BODY_LINES: usize = 3;
const LINE_CHARS: usize = 120;
const NAME_CHARS: usize = 40;

/// The toast for one line of a chat. `with_text` is the user's wish to see what was written.
#[must_use]
pub fn for_message(
    message: &Message,
    number: Option<&str>,
    with_text: bool,
    texts: &Texts,
) -> Toast {
    let name = clean::one_line(
        message.author.as_ref().map_or("", |a| a.name.as_str()),
        NAME_CHARS,
    );
    let (title, body, reply) = match &message.update {
        Some(update) if message.kind == MessageKind::Update => {
            let text = update_text(update, &name, texts);
            (about(number, texts), text, None)
        }
        _ => (
            texts.text("toast-reply", &[("name", Value::Words(&name))]),
            reply(message, with_text, texts),
            Some(quick_reply(texts)),
        ),
    };
    Toast {
        tag: ToastTag::Conversation(message.conversation_id),
        title,
        body,
        sound: true,
        reply,
    }
}

fn quick_reply(texts: &Texts) -> QuickReply {
    QuickReply {
        hint: texts.text("toast-answer-hint", &[]),
        send: texts.text("toast-answer-send", &[]),
    }
}

/// One toast in place of many. In one chat only, a click leads there.
#[must_use]
pub fn summary(messages: u32, conversations: &[ConversationId], texts: &Texts) -> Toast {
    let tag = match conversations {
        [only] => ToastTag::Conversation(*only),
        _ => ToastTag::Summary,
    };
    let count = u32::try_from(conversations.len()).unwrap_or(u32::MAX);
    Toast {
        tag,
        title: texts.text("toast-summary", &[("count", Value::Count(messages))]),
        body: texts.text(
            "toast-summary-conversations",
            &[("conversations", Value::Count(count))],
        ),
        sound: true,
        reply: None,
    }
}

fn reply(message: &Message, with_text: bool, texts: &Texts) -> String {
    let body = clean::lines(&clean::without_marks(&message.body), BODY_LINES, LINE_CHARS);
    if with_text && !body.is_empty() {
        body
    } else {
        texts.text("toast-reply-hidden", &[])
    }
}

fn about(number: Option<&str>, texts: &Texts) -> String {
    match number
        .map(|number| clean::one_line(number, 20))
        .filter(|number| !number.is_empty())
    {
        Some(number) => texts.text("toast-ticket", &[("number", Value::Words(&number))]),
        None => texts.text("toast-request", &[]),
    }
}

fn update_text(update: &Update, author: &str, texts: &Texts) -> String {
    match update {
        Update::Assigned { technician } => {
            let name = clean::one_line(&technician.name, NAME_CHARS);
            texts.text("toast-assigned", &[("name", Value::Words(&name))])
        }
        Update::StatusChanged {
            label: Some(label), ..
        } => {
            let label = clean::one_line(label, NAME_CHARS);
            texts.text("toast-status-label", &[("label", Value::Words(&label))])
        }
        Update::StatusChanged {
            status: Status::New,
            ..
        } => texts.text("toast-status-new", &[]),
        Update::StatusChanged {
            status: Status::Open,
            ..
        } => texts.text("toast-status-open", &[]),
        Update::StatusChanged {
            status: Status::Waiting,
            ..
        } => texts.text("toast-status-waiting", &[]),
        Update::Closed {} if !author.is_empty() => {
            texts.text("toast-closed", &[("name", Value::Words(author))])
        }
        Update::Closed {}
        | Update::StatusChanged {
            status: Status::Closed,
            ..
        } => texts.text("toast-closed-nobody", &[]),
        Update::TicketCreated { .. } | Update::Unknown => texts.text("toast-reply-hidden", &[]),
    }
}
