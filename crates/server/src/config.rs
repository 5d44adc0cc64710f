//! The server's settings: a TOML file, with every setting overridable from the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

mod bus;
mod environment;
mod mail;
mod rules;
mod settings;
mod sms;

pub use bus::Bus;
pub use mail::{Mail, MailSecurity};
pub use settings::{SETTINGS, Setting, Shape, table};
pub use sms::{Sms, SmsAuth, SmsBody, SmsMethod, SmsPreset};

/// What is wrong with the configuration, as one sentence with what to do. The process exits with 78.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Everything the server is told from outside. `docs/config.md` lists the settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Under which address people reach the server; its origin is the only one the console may have.
    pub public_url: Url,
    /// Folder of the database, the key file and attachments.
    pub data_dir: PathBuf,
    /// `sqlite:…` or `postgres://…`; a SQLite file in `data_dir` when absent.
    #[serde(default)]
    pub database_url: Option<String>,
    /// The file with the server's key; `server.key` in `data_dir` when absent. Several servers share it.
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// The name in mails and text messages.
    #[serde(default = "default_product")]
    pub product: String,
    /// What is logged, as `tracing` filters: `info`, `deskbell_server=debug`.
    #[serde(default = "default_log")]
    pub log: String,
    /// Connections one IP address may have open at a time.
    #[serde(default = "default_connections")]
    pub connections_per_ip: usize,
    /// How long the server goes on, not ready, after it was told to end.
    #[serde(default)]
    pub drain_seconds: u64,
    /// The certificate, unless a trusted proxy does TLS.
    #[serde(default)]
    pub tls: Option<Tls>,
    /// The proxy in front, if there is one.
    #[serde(default)]
    pub proxy: Option<Proxy>,
    /// How mail is sent; without it no code can be mailed.
    #[serde(default)]
    pub mail: Option<Mail>,
    /// How text messages are sent; without it they are off.
    #[serde(default)]
    pub sms: Option<Sms>,
    /// What other servers on the same database are reached through.
    #[serde(default)]
    pub bus: Option<Bus>,
    /// Who may read `/metrics`; nobody without it.
    #[serde(default)]
    pub metrics: Option<Metrics>,
}

/// A certificate and its key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM file with the certificate and its chain.
    pub certificate: PathBuf,
    /// PEM file with the private key.
    pub key: PathBuf,
}

/// Who may read `/metrics`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// What they must show.
    #[serde(default)]
    pub token: Option<String>,
    /// A file with it.
    #[serde(default)]
    pub token_file: Option<PathBuf>,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// A reverse proxy that does TLS.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// Networks the proxy connects from; `X-Forwarded-For` is believed from these alone.
    pub trusted: Vec<IpNet>,
}

impl Config {
    /// Reads the file, lays `environment` (`DESKBELL_…` variables) over it and checks the whole.
    ///
    /// # Errors
    /// With one sentence that names the setting and what to do.
    pub fn load(
        file: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            ConfigError(format!(
                "Cannot read the configuration {}: {error}.",
                file.display()
            ))
        })?;
        Self::parse(&text, environment)
            .map_err(|error| ConfigError(format!("{}: {error}", file.display())))
    }

    /// The same from the file's text.
    ///
    /// # Errors
    /// With one sentence that names the setting and what to do.
    pub fn parse(
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table: toml::Table = text
            .parse()
            .map_err(|error| ConfigError(format!("not valid TOML: {error}")))?;
        environment::overlay(&mut table, environment)?;
        settings::refuse_unknown(&table)?;
        let config: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError(error.message().to_owned()))?;
        rules::check(&config)?;
        Ok(config)
    }

    /// The database's URL, given or in the data folder.
    #[must_use]
    pub fn database_url(&self) -> String {
        let file = || format!("sqlite:{}", self.data_dir.join("deskbell.db").display());
        self.database_url.clone().unwrap_or_else(file)
    }

    /// The key file, given or in the data folder.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.key_file
            .clone()
            .unwrap_or_else(|| self.data_dir.join("server.key"))
    }

    /// The networks of the trusted proxy; none without one.
    #[must_use]
    pub fn trusted_proxies(&self) -> &[IpNet] {
        self.proxy
            .as_ref()
            .map_or(&[], |proxy| proxy.trusted.as_slice())
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_product() -> String {
    "Deskbell".to_owned()
}

fn default_log() -> String {
    "info".to_owned()
}

fn default_connections() -> usize {
    256
}

#[cfg(test)]
mod tests;
