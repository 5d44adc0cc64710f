//! The feed: what changed, in order, to everyone who may see it.
//!
//! An event is appended in the transaction that causes it, with the next number of its feed. The
//! database is the only truth; waking readers up is a hint.

mod cursor;
mod hub;
mod hydrate;
mod listener;
mod log;
mod position;
mod presence;
mod queue;
pub mod revoke;
mod settings;
mod socket;
mod sync;
mod wake;
mod watch;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deskbell_protocol::AccountId;
use deskbell_protocol::limits::close_code;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::bus::{Alone, Bus};
use crate::clock::Clock;
use crate::store::Store;
use hub::Hub;
use presence::Presence;

pub use cursor::Cursor;
pub use log::{Change, FeedId, append};
pub(crate) use log::{reserve, write};
pub use settings::FeedSettings;
pub use socket::listen;
pub use sync::sync;

/// How long sockets may take to say goodbye when the server ends.
const GOODBYE: Duration = Duration::from_secs(3);

/// Who listens, and how they are woken. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    settings: FeedSettings,
    bus: Box<dyn Bus>,
    hub: Hub,
    presence: Presence,
    revoked: Notify,
    gone: Notify,
    next_id: AtomicU64,
    started: Instant,
    watch: Mutex<Option<JoinHandle<()>>>,
}

impl Inner {
    /// Milliseconds that only go forward, whatever happens to the clock.
    fn steady_millis(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Feed {
    /// Starts the watch over sessions, silence and old events.
    #[must_use]
    pub fn start(store: Store, clock: Arc<dyn Clock>, settings: FeedSettings) -> Self {
        let inner = Arc::new(Inner {
            store,
            clock,
            settings,
            bus: Box::new(Alone),
            hub: Hub::default(),
            presence: Presence::default(),
            revoked: Notify::new(),
            gone: Notify::new(),
            next_id: AtomicU64::new(1),
            started: Instant::now(),
            watch: Mutex::default(),
        });
        let watch = tokio::spawn(watch::watch(Arc::clone(&inner)));
        *inner.watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(watch);
        Self { inner }
    }

    /// Something was appended to this feed: brings it to those who listen, here and elsewhere.
    pub fn wake(&self, feed: FeedId) {
        self.inner.bus.publish(feed);
        wake::wake(&self.inner, feed);
    }

    /// Something was appended to the feeds that hear of this requester's conversations.
    pub fn wake_conversation(&self, requester: AccountId) {
        self.wake(FeedId::Requester(requester));
        self.wake(FeedId::Technicians);
    }

    /// Looks at once for sessions that were ended, rather than within a second.
    pub fn wake_revocations(&self) {
        self.inner.bus.publish(FeedId::Revocations);
        self.inner.revoked.notify_one();
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.inner.hub.count()
    }

    /// Lets every socket go with close code 1012 and ends what runs beside them.
    pub async fn shut_down(&self) {
        self.inner
            .hub
            .each(|listener| listener.close(close_code::RESTART));
        let _ = tokio::time::timeout(GOODBYE, self.all_gone()).await;
        let watch = self
            .inner
            .watch
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(watch) = watch {
            watch.abort();
        }
    }

    async fn all_gone(&self) {
        loop {
            let gone = self.inner.gone.notified();
            if self.sockets() == 0 {
                return;
            }
            gone.await;
        }
    }

    fn next_id(&self) -> u64 {
        self.inner.next_id.fetch_add(1, Ordering::Relaxed)
    }
}
