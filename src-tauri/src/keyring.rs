//! The client's secrets in the system's keyring.

use std::time::Duration;

use deskbell_desktop::identity;
use deskbell_desktop::secrets::{SecretError as SystemError, Secrets};
use deskbell_messenger::secret::{SecretError, SecretStore};

/// The service's name in the keyring.
pub(crate) const SERVICE: &str = identity::KEYRING_SERVICE;

/// The keyring may be asking the user for a password; a question in a terminal does not wait for that.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

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
        identity::keyring_user(name, &self.client)
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
