//! What the client is given when it starts.

use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::{Clock, Entropy};
use crate::secret::SecretStore;
use crate::settings::Managed;
use crate::shell::Shell;

/// Where things lie and what others have decided.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Caches and outboxes, one folder per account; one client at a time uses it.
    pub data_dir: PathBuf,
    /// `settings.toml`, what the user chose.
    pub config_dir: PathBuf,
    /// What administrators decide.
    pub managed: Managed,
    /// `--server`: beats the user's choice, not a policy's; not kept.
    pub server_argument: Option<String>,
    /// The machine this runs on.
    pub machine: MachineIdentity,
    /// BCP 47, the system's language; empty when unknown.
    pub system_locale: String,
    /// The window was left in its large size.
    pub enlarged: bool,
    /// This client's version, `0.1.0`.
    pub version: String,
}

/// How a machine is recognised among an account's devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineIdentity {
    /// Its host name.
    pub host_name: String,
    /// The maker's serial number, if it can be read.
    pub serial: Option<String>,
}

/// What stands between the client and the machine.
#[derive(Clone)]
pub struct Ports {
    /// The desktop.
    pub shell: Arc<dyn Shell>,
    /// The keyring.
    pub secrets: Arc<dyn SecretStore>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
}

/// Why the client cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another client uses the same folder.
    #[error("Deskbell already runs with the folder {0}")]
    AlreadyRunning(PathBuf),
    /// The folder cannot be made or written.
    #[error("the folder {path} cannot be used: {source}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
