//! Real mail: Postfix takes it with STARTTLS and a password, Dovecot keeps it and shows it over IMAP.
//!
//! Any address at any domain is accepted and can be read with the password [`PASSWORD`]; nothing can
//! leave the machine. `reject@…` is refused for good (550), `tempfail@…` for now (451).

pub mod certificate;
mod dovecot;
mod imap;
mod postfix;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result, ensure};
use rustix::process::getuid;
use tempfile::TempDir;

pub use self::imap::Email;
use crate::{folder::open_folder, port::Port, process::Process, wait::eventually};

/// The user the server signs in to Postfix with.
pub const USER: &str = "deskbell@provider.example";
/// Everybody's password, for sending and for reading.
pub const PASSWORD: &str = "test";

/// A running mail system.
#[derive(Debug)]
pub struct Mail {
    _postfix: Process,
    _dovecot: Process,
    submission: Port,
    imap: Port,
    folder: TempDir,
}

impl Mail {
    /// Starts Postfix and Dovecot.
    ///
    /// # Errors
    /// When they are not installed, do not start, or the tests do not run as root, which both need.
    pub async fn start() -> Result<Self> {
        ensure!(
            getuid().is_root(),
            "Postfix and Dovecot start as root only: run the tests as root"
        );
        let folder = open_folder()?;
        let (submission, imap) = (Port::take()?, Port::take()?);
        certificate::make(folder.path())?;
        postfix::prepare(folder.path(), &submission).await?;
        let mut dovecot = dovecot::start(folder.path(), &imap)?;
        let mut postfix = postfix::start(folder.path())?;
        dovecot
            .ready("Dovecot to listen", async || imap.answers().await)
            .await?;
        postfix
            .ready("Postfix to listen", async || submission.answers().await)
            .await?;
        Ok(Self {
            _postfix: postfix,
            _dovecot: dovecot,
            submission,
            imap,
            folder,
        })
    }

    /// Where mail is handed in: STARTTLS, then [`USER`] and [`PASSWORD`]. Its certificate is for `localhost`.
    #[must_use]
    pub fn submission(&self) -> SocketAddr {
        self.submission.address()
    }

    /// The certificate authority behind Postfix and Dovecot, as a PEM file.
    #[must_use]
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join(certificate::CA)
    }

    /// The mails in somebody's inbox, oldest first.
    ///
    /// # Errors
    /// When Dovecot cannot be asked.
    pub async fn inbox(&self, address: &str) -> Result<Vec<Email>> {
        imap::inbox(self.imap.address(), &self.ca_file(), address, PASSWORD).await
    }

    /// Waits for the mail that brings the `count`th code (1 is the first), and gives that code.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn code(&self, address: &str, count: usize) -> Result<String> {
        eventually(
            &format!("code {count} in the inbox of {address}"),
            async || {
                let inbox = self.inbox(address).await?;
                let mail = inbox
                    .get(count.saturating_sub(1))
                    .with_context(|| format!("{} mails", inbox.len()))?;
                code_in(&mail.text).with_context(|| format!("no code in {:?}", mail.text))
            },
        )
        .await
    }
}

/// The six digits that stand alone in a text.
#[must_use]
pub fn code_in(text: &str) -> Option<String> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
}
