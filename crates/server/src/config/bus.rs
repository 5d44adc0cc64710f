//! Settings of the bus between several servers.

use std::path::PathBuf;

use serde::Deserialize;

/// How servers that share a database wake each other.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    /// The NATS servers, `tls://host:4222`.
    pub servers: Vec<String>,
    /// User name, if they ask for one.
    #[serde(default)]
    pub user: Option<String>,
    /// Password.
    #[serde(default)]
    pub password: Option<String>,
    /// File with the password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// A `.creds` file, instead of user and password.
    #[serde(default)]
    pub credentials_file: Option<PathBuf>,
    /// The authority that signed the servers' certificates, instead of the system's.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Whether `nats://` may go beyond loopback.
    #[serde(default)]
    pub allow_plain: bool,
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bus").finish_non_exhaustive()
    }
}
