//! From files that root alone can write: `name = value`, TOML.

use std::io::ErrorKind;

use toml::Table;

use super::{Policy, Value};

const MACHINE: &str = "/etc/deskbell/policy.toml";
const INSTALLED: &str = "/etc/deskbell/defaults.toml";

pub(super) fn read() -> Policy {
    let mut faults = Vec::new();
    Policy {
        machine: file(MACHINE, &mut faults),
        user: Vec::new(),
        installed: file(INSTALLED, &mut faults),
        faults,
    }
}

fn file(path: &str, faults: &mut Vec<String>) -> Vec<(String, Value)> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(path, &text, faults),
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            faults.push(format!("{path}: {error}"));
            Vec::new()
        }
    }
}

/// Line by line, so that a slip in one of them frees nothing that the others decide.
fn parse(path: &str, text: &str, faults: &mut Vec<String>) -> Vec<(String, Value)> {
    let mut values = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut fault = |what: &str| faults.push(format!("{path}:{number}: {what}"));
        match line.parse::<Table>() {
            Ok(table) => {
                for (name, value) in table {
                    match plain(value) {
                        Some(value) => values.push((name, value)),
                        None => fault(&format!("{name} has a value of a strange type")),
                    }
                }
            }
            Err(error) => fault(error.message()),
        }
    }
    values
}

fn plain(value: toml::Value) -> Option<Value> {
    match value {
        toml::Value::String(text) => Some(Value::Text(text)),
        toml::Value::Boolean(on) => Some(Value::Switch(on)),
        toml::Value::Integer(number) => u32::try_from(number).ok().map(Value::Number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, parse};

    #[test]
    fn a_wrong_line_does_not_undo_the_others() {
        let mut faults = Vec::new();
        let text = "# ours\n\nserver_url = 'https://help.example'\ntoasts = [1]\nautostart = true\n\
                    language: de\nwindow_kept_minutes = 7\n";
        let values = parse("policy.toml", text, &mut faults);
        let expected = [
            ("server_url", Value::Text("https://help.example".to_owned())),
            ("autostart", Value::Switch(true)),
            ("window_kept_minutes", Value::Number(7)),
        ];
        assert_eq!(
            values,
            expected.map(|(name, value)| (name.to_owned(), value))
        );
        assert_eq!(faults.len(), 2, "toasts and language are wrong: {faults:?}");
        assert!(faults[0].starts_with("policy.toml:4: toasts"), "{faults:?}");
    }
}
