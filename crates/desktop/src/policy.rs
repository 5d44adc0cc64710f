//! What the administrator has decided for this machine.

#[cfg(target_os = "linux")]
#[path = "policy/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "policy/windows.rs"]
mod system;

/// Values that beat the user's. Absent means that the user decides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The server's address.
    pub server_url: Option<String>,
    /// Start with the desktop session.
    pub autostart: Option<bool>,
    /// Show toasts.
    pub toasts: Option<bool>,
    /// Toasts show what was written.
    pub toast_text: Option<bool>,
    /// BCP 47.
    pub language: Option<String>,
    /// `system`, `light` or `dark`.
    pub theme: Option<String>,
}

/// The policy, and what is wrong with the way it is written: one line each, for the log. What is
/// wrong is left out; the rest holds.
#[must_use]
pub fn read() -> (Policy, Vec<String>) {
    system::read()
}
