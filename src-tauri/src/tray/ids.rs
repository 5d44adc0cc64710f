//! Menu entries carry text: what a click does, and what it says.

use deskbell_messenger::shell::{TrayAction, TrayItem};
use deskbell_protocol::ConversationId;
use uuid::Uuid;

const CONVERSATION: &str = "conversation:";

/// The action as a menu entry's id.
pub(super) fn write(action: &TrayAction) -> String {
    match action {
        TrayAction::Open => "open".to_owned(),
        TrayAction::AskForHelp => "ask-for-help".to_owned(),
        TrayAction::OpenConversation(id) => format!("{CONVERSATION}{id}"),
        TrayAction::Settings => "settings".to_owned(),
        TrayAction::SignOut => "sign-out".to_owned(),
        TrayAction::Quit => "quit".to_owned(),
    }
}

/// The action of a menu entry.
pub(super) fn read(id: &str) -> Option<TrayAction> {
    match id {
        "open" => Some(TrayAction::Open),
        "ask-for-help" => Some(TrayAction::AskForHelp),
        "settings" => Some(TrayAction::Settings),
        "sign-out" => Some(TrayAction::SignOut),
        "quit" => Some(TrayAction::Quit),
        _ => {
            let id = Uuid::parse_str(id.strip_prefix(CONVERSATION)?).ok()?;
            Some(TrayAction::OpenConversation(ConversationId(id)))
        }
    }
}

/// Whether two menus differ in their words alone.
pub(super) fn same_actions(one: &[TrayItem], other: &[TrayItem]) -> bool {
    let action = |item: &TrayItem| match item {
        TrayItem::Action { action, .. } => Some(action.clone()),
        TrayItem::Separator => None,
    };
    one.iter().map(action).eq(other.iter().map(action))
}

/// The text as a menu takes it: a single `&` would underline the next letter.
pub(super) fn label(text: &str) -> String {
    text.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use deskbell_messenger::shell::{TrayAction, TrayItem};
    use deskbell_protocol::ConversationId;
    use uuid::Uuid;

    use super::{label, read, same_actions, write};

    #[test]
    fn every_entry_leads_to_its_own_action() {
        let actions = [
            TrayAction::Open,
            TrayAction::AskForHelp,
            TrayAction::OpenConversation(ConversationId(Uuid::from_u128(5))),
            TrayAction::Settings,
            TrayAction::SignOut,
            TrayAction::Quit,
        ];
        for action in actions {
            assert_eq!(read(&write(&action)), Some(action));
        }
        assert_eq!(read("conversation:1"), None);
    }

    #[test]
    fn another_count_only_rewords_the_menu_and_another_chat_does_not() {
        let chat = |id: u128, text: &str| TrayItem::Action {
            action: TrayAction::OpenConversation(ConversationId(Uuid::from_u128(id))),
            text: text.to_owned(),
            enabled: true,
        };
        let menu = [chat(1, "Screen (1)"), TrayItem::Separator];
        assert!(same_actions(
            &menu,
            &[chat(1, "Screen (2)"), TrayItem::Separator]
        ));
        assert!(!same_actions(
            &menu,
            &[chat(2, "Screen (1)"), TrayItem::Separator]
        ));
        assert!(!same_actions(&menu, &menu[..1]));
    }

    #[test]
    fn an_ampersand_in_a_subject_is_shown() {
        assert_eq!(label("Q&A"), "Q&&A");
    }
}
