//! Eight people who write and listen all the time, whatever becomes of the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use deskbell_protocol::{ConversationId, MessageId, Role, ServerFrame};
use deskbell_server::clock::{Clock as _, SystemClock};
use deskbell_testing::caller::{Answer, Caller};
use deskbell_testing::feed::TestFeed;
use deskbell_testing::history::History;
use deskbell_testing::random::Random;
use deskbell_testing::wait::eventually;
use serde_json::json;
use tokio::task::JoinSet;

use crate::people::Person;
use crate::place::Place;

/// An answer that takes longer is lost.
const ANSWER: Duration = Duration::from_secs(10);

/// The people at it.
pub struct Load {
    people: Vec<Person>,
    history: History,
    enough: Arc<AtomicBool>,
    writers: JoinSet<Writer>,
    listeners: JoinSet<()>,
}

impl Load {
    /// All of them begin; the server need not be there yet.
    pub fn begin(
        place: &Arc<Place>,
        people: Vec<Person>,
        history: &History,
        random: &mut Random,
    ) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let (mut writers, mut listeners) = (JoinSet::new(), JoinSet::new());
        for person in &people {
            let writer = Writer {
                place: Arc::clone(place),
                person: person.clone(),
                history: history.clone(),
                random: random.fork(),
                pending: None,
            };
            writers.spawn(writer.run(Arc::clone(&enough)));
            listeners.spawn(listen(Arc::clone(place), person.clone(), history.clone()));
        }
        Self {
            people,
            history: history.clone(),
            enough,
            writers,
            listeners,
        }
    }

    /// With the server up again: what was on its way is sent once more, and everybody hears all.
    pub async fn finish(mut self, place: &Place) -> Result<()> {
        self.enough.store(true, Ordering::SeqCst);
        while let Some(writer) = self.writers.join_next().await {
            let mut writer = writer?;
            eventually("what was on its way to be acknowledged", async || {
                writer.write_what_is_pending().await
            })
            .await?;
        }
        eventually("everybody to hear everything", async || {
            self.all_heard(place).await
        })
        .await?;
        self.listeners.shutdown().await;
        Ok(())
    }

    async fn all_heard(&self, place: &Place) -> Result<()> {
        let store = place.look().await?;
        for person in &self.people {
            let newest: i64 = sqlx::query_scalar("SELECT seq FROM feed WHERE id = $1")
                .bind(person.feed.to_string())
                .fetch_one(store.read())
                .await?;
            let heard = self.history.heard_by_all(person.feed);
            ensure!(
                heard == u64::try_from(newest).ok(),
                "{} of {newest} in {}: {heard:?}",
                person.name,
                person.feed
            );
        }
        store.close().await;
        Ok(())
    }
}

/// Waits until so many more texts are acknowledged.
pub async fn progress(history: &History, more: usize) -> Result<()> {
    let wanted = history.all_acknowledged().len() + more;
    eventually("the writers to get on", async || {
        let acknowledged = history.all_acknowledged().len();
        ensure!(acknowledged >= wanted, "{acknowledged} of {wanted}");
        Ok(())
    })
    .await
}

/// The answer to a text that is not taken.
pub async fn refused(person: &Person, history: &History) -> Result<Answer> {
    let path = format!("/v1/conversations/{}/messages", person.conversation);
    eventually("a text to be refused", async || {
        let id = MessageId(SystemClock.id());
        history.says(person.conversation, id, "no room");
        let wish = json!({"id": id, "body": "no room", "kind": "message"});
        let answer = person.caller.post(&path, wish).await?;
        ensure!(!answer.status.is_success(), "it was taken");
        Ok(answer)
    })
    .await
}

/// Somebody who writes one text after another.
struct Writer {
    place: Arc<Place>,
    person: Person,
    history: History,
    random: Random,
    /// What may or may not have reached the server.
    pending: Option<Text>,
}

#[derive(Clone)]
struct Text {
    id: MessageId,
    /// A conversation's first, or one more.
    is_first: bool,
    kind: &'static str,
    body: String,
}

impl Writer {
    async fn run(mut self, enough: Arc<AtomicBool>) -> Self {
        while !enough.load(Ordering::SeqCst) {
            if self.pending.is_none() {
                self.pending = Some(self.next());
            }
            if self.write_what_is_pending().await.is_err() {
                // Some ask again for what was not answered, some never do.
                if self.random.below(2) == 0 {
                    self.pending = None;
                }
                self.place.answers().await;
            }
        }
        self
    }

    fn next(&mut self) -> Text {
        let id = MessageId(SystemClock.id());
        let requester = self.person.role == Role::Requester;
        let is_first = requester && self.random.below(8) == 0;
        let is_note = !requester && self.random.below(4) == 0;
        let body = format!("{} says {id}", self.person.name);
        let conversation = if is_first {
            ConversationId(id.0)
        } else {
            self.person.conversation
        };
        self.history.says(conversation, id, &body);
        Text {
            id,
            is_first,
            kind: if is_note { "note" } else { "message" },
            body,
        }
    }

    /// An error when it cannot be known whether the server has it.
    async fn write_what_is_pending(&mut self) -> Result<()> {
        let Some(text) = self.pending.clone() else {
            return Ok(());
        };
        let answer = tokio::time::timeout(ANSWER, self.post(&text)).await??;
        match answer.status.as_u16() {
            200 | 201 => self.history.acknowledged(text.id),
            429 => {
                let seconds = answer.retry_after().unwrap_or(1);
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                return Ok(());
            }
            500 | 503 => anyhow::bail!("{answer:?}"),
            _ => self.history.fault(format!("{} got {answer:?}", text.body)),
        }
        self.pending = None;
        Ok(())
    }

    async fn post(&self, text: &Text) -> Result<Answer> {
        let caller: &Caller = &self.person.caller;
        if text.is_first {
            let wish = json!({"id": text.id, "description": text.body, "device_id": null});
            return caller.post("/v1/conversations", wish).await;
        }
        let path = format!("/v1/conversations/{}/messages", self.person.conversation);
        let wish = json!({"id": text.id, "body": text.body, "kind": text.kind});
        caller.post(&path, wish).await
    }
}

/// Listens for ever, and goes on where it was after every end.
async fn listen(place: Arc<Place>, mut person: Person, history: History) {
    let after = person.cursor.rsplit('.').next().unwrap().parse().unwrap();
    history.listens(&person.name, person.feed, after);
    loop {
        let ended = hear(&mut person, &history).await;
        debug_assert!(ended.is_err());
        place.answers().await;
    }
}

async fn hear(person: &mut Person, history: &History) -> Result<()> {
    let mut feed = TestFeed::silent(&person.caller).await?;
    let hello = feed.hello(Some(&person.cursor)).await?;
    if !matches!(hello, ServerFrame::Hello { .. }) {
        history.fault(format!("{} was sent {hello:?}", person.name));
    }
    loop {
        let (seq, event) = feed.event().await?;
        history.hears(&person.name, person.feed, seq, &event);
        person.cursor.clone_from(&feed.cursor);
    }
}
