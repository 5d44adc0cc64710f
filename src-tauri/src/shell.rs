//! The desktop, as the client acts on it.

use std::path::PathBuf;

use deskbell_desktop::toasts::Toaster;
use deskbell_desktop::{autostart, open};
use deskbell_messenger::Signal;
use deskbell_messenger::check::DesktopFacts;
use deskbell_messenger::shell::{Shell, Toast, ToastTag, TrayView};
use deskbell_messenger::view::{Route, WindowEvent};
use futures_util::future::BoxFuture;
use tauri::{AppHandle, Emitter as _, EventTarget, Manager as _};
use tokio::runtime;

use crate::computer;
use crate::doorway::Doorway;
use crate::toasts;
use crate::tray::Tray;
use crate::window::{self, Window};

/// The event the window listens for.
const WINDOW_EVENT: &str = "window-event";

/// Passes the client's wishes on to the tray, the window and the toasts.
pub(crate) struct Desktop {
    app: AppHandle,
    toaster: Toaster,
    runtime: runtime::Handle,
    data_folder: PathBuf,
    /// What this client is started with when the session begins.
    arguments: Vec<String>,
}

impl Desktop {
    pub(crate) fn new(
        app: AppHandle,
        toaster: Toaster,
        runtime: runtime::Handle,
        data_folder: PathBuf,
        arguments: Vec<String>,
    ) -> Self {
        Self {
            app,
            toaster,
            runtime,
            data_folder,
            arguments,
        }
    }

    /// Does it where windows and menus may be touched. What fails is logged once, here.
    fn on_main_thread(
        &self,
        what: &'static str,
        act: impl FnOnce(&AppHandle) -> tauri::Result<()> + Send + 'static,
    ) {
        let app = self.app.clone();
        let sent = self.app.run_on_main_thread(move || note(what, act(&app)));
        note(what, sent);
    }
}

impl Shell for Desktop {
    fn show_tray(&self, tray: TrayView) {
        self.on_main_thread("show the tray", move |app| {
            app.state::<Window>().note_unread(tray.unread_count);
            app.state::<Tray>().show(tray)
        });
    }

    fn show_toast(&self, toast: Toast) {
        self.toaster.show(toasts::toast(toast));
    }

    fn remove_toast(&self, tag: ToastTag) {
        self.toaster.remove(&toasts::write(tag));
    }

    fn open_window(&self, route: Route) {
        tracing::info!(?route, "the window is wanted");
        self.on_main_thread("open the window", |app| app.state::<Window>().open());
    }

    fn notify_window(&self, event: WindowEvent) {
        let window = EventTarget::webview_window(window::LABEL);
        note(
            "tell the window",
            self.app.emit_to(window, WINDOW_EVENT, event),
        );
    }

    fn open_url(&self, url: &str) {
        let _entered = self.runtime.enter();
        note("open an address", open::address(url));
    }

    fn enlarge_window(&self, enlarged: bool) {
        self.on_main_thread("size the window", move |app| {
            app.state::<Window>().enlarge(enlarged)
        });
    }

    fn set_autostart(&self, on: bool) {
        let set = std::env::current_exe()
            .and_then(|program| autostart::set(on, &program, &self.arguments));
        note("start with the session", set);
    }

    fn desktop_facts(&self) -> BoxFuture<'static, DesktopFacts> {
        Box::pin(computer::facts(self.data_folder.clone()))
    }

    fn quit(&self, late: Vec<Signal>) {
        self.app.state::<Doorway>().keep(late);
        self.app.exit(0);
    }
}

fn note<E: std::fmt::Display>(what: &str, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::error!(what, %error, "the desktop refuses");
    }
}
