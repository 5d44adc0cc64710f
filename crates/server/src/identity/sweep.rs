//! What time does to sign-in: codes expire, counts are forgotten.

use std::time::Duration;

use crate::app::App;
use crate::store::Error;

use super::{allowance, challenge, session, throttle};

const EVERY: Duration = Duration::from_secs(10);
const FORGET_MILLIS: i64 = 86_400_000;

/// Does it every few seconds, for ever.
pub async fn run(app: App) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = sweep(&app).await {
            tracing::error!(%error, "old sign-ins cannot be cleared away");
        }
    }
}

/// Notes which codes are too old now, so that a clock set back revives none, and forgets what no
/// limit looks at any more.
///
/// # Errors
/// When the database fails.
pub async fn sweep(app: &App) -> Result<(), Error> {
    let now = app.clock.now();
    if !anything_old(app).await? {
        return Ok(());
    }
    let mut tx = app.store.write().await?;
    challenge::expire_old(&mut tx, now, now.plus_millis(-FORGET_MILLIS)).await?;
    allowance::forget_old(&mut tx, now).await?;
    throttle::forget_old(&mut tx, now).await?;
    session::forget_old(&mut tx, now).await?;
    tx.commit().await
}

/// Reads first: a write every few seconds would wake the disk for nothing.
async fn anything_old(app: &App) -> Result<bool, Error> {
    let now = app.clock.now().as_millis();
    let old: i64 = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM challenge
                 WHERE state IN ('live', 'proved') AND expires_at <= $1)
              + (SELECT COUNT(*) FROM challenge WHERE expires_at < $2)
              + (SELECT COUNT(*) FROM allowance_use WHERE at < $2)
              + (SELECT COUNT(*) FROM session WHERE expires_at < $3)",
    )
    .bind(now)
    .bind(now - FORGET_MILLIS)
    .bind(session::forgotten_before(app.clock.now()))
    .fetch_one(app.store.read())
    .await?;
    Ok(old > 0)
}
