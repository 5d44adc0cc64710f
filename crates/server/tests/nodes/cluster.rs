//! Three servers and what they need, with people who are signed in.

use anyhow::Result;
use deskbell_protocol::{AccountId, ConversationId};
use deskbell_server::clock::SystemClock;
use deskbell_server::event_log::FeedId;
use deskbell_server::identity::key::ServerKey;
use deskbell_server::store::{Purpose, Store};
use deskbell_testing::caller::Caller;
use deskbell_testing::folder::open_folder;
use deskbell_testing::haproxy::Haproxy;
use deskbell_testing::history::History;
use deskbell_testing::nats::{self, Nats};
use deskbell_testing::node::Node;
use deskbell_testing::people::{People, TestTechnician};
use deskbell_testing::postgres::Postgres;
use deskbell_testing::wait::eventually;
use deskbell_testing::writing;
use tempfile::TempDir;

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
    database: String,
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
            database,
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

    /// The database is killed, and the standby is the database.
    pub async fn fail_over(self, standby: Postgres) -> Self {
        let postgres = standby.take_over(self.postgres).await.unwrap();
        let store = Store::open(&self.database, Purpose::Tool, &SystemClock).await;
        Self {
            postgres,
            store: store.unwrap(),
            ..self
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
        let me = caller.at(&self.nodes[0].url()).get("/v1/me").await;
        let me = me.unwrap().body;
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
    let chat = writing::chat(history, &requester.caller, &technician.caller).await;
    chat.unwrap()
}
