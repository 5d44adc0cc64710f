//! From `/etc/deskbell/policy.toml`: the fields of [`Policy`] as keys.

use std::io::ErrorKind;

use toml::{Table, Value};

use super::Policy;

const FILE: &str = "/etc/deskbell/policy.toml";

pub(super) fn read() -> (Policy, Vec<String>) {
    match std::fs::read_to_string(FILE) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => (Policy::default(), Vec::new()),
        Err(error) => (Policy::default(), vec![format!("{FILE}: {error}")]),
    }
}

fn parse(text: &str) -> (Policy, Vec<String>) {
    let table: Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return (Policy::default(), vec![format!("{FILE}: {error}")]),
    };
    let mut policy = Policy::default();
    let faults = table
        .into_iter()
        .filter_map(|(key, value)| {
            let known = set(&mut policy, &key, value);
            (!known).then(|| format!("{FILE}: {key}: unknown, or of the wrong type"))
        })
        .collect();
    (policy, faults)
}

/// Whether the key is known and its value of the right type.
fn set(policy: &mut Policy, key: &str, value: Value) -> bool {
    match (key, value) {
        ("server_url", Value::String(text)) => policy.server_url = Some(text),
        ("language", Value::String(text)) => policy.language = Some(text),
        ("theme", Value::String(text)) => policy.theme = Some(text),
        ("autostart", Value::Boolean(on)) => policy.autostart = Some(on),
        ("toasts", Value::Boolean(on)) => policy.toasts = Some(on),
        ("toast_text", Value::Boolean(on)) => policy.toast_text = Some(on),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Policy, parse};

    #[test]
    fn a_wrong_line_does_not_undo_the_others() {
        let (policy, faults) = parse(
            "server_url = 'https://help.example'\ntoasts = 'yes'\nautostart = true\ncolour = 1\n",
        );
        let expected = Policy {
            server_url: Some("https://help.example".to_owned()),
            autostart: Some(true),
            ..Policy::default()
        };
        assert_eq!(policy, expected);
        assert_eq!(
            faults.len(),
            2,
            "one fault for toasts, one for colour: {faults:?}"
        );
    }

    #[test]
    fn a_file_that_is_not_toml_decides_nothing_and_is_told() {
        let (policy, faults) = parse("server_url: https://help.example");
        assert_eq!(policy, Policy::default());
        assert_eq!(faults.len(), 1);
    }
}
