//! Moves what the WAL holds into the database file, beside the writers: one that had to do it at the
//! end of its own transaction would keep somebody waiting.

use std::time::Duration;

use sqlx::AnyPool;

const EVERY: Duration = Duration::from_secs(1);

/// Runs until the pool is closed.
pub async fn run(pool: AnyPool) {
    loop {
        tokio::time::sleep(EVERY).await;
        match sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .fetch_all(&pool)
            .await
        {
            Ok(_) => {}
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "the write-ahead log cannot be moved on"),
        }
    }
}
