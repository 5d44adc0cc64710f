//! Somebody who listens through everything: when their feed is closed they come again where they were.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use deskbell_protocol::ServerFrame;
use deskbell_server::event_log::FeedId;
use tokio::task::JoinHandle;
use tokio::time::interval;

use crate::caller::Caller;
use crate::feed::{Message, TestFeed};
use crate::history::History;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// Notes in a history what is heard. Ends when dropped.
pub struct Ear {
    task: JoinHandle<()>,
    ends: Arc<Mutex<Vec<Option<u16>>>>,
}

impl Ear {
    /// Begins now and listens at the first of these; each time the feed ends, at the next.
    ///
    /// # Errors
    /// When the first one refuses, or there is none.
    pub async fn open(
        history: &History,
        name: &str,
        feed: FeedId,
        places: Vec<Caller>,
    ) -> Result<Self> {
        let open = TestFeed::open(places.first().context("a place to listen at")?).await?;
        let after = open.cursor.rsplit_once('.').context("a cursor")?.1;
        history.listens(name, feed, after.parse()?);
        let ends = Arc::default();
        let listening = Listening {
            history: history.clone(),
            name: name.to_owned(),
            feed,
            places,
            ends: Arc::clone(&ends),
        };
        let task = tokio::spawn(listening.run(open));
        Ok(Self { task, ends })
    }

    /// How the feeds ended so far: with these codes, or without any.
    #[must_use]
    pub fn ends(&self) -> Vec<Option<u16>> {
        locked(&self.ends).clone()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn locked<T>(ends: &Mutex<T>) -> MutexGuard<'_, T> {
    ends.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Listening {
    history: History,
    name: String,
    feed: FeedId,
    places: Vec<Caller>,
    ends: Arc<Mutex<Vec<Option<u16>>>>,
}

impl Listening {
    async fn run(self, mut open: TestFeed) {
        let mut pause = interval(PAUSE);
        // The first was tried already.
        let mut places = self.places.iter().cycle().skip(1);
        loop {
            let code = self.hear(&mut open).await;
            locked(&self.ends).push(code);
            open = loop {
                pause.tick().await;
                let Some(place) = places.next() else { return };
                if let Ok(feed) = TestFeed::resume(place, &open.cursor).await {
                    break feed;
                }
            };
        }
    }

    /// Hears until the end; its code, if it had one.
    async fn hear(&self, open: &mut TestFeed) -> Option<u16> {
        loop {
            match open.any_message().await {
                Ok(Message::Close(close)) => return close.map(|close| close.code.into()),
                Ok(Message::Text(text)) => match open.read(&text) {
                    Ok(ServerFrame::Event { seq, event, .. }) => {
                        self.history.hears(&self.name, self.feed, seq, &event);
                    }
                    Ok(ServerFrame::Resync { .. }) => {
                        self.history
                            .fault(format!("{} had to load anew", self.name));
                    }
                    _ => {}
                },
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }
}
