//! What is ended at one server is ended at all.

use std::time::Duration;

use deskbell_protocol::limits::{SOCKETS_PER_ACCOUNT, close_code};
use deskbell_server::clock::{Clock, SystemClock};
use deskbell_server::directory;
use deskbell_testing::feed::TestFeed;
use tokio::time::timeout;

use crate::cluster::{Cluster, Person};

const SOON: Duration = Duration::from_secs(2);

async fn everywhere(cluster: &Cluster, who: &Person) -> Vec<TestFeed> {
    let mut feeds = Vec::new();
    for node in 0..cluster.nodes.len() {
        feeds.push(TestFeed::open(&cluster.at(node, who)).await.unwrap());
    }
    feeds
}

async fn closed_soon(feeds: Vec<TestFeed>) {
    let closing = feeds
        .into_iter()
        .map(async |mut feed| feed.close_code().await);
    let codes = timeout(SOON, futures_util::future::join_all(closing))
        .await
        .expect("a socket outlived its session by more than two seconds");
    for code in codes {
        assert_eq!(code.unwrap(), close_code::SESSION_ENDED);
    }
}

/// SES-06.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_loses_its_sockets_and_rights_at_every_server() {
    let cluster = Cluster::start().await;
    let ana = cluster.requester("Ana Silva").await;
    let elsewhere = cluster.session("ana.silva@customer.example").await;
    let mut kept = TestFeed::open(&cluster.at(1, &elsewhere)).await.unwrap();
    let feeds = everywhere(&cluster, &ana).await;
    let signed_out = cluster.at(2, &ana).delete("/v1/session").await.unwrap();
    assert_eq!(signed_out.status, 204, "{signed_out:?}");
    closed_soon(feeds).await;
    for node in 0..cluster.nodes.len() {
        let refused = cluster.at(node, &ana).get("/v1/me").await.unwrap();
        assert_eq!(refused.status, 401, "{refused:?}");
    }
    assert!(kept.is_quiet().await.unwrap(), "their other session stays");
}

/// SES-06, AUTHZ-06, without a word over the bus: a command writes into the database beside the servers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_technician_is_gone_from_every_server() {
    let cluster = Cluster::start().await;
    let tess = cluster.technician("Tess Berg").await;
    let feeds = everywhere(&cluster, &tess).await;
    let mut tx = cluster.store.write().await.unwrap();
    let now = SystemClock.now();
    directory::disable(&mut tx, "tess.berg@provider.example", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    closed_soon(feeds).await;
    for node in 0..cluster.nodes.len() {
        let refused = cluster.at(node, &tess).get("/v1/me").await.unwrap();
        assert_eq!(refused.status, 401, "{refused:?}");
    }
}

/// WS-09 over several servers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_socket_too_many_closes_the_oldest_wherever_it_is() {
    let cluster = Cluster::start().await;
    let ana = cluster.requester("Ana Silva").await;
    let ben = cluster.requester("Ben Okafor").await;
    let mut bens = TestFeed::open(&cluster.at(0, &ben)).await.unwrap();
    let mut feeds = Vec::new();
    for number in 0..=SOCKETS_PER_ACCOUNT {
        let node = number % cluster.nodes.len();
        feeds.push(TestFeed::open(&cluster.at(node, &ana)).await.unwrap());
    }
    let mut feeds = feeds.into_iter();
    let mut oldest = feeds.next().unwrap();
    assert_eq!(oldest.close_code().await.unwrap(), close_code::REPLACED);
    for mut feed in feeds {
        assert!(feed.is_quiet().await.unwrap(), "the others stay");
    }
    assert!(bens.is_quiet().await.unwrap(), "and everybody else's");
}
