//! What the client keeps on disk for one account: a cache that can be rebuilt from the server, and,
//! in a file of its own, what cannot: the outbox and the drafts.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

pub mod apply;
pub mod cache;
pub mod chats;
pub mod lists;
pub mod rows;
mod unread;
pub mod unsent;

pub use cache::Cache;
pub use unsent::Unsent;

/// Why the disk did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is damaged.
    #[error("the file is damaged")]
    Damaged,
    /// The disk is full, not writable or fails.
    #[error("the disk is full or not writable")]
    Unwritable,
    /// Something else.
    #[error("the store failed: {0}")]
    Other(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code: Option<u32> = error
            .as_database_error()
            .and_then(|e| e.code())
            .and_then(|code| code.parse().ok());
        // SQLite's primary result codes are the low byte.
        match code.map(|code| code & 0xff) {
            Some(11 | 26) => Self::Damaged,
            Some(8 | 10 | 13 | 14) => Self::Unwritable,
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    /// What was written as JSON and cannot be read is a damaged file.
    fn from(_: serde_json::Error) -> Self {
        Self::Damaged
    }
}

/// The result of everything here.
pub type Stored<T> = Result<T, StoreError>;

/// How much a file's loss would hurt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The server has it all; a power cut may take the last moments.
    Rebuildable,
    /// Nobody else has it.
    Precious,
}

/// Opens a file, making it if need be.
pub(crate) async fn open(file: &Path, durability: Durability) -> Stored<SqliteConnection> {
    let synchronous = match durability {
        Durability::Rebuildable => SqliteSynchronous::Normal,
        Durability::Precious => SqliteSynchronous::Full,
    };
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous);
    Ok(lean(options).connect().await?)
}

/// Opens a store that is gone when the client ends.
pub(crate) async fn open_in_memory() -> Stored<SqliteConnection> {
    Ok(lean(SqliteConnectOptions::new().in_memory(true))
        .connect()
        .await?)
}

/// A tray client keeps little in memory.
fn lean(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .pragma("cache_size", "-512")
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", "256")
        .statement_cache_capacity(48)
        .disable_statement_logging()
}

/// The version written into a file.
pub(crate) async fn version(db: &mut SqliteConnection) -> Stored<i64> {
    Ok(sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(db)
        .await?)
}

/// A database file and those SQLite keeps beside it.
pub(crate) fn files(file: &Path) -> [PathBuf; 3] {
    let beside = |end: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    [file.to_path_buf(), beside("-wal"), beside("-shm")]
}

/// Removes a database; what is not there is fine.
pub(crate) fn remove(file: &Path) {
    for file in files(file) {
        if let Err(error) = std::fs::remove_file(&file)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a damaged file cannot be removed");
        }
    }
}

/// Closes a connection; an error then changes nothing any more.
pub(crate) async fn close(db: SqliteConnection) {
    let _ = db.close().await;
}
