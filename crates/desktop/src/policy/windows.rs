//! From the machine's policies in the registry, then the user's for what the machine leaves open.

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

use super::Policy;
use crate::identity::POLICY_KEY;

pub(super) fn read() -> (Policy, Vec<String>) {
    let keys: Vec<Key> = [LOCAL_MACHINE, CURRENT_USER]
        .iter()
        .filter_map(|root| root.open(POLICY_KEY).ok())
        .collect();
    let text = |name: &str| keys.iter().find_map(|key| key.get_string(name).ok());
    let switch = |name: &str| {
        keys.iter()
            .find_map(|key| key.get_u32(name).ok())
            .map(|on| on != 0)
    };
    let policy = Policy {
        server_url: text("ServerUrl"),
        autostart: switch("Autostart"),
        toasts: switch("Toasts"),
        toast_text: switch("ToastText"),
        language: text("Language"),
        theme: text("Theme"),
    };
    (policy, Vec::new())
}
