//! People on a running server, and what they do in one line.

use deskbell_protocol::{Conversation, ConversationId, Message, MessageId, Page};
use deskbell_server::Settings;
use deskbell_server::clock::Clock;
use deskbell_testing::caller::{Answer, Caller};
use deskbell_testing::server::TestServer;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A server with two customers and three technicians, all signed in.
pub struct World {
    pub server: TestServer,
    /// Of Harbour & Finch.
    pub ana: Caller,
    /// Of the same organization.
    pub ben: Caller,
    /// Of another one.
    pub carla: Caller,
    pub tess: Caller,
    pub timo: Caller,
    /// An admin.
    pub omar: Caller,
}

impl World {
    pub async fn on_sqlite() -> Self {
        Self::of(TestServer::start().await.unwrap()).await
    }

    pub async fn on_postgres() -> Self {
        Self::of(TestServer::on_postgres().await.unwrap()).await
    }

    pub async fn with(change: fn(&mut Settings)) -> Self {
        Self::of(TestServer::start_with(change).await.unwrap()).await
    }

    async fn of(server: TestServer) -> Self {
        let ana = server.requester("Ana Silva").await.unwrap();
        let ben = server.requester("Ben Okafor").await.unwrap();
        let carla = server
            .requester_of("Blue Kite", "Carla Jensen")
            .await
            .unwrap();
        let tess = server.technician("Tess Berg").await.unwrap().email;
        let timo = server.technician("Timo Wolf").await.unwrap().email;
        let omar = server.admin("Omar Haddad").await.unwrap().email;
        Self {
            ana: server.session(&ana).await.unwrap(),
            ben: server.session(&ben).await.unwrap(),
            carla: server.session(&carla).await.unwrap(),
            tess: server.session(&tess).await.unwrap(),
            timo: server.session(&timo).await.unwrap(),
            omar: server.session(&omar).await.unwrap(),
            server,
        }
    }

    /// A new UUIDv7.
    pub fn id(&self) -> String {
        self.server.clock.id().to_string()
    }

    /// Asks for help and gives the conversation.
    pub async fn ask(&self, who: &Caller, description: &str) -> Conversation {
        self.server.clock.advance_millis(1_000);
        let wish = json!({"id": self.id(), "description": description, "device_id": null});
        read(&who.post("/v1/conversations", wish).await.unwrap(), 201)
    }

    /// Asks for help, and has Tess take it.
    pub async fn ask_and_take(&self, who: &Caller, description: &str) -> ConversationId {
        let id = self.ask(who, description).await.id;
        self.take(&self.tess, id).await;
        id
    }

    pub async fn take(&self, who: &Caller, id: ConversationId) {
        let answer = try_take(who, id).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Writes a message and gives it.
    pub async fn say(&self, who: &Caller, id: ConversationId, text: &str) -> Message {
        self.server.clock.advance_millis(1_000);
        read(&self.try_say(who, id, "message", text).await, 201)
    }

    /// Leaves a note and gives it.
    pub async fn note(&self, who: &Caller, id: ConversationId, text: &str) -> Message {
        self.server.clock.advance_millis(1_000);
        read(&self.try_say(who, id, "note", text).await, 201)
    }

    pub async fn try_say(
        &self,
        who: &Caller,
        id: ConversationId,
        kind: &str,
        text: &str,
    ) -> Answer {
        send(who, id, MessageId(self.server.clock.id()), kind, text).await
    }

    /// The newest lines of the chat, oldest first.
    pub async fn chat(&self, who: &Caller, id: ConversationId) -> Vec<Message> {
        let path = format!("/v1/conversations/{id}/messages");
        read::<Page<Message>>(&who.get(&path).await.unwrap(), 200).items
    }

    pub async fn mark_read(&self, who: &Caller, id: ConversationId, seq: u64) {
        let path = format!("/v1/conversations/{id}/read");
        let answer = who.post(&path, json!({"seq": seq})).await.unwrap();
        assert_eq!(answer.status, 204, "{answer:?}");
    }

    pub async fn close(&self, who: &Caller, id: ConversationId) -> Answer {
        who.send(
            reqwest::Method::POST,
            &format!("/v1/conversations/{id}/close"),
            None,
        )
        .await
        .unwrap()
    }
}

pub async fn try_take(who: &Caller, id: ConversationId) -> Answer {
    let wish = json!({"technician_id": "me", "replaces": null});
    who.post(&format!("/v1/conversations/{id}/assign"), wish)
        .await
        .unwrap()
}

pub async fn send(
    who: &Caller,
    id: ConversationId,
    message: MessageId,
    kind: &str,
    text: &str,
) -> Answer {
    let wish = json!({"id": message, "body": text, "kind": kind});
    who.post(&format!("/v1/conversations/{id}/messages"), wish)
        .await
        .unwrap()
}

/// The answer's body, if the status is this.
pub fn read<T: DeserializeOwned>(answer: &Answer, status: u16) -> T {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    serde_json::from_value(answer.body.clone()).unwrap()
}

/// The account that calls.
pub async fn account_id(who: &Caller) -> Value {
    who.get("/v1/me").await.unwrap().body["account"]["id"].clone()
}
