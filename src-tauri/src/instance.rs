//! One client per session and data folder.

use std::path::Path;

use clap::Parser as _;
use deskbell_desktop::identity;
use deskbell_messenger::Signal;
use tauri::plugin::TauriPlugin;
use tauri::{Manager as _, Wry};

use crate::arguments::{self, Arguments};
use crate::doorway::Doorway;

/// The name by which clients with this data folder find each other.
pub(crate) fn identifier(data_folder: &Path) -> String {
    identity::client(data_folder)
}

/// Lets the first client go on, and a second one tell the first and end.
pub(crate) fn plugin(identifier: &str) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(identifier)
        .callback(|app, words, _| {
            if let Some(signal) = signal(words) {
                app.state::<Doorway>().signal(signal);
            }
        })
        .build()
}

/// What another start means. Any process of the session can call here, so all that counts is the
/// address, and that is checked by the client. A start with the session, or for a toast, means nothing.
fn signal(words: Vec<String>) -> Option<Signal> {
    let arguments = Arguments::try_parse_from(arguments::in_our_words(words)).ok()?;
    let unseen = arguments.background || arguments.toast_activated || arguments.inquiry.is_some();
    (!unseen).then(|| Signal::SecondLaunch {
        args: arguments.address.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use deskbell_messenger::Signal;

    use super::signal;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_second_start_hands_over_its_address_and_nothing_else() {
        let given = signal(words(
            "deskbell --data-dir /a --server https://evil.example deskbell://x",
        ));
        assert_eq!(
            given,
            Some(Signal::SecondLaunch {
                args: vec!["deskbell://x".to_owned()]
            })
        );
        assert_eq!(
            signal(words("deskbell")),
            Some(Signal::SecondLaunch { args: Vec::new() })
        );
    }

    #[test]
    fn a_second_start_with_the_session_leaves_the_window_closed() {
        assert_eq!(signal(words("deskbell --background")), None);
    }

    /// CLI-12
    #[test]
    fn whatever_another_program_sends_in_place_of_words_is_at_most_an_address_to_check() {
        let long = "a".repeat(1 << 20);
        let odd = [
            vec![String::new()],
            vec![String::new(); 10_000],
            vec!["deskbell".to_owned(), long.clone()],
            vec![long],
            vec!["deskbell".to_owned(), "\u{fffd}\u{0}\u{1}".to_owned()],
            vec!["deskbell".to_owned(), "--quit".to_owned()],
            vec!["deskbell".to_owned(), "--server".to_owned()],
        ];
        for words in odd {
            let count = words.len();
            match signal(words) {
                None => {}
                Some(Signal::SecondLaunch { args }) => assert!(args.len() <= 1, "{count} words"),
                Some(other) => panic!("{count} words became {other:?}"),
            }
        }
    }

    #[test]
    fn a_start_for_a_toast_leaves_the_window_alone() {
        let line = "deskbell.exe -ToastActivated -Embedding";
        assert_eq!(signal(words(line)), None);
    }

    /// CLI-10
    #[test]
    fn a_start_that_makes_no_sense_does_nothing() {
        assert_eq!(signal(words("deskbell --inspect deskbell://x")), None);
        assert_eq!(signal(words("deskbell deskbell://x deskbell://y")), None);
        assert_eq!(
            signal(Vec::new()),
            Some(Signal::SecondLaunch { args: Vec::new() })
        );
    }
}
