//! Who writes and listens: requesters with a conversation each, technicians who have taken them.

use anyhow::{Result, ensure};
use deskbell_protocol::{AccountId, ConversationId, MessageId, Role};
use deskbell_server::clock::{Clock as _, SystemClock};
use deskbell_server::event_log::FeedId;
use deskbell_server::store::{Purpose, Store};
use deskbell_testing::caller::Caller;
use deskbell_testing::history::History;
use deskbell_testing::server::{BEGINNING, TestServer};
use deskbell_testing::wait::eventually;
use serde_json::json;

use crate::place::Place;

const REQUESTERS: [&str; 6] = ["Ana", "Ben", "Carla", "Dev", "Eva", "Finn"];
const TECHNICIANS: [&str; 2] = ["Tess", "Omar"];

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    pub name: String,
    pub role: Role,
    pub caller: Caller,
    pub feed: FeedId,
    /// Where the feed stood when they came.
    pub cursor: String,
    /// Where they write.
    pub conversation: ConversationId,
}

/// Puts eight people into the place's database, where no server runs.
pub async fn cast(place: &Place, history: &History) -> Result<Vec<Person>> {
    let mut server = TestServer::on(&place.database_url()).await?;
    let now = SystemClock.now();
    server.clock.advance_millis(now.millis_since(BEGINNING));
    let mut people = Vec::new();
    for name in REQUESTERS {
        let email = server.requester(name).await?;
        let caller = server.session(&email).await?;
        let conversation = ask(&caller, history).await?;
        let feed = FeedId::Requester(account(&caller).await?);
        people.push(person(name, Role::Requester, caller, feed, conversation));
    }
    for (number, name) in TECHNICIANS.into_iter().enumerate() {
        let email = server.technician(name).await?.email;
        let caller = server.session(&email).await?;
        let conversation = people[number].conversation;
        let path = format!("/v1/conversations/{conversation}/assign");
        let wish = json!({"technician_id": "me", "replaces": null});
        ensure!(caller.post(&path, wish).await?.status == 200);
        let feed = FeedId::Technicians;
        people.push(person(name, Role::Technician, caller, feed, conversation));
    }
    for person in &mut people {
        let token = person.caller.token.clone().unwrap_or_default();
        person.cursor = cursor(&person.caller).await?;
        person.caller = Caller::of(&place.url()).with(person.role, &token);
    }
    server.end().await;
    drop(server);
    eventually("the database to be free", async || {
        let url = place.database_url();
        let store = Store::open(&url, Purpose::Serve, &SystemClock).await?;
        store.close().await;
        Ok(())
    })
    .await?;
    Ok(people)
}

fn person(
    name: &str,
    role: Role,
    caller: Caller,
    feed: FeedId,
    conversation: ConversationId,
) -> Person {
    Person {
        name: name.to_owned(),
        role,
        caller,
        feed,
        cursor: String::new(),
        conversation,
    }
}

async fn ask(caller: &Caller, history: &History) -> Result<ConversationId> {
    let id = ConversationId(SystemClock.id());
    let text = format!("Help {id}");
    history.says(id, MessageId(id.0), &text);
    let wish = json!({"id": id, "description": text, "device_id": null});
    let answer = caller.post("/v1/conversations", wish).await?;
    ensure!(answer.status == 201, "{answer:?}");
    history.acknowledged(MessageId(id.0));
    Ok(id)
}

async fn account(caller: &Caller) -> Result<AccountId> {
    let me = caller.get("/v1/me").await?;
    Ok(serde_json::from_value(me.body["account"]["id"].clone())?)
}

async fn cursor(caller: &Caller) -> Result<String> {
    let sync = caller.get("/v1/sync").await?;
    Ok(serde_json::from_value(sync.body["cursor"].clone())?)
}
