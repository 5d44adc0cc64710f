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

/// Line by line, so that a slip in one of them frees nothing that the others decide.
fn parse(text: &str) -> (Policy, Vec<String>) {
    let mut policy = Policy::default();
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match line.parse::<Table>() {
            Ok(table) => {
                for (key, value) in table {
                    if !set(&mut policy, &key, value) {
                        faults.push(format!(
                            "{FILE}:{number}: {key} is unknown or of the wrong type"
                        ));
                    }
                }
            }
            Err(error) => faults.push(format!("{FILE}:{number}: {}", error.message())),
        }
    }
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
            "# ours\n\nserver_url = 'https://help.example'\ntoasts = 'yes'\nautostart = true\n\
             language: de\ncolour = 1\n",
        );
        let expected = Policy {
            server_url: Some("https://help.example".to_owned()),
            autostart: Some(true),
            ..Policy::default()
        };
        assert_eq!(policy, expected);
        assert_eq!(
            faults.len(),
            3,
            "toasts, language and colour are wrong: {faults:?}"
        );
    }
}
