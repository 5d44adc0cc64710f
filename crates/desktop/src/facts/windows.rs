//! From the registry and the shell.

use std::path::{Path, PathBuf};

use windows::Win32::Storage::FileSystem::GetDiskFreeSpaceExW;
use windows::Win32::UI::WindowsAndMessaging::{FindWindowW, GetSystemMetrics, SM_REMOTESESSION};
use windows::core::{HSTRING, w};
use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

use super::{Registration, Session};
use crate::identity;

/// Where the user switches toasts off: for everything, and for one program.
const TOASTS: &str = r"Software\Microsoft\Windows\CurrentVersion\PushNotifications";
const TOASTS_OF: &str = r"Software\Microsoft\Windows\CurrentVersion\Notifications\Settings";

/// The Start menus of all users and of this one.
const START_MENUS: [&str; 2] = ["ProgramData", "APPDATA"];
const SHORTCUT: &str = r"Microsoft\Windows\Start Menu\Programs\Deskbell.lnk";

pub(super) async fn toasts() -> Option<String> {
    Some("Windows".to_owned())
}

#[expect(unsafe_code, reason = "a call of the system's")]
pub(super) async fn tray() -> bool {
    // SAFETY: both names are constant or none, and nothing is done with the window.
    unsafe { FindWindowW(w!("Shell_TrayWnd"), None) }.is_ok()
}

/// The Credential Manager is unlocked with the session.
pub(super) async fn keyring_is_locked() -> bool {
    false
}

pub(super) fn registration() -> Option<Registration> {
    Some(Registration {
        shortcut: START_MENUS.iter().any(|menu| has_shortcut(menu)),
        app_id: is_key(&identity::app_key()),
        activator: is_key(&format!(r"{}\LocalServer32", identity::activator_key())),
        permitted: is_on(TOASTS, "ToastEnabled")
            && is_on(&format!(r"{TOASTS_OF}\{}", identity::APP_ID), "Enabled"),
    })
}

fn has_shortcut(menu: &str) -> bool {
    let folder = std::env::var_os(menu).map(PathBuf::from);
    folder.is_some_and(|folder| folder.join(SHORTCUT).is_file())
}

fn is_key(path: &str) -> bool {
    let roots = [LOCAL_MACHINE, CURRENT_USER];
    roots.iter().any(|root| root.open(path).is_ok())
}

/// What nobody has switched off is on.
fn is_on(path: &str, name: &str) -> bool {
    let set = CURRENT_USER.open(path).and_then(|key| key.get_u32(name));
    set.map_or(true, |on| on != 0)
}

#[expect(unsafe_code, reason = "a call of the system's")]
pub(super) fn free_bytes(folder: &Path) -> Option<u64> {
    let mut free = 0;
    // SAFETY: the name and the number outlive the call.
    let asked =
        unsafe { GetDiskFreeSpaceExW(&HSTRING::from(folder), Some(&raw mut free), None, None) };
    asked.ok().map(|()| free)
}

#[expect(unsafe_code, reason = "a call of the system's")]
pub(super) fn session() -> Session {
    // SAFETY: it takes a number and gives one.
    if unsafe { GetSystemMetrics(SM_REMOTESESSION) } == 0 {
        Session::Console
    } else {
        Session::Remote
    }
}
