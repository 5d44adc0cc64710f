//! What the desktop offers right now, for the check of this computer.

use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;

use crate::secrets::{SecretError, Secrets};

#[cfg(target_os = "linux")]
#[path = "facts/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "facts/windows.rs"]
mod system;

/// Nobody is waited for longer than this.
const PATIENCE: Duration = Duration::from_secs(5);

/// The user under whose name the keyring is tried.
const PROBE: &str = "check";

/// What the desktop offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Whether the keyring keeps and gives back.
    pub keyring: Result<(), SecretError>,
    /// Who shows toasts, by name; none when nobody does.
    pub toasts: Option<String>,
    /// How the program is known to the system for its toasts, where the system wants that.
    pub registration: Option<Registration>,
    /// Somebody shows tray icons.
    pub tray: bool,
    /// A folder can be written.
    pub writable: bool,
    /// Bytes that are free there, as far as known.
    pub free_bytes: Option<u64>,
    /// The desktop session.
    pub session: Session,
}

/// How the program is known to the system for its toasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    /// Its entry in the Start menu.
    pub shortcut: bool,
    /// Its application id.
    pub app_id: bool,
    /// The class that takes quick replies.
    pub activator: bool,
    /// Nobody has switched its toasts off.
    pub permitted: bool,
}

/// A desktop session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// At the machine itself.
    Console,
    /// From afar.
    Remote,
    /// X11.
    X11,
    /// Wayland.
    Wayland,
    /// None.
    None,
}

/// Looks at the keyring of a service, at a folder and at the session. Takes some seconds where
/// something does not answer. It changes nothing: a secret and a file are written and removed.
pub async fn gather(service: &str, folder: &Path) -> Facts {
    let (service, folder) = (service.to_owned(), folder.to_owned());
    let keyring = timeout(PATIENCE, keyring(service));
    let toasts = timeout(PATIENCE, system::toasts());
    let tray = timeout(PATIENCE, system::tray());
    let storage = timeout(
        PATIENCE,
        tokio::task::spawn_blocking(move || storage(&folder)),
    );
    let (keyring, toasts, tray, storage) = tokio::join!(keyring, toasts, tray, storage);
    let (writable, free_bytes) = storage.ok().and_then(Result::ok).unwrap_or_default();
    Facts {
        keyring: keyring.unwrap_or(Err(SecretError::Unavailable)),
        toasts: toasts.unwrap_or_default(),
        registration: system::registration(),
        tray: tray.unwrap_or_default(),
        writable,
        free_bytes,
        session: system::session(),
    }
}

/// A locked keyring would ask the user; it is looked at first.
async fn keyring(service: String) -> Result<(), SecretError> {
    if system::keyring_is_locked().await {
        return Err(SecretError::Locked);
    }
    let tried = tokio::task::spawn_blocking(move || {
        let secrets = Secrets::of(&service);
        secrets.write(PROBE, PROBE)?;
        let kept = secrets.read(PROBE)?;
        secrets.remove(PROBE)?;
        kept.map(drop).ok_or(SecretError::Unavailable)
    });
    tried.await.unwrap_or(Err(SecretError::Unavailable))
}

/// Of the folder, or of the one it will be made in.
fn storage(folder: &Path) -> (bool, Option<u64>) {
    let Some(place) = folder.ancestors().find(|place| place.exists()) else {
        return (false, None);
    };
    let probe = place.join(".deskbell-check");
    let written = std::fs::write(&probe, PROBE);
    let removed = std::fs::remove_file(&probe);
    (written.and(removed).is_ok(), system::free_bytes(place))
}

#[cfg(test)]
mod tests {
    use super::storage;

    #[test]
    fn a_folder_that_is_not_there_yet_is_judged_by_where_it_will_be() {
        let parent = tempfile::tempdir().unwrap();
        let (writable, free) = storage(&parent.path().join("a/deskbell"));
        assert!(writable && free.is_some_and(|bytes| bytes > 0));
        let left = std::fs::read_dir(parent.path()).unwrap().count();
        assert_eq!(left, 0, "the check leaves nothing behind");
    }

    #[test]
    fn a_folder_in_a_file_cannot_be_written() {
        assert!(!storage(std::path::Path::new("/dev/null/deskbell")).0);
    }
}
