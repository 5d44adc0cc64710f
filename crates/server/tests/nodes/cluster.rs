//! Three servers and what they need, with people who are signed in.

use std::time::Duration;

use anyhow::Result;
use deskbell_protocol::{AccountId, ConversationId, MessageId};
use deskbell_server::clock::{Clock, SystemClock};
use deskbell_server::feed::FeedId;
use deskbell_server::identity::key::ServerKey;
use deskbell_server::store::{Purpose, Store};
use deskbell_testing::caller::{Answer, Caller};
use deskbell_testing::folder::open_folder;
use deskbell_testing::haproxy::Haproxy;
use deskbell_testing::history::History;
use deskbell_testing::nats::{self, Nats};
use deskbell_testing::node::Node;
use deskbell_testing::people::{People, TestTechnician};
use deskbell_testing::postgres::Postgres;
use deskbell_testing::wait::eventually;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval};

pub const METRICS_TOKEN: &str = "metrics-token";
/// The address people know; nothing listens there in these tests.
const PUBLIC: &str = "https://help.example.com";

/// Servers on one database. `nodes` are asked directly, or all of them through `proxy`.
pub struct Cluster {
    pub nodes: Vec<Node>,
    pub proxy: Haproxy,
    pub nats: Nats,
    pub store: Store,
    pub postgres: Postgres,
    key: ServerKey,
    _folder: TempDir,
}

/// Somebody who is signed in.
pub struct Person {
    pub caller: Caller,
    pub id: AccountId,
}

impl Cluster {
    pub async fn start() -> Self {
        Self::with("", &[&[], &[], &[]]).await.unwrap()
    }

    /// With more settings, and each server with these variables in its environment.
    pub async fn with(more: &str, variables: &[&[(&str, &str)]]) -> Result<Self> {
        let (postgres, nats) = tokio::try_join!(Postgres::start(), Nats::start())?;
        let database = postgres.database().await?;
        let folder = open_folder()?;
        let key_file = folder.path().join("server.key");
        let key = ServerKey::load_or_create(&key_file)?;
        let settings = format!(
            "public_url = \"{PUBLIC}\"\ndatabase_url = \"{database}\"\nkey_file = {key_file:?}\n\
             drain_seconds = 1\n[proxy]\ntrusted = [\"127.0.0.0/8\"]\n\
             [metrics]\ntoken = \"{METRICS_TOKEN}\"\n\
             [bus]\nservers = [\"{}\"]\nuser = \"{}\"\npassword = \"{}\"\n{more}",
            nats.url(),
            nats::USER,
            nats::PASSWORD,
        );
        let program = env!("CARGO_BIN_EXE_deskbell-server");
        let starting = variables
            .iter()
            .map(|variables| Node::start_with(program, &settings, variables));
        let nodes = futures_util::future::try_join_all(starting).await?;
        let addresses: Vec<_> = nodes.iter().map(Node::address).collect();
        let proxy = Haproxy::start(&addresses).await?;
        let store = Store::open(&database, Purpose::Tool, &SystemClock).await?;
        let cluster = Self {
            nodes,
            proxy,
            nats,
            store,
            postgres,
            key,
            _folder: folder,
        };
        cluster.all_say("ok").await;
        Ok(cluster)
    }

    /// Waits until every server says this of itself.
    pub async fn all_say(&self, status: &str) {
        for node in &self.nodes {
            eventually(&format!("a server says it is {status}"), async || {
                let health = node.anyone().get("/healthz").await?.body;
                anyhow::ensure!(health["status"] == status, "it says {health}");
                Ok(())
            })
            .await
            .unwrap();
        }
    }

    fn people(&self) -> People<'_> {
        People {
            store: &self.store,
            key: &self.key,
            clock: &SystemClock,
        }
    }

    pub async fn requester(&self, name: &str) -> Person {
        let email = self.people().requester_of("Harbour & Finch", name).await;
        self.session(&email.unwrap()).await
    }

    pub async fn technician(&self, name: &str) -> Person {
        let technician = self.new_technician(name).await;
        self.session(&technician.email).await
    }

    pub async fn new_technician(&self, name: &str) -> TestTechnician {
        self.people().technician(name, false).await.unwrap()
    }

    /// Another session for somebody.
    pub async fn session(&self, email: &str) -> Person {
        let (role, token) = self.people().session(email).await.unwrap();
        let caller = Caller::of(&self.proxy.url())
            .with(role, &token)
            .header("origin", PUBLIC);
        let me = caller.get("/v1/me").await.unwrap().body;
        let id = serde_json::from_value(me["account"]["id"].clone()).unwrap();
        Person { caller, id }
    }

    /// The same person, asking this server.
    pub fn at(&self, node: usize, who: &Person) -> Caller {
        who.caller.at(&self.nodes[node].url())
    }

    /// The newest number of a feed.
    pub async fn newest(&self, feed: FeedId) -> u64 {
        let newest: i64 = sqlx::query_scalar("SELECT seq FROM feed WHERE id = $1")
            .bind(feed.to_string())
            .fetch_one(self.store.read())
            .await
            .unwrap();
        u64::try_from(newest).unwrap()
    }

    /// Waits until everyone who listens has heard all there is, then holds it against the record.
    pub async fn check(&self, history: &History, feeds: &[FeedId]) {
        for feed in feeds {
            let newest = self.newest(*feed).await;
            eventually("everyone has heard everything", async || {
                let heard = history.heard_by_all(*feed);
                anyhow::ensure!(heard >= Some(newest), "{heard:?} of {newest} in {feed}");
                Ok(())
            })
            .await
            .unwrap();
        }
        history.check(&self.store).await.unwrap();
    }
}

/// A conversation of `requester`'s that `technician` has taken.
pub async fn chat(history: &History, requester: &Person, technician: &Person) -> ConversationId {
    let id = ConversationId(SystemClock.id());
    let text = "The printer is on fire";
    history.says(id, MessageId(id.0), text);
    let wish = json!({"id": id, "description": text, "device_id": null});
    let asked = requester.caller.post("/v1/conversations", wish).await;
    assert_eq!(asked.unwrap().status, 201);
    history.acknowledged(MessageId(id.0));
    let wish = json!({"technician_id": "me", "replaces": null});
    let path = format!("/v1/conversations/{id}/assign");
    let taken = technician.caller.post(&path, wish).await.unwrap();
    assert_eq!(taken.status, 200, "{taken:?}");
    id
}

/// Hands a message to the server once.
pub async fn post(who: &Caller, chat: ConversationId, id: MessageId, text: &str) -> Result<Answer> {
    let wish: Value = json!({"id": id, "body": text, "kind": "message"});
    who.post(&format!("/v1/conversations/{chat}/messages"), wish)
        .await
}

/// People who write one message after the other, each again until it is acknowledged.
pub struct Writers {
    stop: watch::Sender<bool>,
    writing: Vec<JoinHandle<()>>,
}

impl Writers {
    /// Each writes as often as this.
    pub fn start(history: &History, chat: ConversationId, who: &[&Caller], pace: Duration) -> Self {
        let stop = watch::Sender::new(false);
        let begin = |(number, who): (usize, &&Caller)| {
            let writer = Writer {
                history: history.clone(),
                who: (*who).clone(),
                chat,
                name: format!("writer {number}"),
                stop: stop.subscribe(),
            };
            tokio::spawn(writer.run(pace))
        };
        let writing = who.iter().enumerate().map(begin).collect();
        Self { stop, writing }
    }

    /// Lets everyone finish the message they are at.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for writer in self.writing {
            writer.await.unwrap();
        }
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
            let deadline = Instant::now() + Duration::from_secs(60);
            loop {
                tick.tick().await;
                let answer = post(&self.who, self.chat, id, &text).await;
                match answer.map(|answer| answer.status.as_u16()) {
                    Ok(200 | 201) => break self.history.acknowledged(id),
                    Ok(429 | 500..) | Err(_) => {}
                    Ok(other) => break self.history.fault(format!("{text}: {other}")),
                }
                assert!(Instant::now() < deadline, "{text} was never taken");
            }
        }
    }
}

/// Waits until so many more messages are acknowledged.
pub async fn more_are_acknowledged(history: &History, count: usize) {
    let before = history.all_acknowledged().len();
    eventually("messages are written", async || {
        let more = history.all_acknowledged().len() - before;
        anyhow::ensure!(more >= count, "{more} of {count}");
        Ok(())
    })
    .await
    .unwrap();
}
