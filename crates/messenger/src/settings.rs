//! Settings: what the user chose, and what a policy decided above it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::command::SettingChange;
use crate::view::{Setting, SettingsView};

/// Values of settings; absent ones are left to the next in line. Names are those of `settings.toml`,
/// of the policy and of the installer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Values {
    /// The server's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_url: Option<String>,
    /// Start with the desktop session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autostart: Option<bool>,
    /// Show toasts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toasts: Option<bool>,
    /// Toasts show what was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toast_text: Option<bool>,
    /// BCP 47, or empty for the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// `system`, `light` or `dark`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
}

/// Everybody's values, most powerful first.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// A policy's.
    pub policy: Values,
    /// From the command line: the server only.
    pub server_argument: Option<String>,
    /// The user's.
    pub user: Values,
}

/// Why a setting was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeRefused {
    /// A policy decides it.
    Managed,
    /// The value is not one of those it can have.
    Invalid,
}

impl Settings {
    /// The values in force and who decides.
    #[must_use]
    pub fn view(&self) -> SettingsView {
        let argument = self
            .server_argument
            .as_ref()
            .or(self.user.server_url.as_ref());
        SettingsView {
            server_url: text(self.policy.server_url.as_ref(), argument, ""),
            autostart: switch(self.policy.autostart, self.user.autostart),
            toasts: switch(self.policy.toasts, self.user.toasts),
            toast_text: switch(self.policy.toast_text, self.user.toast_text),
            language: text(
                self.policy.language.as_ref(),
                self.user.language.as_ref(),
                "",
            ),
            theme: text(
                self.policy.theme.as_ref(),
                self.user.theme.as_ref(),
                "system",
            ),
        }
    }

    /// Takes the user's change over, if nobody above decides.
    ///
    /// # Errors
    /// A policy decides it, or the value is not one it can have.
    pub fn change(&mut self, change: SettingChange) -> Result<(), ChangeRefused> {
        let (policy, user) = (&self.policy, &mut self.user);
        match change {
            SettingChange::Autostart(on) => {
                set(policy.autostart.is_some(), &mut user.autostart, on)
            }
            SettingChange::Toasts(on) => set(policy.toasts.is_some(), &mut user.toasts, on),
            SettingChange::ToastText(on) => {
                set(policy.toast_text.is_some(), &mut user.toast_text, on)
            }
            SettingChange::Language(tag) if is_language(&tag) => {
                set(policy.language.is_some(), &mut user.language, tag)
            }
            SettingChange::Theme(name) if ["system", "light", "dark"].contains(&name.as_str()) => {
                set(policy.theme.is_some(), &mut user.theme, name)
            }
            SettingChange::Language(_) | SettingChange::Theme(_) => Err(ChangeRefused::Invalid),
        }
    }
}

fn set<T>(managed: bool, slot: &mut Option<T>, value: T) -> Result<(), ChangeRefused> {
    if managed {
        return Err(ChangeRefused::Managed);
    }
    *slot = Some(value);
    Ok(())
}

fn is_language(tag: &str) -> bool {
    tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn text(policy: Option<&String>, user: Option<&String>, default: &str) -> Setting<String> {
    let value = policy
        .or(user)
        .cloned()
        .unwrap_or_else(|| default.to_owned());
    Setting {
        value,
        managed: policy.is_some(),
    }
}

fn switch(policy: Option<bool>, user: Option<bool>) -> Setting<bool> {
    Setting {
        value: policy.or(user).unwrap_or(true),
        managed: policy.is_some(),
    }
}

/// Reads `settings.toml`. A file that cannot be read counts as empty, and is said so in the log.
#[must_use]
pub fn load(folder: &Path) -> Values {
    match std::fs::read_to_string(folder.join(FILE)) {
        Ok(text) => toml::from_str(&text).unwrap_or_else(|_| {
            tracing::warn!("settings.toml is not understood; the defaults are used");
            Values::default()
        }),
        Err(_) => Values::default(),
    }
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

    #[test]
    fn a_policy_beats_the_user_and_shows_that_it_does() {
        let mut settings = Settings::default();
        assert!(settings.view().toasts.value && !settings.view().toasts.managed);
        settings.change(SettingChange::Toasts(false)).unwrap();
        assert!(!settings.view().toasts.value);
        settings.policy.toasts = Some(true);
        let view = settings.view();
        assert!(
            view.toasts.value && view.toasts.managed,
            "the policy is in force and shown"
        );
        assert_eq!(
            settings.change(SettingChange::Toasts(false)),
            Err(ChangeRefused::Managed)
        );
    }

    #[test]
    fn the_command_line_beats_the_users_server_but_not_the_policys() {
        let mut settings = Settings::default();
        settings.user.server_url = Some("https://user.example".into());
        settings.server_argument = Some("https://argument.example".into());
        assert_eq!(settings.view().server_url.value, "https://argument.example");
        settings.policy.server_url = Some("https://policy.example".into());
        assert_eq!(settings.view().server_url.value, "https://policy.example");
    }

    #[test]
    fn odd_values_are_refused() {
        let mut settings = Settings::default();
        assert!(
            settings
                .change(SettingChange::Theme("pink".into()))
                .is_err()
        );
        assert!(
            settings
                .change(SettingChange::Language("../../de".into()))
                .is_err()
        );
    }
}
