//! What goes over the bus, and what comes of notes that no server wrote.

use std::time::Duration;

use async_nats::{ConnectOptions, Subscriber};
use deskbell_protocol::MessageId;
use deskbell_server::clock::{Clock, SystemClock};
use deskbell_testing::feed::TestFeed;
use deskbell_testing::history::History;
use deskbell_testing::nats;
use deskbell_testing::wait::eventually;
use deskbell_testing::writing::post;
use futures_util::StreamExt;
use tokio::time::timeout;
use uuid::Uuid;

use crate::cluster::{Cluster, METRICS_TOKEN, chat};

/// MULTI-05.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_kept_off_the_bus_and_their_notes_are_believed_in_nothing() {
    let cluster = Cluster::start().await;
    let stranger = timeout(
        Duration::from_secs(5),
        async_nats::connect(cluster.nats.url()),
    );
    assert!(
        stranger.await.unwrap().is_err(),
        "let in without a password"
    );

    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let known = chat(&History::default(), &ana, &tess).await;
    let mut anas = TestFeed::open(&cluster.at(0, &ana)).await.unwrap();
    let mut tesss = TestFeed::open(&cluster.at(1, &tess)).await.unwrap();
    let options = ConnectOptions::with_user_and_password(nats::USER.into(), nats::PASSWORD.into());
    let insider = options.connect(cluster.nats.url()).await.unwrap();
    let prefix = format!("deskbell.{}", cluster.store.epoch());
    let nobody = Uuid::from_u128(7);
    let forged = [
        ("feed.technicians".to_owned(), String::new()),
        (format!("feed.{}", ana.id), "text".repeat(1_000)),
        (format!("feed.{nobody}"), String::new()),
        ("feed.revocations".to_owned(), String::new()),
        ("feed.everything".to_owned(), String::new()),
        (format!("typing.{nobody}.{}", ana.id), String::new()),
        (format!("typing.{known}.{nobody}"), String::new()),
        // Ana is no technician, and Tess not the one who asks.
        (format!("looking.{nobody}"), format!("{known} {}\n", ana.id)),
        (
            format!("looking.{nobody}"),
            format!("{nobody} {}\n", tess.id),
        ),
        (format!("looking.{nobody}"), "rubbish".to_owned()),
        (format!("gone.{nobody}.{}.1", ana.id), String::new()),
        ("shutdown".to_owned(), String::new()),
    ];
    for (subject, payload) in forged {
        let subject = format!("{prefix}.{subject}");
        insider.publish(subject, payload.into()).await.unwrap();
    }
    insider.flush().await.unwrap();
    for node in &cluster.nodes {
        eventually("every server has read them", async || {
            let metrics = node
                .anyone()
                .header("authorization", &format!("Bearer {METRICS_TOKEN}"));
            let text = metrics.get("/metrics").await?.text;
            anyhow::ensure!(
                text.contains("deskbell_bus_notes_ignored_total 3"),
                "{text}"
            );
            Ok(())
        })
        .await
        .unwrap();
    }
    // The requester's own typing came after all of them, and is the first that is heard.
    let types = deskbell_protocol::ClientFrame::Typing {
        conversation_id: known,
    };
    anas.say(&types).await.unwrap();
    let frame = tesss.frame().await.unwrap();
    let typing = matches!(&frame, deskbell_protocol::ServerFrame::Typing { person, .. } if person.id == ana.id);
    assert!(typing, "first came {frame:?}");
    assert!(anas.is_quiet().await.unwrap());
    cluster.all_say("ok").await;
}

/// MULTI-05: whoever listens on the bus learns ids and nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_but_ids_goes_over_the_bus() {
    let cluster = Cluster::start().await;
    let options = ConnectOptions::with_user_and_password(nats::USER.into(), nats::PASSWORD.into());
    let insider = options.connect(cluster.nats.url()).await.unwrap();
    let mut all = insider.subscribe(">").await.unwrap();
    insider.flush().await.unwrap();
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&History::default(), &ana, &tess).await;
    let mut tesss = TestFeed::open(&cluster.at(1, &tess)).await.unwrap();
    let looks = deskbell_protocol::ClientFrame::Viewing {
        conversation_id: Some(chat),
    };
    tesss.say(&looks).await.unwrap();
    let mut seen = words_until(&mut all, "looking").await;
    let id = MessageId(SystemClock.id());
    post(&ana.caller, chat, id, "canary").await.unwrap();
    drop(tesss);
    seen.extend(words_until(&mut all, "gone").await);
    let words = [
        "deskbell",
        "feed",
        "typing",
        "looking",
        "opened",
        "gone",
        "technicians",
    ];
    for word in &seen {
        let id = word.parse::<Uuid>().is_ok() || word.parse::<u64>().is_ok();
        assert!(
            id || words.contains(&word.as_str()),
            "“{word}” went over the bus"
        );
    }
    for word in ["feed", "looking", "opened"] {
        assert!(seen.iter().any(|other| other == word), "no {word}");
    }
}

/// The words of all subjects and payloads that come, up to the note that has the `last` one.
async fn words_until(notes: &mut Subscriber, last: &str) -> Vec<String> {
    let mut seen = Vec::new();
    while !seen.iter().any(|word| word == last) {
        let note = timeout(Duration::from_secs(20), notes.next()).await;
        assert!(note.is_ok(), "no “{last}” came after {seen:?}");
        let note = note.unwrap().unwrap();
        let payload = String::from_utf8(note.payload.to_vec()).unwrap();
        let words = note
            .subject
            .as_str()
            .split('.')
            .chain(payload.split_whitespace());
        seen.extend(words.map(str::to_owned));
    }
    seen
}
