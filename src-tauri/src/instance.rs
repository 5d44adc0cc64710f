//! One client per session and data folder.

use std::path::Path;

use clap::Parser as _;
use deskbell_messenger::Signal;
use tauri::plugin::TauriPlugin;
use tauri::{Manager as _, Wry};

use crate::arguments::Arguments;
use crate::doorway::Doorway;

/// The name by which clients with this data folder find each other.
pub(crate) fn identifier(data_folder: &Path) -> String {
    format!(
        "dev.deskbell.client.i{:016x}",
        fingerprint(data_folder.as_os_str().as_encoded_bytes())
    )
}

/// FNV-1a: the same in every version of the client, which the standard library's hash is not.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
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
/// address, and that is checked by the client. A start with the session means nothing.
fn signal(words: Vec<String>) -> Option<Signal> {
    let arguments = Arguments::try_parse_from(words).ok()?;
    (!arguments.background).then(|| Signal::SecondLaunch {
        args: arguments.address.into_iter().collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use deskbell_messenger::Signal;

    use super::{identifier, signal};

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn another_folder_is_another_client_and_the_name_outlives_versions() {
        let home = identifier(Path::new("/home/ana/.local/share/deskbell"));
        assert_eq!(home, "dev.deskbell.client.ic6aee75d21c8b749");
        assert_ne!(home, identifier(Path::new("/home/ana/elsewhere")));
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
