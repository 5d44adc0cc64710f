//! PostgreSQL dies and its standby takes its place.

use std::time::Duration;

use deskbell_protocol::ServerFrame;
use deskbell_server::event_log::FeedId;
use deskbell_testing::ear::Ear;
use deskbell_testing::effort::effort;
use deskbell_testing::feed::TestFeed;
use deskbell_testing::history::History;
use deskbell_testing::postgres::statements_after_a_restore;
use deskbell_testing::writing::{Writers, more_are_acknowledged};
use sqlx::AssertSqlSafe;

use crate::cluster::{Cluster, chat};

const PACE: Duration = Duration::from_millis(20);

/// MULTI-09: with a standby that commits wait for, nothing that was acknowledged is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_commits_wait_for_loses_nothing() {
    let mut cluster = Cluster::start().await;
    let history = History::default();
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&history, &ana, &tess).await;
    let feeds = [FeedId::Requester(ana.id), FeedId::Technicians];
    let at = |node, who| vec![cluster.at(node, who)];
    let ears = [
        Ear::open(&history, "Ana", feeds[0], at(1, &ana)).await,
        Ear::open(&history, "Tess", feeds[1], at(2, &tess)).await,
    ];
    assert!(ears.iter().all(Result::is_ok));
    let who = [&ana.caller, &tess.caller, &ana.caller];
    let writers = Writers::start(&history, who.map(|who| (who, chat)), PACE);
    for _ in 0..effort(1, 5) {
        let mut standby = cluster.postgres.standby().await.unwrap();
        cluster.postgres.wait_for_standby().await.unwrap();
        more_are_acknowledged(&history, 30).await.unwrap();
        standby.stop().unwrap();
        cluster.postgres.a_commit_waits().await.unwrap();
        cluster = cluster.fail_over(standby).await;
        more_are_acknowledged(&history, 30).await.unwrap();
    }
    cluster.all_say("ok").await;
    writers.stop().await.unwrap();
    cluster.check(&history, &feeds).await;
}

/// MULTI-09: one that only follows lacks what it had not received. The manual's statements begin a new
/// life, in which nobody goes on as if nothing were missing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_standby_that_fell_behind_is_a_restored_copy() {
    let mut cluster = Cluster::start().await;
    let history = History::default();
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&history, &ana, &tess).await;
    let mut feed = TestFeed::open(&cluster.at(1, &ana)).await.unwrap();
    let who = [(&ana.caller, chat), (&tess.caller, chat)];
    let writers = Writers::start(&history, who, PACE);
    let received = history.all_acknowledged();
    let mut standby = cluster.postgres.standby().await.unwrap();
    standby.stop().unwrap();
    more_are_acknowledged(&history, 30).await.unwrap();
    writers.stop().await.unwrap();
    let acknowledged = history.all_acknowledged();
    while feed.is_quiet().await.is_ok_and(|quiet| !quiet) {}
    let cursor = feed.cursor.clone();
    for node in &mut cluster.nodes {
        node.end().await.unwrap();
    }
    let mut cluster = cluster.fail_over(standby).await;
    let lost = history.check_copy(&cluster.store, &acknowledged).await;
    assert!(lost.is_err(), "the standby has what it never received");
    history.check_copy(&cluster.store, &received).await.unwrap();
    for statement in statements_after_a_restore().unwrap() {
        let statement = sqlx::query(AssertSqlSafe(statement));
        statement.execute(cluster.store.read()).await.unwrap();
    }
    for node in &mut cluster.nodes {
        node.again().await.unwrap();
    }
    let refused = cluster.at(0, &ana).get("/v1/me").await.unwrap();
    assert_eq!(refused.status, 401, "everybody signs in again");
    let ana = cluster.session("ana.silva@customer.example").await;
    let mut feed = TestFeed::silent(&cluster.at(0, &ana)).await.unwrap();
    let hello = feed.hello(Some(&cursor)).await.unwrap();
    assert!(matches!(hello, ServerFrame::Resync { .. }), "{hello:?}");
}
