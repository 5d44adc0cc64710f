//! What the tray shows, as one function of the client's state.

use deskbell_protocol::ConversationId;

use crate::clean;
use crate::shell::{TrayAction, TrayIcon, TrayItem, TrayView};
use crate::texts::{Texts, Value};

/// Conversations with unread messages that the menu lists.
pub const MENU_CONVERSATIONS: u32 = 5;

/// All that the tray depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayState {
    /// Somebody is signed in.
    pub signed_in: bool,
    /// Many use this computer: nobody quits or signs out.
    pub kiosk: bool,
    /// How the server is heard.
    pub hearing: Hearing,
    /// Messages not read.
    pub unread_count: u32,
    /// The conversations they are in, newest first, at most [`MENU_CONVERSATIONS`].
    pub unread: Vec<UnreadConversation>,
}

/// How the server is heard, as far as the tray tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// The feed is live.
    Live,
    /// The first try is under way.
    Connecting,
    /// It is not heard.
    Offline,
}

/// A conversation in the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadConversation {
    /// Which.
    pub id: ConversationId,
    /// The ticket's number.
    pub number: Option<String>,
    /// What it is about.
    pub subject: String,
    /// Messages not read in it.
    pub count: u32,
}

/// The tray for this state.
#[must_use]
pub fn view(state: &TrayState, texts: &Texts) -> TrayView {
    TrayView {
        icon: icon(state),
        tooltip: tooltip(state, texts),
        menu: menu(state, texts),
        unread_count: if state.signed_in {
            state.unread_count
        } else {
            0
        },
    }
}

fn icon(state: &TrayState) -> TrayIcon {
    match state {
        TrayState {
            signed_in: false, ..
        } => TrayIcon::SignedOut,
        TrayState {
            hearing: Hearing::Offline,
            ..
        } => TrayIcon::Offline,
        TrayState {
            unread_count: 0, ..
        } => TrayIcon::Quiet,
        _ => TrayIcon::Unread,
    }
}

fn tooltip(state: &TrayState, texts: &Texts) -> String {
    let key = match (state.signed_in, state.hearing, state.unread_count) {
        (false, ..) => "tray-tooltip-signed-out",
        (_, Hearing::Offline, 0) => "tray-tooltip-offline",
        (_, Hearing::Offline, _) => "tray-tooltip-offline-unread",
        (_, Hearing::Connecting, 0) => "tray-tooltip-connecting",
        (_, _, 0) => "tray-tooltip",
        _ => "tray-tooltip-unread",
    };
    texts.text(key, &[("count", Value::Count(state.unread_count))])
}

fn menu(state: &TrayState, texts: &Texts) -> Vec<TrayItem> {
    let action = |action, key, enabled| TrayItem::Action {
        action,
        text: texts.text(key, &[]),
        enabled,
    };
    let mut menu = vec![
        action(TrayAction::Open, "tray-open", true),
        action(TrayAction::AskForHelp, "tray-help", state.signed_in),
    ];
    if state.signed_in && !state.unread.is_empty() {
        menu.push(TrayItem::Separator);
        menu.extend(state.unread.iter().map(|c| conversation(c, texts)));
    }
    menu.push(TrayItem::Separator);
    menu.push(action(TrayAction::Settings, "tray-settings", true));
    if state.signed_in && !state.kiosk {
        menu.push(action(TrayAction::SignOut, "tray-sign-out", true));
    }
    if !state.kiosk {
        menu.push(action(TrayAction::Quit, "tray-quit", true));
    }
    menu
}

fn conversation(unread: &UnreadConversation, texts: &Texts) -> TrayItem {
    let subject = clean::one_line(&unread.subject, 40);
    let number = unread
        .number
        .as_deref()
        .map(|n| clean::one_line(n, 20))
        .unwrap_or_default();
    let key = if number.is_empty() {
        "tray-conversation"
    } else {
        "tray-conversation-numbered"
    };
    let values = [
        ("subject", Value::Words(&subject)),
        ("number", Value::Words(&number)),
        ("count", Value::Count(unread.count)),
    ];
    TrayItem::Action {
        action: TrayAction::OpenConversation(unread.id),
        text: texts.text(key, &values),
        enabled: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet() -> TrayState {
        TrayState {
            signed_in: true,
            kiosk: false,
            hearing: Hearing::Live,
            unread_count: 0,
            unread: vec![],
        }
    }

    fn labels(view: &TrayView) -> Vec<&str> {
        let text = |item: &'static str| item;
        view.menu
            .iter()
            .map(|item| match item {
                TrayItem::Action { text, .. } => text.as_str(),
                TrayItem::Separator => text("-"),
            })
            .collect()
    }

    #[test]
    fn unread_messages_are_seen_in_icon_tooltip_menu_and_badge() {
        let id = ConversationId(uuid::Uuid::from_u128(7));
        let unread = vec![UnreadConversation {
            id,
            number: Some("1042".into()),
            subject: "Printer\u{202e} jams".into(),
            count: 2,
        }];
        let view = view(
            &TrayState {
                unread_count: 2,
                unread,
                ..quiet()
            },
            &Texts::new("en"),
        );
        assert_eq!(view.icon, TrayIcon::Unread);
        assert_eq!(view.tooltip, "Deskbell: 2 unread messages");
        assert_eq!(view.unread_count, 2);
        assert_eq!(
            labels(&view),
            [
                "Open Deskbell",
                "Ask for help",
                "-",
                "1042 · Printer jams (2)",
                "-",
                "Settings",
                "Sign out",
                "Quit"
            ]
        );
    }

    #[test]
    fn on_a_shared_computer_nobody_signs_out_or_quits() {
        let kiosk = TrayState {
            kiosk: true,
            ..quiet()
        };
        assert_eq!(
            labels(&view(&kiosk, &Texts::new("en"))),
            ["Open Deskbell", "Ask for help", "-", "Settings"]
        );
    }

    #[test]
    fn being_offline_shows_even_with_unread_messages() {
        let offline = TrayState {
            hearing: Hearing::Offline,
            unread_count: 1,
            ..quiet()
        };
        let shown = view(&offline, &Texts::new("en"));
        assert_eq!(shown.icon, TrayIcon::Offline);
        assert_eq!(shown.tooltip, "Deskbell: offline, 1 unread message");
    }

    #[test]
    fn nobody_signed_in_can_neither_ask_for_help_nor_sign_out() {
        let shown = view(
            &TrayState {
                signed_in: false,
                ..quiet()
            },
            &Texts::new("de"),
        );
        assert_eq!(shown.icon, TrayIcon::SignedOut);
        let help = shown.menu.iter().find(|item| {
            matches!(
                item,
                TrayItem::Action {
                    action: TrayAction::AskForHelp,
                    enabled: false,
                    ..
                }
            )
        });
        assert!(
            help.is_some(),
            "asking for help is shown and cannot be clicked"
        );
        assert_eq!(
            labels(&shown),
            [
                "Deskbell öffnen",
                "Hilfe anfordern",
                "-",
                "Einstellungen",
                "Beenden"
            ]
        );
    }
}
