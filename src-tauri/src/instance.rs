//! One client per session and data folder, also while one ends and the next one starts.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use clap::Parser as _;
use deskbell_desktop::identity;
use deskbell_messenger::Signal;
use deskbell_messenger::deep_link::{self, Launch};
use tauri::plugin::TauriPlugin;
use tauri::{Manager as _, Wry};

use crate::arguments::{self, Arguments};
use crate::doorway::Doorway;

/// Counts how often a start found another client that ended before it answered.
const STARTS: &str = "DESKBELL_STARTS";

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
/// address, and that is checked by the client. A start names at least its program, and runs no errand.
fn signal(words: Vec<String>) -> Option<Signal> {
    words.first().filter(|program| !program.is_empty())?;
    let arguments = Arguments::try_parse_from(arguments::in_our_words(words)).ok()?;
    if arguments.inquiry.is_some() || arguments.is_errand() {
        return None;
    }
    if arguments.background || arguments.toast_activated {
        return Some(Signal::QuietLaunch);
    }
    Some(Signal::SecondLaunch {
        args: arguments.address.into_iter().collect(),
    })
}

/// Starts the next client, with `again` and what was wanted, if one of these signals that came too
/// late for this one is another start.
///
/// # Errors
/// When it cannot be started.
pub(crate) fn start_next(again: Vec<String>, late: &[Signal]) -> anyhow::Result<()> {
    let Some(wanted) = late.iter().find_map(wanted) else {
        return Ok(());
    };
    tracing::info!("it was started while it ended: the next one begins");
    let mut next = Command::new(env::current_exe()?);
    next.args(again).args(wanted).env_remove(STARTS);
    next.stdin(Stdio::null()).spawn()?;
    Ok(())
}

/// The argument that says the same as a start, if this is one that means something.
fn wanted(signal: &Signal) -> Option<Option<String>> {
    match signal {
        Signal::QuietLaunch => Some(None),
        Signal::SecondLaunch { args } => match deep_link::launch(args) {
            Launch::Window => Some(Some("--open".to_owned())),
            Launch::Conversation(id) => Some(Some(deep_link::write(id))),
            Launch::Nothing => None,
        },
        _ => None,
    }
}

/// Begins anew, because the client that ran has ended instead of taking this start.
///
/// # Errors
/// Always when it returns: when that has happened several times, or as the system says.
#[cfg(unix)]
pub(crate) fn begin_anew(why: &str) -> anyhow::Error {
    use std::os::unix::process::CommandExt as _;

    const MOST: u32 = 5;
    let starts = env::var(STARTS).ok().and_then(|text| text.parse().ok());
    let starts: u32 = starts.unwrap_or(0) + 1;
    let program = match env::current_exe() {
        Ok(program) if starts < MOST => program,
        _ => return anyhow::anyhow!("the client that runs does not answer: {why}"),
    };
    let mut same = Command::new(program);
    same.args(env::args_os().skip(1));
    same.env(STARTS, starts.to_string()).exec().into()
}

/// Here a client that ends cannot take a start.
#[cfg(not(unix))]
pub(crate) fn begin_anew(why: &str) -> anyhow::Error {
    anyhow::anyhow!("{why}")
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
        let quiet = signal(words("deskbell --background"));
        assert_eq!(quiet, Some(Signal::QuietLaunch));
    }

    #[test]
    fn a_start_that_came_too_late_is_what_the_next_client_is_started_with() {
        let wanted = |line: &str| signal(words(line)).and_then(|signal| super::wanted(&signal));
        let address = "deskbell://conversation/0198c0de-0000-7000-8000-000000000001";
        assert_eq!(wanted("deskbell"), Some(Some("--open".to_owned())));
        assert_eq!(wanted("deskbell --background"), Some(None));
        let line = format!("deskbell --server https://evil.example {address}");
        assert_eq!(wanted(&line), Some(Some(address.to_owned())));
        assert_eq!(wanted("deskbell deskbell://x?server=y"), None);
        assert_eq!(super::wanted(&Signal::Woke), None);
    }

    #[cfg(windows)]
    #[test]
    fn an_errand_of_the_installer_is_no_start() {
        assert_eq!(signal(words("deskbell.exe --quit")), None);
        assert_eq!(signal(words("deskbell.exe --forget-users")), None);
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
                None | Some(Signal::QuietLaunch) => {}
                Some(Signal::SecondLaunch { args }) => assert!(args.len() <= 1, "{count} words"),
                Some(other) => panic!("{count} words became {other:?}"),
            }
        }
    }

    #[test]
    fn a_start_for_a_toast_leaves_the_window_alone() {
        let line = "deskbell.exe -ToastActivated -Embedding";
        assert_eq!(signal(words(line)), Some(Signal::QuietLaunch));
    }

    /// CLI-10
    #[test]
    fn a_start_that_makes_no_sense_does_nothing() {
        assert_eq!(signal(words("deskbell --inspect deskbell://x")), None);
        assert_eq!(signal(words("deskbell deskbell://x deskbell://y")), None);
        for nothing in [vec![], vec![String::new()], vec![String::new(); 3]] {
            assert_eq!(signal(nothing), None, "a start names its program");
        }
    }
}
