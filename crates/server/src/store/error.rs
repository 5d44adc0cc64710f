//! What can go wrong with the database.

use std::path::PathBuf;
use std::sync::Arc;

/// A statement failed, or what it found makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or did not answer.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A row holds something this version does not know.
    #[error("the database holds a {what} that makes no sense")]
    Corrupt {
        /// What the value should have been.
        what: &'static str,
    },
    /// What was to be committed together with the work of others was not.
    #[error(transparent)]
    Together(#[from] Arc<Error>),
}

impl Error {
    /// Whether the same statements may succeed when they are run again: the engine gave up a
    /// deadlock or a lock it could not have.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        let error = match self {
            Error::Database(error) => error,
            Error::Corrupt { .. } => return false,
            // On its own it may be: somebody else's statement may have ended the transaction.
            Error::Together(_) => return true,
        };
        match error {
            // The last: a transaction of another could not end for want of room.
            sqlx::Error::PoolTimedOut
            | sqlx::Error::InvalidSavePointStatement
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Io(_) => true,
            sqlx::Error::Database(inner) => inner.code().is_some_and(|code| is_passing(&code)),
            _ => false,
        }
    }
}

/// PostgreSQL: serialization failure, deadlock, going down or coming up, connection lost, no room.
/// SQLite: busy, locked, the file cannot be written, no room.
fn is_passing(code: &str) -> bool {
    match sqlite_code(code) {
        Some(code) => matches!(code, 5 | 6 | 10 | 13),
        None => {
            matches!(code, "40001" | "40P01" | "57P01" | "57P03" | "53100")
                || code.starts_with("08")
        }
    }
}

/// SQLite's code without what extends it; PostgreSQL's are five characters long.
fn sqlite_code(code: &str) -> Option<u32> {
    let code = (code.len() < 5).then(|| code.parse::<u32>().ok()).flatten();
    code.map(|code| code & 0xff)
}

/// The database cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Neither `sqlite:` nor `postgres:`.
    #[error("the database URL must begin with sqlite: or postgres:")]
    UnknownEngine,
    /// The SQLite this was built with lacks a fix that durability needs.
    #[error("SQLite {found} is too old: {needed} or newer is needed; build with the bundled one")]
    SqliteTooOld {
        /// What was found.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
    /// SQLite did not take a setting that durability needs.
    #[error(
        "SQLite does not keep `{pragma}` at {needed}, it says {found}; use a local file system"
    )]
    Pragma {
        /// Which setting.
        pragma: &'static str,
        /// What it must be.
        needed: &'static str,
        /// What it is.
        found: String,
    },
    /// Another server runs on the same file.
    #[error("another server already uses {}; stop it first, or use PostgreSQL to run several", path.display())]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// The file or its folder cannot be used.
    #[error("cannot use the database file {}: {source}", path.display())]
    File {
        /// The database file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file must not be written.
    #[error(
        "the database file {} may only be read; let the server's user write it", path.display()
    )]
    WriteProtected {
        /// The database file.
        path: PathBuf,
    },
    /// There is no database to look at.
    #[error("there is no database {} yet; the server makes it when it first starts", path.display())]
    Missing {
        /// The database file.
        path: PathBuf,
    },
    /// The server has to bring the database up to date first.
    #[error(
        "the database is older than this program (schema {found}, this one knows {known}); start the new server first"
    )]
    OlderSchema {
        /// The version in the database.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// A newer server has been here.
    #[error(
        "the database was made by a newer server (schema {found}, this one knows {known}); update this server"
    )]
    NewerSchema {
        /// The version in the database.
        found: i64,
        /// The newest this server knows.
        known: i64,
    },
    /// The file is damaged.
    #[error("the database file is damaged ({0}); restore a backup")]
    Damaged(String),
    /// The database refused or did not answer.
    #[error("the database failed: {0}")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|inner| inner.code());
        // SQLite: malformed, or no database at all.
        match code.and_then(|code| sqlite_code(&code)) {
            Some(11 | 26) => Self::Damaged(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        match error {
            Error::Database(error) => error.into(),
            Error::Corrupt { what } => Self::Damaged(what.to_owned()),
            Error::Together(error) => Self::Damaged(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_over_in_a_moment_is_told_from_what_stays() {
        for passing in [
            "5", "261", "517", "13", "1034", "40001", "40P01", "57P01", "08006",
        ] {
            assert!(is_passing(passing), "{passing}");
        }
        for lasting in ["1", "8", "11", "19", "2067", "23505", "42P01"] {
            assert!(!is_passing(lasting), "{lasting}");
        }
        assert!(Error::from(sqlx::Error::PoolClosed).is_transient());
        assert!(Error::from(sqlx::Error::WorkerCrashed).is_transient());
        assert!(!Error::from(sqlx::Error::RowNotFound).is_transient());
    }
}
