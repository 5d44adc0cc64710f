//! Waiting for a condition, never for a time.

use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use tokio::time::{Instant, sleep, timeout_at};

/// How long a condition may take to come true on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(25);

/// Looks again and again until `look` answers with a value.
///
/// # Errors
/// After [`PATIENCE`], with `what` was waited for and what was seen last.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    eventually_within(PATIENCE, what, look).await
}

/// Like [`eventually`], with a deadline of its own.
///
/// # Errors
/// After `patience`, with `what` was waited for and what was seen last.
pub async fn eventually_within<T>(
    patience: Duration,
    what: &str,
    look: impl AsyncFnMut() -> Result<T>,
) -> Result<T> {
    eventually_while(patience, what, || Ok(()), look).await
}

/// Like [`eventually_within`], but given up as soon as `hope` fails.
///
/// # Errors
/// What `hope` failed with, or after `patience`, with `what` was waited for and what was seen last.
pub async fn eventually_while<T>(
    patience: Duration,
    what: &str,
    mut hope: impl FnMut() -> Result<()>,
    mut look: impl AsyncFnMut() -> Result<T>,
) -> Result<T> {
    let deadline = Instant::now() + patience;
    let mut seen = "nothing".to_owned();
    while Instant::now() < deadline {
        hope().with_context(|| format!("waiting for: {what}"))?;
        match timeout_at(deadline, look()).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(not_yet)) => seen = format!("{not_yet:#}"),
            Err(_elapsed) => break,
        }
        sleep(PAUSE).await;
    }
    Err(anyhow!(
        "waited {} s for: {what}; seen last: {seen}",
        patience.as_secs()
    ))
}
