//! The command line.

use std::path::PathBuf;

/// Deskbell: ring the bell, and chat with your support desk.
#[derive(Debug, Clone, clap::Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// The support desk's server, `https://…`
    #[arg(long, env = "DESKBELL_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// Keep everything in this folder. A client with another folder is another client
    #[arg(long, env = "DESKBELL_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Open the window as well
    #[arg(long)]
    pub(crate) open: bool,
    /// Start in the tray; do nothing when a client runs already
    #[arg(long, conflicts_with_all = ["open", "address"])]
    pub(crate) background: bool,
    /// Ask all running clients to quit, and wait until they have: the installer does
    #[cfg(windows)]
    #[arg(long, exclusive = true, hide = true)]
    pub(crate) quit: bool,
    /// Delete what Deskbell keeps of the users of this computer: the installer does, when told
    #[cfg(windows)]
    #[arg(long, exclusive = true, hide = true)]
    pub(crate) forget_users: bool,
    /// Go to this conversation: `deskbell://conversation/<uuid>`
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: Option<String>,
}

impl Arguments {
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

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::Arguments;

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
