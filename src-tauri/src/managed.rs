//! What administrators have decided, as the client takes it.

use deskbell_desktop::policy::{self, Value as Written};
use deskbell_messenger::settings::{self, Managed, Settings, Value, Values, table};

use crate::arguments::Arguments;
use crate::places::Places;

/// Everybody's choices, as they are now.
pub(crate) fn settings(arguments: &Arguments, places: &Places) -> Settings {
    Settings {
        managed: read(),
        server_argument: arguments.server.clone(),
        user: settings::load(&places.config),
    }
}

/// The language: the one that was chosen, or the system's.
pub(crate) fn locale(settings: &Settings) -> String {
    let chosen = settings.text(&table::LANGUAGE);
    if chosen.is_empty() {
        system_locale()
    } else {
        chosen
    }
}

/// BCP 47; empty when unknown.
pub(crate) fn system_locale() -> String {
    sys_locale::get_locale().unwrap_or_default()
}

fn read() -> Managed {
    let mut policy = policy::read();
    let mut faults = std::mem::take(&mut policy.faults);
    let mut values = |written: Vec<(String, Written)>| {
        let found = written
            .into_iter()
            .map(|(name, value)| (name, taken(value)));
        let (values, strange) = Values::read(found);
        faults.extend(strange);
        values
    };
    let (machine, user) = (values(policy.machine), values(policy.user));
    let installed = values(policy.installed);
    Managed {
        machine,
        user,
        installed,
        faults,
    }
}

fn taken(value: Written) -> Value {
    match value {
        Written::Switch(on) => Value::Switch(on),
        Written::Number(number) => Value::Number(number),
        Written::Text(text) => Value::Text(text),
    }
}
