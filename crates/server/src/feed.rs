//! The feed: what changed, in order, to everyone who may see it.
//!
//! An event is appended in the transaction that causes it, with the next number of its feed. The
//! database is the only truth; waking readers up is a hint.

mod cursor;
mod elsewhere;
mod hear;
mod hub;
mod hydrate;
mod listener;
mod position;
mod presence;
mod queue;
pub mod revoke;
mod settings;
mod socket;
mod sync;
mod typing;
mod wake;
mod watch;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use deskbell_protocol::limits::close_code;
use deskbell_protocol::{AccountId, ConversationId};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::bus::{Bus, Heard, Link, Note, RemoteSocket, Traffic};
use crate::clock::Clock;
use crate::event_log::FeedId;
use crate::store::Store;
use elsewhere::Elsewhere;
use hub::Hub;
use listener::{Listener, ListenerId};
use presence::Presence;

pub use cursor::Cursor;
pub use settings::FeedSettings;
pub use socket::listen;
pub use sync::sync;

/// How long sockets may take to say goodbye when the server ends.
const GOODBYE: Duration = Duration::from_secs(3);

/// So many bits of a socket's name tell servers apart where the time does not.
const ID_NODE_BITS: u32 = 20;

/// Who listens, and how they are woken. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    settings: FeedSettings,
    bus: Bus,
    hub: Hub,
    presence: Presence,
    elsewhere: Elsewhere,
    revoked: Notify,
    gap: Notify,
    gone: Notify,
    is_closing: AtomicBool,
    is_database_there: AtomicBool,
    last_id: AtomicU64,
    started: Instant,
    beside: Mutex<Vec<JoinHandle<()>>>,
}

impl Inner {
    /// Milliseconds that only go forward, whatever happens to the clock.
    fn steady_millis(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Names a socket that is about to open. Names grow with the time, at all servers alike, so that
    /// the oldest is known even when a note comes late.
    fn next_id(&self) -> ListenerId {
        let millis = u64::try_from(self.clock.now().as_millis()).unwrap_or(0);
        let node = self.bus.node().map_or(0, |node| node.as_u64_pair().1);
        let now = millis << ID_NODE_BITS | node >> (u64::BITS - ID_NODE_BITS);
        let newer = |last: u64| now.max(last.saturating_add(1));
        let before = self
            .last_id
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(newer(last)));
        newer(before.unwrap_or_default())
    }

    /// A socket is open: the account's oldest goes if that is one too many, here or elsewhere.
    fn opened(&self, listener: &Arc<Listener>) {
        self.hub.add(listener);
        self.limit_sockets(listener.reader.account_id);
        if let Some(socket) = self.name_for_others(listener) {
            self.bus.say(Note::Opened(socket));
        }
        if self.is_closing.load(Ordering::SeqCst) {
            listener.close(close_code::RESTART);
        }
    }

    fn closed(&self, listener: &Listener) {
        let account = listener.reader.account_id;
        self.hub.remove(listener.reader.feed(), listener.id);
        if !self.hub.has(account) {
            self.elsewhere.forget(account);
        }
        if let Some(socket) = self.name_for_others(listener) {
            self.bus.say(Note::Gone(socket));
        }
        self.gone.notify_waiters();
    }

    fn limit_sockets(&self, account: AccountId) {
        self.hub.limit(account, &self.elsewhere.of(account));
    }

    fn name_for_others(&self, listener: &Listener) -> Option<RemoteSocket> {
        let node = self.bus.node()?;
        Some(RemoteSocket {
            node,
            account: listener.reader.account_id,
            number: listener.id,
        })
    }

    /// Whoever is at the socket looks at this conversation now, or at none.
    fn look(&self, listener: &Listener, conversation: Option<ConversationId>) {
        let changed = self
            .presence
            .look(listener.id, &listener.person, conversation);
        if !changed.is_empty() {
            self.say_who_looks();
            self.tell_onlookers(changed);
        }
    }

    /// Tells the other servers who looks at what here.
    fn say_who_looks(&self) {
        if let Some(node) = self.bus.node() {
            self.bus.say(Note::Looking(node, self.presence.here()));
        }
    }

    /// Tells the technicians here who looks at these conversations now.
    fn tell_onlookers(&self, conversations: Vec<ConversationId>) {
        for conversation in conversations {
            if let Some(frame) = socket::viewing(self, conversation) {
                self.hub
                    .tell(FeedId::Technicians, &frame, &self.settings, |_| true);
            }
        }
    }
}

impl Feed {
    /// Starts the watch over sessions, silence and old events, and listens to the other servers.
    #[must_use]
    pub fn start(
        store: Store,
        clock: Arc<dyn Clock>,
        settings: FeedSettings,
        (bus, heard): (Bus, Option<mpsc::Receiver<Heard>>),
    ) -> Self {
        let inner = Arc::new(Inner {
            store,
            clock,
            settings,
            bus,
            hub: Hub::default(),
            presence: Presence::default(),
            elsewhere: Elsewhere::default(),
            revoked: Notify::new(),
            gap: Notify::new(),
            gone: Notify::new(),
            is_closing: AtomicBool::new(false),
            is_database_there: AtomicBool::new(true),
            last_id: AtomicU64::new(0),
            started: Instant::now(),
            beside: Mutex::default(),
        });
        let watch = tokio::spawn(watch::watch(Arc::clone(&inner)));
        let hear = heard.map(|heard| tokio::spawn(hear::hear(Arc::clone(&inner), heard)));
        let mut beside = inner.beside.lock().unwrap_or_else(PoisonError::into_inner);
        beside.push(watch);
        beside.extend(hear);
        drop(beside);
        Self { inner }
    }

    /// Something was appended to this feed: brings it to those who listen, here and elsewhere.
    pub fn wake(&self, feed: FeedId) {
        self.inner.bus.say(Note::Appended(feed));
        wake::wake(&self.inner, feed);
    }

    /// Something was appended to the feeds that hear of this requester's conversations.
    pub fn wake_conversation(&self, requester: AccountId) {
        self.wake(FeedId::Requester(requester));
        self.wake(FeedId::Technicians);
    }

    /// Looks at once for sessions that were ended, rather than within a second.
    pub fn wake_revocations(&self) {
        self.inner.bus.say(Note::Appended(FeedId::Revocations));
        self.inner.revoked.notify_one();
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.inner.hub.count()
    }

    /// Whether the database answered when it was last asked, a moment ago.
    #[must_use]
    pub fn is_database_there(&self) -> bool {
        self.inner.is_database_there.load(Ordering::Relaxed)
    }

    /// How the bus to the other servers does.
    #[must_use]
    pub fn link(&self) -> Link {
        self.inner.bus.link()
    }

    /// How many notes went to and came from the other servers.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.inner.bus.traffic()
    }

    /// Lets every socket go with close code 1012 and ends what runs beside them.
    pub async fn shut_down(&self) {
        self.inner.is_closing.store(true, Ordering::SeqCst);
        self.inner
            .hub
            .each(|listener| listener.close(close_code::RESTART));
        let _ = tokio::time::timeout(GOODBYE, self.all_gone()).await;
        let mut beside = self
            .inner
            .beside
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for task in beside.drain(..) {
            task.abort();
        }
        drop(beside);
        self.inner.bus.close();
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
}
