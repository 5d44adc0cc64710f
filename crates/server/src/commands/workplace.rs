//! What commands beside the server work with: the database and the key, by the configuration.

use std::sync::Arc;

use anyhow::{Context, Result};

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::identity::key::ServerKey;
use crate::store::{OpenError, Purpose, Store};

/// The open database, the key and the clock.
pub struct Workplace {
    /// The database.
    pub store: Store,
    /// The server's key.
    pub key: ServerKey,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Workplace {
    /// Opens it, beside a server that may be running or to be one.
    pub async fn open(config: &Config, purpose: Purpose) -> Result<Self> {
        std::fs::create_dir_all(&config.data_dir).with_context(|| {
            format!("cannot make the data folder {}", config.data_dir.display())
        })?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = open_store(&config.database_url(), purpose, clock.as_ref()).await?;
        let key = ServerKey::load_or_create(&config.key_file())?;
        Ok(Self { store, key, clock })
    }
}

/// Opens the database.
pub async fn open_store(
    url: &str,
    purpose: Purpose,
    clock: &dyn Clock,
) -> Result<Store, OpenError> {
    Store::open(url, purpose, clock).await
}
