//! People who write one message after the other, each again until it is acknowledged.

use std::time::Duration;

use anyhow::{Result, ensure};
use deskbell_protocol::{ConversationId, MessageId};
use deskbell_server::clock::{Clock, SystemClock};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval};

use crate::caller::{Answer, Caller};
use crate::history::History;
use crate::wait::eventually;

/// A text that is not taken for so long is a fault.
const NEVER: Duration = Duration::from_secs(60);

/// A conversation of `requester`'s that `technician` has taken.
///
/// # Errors
/// When the server refuses.
pub async fn chat(
    history: &History,
    requester: &Caller,
    technician: &Caller,
) -> Result<ConversationId> {
    let id = ConversationId(SystemClock.id());
    let text = "The printer is on fire";
    history.says(id, MessageId(id.0), text);
    let wish = json!({"id": id, "description": text, "device_id": null});
    let asked = requester.post("/v1/conversations", wish).await?;
    ensure!(asked.status == 201, "{asked:?}");
    history.acknowledged(MessageId(id.0));
    let wish = json!({"technician_id": "me", "replaces": null});
    let path = format!("/v1/conversations/{id}/assign");
    let taken = technician.post(&path, wish).await?;
    ensure!(taken.status == 200, "{taken:?}");
    Ok(id)
}

/// Hands a message to the server once.
///
/// # Errors
/// When it does not answer.
pub async fn post(who: &Caller, chat: ConversationId, id: MessageId, text: &str) -> Result<Answer> {
    let wish = json!({"id": id, "body": text, "kind": "message"});
    who.post(&format!("/v1/conversations/{chat}/messages"), wish)
        .await
}

/// The people at it.
pub struct Writers {
    stop: watch::Sender<bool>,
    writing: Vec<JoinHandle<()>>,
}

impl Writers {
    /// Each writes as often as this, in their conversation.
    #[must_use]
    pub fn start<'a>(
        history: &History,
        who: impl IntoIterator<Item = (&'a Caller, ConversationId)>,
        pace: Duration,
    ) -> Self {
        let stop = watch::Sender::new(false);
        let begin = |(number, (who, chat)): (usize, (&Caller, ConversationId))| {
            let writer = Writer {
                history: history.clone(),
                who: who.clone(),
                chat,
                name: format!("writer {number}"),
                stop: stop.subscribe(),
            };
            tokio::spawn(writer.run(pace))
        };
        let writing = who.into_iter().enumerate().map(begin).collect();
        Self { stop, writing }
    }

    /// Lets everyone finish the message they are at.
    ///
    /// # Errors
    /// When one of them came to an end before.
    pub async fn stop(self) -> Result<()> {
        self.stop.send_replace(true);
        for writer in self.writing {
            writer.await?;
        }
        Ok(())
    }
}

struct Writer {
    history: History,
    who: Caller,
    chat: ConversationId,
    name: String,
    stop: watch::Receiver<bool>,
}

impl Writer {
    async fn run(self, pace: Duration) {
        let mut tick = interval(pace);
        let mut number = 0;
        while !*self.stop.borrow() {
            number += 1;
            let (id, text) = (
                MessageId(SystemClock.id()),
                format!("{} {number}", self.name),
            );
            self.history.says(self.chat, id, &text);
            let deadline = Instant::now() + NEVER;
            loop {
                tick.tick().await;
                let answer = post(&self.who, self.chat, id, &text).await;
                match answer.map(|answer| answer.status.as_u16()) {
                    Ok(200 | 201) => break self.history.acknowledged(id),
                    Ok(429 | 500..) | Err(_) if Instant::now() < deadline => {}
                    other => break self.history.fault(format!("{text}: {other:?}")),
                }
            }
        }
    }
}

/// Waits until so many more messages are acknowledged.
///
/// # Errors
/// When that takes too long.
pub async fn more_are_acknowledged(history: &History, count: usize) -> Result<()> {
    let before = history.all_acknowledged().len();
    eventually("messages are written", async || {
        let more = history.all_acknowledged().len() - before;
        ensure!(more >= count, "{more} of {count}");
        Ok(())
    })
    .await
}

/// Waits until messages were written for so long.
///
/// # Errors
/// When nothing is written any more.
pub async fn written_for(history: &History, time: Duration) -> Result<()> {
    let end = Instant::now() + time;
    while Instant::now() < end {
        more_are_acknowledged(history, 1).await?;
    }
    Ok(())
}
