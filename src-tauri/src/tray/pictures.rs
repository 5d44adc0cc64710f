//! The tray's pictures, drawn in `icons/`.

use deskbell_messenger::shell::TrayIcon;
use tauri::image::Image;
use tauri::include_image;

/// The picture for this state. Panels on Linux scale it down from a larger one.
#[cfg(not(windows))]
pub(super) fn picture(icon: TrayIcon) -> Image<'static> {
    match icon {
        TrayIcon::Quiet => include_image!("../icons/tray-quiet-64.png"),
        TrayIcon::Unread => include_image!("../icons/tray-unread-64.png"),
        TrayIcon::Offline => include_image!("../icons/tray-offline-64.png"),
        TrayIcon::SignedOut => include_image!("../icons/tray-signed-out-64.png"),
    }
}

/// The picture for this state, at the size of a Windows tray.
#[cfg(windows)]
pub(super) fn picture(icon: TrayIcon) -> Image<'static> {
    match icon {
        TrayIcon::Quiet => include_image!("../icons/tray-quiet-32.png"),
        TrayIcon::Unread => include_image!("../icons/tray-unread-32.png"),
        TrayIcon::Offline => include_image!("../icons/tray-offline-32.png"),
        TrayIcon::SignedOut => include_image!("../icons/tray-signed-out-32.png"),
    }
}
