//! Wrong codes in a row, over all challenges of an address: beyond a number, one an hour is left.

use deskbell_protocol::Timestamp;
use deskbell_protocol::limits::{CONSECUTIVE_FAILURES_PER_ACCOUNT, THROTTLE_SECONDS};

use crate::store::{Error, Tx};

const FORGOTTEN_AFTER_MILLIS: i64 = 90 * 86_400_000;

/// How many seconds this address takes no code, if it takes none now.
///
/// # Errors
/// When the database fails.
pub async fn wait_seconds(
    tx: &mut Tx,
    address: &str,
    now: Timestamp,
) -> Result<Option<u32>, Error> {
    let run: Option<(i64, i64)> =
        sqlx::query_as("SELECT failures, last_at FROM failure_run WHERE address = $1")
            .bind(address)
            .fetch_optional(&mut **tx)
            .await?;
    Ok(run.and_then(|(failures, last_at)| wait(failures, Timestamp::from_millis(last_at), now)))
}

fn wait(failures: i64, last_at: Timestamp, now: Timestamp) -> Option<u32> {
    let passed = now.millis_since(last_at).max(0) / 1_000;
    let left = (THROTTLE_SECONDS - passed).max(0);
    let throttled = failures >= CONSECUTIVE_FAILURES_PER_ACCOUNT && left > 0;
    throttled.then(|| u32::try_from(left).unwrap_or(u32::MAX))
}

/// Counts a wrong code.
///
/// # Errors
/// When the database fails.
pub async fn failed(tx: &mut Tx, address: &str, now: Timestamp) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO failure_run (address, failures, last_at) VALUES ($1, 1, $2)
         ON CONFLICT (address) DO UPDATE
         SET failures = failure_run.failures + 1, last_at = excluded.last_at",
    )
    .bind(address)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends the row: somebody signed in.
///
/// # Errors
/// When the database fails.
pub async fn succeeded(tx: &mut Tx, address: &str) -> Result<(), Error> {
    sqlx::query("DELETE FROM failure_run WHERE address = $1")
        .bind(address)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets addresses that nobody has tried for a quarter of a year.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    sqlx::query("DELETE FROM failure_run WHERE last_at < $1")
        .bind(now.as_millis() - FORGOTTEN_AFTER_MILLIS)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_failures_in_a_row_leave_one_try_an_hour() {
        let at = Timestamp::from_millis(1_000_000);
        let later = |seconds: i64| at.plus_millis(seconds * 1_000);
        assert_eq!(wait(99, at, at), None);
        assert_eq!(wait(100, at, at), Some(3_600));
        assert_eq!(wait(100, at, later(3_599)), Some(1));
        assert_eq!(wait(100, at, later(3_600)), None);
        assert_eq!(
            wait(100, at, later(-3_600)),
            Some(3_600),
            "a clock set back adds no more"
        );
    }
}
