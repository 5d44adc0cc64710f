//! The database: SQLite in a file by default, PostgreSQL by URL, one text of SQL for both.
//!
//! SQLite has one writing connection, so that writers queue here in order, never meet a lock, and
//! share their commits; and a few for reading beside it. PostgreSQL has one pool for both.

mod checkpoint;
mod error;
mod migrate;
mod open;
mod row;
mod sqlite;
mod turn;
mod values;

use std::fs::File;
use std::sync::Arc;

use sqlx::AnyPool;

pub use error::{Error, OpenError};
pub use migrate::{Migration, migrate};
pub use open::{Engine, Purpose};
pub use row::{id, name, number, optional_id};
use turn::Line;
pub use turn::Tx;
pub use values::placeholders;

/// The open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    readers: AnyPool,
    writers: AnyPool,
    line: Arc<Line>,
    epoch: Arc<str>,
    // Held for as long as the store is: keeps a second server off the same file.
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Connections for statements that only read.
    #[must_use]
    pub fn read(&self) -> &AnyPool {
        &self.readers
    }

    /// Begins a transaction that writes. On SQLite it has the write lock from the start.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write(&self) -> Result<Tx, Error> {
        match self.engine {
            Engine::Sqlite => self.line.join().await,
            Engine::Postgres => Ok(Tx::alone(self.writers.begin().await?)),
        }
    }

    /// Names the life of this database: a restored copy has another, so that old cursors resync.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Closes all connections once what runs on them is done.
    pub async fn close(&self) {
        self.writers.close().await;
        self.readers.close().await;
        // The file is free for the next server, whoever still holds a copy of this value.
        if let Some(Err(error)) = self._lock.as_ref().map(|lock| lock.unlock()) {
            tracing::warn!(%error, "the database's lock is not released");
        }
    }
}

#[cfg(test)]
mod tests;
