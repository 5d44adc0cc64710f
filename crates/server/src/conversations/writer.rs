//! Writing messages and notes down.
//!
//! Those that come while others are on their way to the disk wait, and share the next transaction:
//! one set of statements, one commit, one place in the queue for the technicians' feed. If one of
//! them cannot be written, each goes by itself.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::slice::from_ref;
use std::sync::Arc;

use deskbell_protocol::{ErrorCode, Message};
use futures_util::FutureExt;
use tokio::sync::{mpsc, oneshot};

use super::line::id_conflict;
use super::post::{Post, enter, existing};
use crate::clock::Clock;
use crate::event_log::FeedId;
use crate::failpoint::{Failpoint, failpoint};
use crate::feed::Feed;
use crate::refusal::Refusal;
use crate::store::Store;

/// Messages in one transaction.
const BATCH: usize = 64;

/// Takes messages to the task that writes them down. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Writer(mpsc::Sender<Waiting>);

/// A message, and who waits for it to be on the disk.
#[derive(Debug)]
struct Waiting {
    post: Post,
    answer: oneshot::Sender<Outcome>,
}

type Outcome = Result<Message, Refusal>;

impl Writer {
    /// Starts the task. It ends with the last copy of this.
    #[must_use]
    pub fn start(store: Store, clock: Arc<dyn Clock>, feed: Feed) -> Self {
        let (sender, waiting) = mpsc::channel(BATCH);
        let ledger = Ledger { store, clock, feed };
        tokio::spawn(write_all(ledger, waiting));
        Self(sender)
    }

    /// Writes it down and wakes those who hear it; it is on the disk when this returns.
    ///
    /// # Errors
    /// As [`super::send`].
    pub async fn write(&self, post: Post) -> Outcome {
        let (answer, outcome) = oneshot::channel();
        let waiting = Waiting { post, answer };
        if self.0.send(waiting).await.is_err() {
            return Err(Refusal::unavailable());
        }
        outcome
            .await
            .unwrap_or_else(|_| Err(Refusal::unavailable()))
    }
}

async fn write_all(ledger: Ledger, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let settled = ledger.settle(std::mem::take(&mut batch));
        // A panic is logged by its hook; the next messages are written all the same.
        let _ = AssertUnwindSafe(settled).catch_unwind().await;
    }
}

/// Where messages are written down, and who is told.
struct Ledger {
    store: Store,
    clock: Arc<dyn Clock>,
    feed: Feed,
}

impl Ledger {
    async fn settle(&self, batch: Vec<Waiting>) {
        let (posts, answers): (Vec<Post>, Vec<_>) = batch
            .into_iter()
            .map(|waiting| (waiting.post, waiting.answer))
            .unzip();
        let outcomes = self.outcomes(&posts).await;
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // Who has gone asks again with the same id.
            let _ = answer.send(outcome);
        }
    }

    async fn outcomes(&self, posts: &[Post]) -> Vec<Outcome> {
        if let [post] = posts {
            return vec![self.outcome(post).await];
        }
        match self.write(posts).await {
            Ok(messages) => messages.into_iter().map(Ok).collect(),
            // The database does not answer: it would not answer any of them.
            Err(refusal) if refusal.code() == ErrorCode::Unavailable => {
                vec![Err(refusal); posts.len()]
            }
            Err(_) => {
                let mut outcomes = Vec::with_capacity(posts.len());
                for post in posts {
                    outcomes.push(self.outcome(post).await);
                }
                outcomes
            }
        }
    }

    async fn outcome(&self, post: &Post) -> Outcome {
        match self.write(from_ref(post)).await {
            Ok(messages) => messages
                .into_iter()
                .next()
                .ok_or_else(|| Refusal::internal(&"no message was placed")),
            Err(refusal) => self.retried(post, refusal).await,
        }
    }

    /// All of them, or none.
    async fn write(&self, posts: &[Post]) -> Result<Vec<Message>, Refusal> {
        let mut tx = self.store.write().await?;
        let (messages, feeds) = match enter(&mut tx, posts, self.clock.now()).await {
            Ok(entered) => entered,
            Err(refusal) => {
                tx.rollback().await?;
                return Err(refusal);
            }
        };
        failpoint(Failpoint::BeforeCommit);
        tx.commit().await?;
        self.wake(feeds);
        failpoint(Failpoint::BeforeAck);
        Ok(messages)
    }

    fn wake(&self, feeds: BTreeSet<FeedId>) {
        for feed in feeds {
            self.feed.wake(feed);
        }
    }

    /// A message that cannot be written may have been written before: then it is acknowledged again,
    /// and told again in case the first time was cut short.
    async fn retried(&self, post: &Post, refusal: Refusal) -> Outcome {
        match existing(&self.store, post.reader.side, post.wish.id).await? {
            Some((existing, feeds)) if post.is(&existing) => {
                self.wake(feeds);
                Ok(existing)
            }
            Some(_) => Err(id_conflict()),
            None => Err(refusal),
        }
    }
}
