//! The pump: reads what was appended to a feed once, and hands the same bytes to all who listen.

use std::sync::Arc;
use std::time::Duration;

use deskbell_protocol::{SequencedEvent, ServerFrame};

use super::Inner;
use super::cursor::Cursor;
use super::hydrate::Batch;
use super::queue::Frame;
use crate::event_log::FeedId;
#[cfg(debug_assertions)]
use crate::failpoint::{Failpoint, failpoint, is_armed};
use crate::store::Error;

/// Events read at a time.
pub(super) const BATCH: u32 = 200;
const RETRY: Duration = Duration::from_millis(500);

/// Brings the feed to its listeners, unless somebody is at it already.
pub(super) fn wake(inner: &Arc<Inner>, feed: FeedId) {
    #[cfg(debug_assertions)]
    if is_armed(Failpoint::BeforeWake) {
        // The acknowledgement leaves first, then the server dies.
        tokio::spawn(async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            failpoint(Failpoint::BeforeWake);
        });
        return;
    }
    if inner.hub.mark(feed) {
        start(inner, feed);
    }
}

/// Pumps in the background until nothing is left.
pub(super) fn start(inner: &Arc<Inner>, feed: FeedId) {
    let inner = Arc::clone(inner);
    tokio::spawn(async move { pump(&inner, feed).await });
}

async fn pump(inner: &Inner, feed: FeedId) {
    while let Some(after) = inner.hub.next(feed) {
        if let Err(error) = bring(inner, feed, after).await {
            tracing::error!(%error, "cannot read a feed; trying again");
            inner.hub.retry(feed);
            tokio::time::sleep(RETRY).await;
        }
    }
}

async fn bring(inner: &Inner, feed: FeedId, after: u64) -> Result<(), Error> {
    let mut batch = Batch::of(&inner.store, feed, after, BATCH).await?;
    if batch.len() >= BATCH as usize {
        inner.hub.retry(feed);
    }
    while let Some(event) = batch.next().await? {
        if let Some(frame) = frame(inner, event) {
            inner.hub.hand_out(feed, &frame, &inner.settings);
        }
    }
    Ok(())
}

/// The event as every listener of the feed gets it.
pub(super) fn frame(inner: &Inner, event: SequencedEvent) -> Option<Frame> {
    let cursor = Cursor {
        epoch: inner.store.epoch(),
        seq: event.seq,
    }
    .to_string();
    let frame = ServerFrame::Event {
        seq: event.seq,
        cursor,
        event: event.event,
    };
    let text = serde_json::to_string(&frame)
        .inspect_err(|error| tracing::error!(%error, "an event cannot be written"))
        .ok()?;
    Some(Frame::Event(event.seq, text.into()))
}
