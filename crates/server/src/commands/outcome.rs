//! How a command ends: its exit code and its last words.

use std::process::ExitCode;

use anyhow::Result;

use crate::config::ConfigError;
use crate::store::OpenError;

const FAILED: u8 = 1;
/// `EX_USAGE` of sysexits.h.
const USAGE: u8 = 64;
/// `EX_CONFIG` of sysexits.h.
const CONFIGURATION: u8 = 78;

/// Ends after a command line that made no sense, or after help.
pub fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() {
        ExitCode::from(USAGE)
    } else {
        ExitCode::SUCCESS
    }
}

/// Ends after the work, saying on standard error why it failed.
pub fn of(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("deskbell-server: {error:#}"));
            ExitCode::from(code(&error))
        }
    }
}

/// Writes a line to standard error.
pub fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes a line to standard output.
pub fn print(line: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn code(error: &anyhow::Error) -> u8 {
    let config = error.is::<ConfigError>();
    // A database that does not answer may be back in a moment; anything else needs the operator.
    let database = error.downcast_ref::<OpenError>();
    let unusable = database.is_some_and(|error| !matches!(error, OpenError::Database(_)));
    if config || unusable {
        CONFIGURATION
    } else {
        FAILED
    }
}

#[cfg(test)]
mod tests {
    use anyhow::{Context, anyhow};

    use super::*;

    /// DUR-12, WS-03.
    #[test]
    fn what_the_operator_must_change_ends_with_78() {
        assert_eq!(code(&ConfigError("x".into()).into()), 78);
        let locked = OpenError::InUse { path: "x".into() };
        assert_eq!(code(&anyhow!(locked).context("opening")), 78);
        let pragma = OpenError::Pragma {
            pragma: "synchronous",
            needed: "FULL",
            found: "1".to_owned(),
        };
        assert_eq!(code(&pragma.into()), 78);
        let old = OpenError::SqliteTooOld {
            found: "3.51.2".to_owned(),
            needed: "3.51.3",
        };
        assert!(old.to_string().starts_with("SQLite 3.51.2 is too old"));
        assert_eq!(code(&old.into()), 78);
        assert_eq!(code(&anyhow!("x")), 1);
        let closed: Result<()> = Err(OpenError::Database(sqlx::Error::PoolClosed).into());
        assert_eq!(code(&closed.context("opening").unwrap_err()), 1);
    }
}
