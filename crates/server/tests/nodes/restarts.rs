//! Messages while servers come and go.

use std::time::Duration;

use deskbell_protocol::limits::close_code;
use deskbell_protocol::{ConversationId, Event, MessageId};
use deskbell_server::clock::{Clock, SystemClock};
use deskbell_server::event_log::FeedId;
use deskbell_testing::caller::Caller;
use deskbell_testing::ear::Ear;
use deskbell_testing::effort::effort;
use deskbell_testing::feed::TestFeed;
use deskbell_testing::history::History;
use deskbell_testing::wait::eventually_within;
use deskbell_testing::writing::{Writers, more_are_acknowledged, post, written_for};
use tokio::time::timeout;

use crate::cluster::{Cluster, Person, chat};

const PACE: Duration = Duration::from_millis(20);
/// How often each writes where there are many.
const PACE_OF_MANY: Duration = Duration::from_millis(200);

fn pace() -> Duration {
    effort(PACE, PACE_OF_MANY)
}

/// Who writes as well, each in a conversation of their own.
async fn crowd(
    cluster: &Cluster,
    history: &History,
    technician: &Person,
) -> Vec<(Caller, ConversationId)> {
    let mut crowd = Vec::new();
    for number in 0..effort(0, 40) {
        let person = cluster.requester(&format!("Person {number}")).await;
        let chat = chat(history, &person, technician).await;
        crowd.push((person.caller, chat));
    }
    crowd
}

/// MULTI-01.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_reaches_a_client_at_another_server_at_once_in_order_and_once() {
    let cluster = Cluster::start().await;
    let history = History::default();
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&history, &ana, &tess).await;
    let mut hears = TestFeed::open(&cluster.at(1, &ana)).await.unwrap();
    let technicians = Ear::open(
        &history,
        "Tess",
        FeedId::Technicians,
        vec![cluster.at(2, &tess)],
    )
    .await
    .unwrap();
    let mut last = None;
    for number in 0..50 {
        let (id, text) = (MessageId(SystemClock.id()), format!("reply {number}"));
        history.says(chat, id, &text);
        let answer = post(&cluster.at(0, &tess), chat, id, &text).await.unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
        history.acknowledged(id);
        let (seq, message) = timeout(Duration::from_secs(1), next_message(&mut hears))
            .await
            .expect("a reply took longer than a second to the other server");
        assert_eq!(message, id, "in the order they were written");
        assert!(last < Some(seq), "{seq} after {last:?}");
        last = Some(seq);
    }
    cluster.check(&history, &[FeedId::Technicians]).await;
    assert_eq!(technicians.ends(), []);
    assert!(hears.is_quiet().await.unwrap(), "nothing came twice");
}

async fn next_message(feed: &mut TestFeed) -> (u64, MessageId) {
    loop {
        if let (seq, Event::MessageCreated { message }) = feed.event().await.unwrap() {
            return (seq, message.id);
        }
    }
}

/// MULTI-03.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_goes_on_at_another_server_when_its_own_is_killed() {
    let mut cluster = Cluster::start().await;
    let history = History::default();
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&history, &ana, &tess).await;
    let feeds = [FeedId::Requester(ana.id), FeedId::Technicians];
    let places = |who| vec![cluster.at(0, who), cluster.at(1, who), cluster.at(2, who)];
    let ears = [
        Ear::open(&history, "Ana", feeds[0], places(&ana))
            .await
            .unwrap(),
        Ear::open(&history, "Tess", feeds[1], places(&tess))
            .await
            .unwrap(),
    ];
    let who = [&ana.caller, &tess.caller, &ana.caller];
    let writers = Writers::start(&history, who.map(|who| (who, chat)), PACE);
    more_are_acknowledged(&history, 50).await.unwrap();
    cluster.nodes[0].kill().unwrap();
    more_are_acknowledged(&history, 100).await.unwrap();
    writers.stop().await.unwrap();
    cluster.check(&history, &feeds).await;
    for ear in &ears {
        assert!(!ear.ends().is_empty(), "nobody lost the killed server");
    }
}

/// MULTI-02: for a minute and with forty more writers in `cargo xtask prove load`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn losing_the_bus_loses_nothing_and_the_servers_say_so() {
    let mut cluster = Cluster::start().await;
    let history = History::default();
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&history, &ana, &tess).await;
    let feeds = [FeedId::Requester(ana.id), FeedId::Technicians];
    let _ears = [
        Ear::open(&history, "Ana", feeds[0], vec![cluster.at(1, &ana)])
            .await
            .unwrap(),
        Ear::open(&history, "Tess", feeds[1], vec![cluster.at(2, &tess)])
            .await
            .unwrap(),
    ];
    let who = [(cluster.at(0, &ana), chat), (cluster.at(0, &tess), chat)];
    let who = [who.as_slice(), &crowd(&cluster, &history, &tess).await].concat();
    let writers = Writers::start(&history, who.iter().map(|it| (&it.0, it.1)), pace());
    more_are_acknowledged(&history, 50).await.unwrap();
    cluster.nats.stop().unwrap();
    cluster.all_say("degraded").await;
    let health = cluster.nodes[0].anyone().get("/healthz").await.unwrap();
    assert_eq!(health.body["reasons"], serde_json::json!(["bus"]));
    written_for(&history, effort(Duration::ZERO, Duration::from_secs(60)))
        .await
        .unwrap();
    let told = cluster.newest(FeedId::Technicians).await;
    let within = Duration::from_secs(5);
    let heard = eventually_within(within, "what was written without the bus", async || {
        let heard = history.heard_by_all(FeedId::Technicians);
        anyhow::ensure!(heard >= Some(told), "{heard:?} of {told}");
        Ok(())
    });
    heard.await.unwrap();
    cluster.nats.again().await.unwrap();
    cluster.all_say("ok").await;
    more_are_acknowledged(&history, 20).await.unwrap();
    writers.stop().await.unwrap();
    cluster.check(&history, &feeds).await;
}

/// MULTI-07: with forty more writers, 200 messages a second, in `cargo xtask prove resume`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarting_one_server_after_the_other_loses_and_doubles_nothing() {
    let mut cluster = Cluster::start().await;
    let history = History::default();
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&history, &ana, &tess).await;
    let feeds = [FeedId::Requester(ana.id), FeedId::Technicians];
    // At every server, and through the proxy as everybody else.
    let mut ears = Vec::new();
    for node in 0..cluster.nodes.len() {
        let name = format!("Ana at {node}");
        ears.push(
            Ear::open(&history, &name, feeds[0], vec![cluster.at(node, &ana)])
                .await
                .unwrap(),
        );
    }
    ears.push(
        Ear::open(&history, "Tess", feeds[1], vec![tess.caller.clone()])
            .await
            .unwrap(),
    );
    let who = [(ana.caller.clone(), chat), (tess.caller.clone(), chat)];
    let who = [
        who.as_slice(),
        &who,
        &crowd(&cluster, &history, &tess).await,
    ]
    .concat();
    let writers = Writers::start(&history, who.iter().map(|it| (&it.0, it.1)), pace());
    for node in &mut cluster.nodes {
        more_are_acknowledged(&history, 20).await.unwrap();
        let ended = node.end().await.unwrap();
        assert!(ended.success(), "{ended}: {}", node.process().complained());
        node.again().await.unwrap();
    }
    more_are_acknowledged(&history, 20).await.unwrap();
    writers.stop().await.unwrap();
    cluster.check(&history, &feeds).await;
    for ear in &ears[..3] {
        assert_eq!(ear.ends(), [Some(close_code::RESTART)]);
    }
    let proxied = ears[3].ends();
    let told = |end: &Option<u16>| *end == Some(close_code::RESTART);
    assert!(proxied.iter().all(told), "through the proxy: {proxied:?}");
}
