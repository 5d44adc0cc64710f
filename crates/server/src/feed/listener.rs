//! One open socket, as the rest of the server sees it.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use deskbell_protocol::limits::close_code;
use deskbell_protocol::{Person, SessionId, Timestamp};
use tokio::sync::Notify;

use super::queue::{Frame, Queue, Work};
use super::settings::FeedSettings;
use crate::conversations::Reader;
use crate::identity::session::Session;

/// Names an open socket within this process; one that was opened later has a greater name.
pub type ListenerId = u64;

/// An employee's open socket counts as use of the session, written down this often.
const USE_MILLIS: i64 = 12 * 3_600_000;

/// When to look at the session again.
fn due_at(session: &Session, time: Timestamp) -> Timestamp {
    session.deadline().min(time.plus_millis(USE_MILLIS))
}

/// One open socket.
#[derive(Debug)]
pub struct Listener {
    /// Its name within this process.
    pub id: ListenerId,
    /// Who listens.
    pub reader: Reader,
    /// Who that is to others.
    pub person: Person,
    /// The session it was opened with.
    pub session_id: SessionId,
    due_at: AtomicI64,
    heard_at: AtomicU64,
    pinged_at: AtomicU64,
    typed_at: AtomicU64,
    is_live: AtomicBool,
    has_viewed: AtomicBool,
    queue: Mutex<Queue>,
    work: Notify,
}

impl Listener {
    /// A socket that was opened at this time; `now` is in milliseconds of the process's steady clock.
    #[must_use]
    pub fn new(id: ListenerId, session: &Session, time: Timestamp, now: u64) -> Self {
        let account = &session.account;
        Self {
            id,
            reader: Reader::of(session),
            person: Person {
                id: account.id,
                name: account.name.clone(),
                role: account.role,
            },
            session_id: session.id,
            due_at: AtomicI64::new(due_at(session, time).as_millis()),
            heard_at: AtomicU64::new(now),
            pinged_at: AtomicU64::new(now),
            typed_at: AtomicU64::new(0),
            is_live: AtomicBool::new(false),
            has_viewed: AtomicBool::new(false),
            queue: Mutex::default(),
            work: Notify::new(),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Nothing in there is left half done by a panic.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a frame; an event that finds no room closes the socket, which then resumes.
    pub fn push(&self, frame: Frame, settings: &FeedSettings) {
        let is_event = matches!(frame, Frame::Event(..));
        let mut queue = self.queue();
        let taken = queue.push(frame, settings.queue_events, settings.queue_bytes);
        if !taken && is_event {
            queue.close(close_code::SLOW);
        }
        drop(queue);
        self.work.notify_one();
    }

    /// Asks for the end, with this code.
    pub fn close(&self, code: u16) {
        self.queue().close(code);
        self.work.notify_one();
    }

    /// Whether the end was asked for.
    pub fn is_closing(&self) -> bool {
        self.queue().is_closing()
    }

    /// Asks for a look at the session.
    pub fn recheck(&self) {
        self.queue().recheck();
        self.work.notify_one();
    }

    /// Asks for a ping.
    pub fn ping(&self, now: u64) {
        self.pinged_at.store(now, Ordering::Relaxed);
        self.queue().ping();
        self.work.notify_one();
    }

    /// What is to be done next, if anything.
    pub fn take(&self) -> Option<Work> {
        self.queue().take()
    }

    /// Waits until there may be something to do.
    pub async fn wait(&self) {
        self.work.notified().await;
    }

    /// The peer has sent something.
    pub fn heard(&self, now: u64) {
        self.heard_at.store(now, Ordering::Relaxed);
        self.pinged_at.store(now, Ordering::Relaxed);
    }

    /// How long the peer has been silent, in milliseconds.
    pub fn silence_millis(&self, now: u64) -> u64 {
        now.saturating_sub(self.heard_at.load(Ordering::Relaxed))
    }

    /// How long since it was last heard or pinged, in milliseconds.
    pub fn unpinged_millis(&self, now: u64) -> u64 {
        now.saturating_sub(self.pinged_at.load(Ordering::Relaxed))
    }

    /// Whether it is time to look at the session again: it may be over.
    pub fn is_due(&self, time: Timestamp) -> bool {
        time.as_millis() >= self.due_at.load(Ordering::Relaxed)
    }

    /// The session was looked at and lives.
    pub fn looked_at(&self, session: &Session, time: Timestamp) {
        self.due_at
            .store(due_at(session, time).as_millis(), Ordering::Relaxed);
    }

    /// Whether typing may be told again; at most once in so many milliseconds.
    pub fn may_type(&self, now: u64, every_millis: u64) -> bool {
        let last = self.typed_at.swap(now, Ordering::Relaxed);
        last == 0 || now.saturating_sub(last) >= every_millis
    }

    /// Whether it says for the first time what it shows: a console does so by itself.
    pub fn is_first_view(&self) -> bool {
        !self.has_viewed.swap(true, Ordering::Relaxed)
    }

    /// Whether it hears events as they happen, rather than catching up.
    pub fn is_live(&self) -> bool {
        self.is_live.load(Ordering::Relaxed)
    }

    /// From now on it hears events as they happen.
    pub fn set_live(&self) {
        self.is_live.store(true, Ordering::Relaxed);
    }
}
