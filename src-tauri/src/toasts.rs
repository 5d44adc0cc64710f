//! Toasts, and where a click on one leads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use deskbell_desktop::identity;
use deskbell_desktop::toasts::{Actions, App, Reply, Toast as SystemToast, Toaster};
use deskbell_messenger::shell::{Toast, ToastTag};
use deskbell_messenger::{Signal, deep_link};
use deskbell_protocol::ConversationId;
use tauri::{AppHandle, Manager as _};
use uuid::Uuid;

use crate::doorway::Doorway;

const ICON: &[u8] = include_bytes!("../../icons/app-128.png");
const SUMMARY: &str = "summary";

/// Starts on the tokio runtime that is entered.
pub(crate) fn start(app: AppHandle, pictures: &Path) -> Toaster {
    let shown_as = App {
        name: "Deskbell".to_owned(),
        id: if cfg!(windows) {
            identity::APP_ID
        } else {
            "deskbell"
        }
        .to_owned(),
        icon: icon_file(pictures),
    };
    Toaster::start(shown_as, actions(app))
}

fn actions(app: AppHandle) -> Actions {
    let clicked = app.clone();
    let on_click = move |tag: &str| {
        if let Some(tag) = read(tag) {
            tracing::info!(?tag, "a toast was clicked");
            clicked.state::<Doorway>().signal(Signal::ToastClicked(tag));
        }
    };
    let on_reply = move |tag: &str, text: &str| {
        if let Some(ToastTag::Conversation(id)) = read(tag) {
            tracing::info!(conversation = %id, "a toast was answered");
            let text = text.to_owned();
            app.state::<Doorway>()
                .signal(Signal::ToastReplied { id, text });
        }
    };
    Actions {
        on_click: Arc::new(on_click),
        on_reply: Arc::new(on_reply),
    }
}

/// The desktop wants the picture as a file.
fn icon_file(pictures: &Path) -> PathBuf {
    let file = pictures.join("deskbell.png");
    if let Err(error) = std::fs::create_dir_all(pictures).and_then(|()| std::fs::write(&file, ICON))
    {
        tracing::warn!(%error, "toasts have no picture");
    }
    file
}

/// The toast as the desktop takes it.
pub(crate) fn toast(toast: Toast) -> SystemToast {
    let address = match toast.tag {
        ToastTag::Conversation(id) => Some(deep_link::write(id)),
        ToastTag::Summary => None,
    };
    let reply = toast.reply.map(|reply| Reply {
        hint: reply.hint,
        send: reply.send,
    });
    SystemToast {
        tag: write(toast.tag),
        title: toast.title,
        body: toast.body,
        sound: toast.sound,
        address,
        reply,
    }
}

/// The tag as text.
pub(crate) fn write(tag: ToastTag) -> String {
    match tag {
        ToastTag::Conversation(id) => id.to_string(),
        ToastTag::Summary => SUMMARY.to_owned(),
    }
}

fn read(tag: &str) -> Option<ToastTag> {
    if tag == SUMMARY {
        return Some(ToastTag::Summary);
    }
    Uuid::parse_str(tag)
        .ok()
        .map(|id| ToastTag::Conversation(ConversationId(id)))
}

#[cfg(test)]
mod tests {
    use deskbell_desktop::toasts::markup;
    use deskbell_messenger::shell::ToastTag;
    use deskbell_messenger::texts::Texts;
    use deskbell_messenger::toast::for_message;
    use deskbell_protocol::{ConversationId, Message};
    use roxmltree::Document;
    use uuid::Uuid;

    use super::{read, toast, write};

    const CHAT: &str = "0198c0de-0000-7000-8000-000000000007";

    fn message(name: &str, body: &str) -> Message {
        let author = serde_json::json!({ "id": CHAT, "name": name, "role": "technician" });
        let message = serde_json::json!({
            "id": CHAT, "conversation_id": CHAT, "seq": 3, "kind": "message", "author": author,
            "body": body, "attachments": [], "created_at": "2026-01-02T03:04:05.000Z",
        });
        serde_json::from_value(message).unwrap()
    }

    #[test]
    fn a_toast_leads_back_to_what_it_was_about() {
        let chat = ToastTag::Conversation(ConversationId(Uuid::from_u128(7)));
        for tag in [chat, ToastTag::Summary] {
            assert_eq!(read(&write(tag)), Some(tag));
        }
        assert_eq!(read("something else"), None);
    }

    /// CLI-14
    #[test]
    fn what_a_stranger_wrote_turns_nothing_around_and_fills_four_lines_at_most() {
        let hostile = "</text><text>\u{202e}gpj.exe\u{2066}\n2\r\n3\u{2028}4\n5\n6\u{200f}\u{7}";
        let shown = for_message(&message(hostile, hostile), None, true, &Texts::new("en"));
        let document = markup::document(&toast(shown));
        let parsed = Document::parse(&document).unwrap();
        let named = |name: &'static str| {
            let nodes = parsed.descendants();
            nodes.filter(move |node| node.has_tag_name(name))
        };
        assert_eq!((named("toast").count(), named("text").count()), (1, 2));
        let texts: Vec<&str> = named("text").filter_map(|node| node.text()).collect();
        let lines: usize = texts.iter().map(|text| text.lines().count()).sum();
        assert!(lines <= 4, "{lines} lines: {texts:?}");
        for turning in ['\u{202e}', '\u{2066}', '\u{200f}', '\u{7}', '\u{2028}'] {
            assert!(!document.contains(turning), "{turning:?} in {document}");
        }
        let launch = parsed.root_element().attribute("launch");
        assert_eq!(
            launch,
            Some(format!("deskbell://conversation/{CHAT}").as_str())
        );
        assert_eq!(named("input").count(), 1, "it can be answered");
    }
}
