//! From the desktop portal on the session bus.

use futures_util::StreamExt as _;
use zbus::{Connection, MatchRule, Message, MessageStream, OwnedVariant, Variant};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";
const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";

/// The portal's number for dark; the others stand for light, and for no wish.
const DARK: u32 = 1;

pub(super) async fn watch(tell: impl Fn(bool)) {
    if let Err(error) = watch_portal(tell).await {
        tracing::debug!(%error, "nobody says whether windows shall be dark");
    }
}

async fn watch_portal(tell: impl Fn(bool)) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .sender(PORTAL)
        .interface(SETTINGS)
        .member("SettingChanged")
        .arg(0, NAMESPACE)
        .build()?;
    // Before the question, so that no change falls in between.
    let mut changes = MessageStream::for_match_rule(rule, &bus, None).await?;
    let answer = bus
        .call_method(
            Some(PORTAL),
            PATH,
            Some(SETTINGS),
            "Read",
            &(NAMESPACE, KEY),
        )
        .await?;
    let now: OwnedVariant = answer.body().deserialize()?;
    tell(is_dark(&now));
    while let Some(change) = changes.next().await {
        if let Some(dark) = read(&change?) {
            tell(dark);
        }
    }
    Ok(())
}

fn read(change: &Message) -> Option<bool> {
    let body = change.body();
    let (_, key, value): (String, String, OwnedVariant) = body.deserialize().ok()?;
    (key == KEY).then(|| is_dark(&value))
}

/// A question's answer is wrapped once more than a change.
fn is_dark(value: &Variant<'_>) -> bool {
    match value {
        Variant::Variant(inner) => is_dark(inner),
        value => *value == Variant::U32(DARK),
    }
}

#[cfg(test)]
mod tests {
    use zbus::{Message, Variant};

    use super::{KEY, NAMESPACE, PATH, SETTINGS, is_dark, read};

    fn change(key: &str, value: u32) -> Message {
        Message::signal(PATH, SETTINGS, "SettingChanged")
            .build(&(NAMESPACE, key, Variant::U32(value)))
            .unwrap()
    }

    #[test]
    fn dark_is_told_from_light_and_from_no_wish() {
        assert_eq!(read(&change(KEY, 1)), Some(true));
        assert_eq!(read(&change(KEY, 2)), Some(false));
        assert_eq!(read(&change(KEY, 0)), Some(false));
    }

    #[test]
    fn other_changes_are_none_of_this() {
        assert_eq!(read(&change("accent-color", 1)), None);
    }

    #[test]
    fn an_answer_is_unwrapped() {
        assert!(is_dark(&Variant::Variant(Box::new(Variant::U32(1)))));
    }
}
