//! The client's secrets in the system's keyring.

use deskbell_desktop::secrets::{SecretError as SystemError, Secrets};
use deskbell_messenger::secret::{SecretError, SecretStore};

/// The service's name in the keyring.
const SERVICE: &str = "dev.deskbell.client";

/// One entry per client: its name and the data folder's fingerprint tell them apart.
pub(crate) struct Keyring {
    secrets: Secrets,
    client: String,
}

impl Keyring {
    /// The secrets of the client with this identifier.
    pub(crate) fn of(client: &str) -> Self {
        Self {
            secrets: Secrets::of(SERVICE),
            client: client.to_owned(),
        }
    }

    fn user(&self, name: &str) -> String {
        format!("{name}@{}", self.client)
    }
}

impl SecretStore for Keyring {
    fn get(&self, name: &str) -> Result<Option<String>, SecretError> {
        self.secrets.read(&self.user(name)).map_err(told)
    }

    fn set(&self, name: &str, text: &str) -> Result<(), SecretError> {
        self.secrets.write(&self.user(name), text).map_err(told)
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        self.secrets.remove(&self.user(name)).map_err(told)
    }
}

fn told(error: SystemError) -> SecretError {
    match error {
        SystemError::Locked => SecretError::Locked,
        SystemError::Unavailable => SecretError::Unavailable,
    }
}
