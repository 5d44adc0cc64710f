//! Brings the schema up to date, one migration per transaction.

use super::{Engine, OpenError, Purpose, Store, Tx};
use crate::clock::Clock;
use crate::failpoint::{Failpoint, failpoint};

/// One step of the schema, applied once and never changed after a release.
pub struct Migration {
    /// Its place in the order, from 1.
    pub version: i64,
    /// What it is called in the table of applied ones.
    pub name: &'static str,
    /// Its statements, each ending with `;` at the end of a line.
    pub sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "first",
        sql: include_str!("../../migrations/0001_first.sql"),
    },
    Migration {
        version: 2,
        name: "identity",
        sql: include_str!("../../migrations/0002_identity.sql"),
    },
    Migration {
        version: 3,
        name: "session end",
        sql: include_str!("../../migrations/0003_session_end.sql"),
    },
    Migration {
        version: 4,
        name: "own conversations",
        sql: include_str!("../../migrations/0004_own_conversations.sql"),
    },
];

/// Applies what the database lacks, as far as the purpose allows: a server brings every database up
/// to date, a tool a new one alone, who looks none.
///
/// # Errors
/// When a statement fails, or when the database is newer, or older than may be changed.
pub async fn migrate(store: &Store, purpose: Purpose, clock: &dyn Clock) -> Result<(), OpenError> {
    let newest = match purpose {
        Purpose::Look => found(store).await,
        Purpose::Serve | Purpose::Tool => newest_applied(store).await?,
    };
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    if newest > known {
        return Err(OpenError::NewerSchema {
            found: newest,
            known,
        });
    }
    let new = newest == 0 && purpose == Purpose::Tool;
    if newest < known && purpose != Purpose::Serve && !new {
        return Err(OpenError::OlderSchema {
            found: newest,
            known,
        });
    }
    for migration in MIGRATIONS
        .iter()
        .filter(|migration| migration.version > newest)
    {
        apply(store, migration, clock).await?;
    }
    Ok(())
}

/// The newest migration in a database that may have none.
async fn found(store: &Store) -> i64 {
    let newest = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM migration");
    newest.fetch_one(store.read()).await.unwrap_or(0)
}

async fn newest_applied(store: &Store) -> Result<i64, OpenError> {
    let mut tx = store.write().await?;
    if store.engine() == Engine::Postgres {
        // Of servers that start at once on an empty database only one may make the table.
        sqlx::query("SELECT CAST(pg_advisory_xact_lock(4711) AS TEXT)")
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS migration (
            version BIGINT PRIMARY KEY NOT NULL, name TEXT NOT NULL, applied_at BIGINT NOT NULL)",
    )
    .execute(&mut *tx)
    .await?;
    let newest = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM migration")
        .fetch_one(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(newest)
}

async fn apply(store: &Store, migration: &Migration, clock: &dyn Clock) -> Result<(), OpenError> {
    let mut tx = store.write().await?;
    // Of two servers that start at once, one waits here for the other and then has nothing to do.
    if !claim(&mut tx, migration, clock).await? {
        return Ok(());
    }
    for statement in statements(migration.sql) {
        sqlx::query(statement).execute(&mut *tx).await?;
        failpoint(Failpoint::InMigration);
    }
    tx.commit().await?;
    tracing::info!(
        version = migration.version,
        name = migration.name,
        "schema brought up to date"
    );
    Ok(())
}

async fn claim(tx: &mut Tx, migration: &Migration, clock: &dyn Clock) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO migration (version, name, applied_at) VALUES ($1, $2, $3)
         ON CONFLICT (version) DO NOTHING",
    )
    .bind(migration.version)
    .bind(migration.name)
    .bind(clock.now().as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn statements(sql: &'static str) -> impl Iterator<Item = &'static str> {
    sql.split(";\n")
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
}
