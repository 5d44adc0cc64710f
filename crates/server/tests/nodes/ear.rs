//! Somebody who listens through everything: when their feed is closed they come again where they were.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use deskbell_protocol::ServerFrame;
use deskbell_server::feed::FeedId;
use deskbell_testing::caller::Caller;
use deskbell_testing::feed::{Message, TestFeed};
use deskbell_testing::history::History;
use tokio::task::JoinHandle;
use tokio::time::interval;

/// Ends when dropped.
pub struct Ear {
    task: JoinHandle<()>,
    ends: Arc<Mutex<Vec<Option<u16>>>>,
}

impl Ear {
    /// Begins now and listens at the first of these; each time the feed ends, at the next.
    pub async fn open(history: &History, name: &str, feed: FeedId, places: Vec<Caller>) -> Self {
        let open = TestFeed::open(&places[0]).await.unwrap();
        let after = open.cursor.rsplit_once('.').unwrap().1.parse().unwrap();
        history.listens(name, feed, after);
        let ends = Arc::default();
        let listening = Listening {
            history: history.clone(),
            name: name.to_owned(),
            feed,
            places,
            ends: Arc::clone(&ends),
        };
        let task = tokio::spawn(listening.run(open));
        Self { task, ends }
    }

    /// How the feeds ended so far: with these codes, or without any.
    pub fn ends(&self) -> Vec<Option<u16>> {
        self.ends.lock().unwrap().clone()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
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
        let mut pause = interval(Duration::from_millis(20));
        let mut place = 0;
        loop {
            let code = self.hear(&mut open).await;
            self.ends.lock().unwrap().push(code);
            open = loop {
                pause.tick().await;
                place = (place + 1) % self.places.len();
                if let Ok(feed) = TestFeed::resume(&self.places[place], &open.cursor).await {
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
