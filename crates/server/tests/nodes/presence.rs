//! What is not stored: who looks on, who types.

use deskbell_protocol::{ClientFrame, ServerFrame};
use deskbell_testing::feed::TestFeed;
use deskbell_testing::history::History;

use crate::cluster::{Cluster, chat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_on_and_who_types_is_seen_at_other_servers() {
    let mut cluster = Cluster::start().await;
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let timo = cluster.technician("Timo Wolf").await;
    let conversation_id = chat(&History::default(), &ana, &tess).await;
    let mut anas = TestFeed::open(&cluster.at(0, &ana)).await.unwrap();
    let mut tesss = TestFeed::open(&cluster.at(1, &tess)).await.unwrap();
    let mut timos = TestFeed::open(&cluster.at(2, &timo)).await.unwrap();

    let looks = ClientFrame::Viewing {
        conversation_id: Some(conversation_id),
    };
    timos.say(&looks).await.unwrap();
    assert_eq!(onlookers(&mut tesss).await, ["Timo Wolf"]);
    let types = ClientFrame::Typing { conversation_id };
    anas.say(&types).await.unwrap();
    assert_eq!(typist(&mut tesss).await, "Ana Silva", "to the assignee");
    assert_eq!(typist(&mut timos).await, "Ana Silva", "to who looks on");
    tesss.say(&types).await.unwrap();
    assert_eq!(typist(&mut anas).await, "Tess Berg");

    // Whoever comes later is told, and whose window is gone looks no more.
    let mut late = TestFeed::open(&cluster.at(0, &tess)).await.unwrap();
    assert_eq!(onlookers(&mut late).await, ["Timo Wolf"]);
    drop(timos);
    assert_eq!(onlookers(&mut late).await, [""; 0]);
    let ended = cluster.nodes[2].end().await.unwrap();
    assert!(ended.success());
}

async fn onlookers(feed: &mut TestFeed) -> Vec<String> {
    loop {
        if let ServerFrame::Viewing { technicians, .. } = feed.frame().await.unwrap() {
            return technicians.into_iter().map(|person| person.name).collect();
        }
    }
}

async fn typist(feed: &mut TestFeed) -> String {
    loop {
        if let ServerFrame::Typing { person, .. } = feed.frame().await.unwrap() {
            return person.name;
        }
    }
}
