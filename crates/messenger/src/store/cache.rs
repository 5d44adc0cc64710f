//! The cache of what the server knows, with the feed's position. It can always be built anew.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{Row, SqliteConnection};

use super::rows::{from_json, signed, to_json, unsigned};
use super::{Durability, StoreError, Stored, close, open, open_in_memory, remove, version};
use crate::feed::Position;

/// Changed with every change of the tables; another version is built anew without a word.
const VERSION: i64 = 1;

/// Checking takes a few milliseconds for every megabyte, and somebody may be waiting for the start.
const LARGEST_CHECKED_BYTES: u64 = 8 * 1024 * 1024;

const TABLES: &str = "
CREATE TABLE position(
    one INTEGER PRIMARY KEY CHECK (one = 1),
    cursor TEXT,
    seq INTEGER,
    toasted_seq INTEGER,
    list_next TEXT,
    floor_at INTEGER,
    floor_id TEXT
);
INSERT INTO position(one) VALUES (1);
CREATE TABLE conversations(
    id TEXT PRIMARY KEY,
    last_activity_at INTEGER NOT NULL,
    unread_count INTEGER NOT NULL DEFAULT 0,
    read_seq INTEGER NOT NULL DEFAULT 0,
    preview_text TEXT,
    preview_mine INTEGER NOT NULL DEFAULT 0,
    history_from INTEGER,
    history_complete INTEGER NOT NULL DEFAULT 0,
    data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_by_activity ON conversations(last_activity_at DESC, id DESC);
CREATE INDEX conversations_unread ON conversations(last_activity_at DESC) WHERE unread_count > 0;
CREATE TABLE messages(
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    mine INTEGER NOT NULL,
    counts INTEGER NOT NULL,
    received_at INTEGER,
    read_at INTEGER,
    data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX messages_in_order ON messages(conversation_id, seq);
CREATE INDEX messages_by_seq ON messages(seq);
CREATE TABLE reads(conversation_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE documents(name TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
";

/// The cache of one account.
pub struct Cache {
    pub(crate) db: SqliteConnection,
}

/// How opening went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// As it was left, or new.
    Sound,
    /// It was damaged and is empty now.
    Rebuilt,
    /// The disk does not take it: it lasts until the client ends.
    InMemory,
}

impl Cache {
    /// Opens the file; a damaged one is built anew, and without a disk the cache is kept in memory.
    ///
    /// # Errors
    /// Not even memory would do.
    pub async fn open(file: &Path) -> Stored<(Self, Opened)> {
        match Self::try_open(file).await {
            Ok(cache) => return Ok((cache, Opened::Sound)),
            Err(StoreError::Unwritable) => {}
            Err(error) => {
                tracing::warn!(%error, "the cache cannot be read and is built anew");
                remove(file);
                if let Ok(cache) = Self::try_open(file).await {
                    return Ok((cache, Opened::Rebuilt));
                }
            }
        }
        Ok((Self::in_memory().await?, Opened::InMemory))
    }

    /// A cache that is gone when the client ends.
    ///
    /// # Errors
    /// There is no memory.
    pub async fn in_memory() -> Stored<Self> {
        let mut cache = Self {
            db: open_in_memory().await?,
        };
        cache.make_tables().await?;
        Ok(cache)
    }

    async fn try_open(file: &Path) -> Stored<Self> {
        let mut db = open(file, Durability::Rebuildable).await?;
        match version(&mut db).await? {
            VERSION => {}
            0 => {}
            _ => {
                close(db).await;
                remove(file);
                db = open(file, Durability::Rebuildable).await?;
            }
        }
        let mut cache = Self { db };
        if version(&mut cache.db).await? == 0 {
            cache.make_tables().await?;
        }
        cache
            .check(std::fs::metadata(file).map_or(0, |file| file.len()))
            .await?;
        Ok(cache)
    }

    async fn make_tables(&mut self) -> Stored<()> {
        sqlx::raw_sql("BEGIN IMMEDIATE")
            .execute(&mut self.db)
            .await?;
        sqlx::raw_sql(TABLES).execute(&mut self.db).await?;
        sqlx::raw_sql("COMMIT").execute(&mut self.db).await?;
        Ok(())
    }

    /// Looks through a file that is small enough for that; damage in a large one is met when it is read.
    async fn check(&mut self, bytes: u64) -> Stored<()> {
        if bytes > LARGEST_CHECKED_BYTES {
            return self.position().await.map(drop);
        }
        let sound: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut self.db)
            .await?;
        if sound != "ok" {
            return Err(StoreError::Damaged);
        }
        self.position().await.map(drop)
    }

    /// Closes the file.
    pub async fn close(self) {
        close(self.db).await;
    }

    /// Where the feed is to be resumed.
    ///
    /// # Errors
    /// The store fails.
    pub async fn position(&mut self) -> Stored<Position> {
        let row = sqlx::query("SELECT cursor, seq FROM position")
            .fetch_one(&mut self.db)
            .await?;
        let seq: Option<i64> = row.try_get("seq")?;
        Ok(Position {
            cursor: row.try_get("cursor")?,
            seq: seq.map(unsigned),
        })
    }

    /// Lines up to here have been decided about: shown as a toast or passed over. None before the
    /// first event after loading anew.
    ///
    /// # Errors
    /// The store fails.
    pub async fn toasted_seq(&mut self) -> Stored<Option<u64>> {
        let seq: Option<i64> = sqlx::query_scalar("SELECT toasted_seq FROM position")
            .fetch_one(&mut self.db)
            .await?;
        Ok(seq.map(unsigned))
    }

    /// Remembers up to where lines have been decided about.
    ///
    /// # Errors
    /// The store fails.
    pub async fn save_toasted_seq(&mut self, seq: u64) -> Stored<()> {
        sqlx::query("UPDATE position SET toasted_seq = ?1 WHERE toasted_seq < ?1")
            .bind(signed(seq))
            .execute(&mut self.db)
            .await?;
        Ok(())
    }

    /// A document kept whole: `me`, `devices`, `articles`. One that cannot be read counts as absent.
    ///
    /// # Errors
    /// The store fails.
    pub async fn document<T: DeserializeOwned>(&mut self, name: &'static str) -> Stored<Option<T>> {
        let row = sqlx::query("SELECT data FROM documents WHERE name = ?1")
            .bind(name)
            .fetch_optional(&mut self.db)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(from_json(row.try_get("data")?).ok())
    }

    /// Keeps a document whole.
    ///
    /// # Errors
    /// The store fails.
    pub async fn save_document<T: Serialize + Sync>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Stored<()> {
        sqlx::query(
            "INSERT INTO documents(name, data) VALUES (?1, ?2)
             ON CONFLICT(name) DO UPDATE SET data = excluded.data",
        )
        .bind(name)
        .bind(to_json(value)?)
        .execute(&mut self.db)
        .await?;
        Ok(())
    }
}
