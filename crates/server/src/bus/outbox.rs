//! Notes that wait to be sent. What would only be said again is said once.

use std::collections::{HashSet, VecDeque};

use super::note::Note;
use crate::event_log::FeedId;

/// Notes about sockets and typing that may wait; beyond that the oldest are dropped.
const MOST: usize = 10_000;

/// Notes that wait to be sent.
#[derive(Debug, Default)]
pub struct Outbox {
    feeds: HashSet<FeedId>,
    looking: Option<Note>,
    others: VecDeque<Note>,
}

impl Outbox {
    /// Adds one.
    pub fn put(&mut self, note: Note) {
        match note {
            Note::Appended(feed) => {
                self.feeds.insert(feed);
            }
            Note::Looking(..) => self.looking = Some(note),
            Note::Typing(..) | Note::Opened(_) | Note::Gone(_) => {
                if self.others.len() >= MOST {
                    self.others.pop_front();
                }
                self.others.push_back(note);
            }
        }
    }

    /// Takes all that wait.
    pub fn take(&mut self) -> impl Iterator<Item = Note> + use<> {
        let feeds = std::mem::take(&mut self.feeds);
        let others = std::mem::take(&mut self.others);
        let looking = self.looking.take();
        let feeds = feeds.into_iter().map(Note::Appended);
        feeds.chain(others).chain(looking)
    }
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::{AccountId, ConversationId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_feed_that_many_wrote_to_is_named_once() {
        let mut outbox = Outbox::default();
        for _ in 0..1_000 {
            outbox.put(Note::Appended(FeedId::Technicians));
        }
        let sent: Vec<Note> = outbox.take().collect();
        assert_eq!(sent, [Note::Appended(FeedId::Technicians)]);
        assert_eq!(outbox.take().count(), 0, "what was taken waits no more");
    }

    #[test]
    fn a_flood_keeps_no_more_than_a_bound() {
        let mut outbox = Outbox::default();
        let (chat, person) = (
            ConversationId(Uuid::from_u128(1)),
            AccountId(Uuid::from_u128(2)),
        );
        for _ in 0..MOST + 5 {
            outbox.put(Note::Typing(chat, person));
        }
        assert_eq!(outbox.take().count(), MOST);
    }
}
