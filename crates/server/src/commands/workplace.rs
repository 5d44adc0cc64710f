//! What commands beside the server work with: the database and the key, by the configuration.

use std::sync::Arc;

use anyhow::{Context, Result};

use crate::clock::{Clock, DatabaseClock, SystemClock};
use crate::config::Config;
use crate::identity::key::ServerKey;
use crate::store::{Engine, Purpose, Store};

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
    /// Opens it to serve or to write to it; makes what is missing.
    pub async fn open(config: &Config, purpose: Purpose) -> Result<Self> {
        let folder = &config.data_dir;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the data folder {}", folder.display()))?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Store::open(&config.database_url(), purpose, clock.as_ref()).await?;
        let clock = match store.engine() {
            Engine::Sqlite => clock,
            Engine::Postgres => DatabaseClock::follow(&store, clock.as_ref()).await?,
        };
        let key = ServerKey::load_or_create(&config.key_file())?;
        Ok(Self { store, key, clock })
    }

    /// Opens what is there, to look at it.
    pub async fn look(config: &Config) -> Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Store::open(&config.database_url(), Purpose::Look, clock.as_ref()).await?;
        let key = ServerKey::load(&config.key_file())?;
        Ok(Self { store, key, clock })
    }
}
