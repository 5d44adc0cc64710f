//! The folder the client keeps its files in: one client at a time, readable by its user only.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use deskbell_protocol::{AccountId, SessionId};

use crate::setup::StartError;

const SIGNED_OUT: &str = "signed-out";
/// What the client before may take to let go of the folder when it is just ending.
const PATIENCE: Duration = Duration::from_secs(5);

/// The folder, held until this is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder if need be and takes possession of it, when need be after a client that is
    /// just ending.
    ///
    /// # Errors
    /// Another client holds it, or it cannot be written.
    pub fn hold(path: &Path) -> Result<Self, StartError> {
        Self::hold_within(path, PATIENCE)
    }

    fn hold_within(path: &Path, patience: Duration) -> Result<Self, StartError> {
        let cannot = |source| StartError::Folder {
            path: path.to_path_buf(),
            source,
        };
        make(path).map_err(cannot)?;
        let lock = File::create(path.join("lock")).map_err(cannot)?;
        let lock = match lock.try_lock() {
            Ok(()) => Some(lock),
            Err(TryLockError::WouldBlock) => free_again(lock, patience).map_err(cannot)?,
            Err(TryLockError::Error(source)) => return Err(cannot(source)),
        };
        lock.map_or_else(
            || Err(StartError::AlreadyRunning(path.to_path_buf())),
            |lock| {
                Ok(Self {
                    path: path.to_path_buf(),
                    _lock: lock,
                })
            },
        )
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

/// Waits for the lock; none when it is not free in time.
fn free_again(lock: File, patience: Duration) -> io::Result<Option<File>> {
    let (tell, told) = mpsc::channel();
    std::thread::Builder::new()
        .name("folder".to_owned())
        .spawn(move || {
            let taken = lock.lock();
            let _ = tell.send(taken.map(|()| lock));
        })?;
    told.recv_timeout(patience).ok().transpose()
}

fn make(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::Folder;
    use crate::setup::StartError;

    /// How often this process has the lock's file open.
    fn opened(folder: &Path) -> usize {
        let lock = folder.join("lock");
        let files = std::fs::read_dir("/proc/self/fd")
            .into_iter()
            .flatten()
            .flatten();
        files
            .filter(|file| std::fs::read_link(file.path()).is_ok_and(|path| path == lock))
            .count()
    }

    #[test]
    fn a_client_that_starts_while_another_ends_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let ending = Folder::hold(folder.path()).unwrap();
        let path = folder.path().to_owned();
        let next = std::thread::spawn(move || Folder::hold_within(&path, Duration::from_secs(60)));
        while opened(folder.path()) < 2 {
            std::thread::yield_now();
        }
        drop(ending);
        let next = next.join().unwrap();
        assert!(next.is_ok(), "{next:?}");
    }

    #[test]
    fn a_client_whose_folder_another_keeps_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let _runs = Folder::hold(folder.path()).unwrap();
        let second = Folder::hold_within(folder.path(), Duration::from_millis(1));
        assert!(
            matches!(second, Err(StartError::AlreadyRunning(_))),
            "{second:?}"
        );
    }
}
