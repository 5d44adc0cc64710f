//! The system's keyring: the Secret Service on Linux, the Credential Manager on Windows.
//!
//! Everything here blocks, and on Linux may wait for the user to unlock the keyring: call it
//! where blocking is allowed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};

#[cfg(target_os = "linux")]
#[path = "secrets/linux.rs"]
mod system;
#[cfg(windows)]
#[path = "secrets/windows.rs"]
mod system;

type Store = Arc<dyn CredentialStoreApi + Send + Sync>;

/// Why a secret could not be read or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The keyring is there, and locked.
    #[error("the keyring is locked")]
    Locked,
    /// There is no keyring, or it does not answer.
    #[error("there is no keyring")]
    Unavailable,
}

/// The secrets of one service. The connection is made on first use and again when it broke.
pub struct Secrets {
    service: String,
    store: Mutex<Option<Store>>,
}

impl Secrets {
    /// The secrets filed under this service's name.
    #[must_use]
    pub fn of(service: &str) -> Self {
        Self {
            service: service.to_owned(),
            store: Mutex::new(None),
        }
    }

    /// The secret of this user, if there is one.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn read(&self, user: &str) -> Result<Option<String>, SecretError> {
        self.with(user, Entry::get_password)
    }

    /// Keeps the secret of this user, in place of the one before.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn write(&self, user: &str, secret: &str) -> Result<(), SecretError> {
        self.with(user, |entry| entry.set_password(secret))
            .map(|_| ())
    }

    /// Forgets the secret of this user.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn remove(&self, user: &str) -> Result<(), SecretError> {
        self.with(user, Entry::delete_credential).map(|_| ())
    }

    /// Does it, and once more over a new connection when the first try failed: the keyring may
    /// have been started anew.
    fn with<T>(
        &self,
        user: &str,
        act: impl Fn(&Entry) -> Result<T, Error>,
    ) -> Result<Option<T>, SecretError> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..2 {
            match self.try_with(&mut store, user, &act) {
                Ok(value) => return Ok(Some(value)),
                Err(Error::NoEntry) => return Ok(None),
                Err(Error::NoStorageAccess(_)) => return Err(SecretError::Locked),
                Err(error) => {
                    tracing::warn!(error = kind(&error), "keyring");
                    *store = None;
                }
            }
        }
        Err(SecretError::Unavailable)
    }

    fn try_with<T>(
        &self,
        store: &mut Option<Store>,
        user: &str,
        act: impl Fn(&Entry) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let store = match store {
            Some(store) => store,
            None => store.insert(system::connect()?),
        };
        let modifiers = HashMap::from(system::MODIFIERS);
        let modifiers = (!modifiers.is_empty()).then_some(&modifiers);
        act(&store.build(&self.service, user, modifiers)?)
    }
}

/// What sort of error it is. Its text may carry what the keyring holds.
fn kind(error: &Error) -> &'static str {
    match error {
        Error::PlatformFailure(_) => "platform failure",
        Error::Ambiguous(_) => "two entries",
        Error::TooLong(..) => "too long",
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => "bad format",
        _ => "other",
    }
}
