//! What only SQLite needs: the file's lock, the settings that make it durable, and proof of both.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::{OpenError, Purpose};

/// The oldest SQLite whose WAL cannot be reset under a reader.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
const OLDEST_TEXT: &str = "3.51.3";

/// Milliseconds that a statement waits for a lock; in the pragmas below too.
pub(super) const PATIENCE: u32 = 5_000;

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
    if purpose != Purpose::Look && path.exists() && !is_writable(path) {
        return Err(OpenError::WriteProtected {
            path: path.to_owned(),
        });
    }
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

/// Asks without opening the file: closing it again would free SQLite's own locks.
#[cfg(unix)]
fn is_writable(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|file| !file.permissions().readonly())
}

/// Opens the file once and says what is wrong with it: a pool would only try again until its time is
/// over.
///
/// # Errors
/// When it is no database, or cannot be opened.
pub async fn try_out(options: &AnyConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = options.connect().await?;
    set_pragmas(&mut connection).await?;
    connection.close().await
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
    use sqlx::any::{AnyPoolOptions, install_default_drivers};

    use super::*;

    /// DUR-12: each setting that durability needs is asked for, whatever was ordered.
    #[tokio::test]
    async fn a_setting_that_sqlite_did_not_take_is_found_out() {
        install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let pool = AnyPoolOptions::new()
            .max_connections(1)
            .connect(&url(&folder.path().join("deskbell.db")))
            .await
            .unwrap();
        set_pragmas(&mut pool.acquire().await.unwrap())
            .await
            .unwrap();
        verify(&pool).await.unwrap();
        for (wrong, right, named) in [
            (
                "synchronous = NORMAL",
                "synchronous = FULL",
                "`synchronous` at FULL, it says 1",
            ),
            (
                "foreign_keys = OFF",
                "foreign_keys = ON",
                "`foreign_keys` at ON, it says 0",
            ),
            (
                "journal_mode = DELETE",
                "journal_mode = WAL",
                "`journal_mode` at wal, it says delete",
            ),
        ] {
            let order = |pragma: &str| sqlx::raw_sql(AssertSqlSafe(format!("PRAGMA {pragma}")));
            order(wrong).execute(&pool).await.unwrap();
            let error = verify(&pool).await.unwrap_err();
            assert!(matches!(error, OpenError::Pragma { .. }), "{error}");
            assert!(error.to_string().contains(named), "{error}");
            order(right).execute(&pool).await.unwrap();
        }
    }

    #[test]
    fn an_older_sqlite_is_told_from_a_newer_one() {
        assert!(parse_version("3.51.2") < Some(OLDEST));
        assert!(parse_version("3.9.9") < Some(OLDEST));
        assert!(parse_version("nonsense") < Some(OLDEST));
        assert!(parse_version("3.51.3") >= Some(OLDEST));
        assert!(parse_version("3.52.0") >= Some(OLDEST));
    }
}
