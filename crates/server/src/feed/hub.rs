//! Who listens to which feed in this process, and the pump that brings each feed's events to them.
//!
//! A feed that somebody listens to has a position: everything up to it was handed to its live
//! listeners. Waking a feed reads what came after, once, and hands the same bytes to all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deskbell_protocol::AccountId;
use deskbell_protocol::limits::{SOCKETS_PER_ACCOUNT, close_code};

use super::listener::{Listener, ListenerId};
use super::queue::Frame;
use super::settings::FeedSettings;
use crate::event_log::FeedId;

/// Who listens.
#[derive(Debug, Default)]
pub struct Hub {
    feeds: Mutex<HashMap<FeedId, Channel>>,
}

/// A feed that somebody listens to.
#[derive(Debug, Default)]
struct Channel {
    listeners: Vec<Arc<Listener>>,
    position: Option<u64>,
    is_dirty: bool,
    is_pumping: bool,
}

/// Whether a listener that has caught up may go live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// It hears what comes after; somebody must pump if told so.
    Live {
        /// Something was appended meanwhile.
        pump: bool,
    },
    /// The feed has moved on: catch up again.
    Behind,
}

/// The account's listeners that are not about to go.
fn of_account(
    feeds: &HashMap<FeedId, Channel>,
    account: AccountId,
) -> impl Iterator<Item = &Arc<Listener>> {
    [FeedId::Requester(account), FeedId::Technicians]
        .into_iter()
        .filter_map(|feed| feeds.get(&feed))
        .flat_map(|channel| &channel.listeners)
        .filter(move |listener| listener.reader.account_id == account && !listener.is_closing())
}

impl Hub {
    fn feeds(&self) -> MutexGuard<'_, HashMap<FeedId, Channel>> {
        // Nothing in there is left half done by a panic.
        self.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a listener.
    pub fn add(&self, listener: &Arc<Listener>) {
        let mut feeds = self.feeds();
        let channel = feeds.entry(listener.reader.feed()).or_default();
        channel.listeners.push(Arc::clone(listener));
    }

    /// Lets the account's oldest listeners go if it has too many, together with those elsewhere.
    pub fn limit(&self, account: AccountId, elsewhere: &[ListenerId]) {
        let feeds = self.feeds();
        let own: Vec<_> = of_account(&feeds, account).collect();
        let ids = own.iter().map(|listener| listener.id);
        let ids: Vec<ListenerId> = ids.chain(elsewhere.iter().copied()).collect();
        for listener in own {
            let newer = ids.iter().filter(|id| **id > listener.id);
            if newer.count() >= SOCKETS_PER_ACCOUNT {
                listener.close(close_code::REPLACED);
            }
        }
    }

    /// Whether the account listens.
    pub fn has(&self, account: AccountId) -> bool {
        of_account(&self.feeds(), account).next().is_some()
    }

    /// Removes a listener, and the feed with the last one.
    pub fn remove(&self, feed: FeedId, id: ListenerId) {
        let mut feeds = self.feeds();
        if let Some(channel) = feeds.get_mut(&feed) {
            channel.listeners.retain(|listener| listener.id != id);
            if channel.listeners.is_empty() && !channel.is_pumping {
                feeds.remove(&feed);
            }
        }
    }

    /// Lets a listener that knows everything up to `seq` hear what comes after.
    pub fn join(&self, listener: &Listener, seq: u64) -> Joined {
        let mut feeds = self.feeds();
        let channel = feeds.entry(listener.reader.feed()).or_default();
        if channel.position.is_some_and(|position| position > seq) {
            return Joined::Behind;
        }
        channel.position.get_or_insert(seq);
        listener.set_live();
        let pump = channel.is_dirty && !channel.is_pumping;
        channel.is_pumping |= pump;
        Joined::Live { pump }
    }

    /// Something was appended to the feed. Returns whether the caller must pump it.
    pub fn mark(&self, feed: FeedId) -> bool {
        let mut feeds = self.feeds();
        let Some(channel) = feeds.get_mut(&feed) else {
            return false;
        };
        channel.is_dirty = true;
        let pump = channel.position.is_some() && !channel.is_pumping;
        channel.is_pumping |= pump;
        pump
    }

    /// The feed stands at `newest`. Returns whether the caller must pump it, because a wake-up was
    /// lost or came from another server.
    pub fn compare(&self, feed: FeedId, newest: u64) -> bool {
        let mut feeds = self.feeds();
        let Some(channel) = feeds.get_mut(&feed) else {
            return false;
        };
        let is_behind = channel.position.is_some_and(|position| position < newest);
        if !is_behind || channel.is_pumping {
            return false;
        }
        channel.is_dirty = true;
        channel.is_pumping = true;
        true
    }

    /// Where the one who pumps shall read on; nothing when it is done.
    pub fn next(&self, feed: FeedId) -> Option<u64> {
        let mut feeds = self.feeds();
        let channel = feeds.get_mut(&feed)?;
        if channel.listeners.is_empty() {
            feeds.remove(&feed);
            return None;
        }
        if channel.is_dirty && channel.position.is_some() {
            channel.is_dirty = false;
            return channel.position;
        }
        channel.is_pumping = false;
        None
    }

    /// Hands an event to all live listeners.
    pub fn hand_out(&self, feed: FeedId, frame: &Frame, settings: &FeedSettings) {
        let mut feeds = self.feeds();
        let Some(channel) = feeds.get_mut(&feed) else {
            return;
        };
        if let Frame::Event(seq, _) = frame {
            channel.position = Some(*seq);
        }
        for listener in channel
            .listeners
            .iter()
            .filter(|listener| listener.is_live())
        {
            listener.push(frame.clone(), settings);
        }
    }

    /// There is more to read.
    pub fn retry(&self, feed: FeedId) {
        if let Some(channel) = self.feeds().get_mut(&feed) {
            channel.is_dirty = true;
        }
    }

    /// Hands something that is not stored to those listeners of the feed who are meant.
    pub fn tell(
        &self,
        feed: FeedId,
        frame: &Frame,
        settings: &FeedSettings,
        is_meant: impl Fn(&Listener) -> bool,
    ) {
        let feeds = self.feeds();
        let listeners = feeds.get(&feed).map(|channel| channel.listeners.iter());
        for listener in listeners.into_iter().flatten() {
            if listener.is_live() && is_meant(listener) {
                listener.push(frame.clone(), settings);
            }
        }
    }

    /// Runs through all listeners.
    pub fn each(&self, mut visit: impl FnMut(&Listener)) {
        for channel in self.feeds().values() {
            for listener in &channel.listeners {
                visit(listener);
            }
        }
    }

    /// How many listen.
    pub fn count(&self) -> usize {
        self.feeds()
            .values()
            .map(|channel| channel.listeners.len())
            .sum()
    }
}
