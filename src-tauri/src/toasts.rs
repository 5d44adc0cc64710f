//! Toasts, and where a click on one leads.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use deskbell_desktop::toasts::{App, Toast as SystemToast, Toaster};
use deskbell_messenger::Signal;
use deskbell_messenger::shell::{Toast, ToastTag};
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
            "Deskbell.Client"
        } else {
            "deskbell"
        }
        .to_owned(),
        icon: icon_file(pictures),
    };
    let on_click = move |tag: &str| {
        if let Some(tag) = read(tag) {
            app.state::<Doorway>().signal(Signal::ToastClicked(tag));
        }
    };
    Toaster::start(shown_as, Arc::new(on_click))
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
    let tag = write(toast.tag);
    SystemToast {
        tag,
        title: toast.title,
        body: toast.body,
        sound: toast.sound,
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
    use deskbell_messenger::shell::ToastTag;
    use deskbell_protocol::ConversationId;
    use uuid::Uuid;

    use super::{read, write};

    #[test]
    fn a_toast_leads_back_to_what_it_was_about() {
        let chat = ToastTag::Conversation(ConversationId(Uuid::from_u128(7)));
        for tag in [chat, ToastTag::Summary] {
            assert_eq!(read(&write(tag)), Some(tag));
        }
        assert_eq!(read("something else"), None);
    }
}
