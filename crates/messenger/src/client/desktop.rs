//! What happens on the desktop, and what the window's frame does.

use std::ops::ControlFlow;

use deskbell_protocol::ConversationId;

use super::{Core, Stage};
use crate::command::SettingChange;
use crate::deep_link::{self, Launch};
use crate::link::{self, Decision};
use crate::settings::{self, ChangeRefused, table};
use crate::shell::{Signal, ToastTag, TrayAction};
use crate::texts::Texts;
use crate::view::{ClientFailure, Failure, LinkDecision, Route, WindowEvent};

/// The window, as far as the client knows.
pub(super) struct Window {
    pub open: bool,
    pub focused: bool,
    /// The screen is locked: nobody looks at anything.
    pub locked: bool,
    pub enlarged: bool,
    pub route: Route,
    /// The chat that is open in it.
    pub looking_at: Option<ConversationId>,
    /// The newer version that was told in it before it was closed.
    pub told_version: Option<String>,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            open: false,
            focused: false,
            locked: false,
            enlarged: false,
            route: Route::Home {},
            looking_at: None,
            told_version: None,
        }
    }
}

impl Window {
    /// The chat somebody has before their eyes.
    pub fn looking_at(&self) -> Option<ConversationId> {
        self.looking_at
            .filter(|_| self.open && self.focused && !self.locked)
    }
}

impl Core {
    pub(super) async fn signal(&mut self, signal: Signal) -> ControlFlow<()> {
        match signal {
            Signal::QuitRequested => return ControlFlow::Break(()),
            Signal::TrayAction(TrayAction::Quit | TrayAction::SignOut)
                if self.settings.switch(&table::KIOSK) => {}
            Signal::TrayAction(TrayAction::Quit) => return ControlFlow::Break(()),
            Signal::TrayAction(action) => self.tray_action(&action).await,
            Signal::ToastClicked(ToastTag::Conversation(id)) => {
                self.navigate(Route::Conversation { id });
            }
            Signal::ToastClicked(ToastTag::Summary) => self.navigate(Route::Home {}),
            Signal::ToastReplied { id, text } => self.toast_replied(id, text).await,
            Signal::DeepLink(text) => {
                if let Some(id) = deep_link::parse(&text) {
                    self.navigate(Route::Conversation { id });
                }
            }
            Signal::SecondLaunch { args } => match deep_link::launch(&args) {
                Launch::Window => self.open_window(),
                Launch::Conversation(id) => self.navigate(Route::Conversation { id }),
                Launch::Nothing => {
                    tracing::warn!("a second start gave an address that is not ours");
                }
            },
            Signal::QuietLaunch => {}
            Signal::Woke | Signal::NetworkChanged => self.look_for_the_server().await,
            Signal::Locked => self.window.locked = true,
            Signal::Unlocked => {
                self.unlocked();
                self.try_keyring_again();
                self.look_for_the_server().await;
            }
            Signal::WindowClosed => self.window_closed(),
            Signal::WindowFocused(focused) => self.window.focused = focused,
        }
        ControlFlow::Continue(())
    }

    async fn tray_action(&mut self, action: &TrayAction) {
        match action {
            TrayAction::Open => self.open_window(),
            TrayAction::AskForHelp => self.navigate(Route::Help {}),
            TrayAction::OpenConversation(id) => self.navigate(Route::Conversation { id: *id }),
            TrayAction::Settings => self.navigate(Route::Settings {}),
            TrayAction::SignOut => self.sign_out().await,
            TrayAction::Quit => {}
        }
    }

    /// A page that was hidden has missed what happened meanwhile; one that is only being made asks anyway.
    fn open_window(&mut self) {
        let hidden = !std::mem::replace(&mut self.window.open, true);
        self.ports.shell.open_window(self.window.route.clone());
        self.link.ask_now();
        if hidden {
            self.shown.app_changed = true;
            self.tell(WindowEvent::ListsReset {});
            self.tell(WindowEvent::Navigate {
                route: self.window.route.clone(),
            });
        }
    }

    /// Brings the window to a place. Who is not signed in gets there once they are.
    pub(super) fn navigate(&mut self, route: Route) {
        let needs_session = !matches!(route, Route::Home {} | Route::Settings {});
        if needs_session && !matches!(self.stage, Stage::In(_)) {
            self.wanted = Some(route);
            return self.open_window();
        }
        self.window.route = route.clone();
        self.shown.app_changed = true;
        let hidden = !self.window.open;
        self.open_window();
        if !hidden {
            self.tell(WindowEvent::Navigate { route });
        }
    }

    /// The chat that was left open on the screen is looked at from now on: let it be opened anew.
    fn unlocked(&mut self) {
        if std::mem::replace(&mut self.window.locked, false) {
            self.tell(WindowEvent::ListsReset {});
        }
    }

    fn window_closed(&mut self) {
        self.window.open = false;
        self.window.focused = false;
        self.window.looking_at = None;
        self.notices.cache_rebuilt = false;
        if let Some(told) = self.notices.newer_version.take() {
            self.window.told_version = Some(told);
        }
    }

    pub(super) fn enlarge(&mut self, enlarged: bool) {
        self.window.enlarged = enlarged;
        self.shown.app_changed = true;
        self.ports.shell.enlarge_window(enlarged);
    }

    /// Tells the window, if there is one.
    pub(super) fn tell(&self, event: WindowEvent) {
        if self.window.open {
            self.ports.shell.notify_window(event);
        }
    }

    pub(super) fn open_link(&self, url: &str, confirmed: bool) -> LinkDecision {
        let hotline = match &self.stage {
            Stage::In(session) => session.hotline(),
            _ => None,
        };
        match link::decide(url, hotline) {
            Decision::Open(url) => {
                self.ports.shell.open_url(&url);
                LinkDecision::Opened {}
            }
            Decision::Confirm { url, .. } if confirmed => {
                self.ports.shell.open_url(&url);
                LinkDecision::Opened {}
            }
            Decision::Confirm {
                host,
                url,
                insecure,
            } => LinkDecision::Confirm {
                host,
                url,
                insecure,
            },
            Decision::Refuse => LinkDecision::Refused {},
        }
    }

    pub(super) fn change_setting(&mut self, change: SettingChange) -> Result<(), Failure> {
        let before = self.settings.user.clone();
        self.settings
            .change(change)
            .map_err(|refused| match refused {
                ChangeRefused::Managed => ClientFailure::Managed,
                ChangeRefused::Invalid => ClientFailure::NotNow,
            })?;
        if let Err(failure) = self.save_settings() {
            self.settings.user = before;
            return Err(failure);
        }
        if self.settings.user.get(&table::AUTOSTART) != before.get(&table::AUTOSTART) {
            let on = self.settings.switch(&table::AUTOSTART);
            self.ports.shell.set_autostart(on);
        }
        self.texts = Texts::new(&super::locale(&self.settings, &self.setup));
        self.shown.app_changed = true;
        Ok(())
    }

    pub(super) fn save_settings(&mut self) -> Result<(), Failure> {
        settings::save(&self.setup.config_dir, &self.settings.user).map_err(|error| {
            tracing::error!(%error, "the settings cannot be written");
            self.notices.cannot_store = true;
            self.shown.app_changed = true;
            ClientFailure::CannotStore.into()
        })
    }
}
