//! The task that empties the queue.

use std::time::Duration;

use deskbell_protocol::Timestamp;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::queue::{self, Claimed};
use super::{Carriers, Failure, Letter};
use crate::app::App;
use crate::store::Error;

/// Letters on their way at the same time.
const AT_ONCE: usize = 8;
/// The queue is looked at this often even when nobody calls, for what other servers left.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// An attempt ends well before its job is free for another.
const ATTEMPT: Duration = Duration::from_secs(45);
const _: () = assert!(
    ATTEMPT.as_millis() + 10_000 < queue::LEASE_MILLIS.cast_unsigned() as u128,
    "who is still at it when the job is free again sends the letter twice"
);
/// A database that failed is left alone for this long.
const REST: Duration = Duration::from_secs(5);

/// Sends what is due, for ever. What is on its way when this is dropped is sent again later.
pub async fn run(app: App, carriers: Carriers) {
    let mut under_way = JoinSet::new();
    loop {
        while under_way.len() >= AT_ONCE {
            under_way.join_next().await;
        }
        match queue::claim(&app.store, app.clock.now()).await {
            Ok(Some(claimed)) => {
                under_way.spawn(send(app.clone(), carriers.clone(), claimed));
            }
            Ok(None) => wait(&app, &mut under_way).await,
            Err(error) => {
                tracing::error!(%error, "the delivery queue cannot be read");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

async fn wait(app: &App, under_way: &mut JoinSet<()>) {
    tokio::select! {
        () = app.identity.post_arrived() => {}
        Some(_) = under_way.join_next() => {}
        () = tokio::time::sleep(LOOK_EVERY) => {}
    }
}

async fn send(app: App, carriers: Carriers, claimed: Claimed) {
    if let Err(error) = deliver(&app, &carriers, &claimed).await {
        tracing::error!(delivery = claimed.id, %error, "the delivery queue cannot be written");
    }
}

async fn deliver(app: &App, carriers: &Carriers, claimed: &Claimed) -> Result<(), Error> {
    match attempt(app, carriers, claimed).await {
        Ok(()) => queue::finish(&app.store, &claimed.id).await,
        Err(Failure::Later(reason)) => {
            tracing::warn!(
                delivery = claimed.id,
                tries = claimed.tries,
                reason,
                "will be tried again"
            );
            queue::postpone(&app.store, claimed, app.clock.now()).await
        }
        Err(Failure::Never(reason)) => {
            tracing::warn!(
                delivery = claimed.id,
                tries = claimed.tries,
                reason,
                "was not delivered"
            );
            queue::finish(&app.store, &claimed.id).await
        }
    }
}

async fn attempt(app: &App, carriers: &Carriers, claimed: &Claimed) -> Result<(), Failure> {
    let Some(channel) = claimed.channel else {
        return Ok(());
    };
    let now = app.clock.now();
    let life = remaining(claimed.expires_at, now).ok_or_else(too_old)?;
    let letter = unseal(app, claimed)?;
    let carried = timeout(life.min(ATTEMPT), carriers.carry(channel, &letter, now)).await;
    carried.unwrap_or_else(|_| Err(Failure::Later("it took too long".to_owned())))?;
    tracing::info!(delivery = claimed.id, ?channel, "delivered");
    Ok(())
}

fn remaining(expires_at: Timestamp, now: Timestamp) -> Option<Duration> {
    let millis = u64::try_from(expires_at.millis_since(now)).ok()?;
    (millis > 0).then(|| Duration::from_millis(millis))
}

fn too_old() -> Failure {
    Failure::Never("its code became too old".to_owned())
}

fn unseal(app: &App, claimed: &Claimed) -> Result<Letter, Failure> {
    let unreadable = || Failure::Never("it was sealed with another server key".to_owned());
    let text = app
        .identity
        .key()
        .open(&claimed.id, &claimed.sealed)
        .map_err(|_| unreadable())?;
    serde_json::from_str(&text).map_err(|_| unreadable())
}
