//! The database's clock: servers that share a database share its time, whatever their own show.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use deskbell_protocol::Timestamp;
use tokio::time::{Instant, sleep};

use super::Clock;
use crate::store::{Error, Store};

const ASK_EVERY: Duration = Duration::from_secs(10);
/// An answer that took longer says too little about now.
const SLOWEST_MILLIS: i64 = 1_000;
/// A server whose own clock is further off than this is told of in the log.
const NOTABLE_MILLIS: i64 = 5_000;

/// The database's clock, asked every few seconds and carried on in between.
#[derive(Debug)]
pub struct DatabaseClock {
    started: Instant,
    // What the database showed when the process started, going by its newest answer.
    start_millis: AtomicI64,
}

impl DatabaseClock {
    /// Asks the database (PostgreSQL) now, and again for as long as it is open. `own` is only compared.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn follow(store: &Store, own: &dyn Clock) -> Result<Arc<Self>, Error> {
        let clock = Arc::new(Self {
            started: Instant::now(),
            start_millis: AtomicI64::new(0),
        });
        clock.ask(store, i64::MAX).await?;
        let ahead = own.now().millis_since(clock.now());
        if ahead.abs() > NOTABLE_MILLIS {
            tracing::warn!(
                milliseconds_ahead = ahead,
                "this machine's clock differs from the database's, which counts"
            );
        }
        tokio::spawn(ask_again(Arc::clone(&clock), store.clone()));
        Ok(clock)
    }

    async fn ask(&self, store: &Store, slowest_millis: i64) -> Result<(), Error> {
        let asked = self.steady_millis();
        let shown: i64 = sqlx::query_scalar(
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        )
        .fetch_one(store.read())
        .await?;
        let answered = self.steady_millis();
        if answered - asked <= slowest_millis {
            let start = shown - i64::midpoint(asked, answered);
            self.start_millis.store(start, Ordering::Relaxed);
        }
        Ok(())
    }

    fn steady_millis(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

impl Clock for DatabaseClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.start_millis.load(Ordering::Relaxed) + self.steady_millis())
    }
}

async fn ask_again(clock: Arc<DatabaseClock>, store: Store) {
    while !store.read().is_closed() {
        sleep(ASK_EVERY).await;
        if let Err(error) = clock.ask(&store, SLOWEST_MILLIS).await {
            tracing::debug!(%error, "the database does not say what time it is");
        }
    }
}
