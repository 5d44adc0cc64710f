//! The bus through NATS core subjects: at most once, in no order, nothing kept there.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::{Client, Event, Message, Subscriber};
use futures_util::StreamExt;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::note::{NodeId, Note};
use super::outbox::Outbox;
use super::servers::Servers;
use super::{Heard, Traffic};

const FLUSH: Duration = Duration::from_secs(1);

/// The connection to the NATS servers.
#[derive(Debug)]
pub struct Nats {
    node: NodeId,
    prefix: String,
    outbox: Mutex<Outbox>,
    work: Notify,
    is_up: AtomicBool,
    sent: AtomicU64,
    heard: AtomicU64,
    ignored: AtomicU64,
    running: Mutex<Option<JoinHandle<()>>>,
}

impl Nats {
    pub(super) fn start(
        servers: Servers,
        epoch: &str,
        node: NodeId,
        heard: mpsc::Sender<Heard>,
    ) -> Arc<Self> {
        let nats = Arc::new(Self {
            node,
            prefix: format!("deskbell.{epoch}."),
            outbox: Mutex::default(),
            work: Notify::new(),
            is_up: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            heard: AtomicU64::new(0),
            ignored: AtomicU64::new(0),
            running: Mutex::default(),
        });
        let running = tokio::spawn(run(Arc::clone(&nats), servers, heard));
        *nats.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        nats
    }

    pub(super) fn node(&self) -> NodeId {
        self.node
    }

    pub(super) fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    pub(super) fn traffic(&self) -> Traffic {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic {
            sent: count(&self.sent),
            heard: count(&self.heard),
            ignored: count(&self.ignored),
        }
    }

    pub(super) fn say(&self, note: Note) {
        // While nobody can be reached the others look at the database by themselves.
        if self.is_up() {
            self.outbox().put(note);
            self.work.notify_one();
        }
    }

    pub(super) fn close(&self) {
        let running = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(running) = running {
            running.abort();
        }
    }

    fn outbox(&self) -> std::sync::MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn send_waiting(&self, client: &Client) {
        let waiting: Vec<Note> = self.outbox().take().collect();
        for note in waiting.into_iter().filter(|_| self.is_up()) {
            let subject = format!("{}{}", self.prefix, note.subject());
            match client.publish(subject, note.payload().into()).await {
                Ok(()) => self.sent.fetch_add(1, Ordering::Relaxed),
                Err(error) => {
                    tracing::warn!(%error, "a note to the other servers could not be sent");
                    return;
                }
            };
        }
    }

    /// What came, if it is a note of ours.
    fn read(&self, message: &Message) -> Option<Heard> {
        let subject = message.subject.strip_prefix(self.prefix.as_str());
        let note = subject.and_then(|subject| Note::read(subject, &message.payload));
        let counter = if note.is_some() {
            &self.heard
        } else {
            &self.ignored
        };
        counter.fetch_add(1, Ordering::Relaxed);
        note.map(Heard::Note)
    }

    /// What a change of the connection means; nothing for those that mean nothing.
    fn notice(&self, event: &Event) -> Option<Heard> {
        match event {
            Event::Connected => {
                self.is_up.store(true, Ordering::Relaxed);
                tracing::info!("the bus is up");
                Some(Heard::Gap)
            }
            Event::Disconnected | Event::Closed => {
                self.is_up.store(false, Ordering::Relaxed);
                tracing::warn!("the bus is down; looking at the database instead");
                Some(Heard::Gap)
            }
            Event::SlowConsumer(_) => Some(Heard::Gap),
            other => {
                tracing::warn!(event = %other, "the bus has trouble");
                None
            }
        }
    }
}

/// Connects, and carries notes both ways until it is aborted.
async fn run(nats: Arc<Nats>, servers: Servers, heard: mpsc::Sender<Heard>) {
    let (told, events) = mpsc::unbounded_channel();
    let connected = match servers.options(told) {
        Ok(options) => options
            .connect(&servers.addresses)
            .await
            .map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let client = match connected {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "the bus cannot be used"),
    };
    let all = format!("{}>", nats.prefix);
    match client.subscribe(all).await {
        Ok(subscriber) => {
            tokio::join!(
                send(&nats, &client),
                receive(&nats, &client, subscriber, events, heard),
            );
        }
        Err(error) => tracing::error!(%error, "the bus cannot be listened to"),
    }
}

async fn send(nats: &Nats, client: &Client) {
    loop {
        nats.work.notified().await;
        nats.send_waiting(client).await;
    }
}

async fn receive(
    nats: &Nats,
    client: &Client,
    mut subscriber: Subscriber,
    mut events: mpsc::UnboundedReceiver<Event>,
    heard: mpsc::Sender<Heard>,
) {
    loop {
        let news = tokio::select! {
            Some(event) = events.recv() => {
                let news = nats.notice(&event);
                if event == Event::Connected {
                    // Who looks at the database now must hear what comes after.
                    let _ = timeout(FLUSH, client.flush()).await;
                }
                news
            }
            Some(message) = subscriber.next() => nats.read(&message),
            else => return,
        };
        if let Some(news) = news
            && heard.send(news).await.is_err()
        {
            return;
        }
    }
}
