//! A Windows without the runtime that draws the window: everything else goes on.

use deskbell_desktop::notice;
use deskbell_messenger::Signal;
use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::texts::{Texts, Value};
use tauri::{AppHandle, Manager as _};

use crate::doorway::Doorway;

/// Where the runtime is to be had.
const ADDRESS: &str = "https://developer.microsoft.com/microsoft-edge/webview2";

/// Whether no window can be made.
pub(super) fn is_missing() -> bool {
    tauri::webview_version().is_err()
}

/// Says so, in the user's language, and what to do. The window counts as closed.
pub(super) fn explain(app: &AppHandle) {
    tracing::warn!("the WebView2 runtime is missing: no window can be shown");
    let doorway = app.state::<Doorway>();
    doorway.signal(Signal::WindowClosed);
    let client = doorway.client();
    tauri::async_runtime::spawn(async move {
        let answer = match client {
            Some(client) => client.command(Command::App {}).await.ok(),
            None => None,
        };
        let locale = match answer {
            Some(Answer::App(view)) => view.locale,
            _ => String::new(),
        };
        let texts = Texts::new(&locale);
        let text = texts.text("window-missing", &[("address", Value::Words(ADDRESS))]);
        notice::show(&texts.text("product-name", &[]), &text);
    });
}
