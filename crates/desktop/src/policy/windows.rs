//! From the registry: the machine's policies, the user's, and what the installer wrote.

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

use super::{Policy, Value};
use crate::identity::{INSTALLED_KEY, POLICY_KEY};

pub(super) fn read() -> Policy {
    let mut faults = Vec::new();
    let mut key = |root: &Key, name: &str, path: &str| match root.open(path) {
        Ok(key) => values(&key, &format!(r"{name}\{path}"), &mut faults),
        // It is not there: nobody has decided anything.
        Err(_) => Vec::new(),
    };
    Policy {
        machine: key(LOCAL_MACHINE, "HKLM", POLICY_KEY),
        user: key(CURRENT_USER, "HKCU", POLICY_KEY),
        installed: key(LOCAL_MACHINE, "HKLM", INSTALLED_KEY),
        faults,
    }
}

fn values(key: &Key, path: &str, faults: &mut Vec<String>) -> Vec<(String, Value)> {
    let Ok(names) = key.values() else {
        return Vec::new();
    };
    let mut values = Vec::new();
    // A key's own value has no name.
    for (name, value) in names.filter(|(name, _)| !name.is_empty()) {
        let number = || u32::try_from(value.clone()).map(Value::Number);
        let text = || String::try_from(value.clone()).map(Value::Text);
        match number().or_else(|_| text()) {
            Ok(value) => values.push((name, value)),
            Err(_) => faults.push(format!(r"{path}\{name} has a value of a strange type")),
        }
    }
    values
}
