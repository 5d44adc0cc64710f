//! The folder the client keeps its files in: one client at a time, readable by its user only.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use deskbell_protocol::{AccountId, SessionId};

use crate::setup::StartError;

const SIGNED_OUT: &str = "signed-out";

/// The folder, held until this is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be and takes possession of it.
    ///
    /// # Errors
    /// Another client holds it, or it cannot be written.
    pub fn hold(path: &Path) -> Result<Self, StartError> {
        let cannot = |source| StartError::Folder {
            path: path.to_path_buf(),
            source,
        };
        make(path).map_err(cannot)?;
        let lock = File::create(path.join("lock")).map_err(cannot)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_path_buf(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StartError::AlreadyRunning(path.to_path_buf())),
            Err(TryLockError::Error(source)) => Err(cannot(source)),
        }
    }

    /// Where one account's files on one server lie; made if need be.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn account(&self, server: &str, account: AccountId) -> io::Result<PathBuf> {
        let host = server.split("://").nth(1).unwrap_or(server);
        let safe = |c: char| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c
            } else {
                '_'
            }
        };
        let name = format!("{account}@{}", host.chars().map(safe).collect::<String>());
        let path = self.accounts().join(name);
        make(&path)?;
        Ok(path)
    }

    /// Somebody's files are here, so that somebody is most likely signed in.
    #[must_use]
    pub fn has_accounts(&self) -> bool {
        std::fs::read_dir(self.accounts()).is_ok_and(|mut entries| entries.next().is_some())
    }

    /// Removes one account's files.
    pub fn forget(path: &Path) {
        if let Err(error) = std::fs::remove_dir_all(path) {
            tracing::warn!(%error, "an account's files cannot be removed");
        }
    }

    /// Remembers that this session is over, for as long as the keyring has not forgotten it.
    pub fn note_signed_out(&self, session: SessionId) {
        if let Err(error) = std::fs::write(self.path.join(SIGNED_OUT), session.to_string()) {
            tracing::warn!(%error, "a sign-out cannot be noted");
        }
    }

    /// The session that is over.
    #[must_use]
    pub fn signed_out(&self) -> Option<SessionId> {
        let text = std::fs::read_to_string(self.path.join(SIGNED_OUT)).ok()?;
        text.parse().ok()
    }

    /// The keyring has forgotten it.
    pub fn clear_signed_out(&self) {
        let _ = std::fs::remove_file(self.path.join(SIGNED_OUT));
    }

    fn accounts(&self) -> PathBuf {
        self.path.join("accounts")
    }
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
