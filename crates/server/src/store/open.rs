//! Opening the database: which engine, which connections, what must hold before it is used.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::{AnyPool, ConnectOptions};

use super::turn::Line;
use super::{OpenError, Store, checkpoint, migrate, sqlite};
use crate::clock::Clock;

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
const ACQUIRE: Duration = Duration::from_secs(10);

/// The two databases this server runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the server.
    Sqlite,
    /// A PostgreSQL server, 15 or newer.
    Postgres,
}

/// What the database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To serve: only one process may do so on a SQLite file.
    Serve,
    /// To write to it once, beside a server that may be running; makes a new one, changes no old one.
    Tool,
    /// To look at it; makes and changes nothing.
    Look,
}

impl Store {
    /// Opens the database at `url` (`sqlite:PATH` or `postgres://…`). To serve, it creates what is
    /// missing and brings the schema up to date.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way and what to do.
    pub async fn open(url: &str, purpose: Purpose, clock: &dyn Clock) -> Result<Self, OpenError> {
        install_default_drivers();
        let (engine, lock, readers, writers) = match url.split_once(':') {
            Some(("sqlite", path)) => {
                let path = PathBuf::from(path.trim_start_matches("//"));
                let lock = sqlite::prepare(&path, purpose)?;
                let url = sqlite::url(&path);
                sqlite::try_out(&connect_options(&url)?).await?;
                let writers = sqlite_pool(&url, 1).await?;
                (
                    Engine::Sqlite,
                    lock,
                    sqlite_pool(&url, SQLITE_READERS).await?,
                    writers,
                )
            }
            Some(("postgres" | "postgresql", _)) => {
                let pool = postgres_pool(url).await?;
                (Engine::Postgres, None, pool.clone(), pool)
            }
            _ => return Err(OpenError::UnknownEngine),
        };
        if engine == Engine::Sqlite {
            sqlite::verify(&writers).await?;
        }
        let line = Arc::new(Line::new(writers.clone(), ACQUIRE, lock.is_some()));
        if engine == Engine::Sqlite && purpose == Purpose::Serve {
            sqlite::leave_checkpoints(&writers).await?;
            tokio::spawn(checkpoint::run(readers.clone(), Arc::clone(&line)));
        }
        let mut store = Store {
            engine,
            readers,
            line,
            writers,
            epoch: Arc::from(""),
            _lock: lock.map(Arc::new),
        };
        migrate(&store, purpose, clock).await?;
        store.epoch = match purpose {
            Purpose::Look => read_epoch(&store).await?,
            Purpose::Serve | Purpose::Tool => epoch(&store, clock).await?,
        };
        Ok(store)
    }
}

fn connect_options(url: &str) -> Result<AnyConnectOptions, OpenError> {
    // Statements are no business of the log: their arguments are, at best, ids.
    Ok(AnyConnectOptions::from_str(url)?.disable_statement_logging())
}

async fn sqlite_pool(url: &str, connections: u32) -> Result<AnyPool, OpenError> {
    let pool = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| Box::pin(sqlite::set_pragmas(connection)))
        .connect_with(connect_options(url)?)
        .await?;
    Ok(pool)
}

async fn postgres_pool(url: &str) -> Result<AnyPool, OpenError> {
    let pool = AnyPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .connect_with(connect_options(url)?)
        .await?;
    Ok(pool)
}

async fn read_epoch(store: &Store) -> Result<Arc<str>, OpenError> {
    let epoch: String = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'epoch'")
        .fetch_one(store.read())
        .await?;
    Ok(Arc::from(epoch))
}

/// The database's epoch; the first to ask gives it one.
async fn epoch(store: &Store, clock: &dyn Clock) -> Result<Arc<str>, OpenError> {
    let mut tx = store.write().await?;
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO NOTHING",
    )
    .bind(clock.id().simple().to_string())
    .execute(&mut *tx)
    .await?;
    let epoch: String = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'epoch'")
        .fetch_one(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Arc::from(epoch))
}
