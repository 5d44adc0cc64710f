//! Settings: what there is to choose ([`table`]), who has chosen, and what holds.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::command::SettingChange;
use crate::proxy::Proxy;
use crate::view::{Origin, Setting, SettingsView};
use table::{Definition, Installed};

pub mod report;
pub mod table;

/// A setting's value. In a file, a policy and in JSON it is what it looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// On or off.
    Switch(bool),
    /// A whole number.
    Number(u32),
    /// Words.
    Text(String),
}

/// What somebody has chosen, by the settings' names; all of it has been found valid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Values(BTreeMap<&'static str, Value>);

/// What administrators have decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Managed {
    /// A policy for the machine.
    pub machine: Values,
    /// A policy for the user.
    pub user: Values,
    /// What was given at the installation.
    pub installed: Values,
    /// What is written there and not understood, one sentence each; it decides nothing.
    pub faults: Vec<String>,
}

/// Everybody's values.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The administrators'.
    pub managed: Managed,
    /// From the command line: the server only.
    pub server_argument: Option<String>,
    /// The user's.
    pub user: Values,
}

/// Why a setting was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeRefused {
    /// Somebody above decides it.
    Managed,
    /// The value is not one of those it can have.
    Invalid,
}

impl Values {
    /// Takes what was found somewhere, by name or by name in the registry. What is unknown, of the
    /// wrong type or out of range is told, and left out. An empty text is none.
    pub fn read(found: impl IntoIterator<Item = (String, Value)>) -> (Self, Vec<String>) {
        let (mut values, mut faults) = (Self::default(), vec![]);
        for (name, given) in found {
            let Some(setting) = table::named(&name) else {
                faults.push(format!("{name} is no setting"));
                continue;
            };
            let empty = matches!(&given, Value::Text(text) if text.is_empty());
            match setting.read(&given) {
                Some(value) if !empty => values.put(setting, value),
                None if !empty => faults.push(format!("{name} cannot have this value")),
                _ => {}
            }
        }
        (values, faults)
    }

    /// The value chosen for a setting.
    #[must_use]
    pub fn get(&self, setting: &Definition) -> Option<&Value> {
        self.0.get(setting.name)
    }

    /// Chooses a value that has been found valid.
    pub fn put(&mut self, setting: &'static Definition, value: Value) {
        self.0.insert(setting.name, value);
    }
}

impl Settings {
    /// What holds, and who has decided it.
    #[must_use]
    pub fn get(&self, setting: &'static Definition) -> (Value, Origin) {
        let from = |values: &Values, origin| Some((values.get(setting)?.clone(), origin));
        let argument = || {
            let text = self.server_argument.clone()?;
            (setting.name == table::SERVER_URL.name)
                .then_some((Value::Text(text), Origin::Argument))
        };
        let installed = || from(&self.managed.installed, Origin::Installed);
        let binding = matches!(setting.installed, Installed::Binding(_));
        from(&self.managed.machine, Origin::MachinePolicy)
            .or_else(|| from(&self.managed.user, Origin::UserPolicy))
            .or_else(argument)
            .or_else(|| binding.then(installed)?)
            .or_else(|| setting.by_user.then(|| from(&self.user, Origin::User))?)
            .or_else(installed)
            .unwrap_or_else(|| (setting.default_value(), Origin::Default))
    }

    /// Whether the user cannot choose otherwise, because of who has decided.
    #[must_use]
    pub fn is_managed(setting: &Definition, origin: Origin) -> bool {
        match origin {
            Origin::MachinePolicy | Origin::UserPolicy => true,
            Origin::Installed => matches!(setting.installed, Installed::Binding(_)),
            Origin::Argument | Origin::User | Origin::Default => false,
        }
    }

    /// Whether something is on.
    #[must_use]
    pub fn switch(&self, setting: &'static Definition) -> bool {
        self.get(setting).0 == Value::Switch(true)
    }

    /// Some words.
    #[must_use]
    pub fn text(&self, setting: &'static Definition) -> String {
        match self.get(setting).0 {
            Value::Text(text) => text,
            _ => String::new(),
        }
    }

    /// A number.
    #[must_use]
    pub fn number(&self, setting: &'static Definition) -> u32 {
        match self.get(setting).0 {
            Value::Number(number) => number,
            _ => 0,
        }
    }

    /// Toasts say what was written. On a computer that many use they never do.
    #[must_use]
    pub fn toasts_say_what(&self, locked: bool) -> bool {
        self.switch(&table::TOAST_TEXT)
            && !self.switch(&table::KIOSK)
            && (!locked || self.switch(&table::TOAST_TEXT_LOCKED))
    }

    /// Which way to the server.
    #[must_use]
    pub fn proxy(&self) -> Proxy {
        Proxy::parse(&self.text(&table::PROXY)).unwrap_or(Proxy::System)
    }

    /// The values in force and who decides, for the window.
    #[must_use]
    pub fn view(&self) -> SettingsView {
        SettingsView {
            server_url: self.shown(&table::SERVER_URL, text),
            organization: self.shown(&table::ORGANIZATION, text),
            autostart: self.shown(&table::AUTOSTART, switch),
            kiosk: self.shown(&table::KIOSK, switch),
            toasts: self.shown(&table::TOASTS, switch),
            toast_text: self.shown(&table::TOAST_TEXT, switch),
            toast_text_locked: self.shown(&table::TOAST_TEXT_LOCKED, switch),
            typing: self.shown(&table::TYPING, switch),
            diagnostics: self.shown(&table::DIAGNOSTICS, switch),
            language: self.shown(&table::LANGUAGE, text),
            theme: self.shown(&table::THEME, text),
        }
    }

    fn shown<T>(&self, setting: &'static Definition, read: fn(&Value) -> T) -> Setting<T> {
        let (value, origin) = self.get(setting);
        Setting {
            value: read(&value),
            managed: Self::is_managed(setting, origin),
            origin,
        }
    }

    /// Takes the user's change over, if nobody above decides.
    ///
    /// # Errors
    /// Somebody above decides it, or the value is not one it can have.
    pub fn change(&mut self, change: SettingChange) -> Result<(), ChangeRefused> {
        let (setting, value) = match change {
            SettingChange::Autostart(on) => (&table::AUTOSTART, Value::Switch(on)),
            SettingChange::Toasts(on) => (&table::TOASTS, Value::Switch(on)),
            SettingChange::ToastText(on) => (&table::TOAST_TEXT, Value::Switch(on)),
            SettingChange::ToastTextLocked(on) => (&table::TOAST_TEXT_LOCKED, Value::Switch(on)),
            SettingChange::Typing(on) => (&table::TYPING, Value::Switch(on)),
            SettingChange::Language(tag) => (&table::LANGUAGE, Value::Text(tag)),
            SettingChange::Theme(name) => (&table::THEME, Value::Text(name)),
        };
        if !setting.by_user || Self::is_managed(setting, self.get(setting).1) {
            return Err(ChangeRefused::Managed);
        }
        let value = setting.read(&value).ok_or(ChangeRefused::Invalid)?;
        self.user.put(setting, value);
        Ok(())
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn switch(value: &Value) -> bool {
    *value == Value::Switch(true)
}

/// Reads `settings.toml`. What is not understood is left out, and is said so in the log.
#[must_use]
pub fn load(folder: &Path) -> Values {
    let Ok(text) = std::fs::read_to_string(folder.join(FILE)) else {
        return Values::default();
    };
    let found: BTreeMap<String, toml::Value> = toml::from_str(&text).unwrap_or_else(|_| {
        tracing::warn!("settings.toml is not understood; the defaults are used");
        BTreeMap::new()
    });
    let known = |(name, value): (String, toml::Value)| Some((name, value.try_into().ok()?));
    let (values, faults) = Values::read(found.into_iter().filter_map(known));
    for fault in faults {
        tracing::warn!(fault, "settings.toml");
    }
    values
}

/// Writes `settings.toml` whole or not at all.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn save(folder: &Path, values: &Values) -> std::io::Result<()> {
    let text = toml::to_string(values).map_err(std::io::Error::other)?;
    std::fs::create_dir_all(folder)?;
    let fresh = folder.join("settings.toml.new");
    std::fs::write(&fresh, text)?;
    std::fs::rename(&fresh, folder.join(FILE))
}

const FILE: &str = "settings.toml";

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Values {
        let (values, faults) = Values::read([("ServerUrl".into(), Value::Text(url.into()))]);
        assert_eq!(faults, Vec::<String>::new());
        values
    }

    #[test]
    fn a_policy_beats_the_user_and_shows_that_it_does() {
        let mut settings = Settings::default();
        assert!(settings.view().toasts.value && !settings.view().toasts.managed);
        settings.change(SettingChange::Toasts(false)).unwrap();
        assert!(!settings.view().toasts.value);
        settings
            .managed
            .user
            .put(&table::TOASTS, Value::Switch(true));
        let view = settings.view().toasts;
        assert!(
            view.value && view.managed,
            "the policy is in force and shown"
        );
        assert_eq!(view.origin, Origin::UserPolicy);
        assert_eq!(
            settings.change(SettingChange::Toasts(false)),
            Err(ChangeRefused::Managed)
        );
        settings
            .managed
            .machine
            .put(&table::TOASTS, Value::Switch(false));
        let view = settings.view().toasts;
        assert_eq!((view.value, view.origin), (false, Origin::MachinePolicy));
    }

    /// INST-13
    #[test]
    fn nothing_beats_a_policys_server() {
        let mut settings = Settings {
            user: server("https://user.example"),
            ..Settings::default()
        };
        let now = |settings: &Settings| settings.view().server_url.value;
        assert_eq!(now(&settings), "https://user.example");
        settings.managed.installed = server("https://installed.example");
        assert_eq!(now(&settings), "https://installed.example");
        settings.server_argument = Some("https://argument.example".into());
        assert_eq!(now(&settings), "https://argument.example");
        settings.managed.user = server("https://user-policy.example");
        assert_eq!(now(&settings), "https://user-policy.example");
        settings.managed.machine = server("https://policy.example");
        assert_eq!(now(&settings), "https://policy.example");
    }

    #[test]
    fn the_user_may_undo_what_the_installer_proposes_and_not_what_it_fixes() {
        let mut settings = Settings::default();
        let installed = &mut settings.managed.installed;
        installed.put(&table::AUTOSTART, Value::Switch(false));
        installed.put(&table::KIOSK, Value::Switch(true));
        settings.user.put(&table::KIOSK, Value::Switch(false));
        let view = settings.view();
        assert!(!view.autostart.value && !view.autostart.managed);
        assert!(
            view.kiosk.value && view.kiosk.managed,
            "no user frees a shared computer"
        );
        settings.change(SettingChange::Autostart(true)).unwrap();
        assert_eq!(settings.view().autostart.origin, Origin::User);
    }

    #[test]
    fn toasts_keep_quiet_on_a_locked_or_shared_screen() {
        let mut settings = Settings::default();
        assert!(settings.toasts_say_what(false) && !settings.toasts_say_what(true));
        settings
            .change(SettingChange::ToastTextLocked(true))
            .unwrap();
        assert!(settings.toasts_say_what(true), "the user wished it");
        settings
            .managed
            .machine
            .put(&table::KIOSK, Value::Switch(true));
        assert!(!settings.toasts_say_what(false) && !settings.toasts_say_what(true));
    }

    #[test]
    fn odd_values_are_refused() {
        let mut settings = Settings::default();
        for change in [
            SettingChange::Theme("pink".into()),
            SettingChange::Language("../../de".into()),
        ] {
            assert_eq!(settings.change(change), Err(ChangeRefused::Invalid));
        }
        let found = [
            ("Toasts", Value::Text("yes".into())),
            ("Colour", Value::Number(1)),
            ("Organization", Value::Text(String::new())),
            ("LogLevel", Value::Text("debug".into())),
        ];
        let (values, faults) = Values::read(found.map(|(name, value)| (name.to_owned(), value)));
        assert_eq!(
            values.get(&table::LOG_LEVEL),
            Some(&Value::Text("debug".into()))
        );
        assert_eq!(
            faults,
            ["Toasts cannot have this value", "Colour is no setting"],
            "an empty text is none, and no fault"
        );
    }

    #[test]
    fn what_the_user_chose_is_read_back_and_the_rest_of_a_damaged_file_too() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings
            .change(SettingChange::Theme("dark".into()))
            .unwrap();
        settings.change(SettingChange::Toasts(false)).unwrap();
        save(folder.path(), &settings.user).unwrap();
        assert_eq!(load(folder.path()), settings.user);
        let odd = "theme = 'pink'\ntoasts = false\nbefore = [1]\n";
        std::fs::write(folder.path().join(FILE), odd).unwrap();
        let values = load(folder.path());
        assert_eq!(values.get(&table::TOASTS), Some(&Value::Switch(false)));
        assert_eq!(values.get(&table::THEME), None);
    }
}
