//! Some flood, some read nothing, some never finish what they begin. The others notice nothing.

use std::time::Duration;

use anyhow::{Result, ensure};
use deskbell_protocol::{ClientFrame, ConversationId};
use deskbell_testing::ear::Ear;
use deskbell_testing::effort::effort;
use deskbell_testing::feed::{Message, TestFeed};
use deskbell_testing::history::History;
use deskbell_testing::writing::{Writers, more_are_acknowledged};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::site::{CONNECTIONS_PER_IP, Person, Site};

/// Files and connections the server may have open.
const HANDLES: u64 = 256;
/// More connections than that.
const HALF_OPEN: usize = 400;
/// People who write as people do.
const INNOCENTS: u32 = 20;
const PACE: Duration = Duration::from_millis(50);
/// Accounts that flood, each in every way there is.
const FLOODERS: u32 = 6;

/// T23, WS-10: what a few do to the server, the others do not feel: each of their texts is taken, once, and
/// heard in order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_floods_or_reads_nothing_harms_nobody() -> Result<()> {
    let (site, history) = (Site::start().await?, History::default());
    let tess = site.technician("Tess Berg").await?;
    let people = site.requesters(INNOCENTS + FLOODERS).await?;
    let (innocents, flooders) = people.split_at(usize::try_from(INNOCENTS)?);
    let chats = site.chats(&history, innocents, &tess).await?;
    let _ear = Ear::open(&history, "Tess", tess.feed, vec![tess.caller.clone()]).await?;
    let mut attack = JoinSet::new();
    for flooder in flooders {
        flood(&mut attack, flooder);
    }
    // Technicians' feeds carry everything; this one is never read.
    let mut deaf = Vec::new();
    for _ in 0..3 {
        deaf.push(TestFeed::open(&tess.caller).await?);
    }
    let writers = Writers::start(&history, chats.iter().map(|it| (&it.0, it.1)), PACE);
    more_are_acknowledged(&history, effort(300, 1_000)).await?;
    for _ in 0..effort(0, 4) {
        more_are_acknowledged(&history, 1_000).await?;
    }
    ensure!(attack.try_join_next().is_none(), "the attack ended before");
    attack.shutdown().await;
    writers.stop().await?;
    site.check(&history).await
}

fn flood(attack: &mut JoinSet<()>, who: &Person) {
    attack.spawn(frames(who.caller.clone()));
    attack.spawn(calls(who.caller.clone()));
}

/// Frames without a pause, sense or end; comes again when thrown out.
async fn frames(who: deskbell_testing::caller::Caller) {
    let typing = ClientFrame::Typing {
        conversation_id: ConversationId(uuid()),
    };
    loop {
        let Ok(mut feed) = TestFeed::open(&who).await else {
            tokio::task::yield_now().await;
            continue;
        };
        while feed.say(&typing).await.is_ok() && feed.say_raw(Message::text("{")).await.is_ok() {}
    }
}

/// Sign-ins for anybody, long texts for nobody, and searches.
async fn calls(who: deskbell_testing::caller::Caller) {
    let long = "x".repeat(16_000);
    let nowhere = format!("/v1/conversations/{}/messages", uuid());
    loop {
        let address = format!("{}@customer.example", uuid());
        let _ = who.post("/v1/sign-in", json!({"email": address})).await;
        let text = json!({"id": uuid(), "body": long, "kind": "message"});
        let _ = who.post(&nowhere, text).await;
        let _ = who.get("/v1/conversations?text=x&limit=200").await;
        let _ = who.get("/nothing/here").await;
    }
}

fn uuid() -> uuid::Uuid {
    use deskbell_server::clock::Clock as _;
    deskbell_server::clock::SystemClock.id()
}

/// WS-11, T23: one address takes no more connections than are its own, however many it leaves half open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_connections_half_open_takes_nobody_elses_place() -> Result<()> {
    let (mut site, history) = (Site::start().await?, History::default());
    let tess = site.technician("Tess Berg").await?;
    let innocents = site.requesters(INNOCENTS).await?;
    let chats = site.chats(&history, &innocents, &tess).await?;
    let pid = i32::try_from(site.node.process().id())?;
    let limit = Rlimit {
        current: Some(HANDLES),
        maximum: Some(HANDLES),
    };
    prlimit(Pid::from_raw(pid), Resource::Nofile, limit)?;
    let mut half_open = Vec::new();
    for _ in 0..HALF_OPEN {
        let mut stranger = site.stranger().await?;
        // Who is let in is asked nothing: the rest of the head never comes.
        let _ = stranger
            .write_all(b"GET /v1/server HTTP/1.1\r\nHost: ")
            .await;
        half_open.push(stranger);
    }
    let _ear = Ear::open(&history, "Tess", tess.feed, vec![tess.caller.clone()]).await?;
    let writers = Writers::start(&history, chats.iter().map(|it| (&it.0, it.1)), PACE);
    more_are_acknowledged(&history, 200).await?;
    writers.stop().await?;
    let mut held = 0;
    for stranger in &mut half_open {
        held += usize::from(is_open(stranger).await);
    }
    ensure!(held <= CONNECTIONS_PER_IP, "{held} are still half open");
    site.check(&history).await
}

async fn is_open(stranger: &mut TcpStream) -> bool {
    let mut byte = [0];
    let read = stranger.read(&mut byte);
    tokio::time::timeout(Duration::from_millis(1), read)
        .await
        .is_err()
}
