//! What this computer offers, as the check takes it.

use std::path::PathBuf;

use deskbell_desktop::facts::{self, Registration as SystemRegistration, Session as SystemSession};
use deskbell_desktop::secrets::SecretError;
use deskbell_messenger::check::DesktopFacts;
use deskbell_messenger::check::facts::{Keyring, Registration, Session};

use crate::keyring;

const MIB: u64 = 1024 * 1024;

/// Looks at everything beside the server. Needs a tokio runtime.
pub(crate) async fn facts(data_folder: PathBuf) -> DesktopFacts {
    let found = facts::gather(keyring::SERVICE, &data_folder).await;
    DesktopFacts {
        keyring: match found.keyring {
            Ok(()) => Keyring::Usable,
            Err(SecretError::Locked) => Keyring::Locked,
            Err(SecretError::Unavailable) => Keyring::Missing,
        },
        toasts: found.toasts,
        registration: found.registration.map(registration),
        tray: found.tray,
        webview: tauri::webview_version().ok(),
        writable: found.writable,
        free_mib: found.free_bytes.map(|bytes| bytes / MIB),
        session: session(found.session),
    }
}

fn registration(found: SystemRegistration) -> Registration {
    Registration {
        shortcut: found.shortcut,
        app_id: found.app_id,
        activator: found.activator,
        permitted: found.permitted,
    }
}

fn session(found: SystemSession) -> Session {
    match found {
        SystemSession::Console => Session::Console,
        SystemSession::Remote => Session::Rdp,
        SystemSession::X11 => Session::X11,
        SystemSession::Wayland => Session::Wayland,
        SystemSession::None => Session::None,
    }
}
