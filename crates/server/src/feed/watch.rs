//! What runs beside the sockets: looking for revoked sessions, silence, idleness and old events.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deskbell_protocol::Timestamp;
use deskbell_protocol::limits::close_code;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::position::{newest, position};
use super::revoke::{self, Revoked};
use super::{Inner, wake};
use crate::bus::Link;
use crate::event_log::FeedId;
use crate::store::Error;

/// A wake-up that was lost delays what it told of by no more than this. It holds while the bus is up
/// as well: that another server has lost it cannot be seen from here.
const COMPARE_EVERY: Duration = Duration::from_secs(5);
/// The same while this server has lost the bus.
const COMPARE_EVERY_WITHOUT_BUS: Duration = Duration::from_secs(2);
/// How often the others hear that this server lives.
const SIGN_OF_LIFE_EVERY: Duration = Duration::from_secs(10);
/// Servers that were not heard for so long have ended.
const SILENT_MILLIS: u64 = 35_000;
/// How long the database may take to say what was revoked before it counts as gone.
const DATABASE: Duration = Duration::from_secs(5);
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);

/// Runs until the server ends.
pub(super) async fn watch(feed: Arc<Inner>) {
    let mut tick = interval(feed.settings.watch);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut seen = newest_revocation(&feed).await;
    let (mut compared_at, mut pruned_at) = (Instant::now(), Instant::now());
    let mut lived_at = Instant::now();
    loop {
        let mut gap = false;
        tokio::select! {
            _ = tick.tick() => {}
            () = feed.revoked.notified() => {}
            () = feed.gap.notified() => gap = true,
        }
        seen = revocations(&feed, seen).await;
        look_around(&feed);
        if lived_at.elapsed() >= SIGN_OF_LIFE_EVERY {
            lived_at = Instant::now();
            feed.say_who_looks();
        }
        if gap || compared_at.elapsed() >= compare_every(feed.bus.link()) {
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

fn compare_every(link: Link) -> Duration {
    match link {
        Link::Alone | Link::Up => COMPARE_EVERY,
        Link::Down => COMPARE_EVERY_WITHOUT_BUS,
    }
}

/// Acts on what was revoked after `seen` and says up to where; also notes whether the database is
/// there at all.
async fn revocations(feed: &Inner, seen: u64) -> u64 {
    let revoked = match timeout(DATABASE, revoke::after(&feed.store, seen)).await {
        Ok(Ok(revoked)) => Some(revoked),
        Ok(Err(error)) => {
            tracing::warn!(%error, "cannot look for ended sessions");
            None
        }
        Err(_) => {
            tracing::warn!("the database does not answer");
            None
        }
    };
    feed.is_database_there
        .store(revoked.is_some(), Ordering::Relaxed);
    close_revoked(feed, seen, revoked.unwrap_or_default())
}

fn close_revoked(feed: &Inner, mut seen: u64, revoked: Vec<(u64, Revoked)>) -> u64 {
    for (seq, revoked) in revoked {
        seen = seq;
        feed.hub.each(|listener| match revoked {
            Revoked::Session(id) if listener.session_id == id => {
                listener.close(close_code::SESSION_ENDED);
            }
            Revoked::Account(id) if listener.reader.account_id == id => listener.recheck(),
            _ => {}
        });
    }
    seen
}

/// Pings the quiet, lets the dead go, and has sessions that may be over looked at; forgets servers
/// that have ended.
fn look_around(feed: &Inner) {
    let now = feed.steady_millis();
    for node in feed.elsewhere.silent(now, SILENT_MILLIS) {
        feed.tell_onlookers(feed.presence.look_elsewhere(node, Vec::new()));
    }
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
