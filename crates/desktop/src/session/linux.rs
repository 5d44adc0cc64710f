//! From logind and NetworkManager on the system bus.

use futures_util::StreamExt as _;
use futures_util::stream::{SelectAll, select_all};
use zbus::{Connection, MatchRule, Message, MessageStream, OwnedObjectPath, OwnedVariant};

use super::Signal;

const LOGIND: &str = "org.freedesktop.login1";
const LOGIND_MANAGER: &str = "org.freedesktop.login1.Manager";
const LOGIND_SESSION: &str = "org.freedesktop.login1.Session";
const NETWORK_MANAGER: &str = "org.freedesktop.NetworkManager";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";

/// NetworkManager's first state in which packets go somewhere.
const CONNECTED_LOCAL: u32 = 50;

pub(super) async fn watch(tell: impl Fn(Signal)) {
    match Connection::system().await {
        Ok(bus) => watch_on(&bus, tell).await,
        Err(error) => tracing::debug!(%error, "no system bus: no news of sleep, lock or network"),
    }
}

async fn watch_on(bus: &Connection, tell: impl Fn(Signal)) {
    let mut signals = subscribe(bus).await;
    while let Some(message) = signals.next().await {
        if let Some(signal) = message.ok().as_ref().and_then(read) {
            tell(signal);
        }
    }
}

async fn subscribe(bus: &Connection) -> SelectAll<MessageStream> {
    let session = session_path(bus).await;
    let rules = [
        rule(LOGIND, LOGIND_MANAGER, "PrepareForSleep", None),
        rule(NETWORK_MANAGER, NETWORK_MANAGER, "StateChanged", None),
        rule(LOGIND, PROPERTIES, "PropertiesChanged", session.as_ref()),
    ];
    let mut streams = Vec::new();
    for rule in rules.into_iter().flatten() {
        streams.extend(MessageStream::for_match_rule(rule, bus, None).await);
    }
    select_all(streams)
}

fn rule<'rule>(
    sender: &'rule str,
    interface: &'rule str,
    member: &'rule str,
    path: Option<&'rule OwnedObjectPath>,
) -> zbus::Result<MatchRule<'rule>> {
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .sender(sender)
        .interface(interface)
        .member(member);
    match path {
        Some(path) => rule.path(path),
        None => rule,
    }
    .build()
}

/// The session of this process, or else the display session of its user.
async fn session_path(bus: &Connection) -> Option<OwnedObjectPath> {
    let (path, method) = ("/org/freedesktop/login1", "GetSessionByPID");
    let answer = bus
        .call_method(Some(LOGIND), path, Some(LOGIND_MANAGER), method, &(0_u32))
        .await;
    match answer {
        Ok(answer) => answer.body().deserialize().ok(),
        Err(_) => OwnedObjectPath::try_from("/org/freedesktop/login1/session/auto").ok(),
    }
}

fn read(message: &Message) -> Option<Signal> {
    let header = message.header();
    let body = message.body();
    match header.member()?.as_str() {
        "PrepareForSleep" => {
            let falls_asleep: bool = body.deserialize().ok()?;
            (!falls_asleep).then_some(Signal::Woke)
        }
        "StateChanged" => {
            let state: u32 = body.deserialize().ok()?;
            (state >= CONNECTED_LOCAL).then_some(Signal::NetworkChanged)
        }
        "PropertiesChanged" => {
            let (interface, changed, _): (
                String,
                std::collections::HashMap<String, OwnedVariant>,
                Vec<String>,
            ) = body.deserialize().ok()?;
            let locked = changed
                .get("LockedHint")
                .filter(|_| interface == LOGIND_SESSION)?;
            let locked = bool::try_from(locked).ok()?;
            Some(if locked {
                Signal::Locked
            } else {
                Signal::Unlocked
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use zbus::Message;
    use zbus::Variant;

    use super::{LOGIND_MANAGER, LOGIND_SESSION, NETWORK_MANAGER, PROPERTIES, Signal, read};

    fn signal<B>(interface: &str, member: &str, body: &B) -> Message
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        Message::signal("/x", interface, member)
            .build(body)
            .unwrap()
    }

    #[test]
    fn waking_up_is_told_and_falling_asleep_is_not() {
        assert_eq!(
            read(&signal(LOGIND_MANAGER, "PrepareForSleep", &(false))),
            Some(Signal::Woke)
        );
        assert_eq!(
            read(&signal(LOGIND_MANAGER, "PrepareForSleep", &(true))),
            None
        );
    }

    #[test]
    fn a_network_that_comes_is_told_and_one_that_goes_is_not() {
        let connected = signal(NETWORK_MANAGER, "StateChanged", &(70_u32));
        assert_eq!(read(&connected), Some(Signal::NetworkChanged));
        assert_eq!(
            read(&signal(NETWORK_MANAGER, "StateChanged", &(20_u32))),
            None
        );
    }

    #[test]
    fn locking_and_unlocking_the_screen_are_told() {
        for (locked, expected) in [(true, Signal::Locked), (false, Signal::Unlocked)] {
            let changed = HashMap::from([("LockedHint", Variant::from(locked))]);
            let body = (LOGIND_SESSION, changed, Vec::<String>::new());
            assert_eq!(
                read(&signal(PROPERTIES, "PropertiesChanged", &body)),
                Some(expected)
            );
        }
    }
}
