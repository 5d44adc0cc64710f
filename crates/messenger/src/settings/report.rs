//! What holds and why, for `deskbell policy`.

use std::fmt::Write as _;

use serde::Serialize;

use super::table::{self, Definition};
use super::{Settings, Value};
use crate::view::Origin;

/// Every setting's value and who has decided it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// This client's version.
    pub version: String,
    /// In the table's order.
    pub settings: Vec<Line>,
    /// What is written in a policy and not understood.
    pub faults: Vec<String>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its name.
    pub name: &'static str,
    /// Its name in the registry.
    pub registry: String,
    /// What holds.
    pub value: Value,
    /// Who has decided.
    pub origin: Origin,
    /// The user cannot choose otherwise.
    pub managed: bool,
}

impl Report {
    /// What these settings come to.
    #[must_use]
    pub fn of(settings: &Settings, version: &str) -> Self {
        let line = |setting: &'static Definition| {
            let (value, origin) = settings.get(setting);
            Line {
                name: setting.name,
                registry: setting.registry_name(),
                value,
                origin,
                managed: Settings::is_managed(setting, origin),
            }
        };
        Self {
            version: version.to_owned(),
            settings: table::TABLE.into_iter().map(line).collect(),
            faults: settings.managed.faults.clone(),
        }
    }

    /// For people: one setting a line, then what is not understood.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("Deskbell {}\n\n", self.version);
        for line in &self.settings {
            let value = match &line.value {
                Value::Switch(on) => (if *on { "on" } else { "off" }).to_owned(),
                Value::Number(number) => number.to_string(),
                Value::Text(words) if words.is_empty() => "-".to_owned(),
                Value::Text(words) => words.clone(),
            };
            let lock = if line.managed { ", managed" } else { "" };
            let origin = line.origin.words();
            let _ = writeln!(text, "{:<20} {value:<36} {origin}{lock}", line.name);
        }
        for fault in &self.faults {
            let _ = write!(text, "\nnot understood: {fault}");
        }
        text
    }
}

impl Origin {
    /// For `deskbell policy`.
    const fn words(self) -> &'static str {
        match self {
            Self::MachinePolicy => "policy for the machine",
            Self::UserPolicy => "policy for the user",
            Self::Argument => "command line",
            Self::Installed => "installation",
            Self::User => "user",
            Self::Default => "built in",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_told_with_who_decided_it() {
        let mut settings = Settings::default();
        let server = Value::Text("https://help.example".into());
        settings.managed.machine.put(&table::SERVER_URL, server);
        settings.user.put(&table::TOASTS, Value::Switch(false));
        settings.managed.faults = vec!["Colour is no setting".into()];
        let report = Report::of(&settings, "1.2.3");
        let json = serde_json::to_value(&report).unwrap();
        let expected = serde_json::json!({
            "name": "server_url", "registry": "ServerUrl", "value": "https://help.example",
            "origin": "machine_policy", "managed": true,
        });
        assert_eq!(json["settings"][0], expected);
        assert_eq!(
            json["settings"].as_array().unwrap().len(),
            table::TABLE.len()
        );
        let text = report.text();
        for words in [
            "server_url           https://help.example                 policy for the machine, managed",
            "toasts               off                                  user\n",
            "window_kept_minutes  3                                    built in\n",
            "not understood: Colour is no setting",
        ] {
            assert!(text.contains(words), "{words:?} is not in\n{text}");
        }
    }
}
