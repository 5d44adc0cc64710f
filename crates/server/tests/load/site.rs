//! The server's own program on SQLite, with people in its database.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use deskbell_protocol::{AccountId, ConversationId};
use deskbell_server::clock::SystemClock;
use deskbell_server::event_log::FeedId;
use deskbell_server::identity::key::ServerKey;
use deskbell_server::store::{Purpose, Store};
use deskbell_testing::caller::Caller;
use deskbell_testing::history::History;
use deskbell_testing::node::Node;
use deskbell_testing::people::People;
use deskbell_testing::wait::eventually;
use deskbell_testing::writing;
use tokio::net::{TcpSocket, TcpStream};

/// What one address may have open.
pub const CONNECTIONS_PER_IP: usize = 64;
/// Connections from here are a trusted proxy's, and not counted.
const SETTINGS: &str = "public_url = \"{url}\"\nconnections_per_ip = 64\n\
    [proxy]\ntrusted = [\"127.0.0.1/32\"]\n";

/// The running server.
pub struct Site {
    pub node: Node,
    pub store: Store,
    key: ServerKey,
}

/// Somebody who is signed in.
pub struct Person {
    pub caller: Caller,
    pub feed: FeedId,
}

impl Site {
    pub async fn start() -> Result<Self> {
        let node = Node::start(env!("CARGO_BIN_EXE_deskbell-server"), SETTINGS).await?;
        let data = node.folder().join("data");
        let database = format!("sqlite:{}", data.join("deskbell.db").display());
        Ok(Self {
            store: Store::open(&database, Purpose::Tool, &SystemClock).await?,
            key: ServerKey::load(&data.join("server.key"))?,
            node,
        })
    }

    fn people(&self) -> People<'_> {
        People {
            store: &self.store,
            key: &self.key,
            clock: &SystemClock,
        }
    }

    /// So many requesters.
    pub async fn requesters(&self, count: u32) -> Result<Vec<Person>> {
        let anyone = self.node.anyone();
        let mut all = Vec::new();
        for number in 0..count {
            let name = format!("Person {number}");
            let email = self.people().requester_of("Harbour & Finch", &name);
            let (role, token) = self.people().session(&email.await?).await?;
            let ip = Ipv4Addr::from_bits(0x0a00_0000 + number).to_string();
            let caller = anyone.with(role, &token).from_ip(&ip);
            all.push(Person::of(caller).await?);
        }
        Ok(all)
    }

    pub async fn technician(&self, name: &str) -> Result<Person> {
        let email = self.people().technician(name, false).await?.email;
        let (role, token) = self.people().session(&email).await?;
        let caller = self.node.anyone().with(role, &token);
        Ok(Person {
            caller,
            feed: FeedId::Technicians,
        })
    }

    /// Each has a conversation that the technician has taken.
    pub async fn chats(
        &self,
        history: &History,
        people: &[Person],
        technician: &Person,
    ) -> Result<Vec<(Caller, ConversationId)>> {
        let mut chats = Vec::new();
        for person in people {
            let chat = writing::chat(history, &person.caller, &technician.caller).await?;
            chats.push((person.caller.clone(), chat));
        }
        Ok(chats)
    }

    /// Waits until everybody who listens has heard all there is, then holds it against the record.
    pub async fn check(&self, history: &History) -> Result<()> {
        let newest: i64 = sqlx::query_scalar("SELECT seq FROM feed WHERE id = 'technicians'")
            .fetch_one(self.store.read())
            .await?;
        let newest = u64::try_from(newest)?;
        eventually("everyone has heard everything", async || {
            let heard = history.heard_by_all(FeedId::Technicians);
            anyhow::ensure!(heard >= Some(newest), "{heard:?} of {newest}");
            Ok(())
        })
        .await?;
        history.check(&self.store).await
    }

    /// A connection from another address than everybody's, that no proxy stands for.
    pub async fn stranger(&self) -> Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from(([127, 0, 0, 2], 0)))?;
        Ok(socket.connect(self.node.address()).await?)
    }
}

impl Person {
    async fn of(caller: Caller) -> Result<Self> {
        let me = caller.get("/v1/me").await?;
        let id = me.body.pointer("/account/id").context("an account")?;
        let id: AccountId = serde_json::from_value(id.clone())?;
        Ok(Self {
            caller,
            feed: FeedId::Requester(id),
        })
    }
}
