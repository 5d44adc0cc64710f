//! The system's own toasts.

use windows::Data::Xml::Dom::XmlDocument;
use windows::UI::Notifications::{
    NotificationSetting, ToastNotification, ToastNotificationManager,
};
use windows::core::{HSTRING, Result, h};

use crate::toasts::{Toast, markup};

/// All toasts are of one group; tag and group together name one.
const GROUP: &HSTRING = h!("deskbell");

/// What became of a toast.
pub(super) enum Shown {
    /// It is on the screen, or where Focus Assist puts it.
    Yes,
    /// The user or a policy has switched this app's toasts off.
    SwitchedOff,
}

/// Shows it, in place of the one with the same tag.
pub(super) fn show(app: &str, toast: &Toast) -> Result<Shown> {
    let notifier = ToastNotificationManager::CreateToastNotifierWithId(&HSTRING::from(app))?;
    if notifier.Setting()? != NotificationSetting::Enabled {
        return Ok(Shown::SwitchedOff);
    }
    let document = XmlDocument::new()?;
    document.LoadXml(&HSTRING::from(markup::document(toast)))?;
    let notification = ToastNotification::CreateToastNotification(&document)?;
    notification.SetTag(&HSTRING::from(toast.tag.as_str()))?;
    notification.SetGroup(GROUP)?;
    notifier.Show(&notification)?;
    Ok(Shown::Yes)
}

/// Takes it away, from the Notification Center too.
pub(super) fn remove(app: &str, tag: &str) -> Result<()> {
    ToastNotificationManager::History()?.RemoveGroupedTagWithId(
        &HSTRING::from(tag),
        GROUP,
        &HSTRING::from(app),
    )
}
