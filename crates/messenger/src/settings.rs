//! Settings: what the user chose, and what a policy decided above it.

use serde::{Deserialize, Serialize};

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
