//! What runs beside the sockets: looking for revoked sessions, silence, idleness and old events.

use std::sync::Arc;
use std::time::Duration;

use deskbell_protocol::Timestamp;
use deskbell_protocol::limits::close_code;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::log::FeedId;
use super::position::{newest, position};
use super::revoke::{self, Revoked};
use super::{Inner, wake};
use crate::store::Error;

/// A wake-up that was lost delays what it told of by no more than this.
const COMPARE_EVERY: Duration = Duration::from_secs(5);
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

/// Runs until the server ends.
pub(super) async fn watch(feed: Arc<Inner>) {
    let mut tick = interval(feed.settings.watch);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut seen = newest_revocation(&feed).await;
    let (mut compared_at, mut pruned_at) = (Instant::now(), Instant::now());
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = feed.revoked.notified() => {}
        }
        match revocations(&feed, seen).await {
            Ok(newest) => seen = newest,
            Err(error) => tracing::warn!(%error, "cannot look for ended sessions"),
        }
        look_around(&feed);
        if compared_at.elapsed() >= COMPARE_EVERY {
            compared_at = Instant::now();
            if let Err(error) = compare(&feed).await {
                tracing::warn!(%error, "cannot look where the feeds stand");
            }
        }
        if pruned_at.elapsed() >= PRUNE_EVERY {
            pruned_at = Instant::now();
            if let Err(error) = prune(&feed).await {
                tracing::warn!(%error, "cannot remove old events");
            }
        }
    }
}

/// Sockets opened from now on prove their sessions themselves, so only what comes after counts.
async fn newest_revocation(feed: &Inner) -> u64 {
    match position(&feed.store, FeedId::Revocations).await {
        Ok(position) => position.newest,
        Err(_) => 0,
    }
}

async fn revocations(feed: &Inner, mut seen: u64) -> Result<u64, Error> {
    for (seq, revoked) in revoke::after(&feed.store, seen).await? {
        seen = seq;
        feed.hub.each(|listener| match revoked {
            Revoked::Session(id) if listener.session_id == id => {
                listener.close(close_code::SESSION_ENDED);
            }
            Revoked::Account(id) if listener.reader.account_id == id => listener.recheck(),
            _ => {}
        });
    }
    Ok(seen)
}

/// Pings the quiet, lets the dead go, and has sessions that may be over looked at.
fn look_around(feed: &Inner) {
    let now = feed.steady_millis();
    let time = feed.clock.now();
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let (ping, dead) = (millis(feed.settings.ping), millis(feed.settings.dead));
    feed.hub.each(|listener| {
        if listener.silence_millis(now) >= dead {
            listener.close(close_code::SLOW);
        } else if listener.unpinged_millis(now) >= ping {
            listener.ping(now);
        }
        if listener.is_due(time) {
            listener.recheck();
        }
    });
}

/// Brings on feeds whose listeners are behind the database: a wake-up was lost.
async fn compare(feed: &Arc<Inner>) -> Result<(), Error> {
    if feed.hub.count() == 0 {
        return Ok(());
    }
    for (id, seq) in newest(&feed.store).await? {
        if feed.hub.compare(id, seq) {
            wake::start(feed, id);
        }
    }
    Ok(())
}

/// Removes events that nobody will resume from any more, and says so in their feeds; one feed at a
/// time, so that no writer waits for long.
async fn prune(feed: &Inner) -> Result<(), Error> {
    let keep = i64::try_from(feed.settings.keep_events.as_millis()).unwrap_or(i64::MAX);
    let before: Timestamp = feed.clock.now().plus_millis(keep.saturating_neg());
    let old: Vec<(String, i64)> = sqlx::query_as(
        "SELECT feed_id, MAX(seq) FROM event WHERE at < $1 GROUP BY feed_id ORDER BY feed_id",
    )
    .bind(before.as_millis())
    .fetch_all(feed.store.read())
    .await?;
    for (id, seq) in old {
        prune_feed(feed, &id, seq).await?;
    }
    Ok(())
}

async fn prune_feed(feed: &Inner, id: &str, upto: i64) -> Result<(), Error> {
    let mut tx = feed.store.write().await?;
    sqlx::query("UPDATE feed SET pruned_seq = $1 WHERE id = $2 AND pruned_seq < $1")
        .bind(upto)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM event WHERE feed_id = $1 AND seq <= $2")
        .bind(id)
        .bind(upto)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
