//! From the session's bus and environment.

use std::path::Path;

use zbus::Connection;
use zbus::fdo::{DBusProxy, PropertiesProxy};

use super::{Registration, Session};

const TRAY: &str = "org.kde.StatusNotifierWatcher";
const SECRETS: &str = "org.freedesktop.secrets";
const DEFAULT_KEYRING: &str = "/org/freedesktop/secrets/aliases/default";
const KEYRING: &str = "org.freedesktop.Secret.Collection";

pub(super) async fn toasts() -> Option<String> {
    let asked = tokio::task::spawn_blocking(notify_rust::get_server_information);
    Some(asked.await.ok()?.ok()?.name)
}

pub(super) async fn tray() -> bool {
    owned(TRAY).await.unwrap_or(false)
}

async fn owned(name: &str) -> zbus::Result<bool> {
    let bus = Connection::session().await?;
    let answer = DBusProxy::new(&bus).await?;
    Ok(answer.name_has_owner(name.try_into()?).await?)
}

pub(super) async fn keyring_is_locked() -> bool {
    locked().await.unwrap_or(false)
}

async fn locked() -> zbus::Result<bool> {
    let bus = Connection::session().await?;
    let keyring = PropertiesProxy::new(&bus, SECRETS, DEFAULT_KEYRING).await?;
    let locked = keyring.get(KEYRING.try_into()?, "Locked").await?;
    bool::try_from(locked)
}

/// No registration is needed here.
pub(super) const fn registration() -> Option<Registration> {
    None
}

pub(super) fn free_bytes(folder: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(folder).ok()?;
    space.f_bavail.checked_mul(space.f_frsize)
}

pub(super) fn session() -> Session {
    kind(|name| std::env::var(name).unwrap_or_default())
}

fn kind(variable: impl Fn(&str) -> String) -> Session {
    let set = |name| !variable(name).is_empty();
    match variable("XDG_SESSION_TYPE").as_str() {
        _ if set("XRDP_SESSION") => Session::Remote,
        "wayland" => Session::Wayland,
        "x11" => Session::X11,
        _ if set("WAYLAND_DISPLAY") => Session::Wayland,
        _ if set("DISPLAY") => Session::X11,
        _ => Session::None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Session, kind};

    #[test]
    fn the_session_is_read_from_its_environment() {
        let of = |set: &[(&str, &str)]| {
            kind(|name| {
                let found = set.iter().find(|(one, _)| *one == name);
                found.map_or(String::new(), |(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(of(&[]), Session::None);
        assert_eq!(of(&[("DISPLAY", ":0")]), Session::X11);
        assert_eq!(
            of(&[("XDG_SESSION_TYPE", "wayland"), ("DISPLAY", ":0")]),
            Session::Wayland
        );
        assert_eq!(
            of(&[("XRDP_SESSION", "1"), ("DISPLAY", ":10")]),
            Session::Remote
        );
        assert_eq!(of(&[("XDG_SESSION_TYPE", "tty")]), Session::None);
    }
}
