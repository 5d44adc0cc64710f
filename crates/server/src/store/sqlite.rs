//! What only SQLite needs: the file's lock, the settings that make it durable, and proof of both.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use sqlx::{AnyConnection, AnyPool};
use sqlx::{AssertSqlSafe, Executor};

use super::{OpenError, Purpose};

/// The oldest SQLite whose WAL cannot be reset under a reader.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
const OLDEST_TEXT: &str = "3.51.3";

const PRAGMAS: &str = "PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA busy_timeout = 5000;
PRAGMA journal_size_limit = 67108864;
PRAGMA trusted_schema = OFF;";

/// What each connection must answer: pragma, answer, its meaning.
const PROVEN: [(&str, &str, &str); 3] = [
    ("journal_mode", "wal", "wal"),
    ("synchronous", "2", "FULL"),
    ("foreign_keys", "1", "ON"),
];

/// The URL under which sqlx opens (and creates) the file at `path`.
pub fn url(path: &Path) -> String {
    let escaped = path
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    format!("sqlite:{escaped}?mode=rwc")
}

/// Makes the file's folder and, for a server, takes the lock that keeps a second one off.
///
/// # Errors
/// When the folder cannot be made or another server holds the lock.
pub fn prepare(path: &Path, purpose: Purpose) -> Result<Option<File>, OpenError> {
    let failed = |source| OpenError::File {
        path: path.to_owned(),
        source,
    };
    if purpose == Purpose::Look {
        let missing = || OpenError::Missing {
            path: path.to_owned(),
        };
        return if path.exists() {
            Ok(None)
        } else {
            Err(missing())
        };
    }
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    if purpose == Purpose::Tool {
        return Ok(None);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(name);
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            path: path.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Sets a new connection up.
pub async fn set_pragmas(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute(PRAGMAS).await.map(|_| ())
}

/// Leaves moving the WAL on to [`super::checkpoint`].
pub async fn leave_checkpoints(writers: &AnyPool) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA wal_autocheckpoint = 0")
        .execute(writers)
        .await
        .map(|_| ())
}

/// Proves that SQLite is new enough, durable as set, and the file whole.
///
/// # Errors
/// When one of them does not hold.
pub async fn verify(pool: &AnyPool) -> Result<(), OpenError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(pool)
        .await?;
    if parse_version(&found) < Some(OLDEST) {
        return Err(OpenError::SqliteTooOld {
            found,
            needed: OLDEST_TEXT,
        });
    }
    for (pragma, answer, needed) in PROVEN {
        let found = pragma_value(pool, pragma).await?;
        if found != answer {
            return Err(OpenError::Pragma {
                pragma,
                needed,
                found,
            });
        }
    }
    match pragma_value(pool, "quick_check").await?.as_str() {
        "ok" => Ok(()),
        damage => Err(OpenError::Damaged(damage.to_owned())),
    }
}

async fn pragma_value(pool: &AnyPool, pragma: &str) -> Result<String, sqlx::Error> {
    let statement = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma} LIMIT 1");
    sqlx::query_scalar(AssertSqlSafe(statement))
        .fetch_one(pool)
        .await
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((
        parts.next()??,
        parts.next()??,
        parts.next().flatten().unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_sqlite_is_told_from_a_newer_one() {
        assert!(parse_version("3.51.2") < Some(OLDEST));
        assert!(parse_version("3.9.9") < Some(OLDEST));
        assert!(parse_version("nonsense") < Some(OLDEST));
        assert!(parse_version("3.51.3") >= Some(OLDEST));
        assert!(parse_version("3.52.0") >= Some(OLDEST));
    }
}
