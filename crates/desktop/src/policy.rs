//! What administrators have decided for this machine and this user, as it is written there.

#[cfg(target_os = "linux")]
#[path = "policy/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "policy/windows.rs"]
mod system;

/// What is written, by where it is written. What it means is for the reader to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Decided for the machine: `/etc/deskbell/policy.toml`, or the registry's machine policies.
    pub machine: Vec<(String, Value)>,
    /// Decided for the user: the registry's user policies. Linux has none.
    pub user: Vec<(String, Value)>,
    /// Given at the installation: `/etc/deskbell/defaults.toml`, or what the installer wrote.
    pub installed: Vec<(String, Value)>,
    /// What cannot be read, one sentence each. The rest holds.
    pub faults: Vec<String>,
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// On or off.
    Switch(bool),
    /// A whole number.
    Number(u32),
    /// Words.
    Text(String),
}

/// All that is written.
#[must_use]
pub fn read() -> Policy {
    system::read()
}
