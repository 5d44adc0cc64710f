//! Moves what the write-ahead log holds into the database file, beside the writers: one that had to do
//! it at the end of its own transaction would keep somebody waiting.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Row as _};

use super::Error;
use super::turn::Line;

const EVERY: Duration = Duration::from_secs(1);
/// Pages in the log, 64 MiB of them, from where on the writers wait until it begins anew.
pub(super) const LONG: i64 = 16_384;
/// Milliseconds that they wait for those who read an older state.
const PATIENCE: u32 = 100;

/// Runs until the pool is closed.
pub async fn run(pool: AnyPool, line: Arc<Line>) {
    loop {
        tokio::time::sleep(EVERY).await;
        match move_on(&pool, &line, LONG).await {
            Ok(()) => {}
            Err(Error::Database(sqlx::Error::PoolClosed)) => return,
            Err(error) => tracing::warn!(%error, "the write-ahead log cannot be moved on"),
        }
    }
}

/// Moves on what can be without anybody waiting. While somebody always writes, the log only grows that
/// way: when it is long, the writers wait until all of it has been moved and it begins anew.
pub(super) async fn move_on(pool: &AnyPool, line: &Line, long: i64) -> Result<(), Error> {
    let mut connection = pool.acquire().await?;
    if checkpoint(&mut connection, "PASSIVE").await? <= long {
        return Ok(());
    }
    let _nobody_writes = line.pause().await?;
    set_patience(&mut connection, PATIENCE).await?;
    let ended = checkpoint(&mut connection, "RESTART").await;
    set_patience(&mut connection, super::sqlite::PATIENCE).await?;
    ended.map(drop)
}

/// How many pages the log has.
async fn checkpoint(connection: &mut AnyConnection, how: &str) -> Result<i64, Error> {
    let sql = format!("PRAGMA wal_checkpoint({how})");
    let row = sqlx::query(AssertSqlSafe(sql))
        .fetch_one(connection)
        .await?;
    Ok(row.try_get(1)?)
}

async fn set_patience(connection: &mut AnyConnection, millis: u32) -> Result<(), Error> {
    let sql = format!("PRAGMA busy_timeout = {millis}");
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}
