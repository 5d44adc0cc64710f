//! A mailbox in memory: where the demo's and the tests' letters go.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use deskbell_protocol::Timestamp;
use serde::Serialize;
use tokio::sync::watch;

use super::Channel;

const KEPT: usize = 200;

/// A letter that has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Posted {
    /// The e-mail address or number.
    pub to: String,
    /// How it came.
    pub channel: Channel,
    /// The whole text.
    pub text: String,
    /// When it came.
    pub sent_at: Timestamp,
}

impl Posted {
    /// The first six digits that stand together: the code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let mut words = self.text.split(|c: char| !c.is_ascii_digit());
        words.find(|word| word.len() == deskbell_protocol::limits::CODE_DIGITS)
    }
}

/// The mailbox. Cheap to clone; keeps the newest letters.
#[derive(Clone)]
pub struct Mailbox {
    letters: Arc<Mutex<VecDeque<Posted>>>,
    count: watch::Sender<u64>,
    echo: Option<fn(&Posted)>,
}

impl Default for Mailbox {
    fn default() -> Self {
        Self {
            letters: Arc::default(),
            count: watch::Sender::new(0),
            echo: None,
        }
    }
}

impl Mailbox {
    /// A mailbox that shows every letter to `echo` as it comes.
    #[must_use]
    pub fn with_echo(echo: fn(&Posted)) -> Self {
        Self {
            echo: Some(echo),
            ..Self::default()
        }
    }

    /// Takes a letter.
    pub fn keep(&self, channel: Channel, to: &str, text: String, now: Timestamp) {
        let posted = Posted {
            to: to.to_owned(),
            channel,
            text,
            sent_at: now,
        };
        if let Some(echo) = self.echo {
            echo(&posted);
        }
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push_back(posted);
        if letters.len() > KEPT {
            letters.pop_front();
        }
        drop(letters);
        self.count.send_modify(|count| *count += 1);
    }

    /// All letters, oldest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Posted> {
        let letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        letters.iter().cloned().collect()
    }

    /// Counts the letters that ever came; changes when one does.
    #[must_use]
    pub fn arrivals(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    /// Waits until `wanted` letters to this person have come, and gives the newest.
    pub async fn nth_to(&self, to: &str, wanted: usize) -> Option<Posted> {
        let mut arrivals = self.arrivals();
        loop {
            arrivals.borrow_and_update();
            let theirs: Vec<Posted> = self.letters().into_iter().filter(|l| l.to == to).collect();
            if theirs.len() >= wanted {
                return theirs.into_iter().next_back();
            }
            arrivals.changed().await.ok()?;
        }
    }
}
