//! How servers that share a database wake each other: names of feeds, never what is in them.

use crate::feed::FeedId;

/// Carries wake-ups to the other servers. Losing one loses nothing: the database is the truth.
pub trait Bus: Send + Sync + 'static {
    /// Something was appended to this feed.
    fn publish(&self, feed: FeedId);
}

/// For the only server on its database.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Bus for Alone {
    fn publish(&self, _feed: FeedId) {}
}
