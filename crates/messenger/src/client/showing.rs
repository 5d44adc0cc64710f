//! The visible surface, recomputed from state: the tray as a whole, and the window's app view.

use deskbell_protocol::ErrorCode;

use super::{Core, Stage};
use crate::settings::table;
use crate::shell::TrayView;
use crate::store::unsent::OutboxState;
use crate::tray::{self, Hearing, TrayState, UnreadConversation};
use crate::view::{AccountView, AppView, Phase, WindowEvent};

/// What is shown, and what has changed since.
#[derive(Default)]
pub(super) struct Shown {
    tray: Option<TrayView>,
    /// How much is unread, and where.
    pub unread: (u32, Vec<UnreadConversation>),
    pub app_changed: bool,
    pub unread_changed: bool,
}

impl Core {
    /// Brings tray and window up to date.
    pub(super) async fn show(&mut self) {
        if std::mem::take(&mut self.shown.unread_changed) {
            self.count_unread().await;
        }
        if std::mem::take(&mut self.shown.app_changed) {
            self.show_tray();
            if self.window.open {
                self.tell(WindowEvent::AppChanged {
                    app: Box::new(self.app_view()),
                });
            }
        }
    }

    async fn count_unread(&mut self) {
        let Stage::In(session) = &mut self.stage else {
            return;
        };
        let Ok(unread) = session.cache.unread().await else {
            return;
        };
        self.shown.app_changed |= unread != self.shown.unread;
        self.shown.unread = unread;
    }

    pub(super) fn show_tray(&mut self) {
        let view = tray::view(&self.tray_state(), &self.texts);
        if self.shown.tray.as_ref() != Some(&view) {
            self.ports.shell.show_tray(view.clone());
            self.shown.tray = Some(view);
        }
    }

    fn tray_state(&self) -> TrayState {
        // Until the keyring has answered, files of somebody's mean that they will be signed in.
        let signed_in = match &self.stage {
            Stage::Starting { .. } => self.folder.has_accounts(),
            stage => matches!(stage, Stage::In(_)),
        };
        let hearing = if self.link.is_live() {
            Hearing::Live
        } else if self.link.is_offline() {
            Hearing::Offline
        } else {
            Hearing::Connecting
        };
        let (unread_count, unread) = self.shown.unread.clone();
        TrayState {
            signed_in,
            kiosk: self.settings.switch(&table::KIOSK),
            hearing,
            unread_count,
            unread,
        }
    }

    /// Everything about the client that is not a list.
    pub(super) fn app_view(&self) -> AppView {
        let waiting = self
            .outbox()
            .iter()
            .filter(|item| item.state == OutboxState::Waiting)
            .count();
        AppView {
            phase: self.phase(),
            connection: self.link.view(),
            unread_count: self.shown.unread.0,
            waiting_count: u32::try_from(waiting).unwrap_or(u32::MAX),
            notices: self.notices.list(),
            settings: self.settings.view(),
            locale: self.texts.locale().to_owned(),
            version: self.setup.version.clone(),
            route: self.window.route.clone(),
            enlarged: self.window.enlarged,
        }
    }

    fn phase(&self) -> Phase {
        match &self.stage {
            _ if self.api.is_none() => Phase::NeedsServer {},
            Stage::Starting { .. } => Phase::SignedOut { reason: None },
            Stage::Out { reason } => Phase::SignedOut {
                reason: reason.map(shown_reason),
            },
            Stage::Proving(attempt) => attempt.phase(),
            Stage::In(session) => {
                let kept = &session.kept.account;
                let account = session.me.as_ref().map_or(kept, |me| &me.account);
                Phase::SignedIn {
                    account: AccountView {
                        name: account.name.clone(),
                        email: account.email.clone(),
                    },
                    organization: session.me.as_ref().and_then(|me| me.organization.clone()),
                }
            }
        }
    }
}

/// The window knows two reasons.
fn shown_reason(code: ErrorCode) -> ErrorCode {
    match code {
        ErrorCode::SessionEnded => code,
        _ => ErrorCode::SessionExpired,
    }
}
