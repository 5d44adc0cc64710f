//! Where it happens: a server behind a network, and a technician.

use deskbell_protocol::{ConversationId, limits};
use deskbell_server::clock::Clock as _;
use deskbell_testing::caller::Caller;
use deskbell_testing::network::Network;
use deskbell_testing::server::TestServer;
use serde_json::json;

use super::Employee;

/// A server, a network before it, and a technician.
pub struct Scene {
    pub server: TestServer,
    pub network: Network,
    pub technician: Caller,
    pub email: String,
}

impl Scene {
    pub async fn new() -> Self {
        let server = TestServer::start().await.unwrap();
        let address = server.url.trim_start_matches("http://").parse().unwrap();
        let network = Network::before(address).await.unwrap();
        let email = server.requester("Ana Silva").await.unwrap();
        let tess = server.technician("Tess Berg").await.unwrap();
        let technician = server.session(&tess.email).await.unwrap();
        Self {
            server,
            network,
            technician,
            email,
        }
    }

    /// The server ends and another begins on the same database, behind the same network.
    pub async fn restart_server(self) -> Self {
        let server = self.server.restart().await.unwrap();
        self.network
            .lead_to(server.url.trim_start_matches("http://").parse().unwrap());
        let technician = server.session("tess.berg@provider.example").await.unwrap();
        Self {
            server,
            technician,
            ..self
        }
    }

    /// An employee whose client is signed in and hears the server.
    pub async fn employee(&self) -> Employee {
        let employee = Employee::at(&self.network.url(), &self.server.clock);
        employee.sign_in(self).await;
        employee
    }

    /// How many letters the employee got.
    pub fn letters(&self) -> usize {
        let letters = self.server.mailbox.letters();
        letters.iter().filter(|l| l.to == self.email).count()
    }

    /// Somebody elsewhere tries wrong codes until the account takes no more.
    pub async fn guess_until_stopped(&self) {
        let anyone = self.server.anyone();
        for _ in 0..limits::CONSECUTIVE_FAILURES_PER_ACCOUNT / limits::TRIES_PER_CHALLENGE {
            let letters = self.letters();
            let challenge = anyone.start_sign_in(&self.email).await.unwrap();
            anyone.ask_for_mail(&challenge).await.unwrap();
            let code = self.server.code_to(&self.email, letters + 1).await.unwrap();
            let wrong = if code == "000000" { "000001" } else { "000000" };
            for _ in 0..limits::TRIES_PER_CHALLENGE {
                anyone.try_code(&challenge, wrong).await.unwrap();
            }
            self.later(3_600 / limits::CODES_PER_HOUR_AND_ADDRESS);
        }
    }

    pub async fn take(&self, id: ConversationId) {
        let path = format!("/v1/conversations/{id}/assign");
        let answer = self
            .technician
            .post(&path, json!({"technician_id": "me", "replaces": null}))
            .await;
        let answer = answer.unwrap();
        assert!(answer.status.is_success(), "taking: {answer:?}");
    }

    pub async fn reply(&self, id: ConversationId, body: &str) {
        let message = self.server.clock.id();
        let path = format!("/v1/conversations/{id}/messages");
        let wish = json!({"id": message, "body": body, "attachments": [], "kind": "message"});
        let answer = self.technician.post(&path, wish).await.unwrap();
        assert!(answer.status.is_success(), "replying: {answer:?}");
    }

    /// The technician reads all of it.
    pub async fn read(&self, id: ConversationId) {
        let path = format!("/v1/conversations/{id}/messages?limit=200");
        let page = self.technician.get(&path).await.unwrap();
        let seqs = page.body["items"].as_array().cloned().unwrap_or_default();
        let newest = seqs.iter().filter_map(|item| item["seq"].as_u64()).max();
        let path = format!("/v1/conversations/{id}/read");
        let answer = self.technician.post(&path, json!({"seq": newest})).await;
        assert!(answer.unwrap().status.is_success(), "reading");
    }

    /// What people wrote in this conversation, as the server has it.
    pub async fn stored(&self, id: ConversationId) -> Vec<String> {
        let path = format!("/v1/conversations/{id}/messages?limit=200");
        let answer = self.technician.get(&path).await.unwrap();
        let items = answer.body["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .filter(|item| item["kind"] == "message")
            .map(|item| item["body"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Time passes, for everybody.
    pub fn later(&self, seconds: i64) {
        self.server.clock.advance_seconds(seconds);
    }
}
