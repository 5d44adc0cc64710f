//! The feed's times and sizes; what the wire promises, unless a test shortens it.

use std::time::Duration;

use deskbell_protocol::limits;

/// The feed's times and sizes.
#[derive(Debug, Clone)]
pub struct FeedSettings {
    /// How long a socket may take to say hello.
    pub hello: Duration,
    /// How often a quiet socket is pinged.
    pub ping: Duration,
    /// How long a silent socket is believed in.
    pub dead: Duration,
    /// How long a socket may block a write.
    pub write: Duration,
    /// Events that may wait for one socket.
    pub queue_events: usize,
    /// Bytes that may wait for one socket.
    pub queue_bytes: usize,
    /// How often sessions, silence and idleness are looked at.
    pub watch: Duration,
    /// How long events are kept to resume from.
    pub keep_events: Duration,
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self {
            hello: Duration::from_secs(limits::FEED_HELLO_SECONDS),
            ping: Duration::from_secs(limits::FEED_PING_SECONDS),
            dead: Duration::from_secs(limits::FEED_DEAD_SECONDS),
            write: Duration::from_secs(10),
            queue_events: limits::FEED_QUEUE_EVENTS,
            queue_bytes: limits::FEED_QUEUE_BYTES,
            watch: Duration::from_secs(1),
            keep_events: Duration::from_secs(30 * 86_400),
        }
    }
}
