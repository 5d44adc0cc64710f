//! The command line.

use std::path::PathBuf;

use deskbell_desktop::identity::{EMBEDDING, SCHEME, TOAST_ARGUMENT};

/// Deskbell: ring the bell, and chat with your support desk.
#[derive(Debug, Clone, clap::Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// The support desk's server, `https://…`
    #[arg(long, global = true, env = "DESKBELL_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Keep everything in this folder. A client with another folder is another client
    #[arg(long, global = true, env = "DESKBELL_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Open the window as well
    #[arg(long)]
    pub(crate) open: bool,
    /// Start in the tray; do nothing when a client runs already
    #[arg(long, conflicts_with_all = ["open", "address"])]
    pub(crate) background: bool,
    /// Start in the tray, because somebody has answered in a toast: Windows does
    #[arg(long, hide = true, conflicts_with_all = ["open", "address"])]
    pub(crate) toast_activated: bool,
    /// Ask all running clients to quit, and wait until they have: the installer does
    #[cfg(windows)]
    #[arg(long, exclusive = true, hide = true)]
    pub(crate) quit: bool,
    /// Delete what Deskbell keeps of the users of this computer: the installer does, when told
    #[cfg(windows)]
    #[arg(long, exclusive = true, hide = true)]
    pub(crate) forget_users: bool,
    /// Go to this conversation: `deskbell://conversation/<uuid>`
    #[arg(value_name = "ADDRESS", value_parser = address)]
    pub(crate) address: Option<String>,
    /// Answer a question in the terminal instead of starting the client
    #[command(subcommand)]
    pub(crate) inquiry: Option<Inquiry>,
}

/// What begins with another word is a question that nobody knows, and starts no client.
fn address(word: &str) -> Result<String, String> {
    match word.split_once(':') {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case(SCHEME) => Ok(word.to_owned()),
        _ => Err(format!(
            "it is neither a question nor an address that begins with `{SCHEME}:`"
        )),
    }
}

/// What can be asked in the terminal.
#[derive(Debug, Clone, clap::Subcommand)]
pub(crate) enum Inquiry {
    /// Print every setting's value and who has decided it
    Policy {
        /// For programs
        #[arg(long)]
        json: bool,
    },
    /// Check this computer: the way to the server, keyring, notifications, storage …
    Doctor {
        /// For programs
        #[arg(long)]
        json: bool,
    },
}

impl Arguments {
    /// The installer has it do something and end.
    pub(crate) const fn is_errand(&self) -> bool {
        #[cfg(windows)]
        return self.quit || self.forget_users;
        #[cfg(not(windows))]
        false
    }

    /// What starts the same client another time.
    pub(crate) fn again(&self) -> Vec<String> {
        let folder = self
            .data_dir
            .as_ref()
            .map(|folder| folder.display().to_string());
        let pairs = [("--server", self.server.clone()), ("--data-dir", folder)];
        pairs
            .into_iter()
            .filter_map(|(name, value)| value.map(|value| [name.to_owned(), value]))
            .flatten()
            .collect()
    }
}

/// The command line with what Windows adds for its classes said in our words, once.
pub(crate) fn in_our_words<T>(words: impl IntoIterator<Item = T>) -> Vec<T>
where
    T: PartialEq<str> + From<&'static str>,
{
    let of_windows = |word: &T| [TOAST_ARGUMENT, EMBEDDING].iter().any(|own| *word == **own);
    let mut words: Vec<T> = words.into_iter().collect();
    let before = words.len();
    words.retain(|word| !of_windows(word));
    if words.len() < before {
        words.push(T::from("--toast-activated"));
    }
    words
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{Arguments, Inquiry, in_our_words};

    #[test]
    fn windows_starts_it_for_a_toast_and_no_window_opens() {
        let line = ["deskbell.exe", "-ToastActivated", "-Embedding"].map(str::to_owned);
        let arguments = Arguments::try_parse_from(in_our_words(line)).unwrap();
        assert!(arguments.toast_activated && !arguments.open);
        let line = ["deskbell.exe", "--open"].map(str::to_owned);
        assert_eq!(in_our_words(line.clone()), line, "other words stay");
    }

    #[test]
    fn an_address_is_taken_beside_the_options() {
        let line = [
            "deskbell",
            "--data-dir",
            "/tmp/a",
            "deskbell://conversation/x",
        ];
        let arguments = Arguments::try_parse_from(line).unwrap();
        assert_eq!(
            arguments.address.as_deref(),
            Some("deskbell://conversation/x")
        );
        assert_eq!(
            arguments.data_dir.as_deref(),
            Some(std::path::Path::new("/tmp/a"))
        );
    }

    #[test]
    fn a_question_is_no_address() {
        let line = ["deskbell", "doctor", "--json", "--data-dir", "/tmp/a"];
        let arguments = Arguments::try_parse_from(line).unwrap();
        assert!(
            matches!(arguments.inquiry, Some(Inquiry::Doctor { json: true })),
            "{arguments:?}"
        );
        assert_eq!(arguments.address, None);
        assert_eq!(
            arguments.data_dir.as_deref(),
            Some(std::path::Path::new("/tmp/a"))
        );
    }

    #[test]
    fn a_mistyped_question_starts_no_client() {
        for word in ["docter", "C:\\deskbell", "https://desk.example/", ""] {
            let refused = Arguments::try_parse_from(["deskbell", word]).unwrap_err();
            assert!(refused.use_stderr(), "{word:?}: {refused}");
        }
        let shouted = ["deskbell", "DESKBELL://conversation/x"];
        assert!(Arguments::try_parse_from(shouted).is_ok());
    }

    #[test]
    fn starting_with_the_session_starts_the_same_client_without_its_window() {
        let line = [
            "deskbell",
            "--open",
            "--data-dir",
            "/tmp/a",
            "deskbell://conversation/x",
        ];
        let again = Arguments::try_parse_from(line).unwrap().again();
        assert_eq!(again, ["--data-dir", "/tmp/a"]);
    }

    /// CLI-10
    #[test]
    fn an_address_brings_no_options_and_no_second_address() {
        for line in [
            [
                "deskbell",
                "deskbell://conversation/x",
                "deskbell://conversation/y",
            ],
            [
                "deskbell",
                "deskbell://conversation/x",
                "--remote-debugging-port=1",
            ],
        ] {
            assert!(
                Arguments::try_parse_from(line).is_err(),
                "{line:?} was accepted"
            );
        }
    }
}
