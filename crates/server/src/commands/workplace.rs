//! What commands beside the server work with: the database and the key, by the configuration.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::clock::{Clock, DatabaseClock, SystemClock};
use crate::config::{Config, ConfigError};
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
        let key = own_key(&store, &config.key_file()).await?;
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

/// The key in the file, if it is the database's own. The first to come gives the database its key: with
/// another one, codes would fail by chance, and no authenticator could be read.
async fn own_key(store: &Store, file: &Path) -> Result<ServerKey> {
    if proof(store).await?.is_some() && !file.exists() {
        return Err(foreign(file));
    }
    let key = ServerKey::load_or_create(file)?;
    let mut tx = store.write().await?;
    sqlx::query("INSERT INTO meta (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING")
        .bind(key.proof())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    if proof(store).await? == Some(key.proof()) {
        Ok(key)
    } else {
        Err(foreign(file))
    }
}

/// What the database knows of its key.
async fn proof(store: &Store) -> Result<Option<String>> {
    let known = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'key'")
        .fetch_optional(store.read())
        .await?;
    Ok(known)
}

fn foreign(file: &Path) -> anyhow::Error {
    let text = format!(
        "{} is not the key that this database was begun with: copy the key file of the other servers, \
         or of your backup, there",
        file.display()
    );
    ConfigError(text).into()
}
