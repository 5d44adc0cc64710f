//! What load balancers and monitoring see.

use std::path::Path;

use deskbell_server::identity::key::ServerKey;
use deskbell_testing::feed::TestFeed;
use deskbell_testing::folder::private_folder;
use deskbell_testing::history::History;
use deskbell_testing::process::Program;
use deskbell_testing::wait::eventually;

use crate::cluster::{Cluster, METRICS_TOKEN, chat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_for_who_has_the_token_and_name_nobody() {
    let cluster = Cluster::start().await;
    let ana = cluster.requester("Ana Silva").await;
    let tess = cluster.technician("Tess Berg").await;
    let chat = chat(&History::default(), &ana, &tess).await;
    let _feed = TestFeed::open(&cluster.at(0, &ana)).await.unwrap();
    let asked = cluster.at(0, &ana);
    let path = format!("/v1/conversations/{chat}/messages");
    assert_eq!(asked.get(&path).await.unwrap().status, 200);

    let anyone = cluster.nodes[0].anyone();
    for token in ["", "Bearer ", "Bearer wrong", "Basic metrics-token"] {
        let refused = anyone.header("authorization", token).get("/metrics").await;
        assert_eq!(refused.unwrap().status, 404, "{token:?}");
    }
    let right = anyone.header("authorization", &format!("Bearer {METRICS_TOKEN}"));
    let text = right.get("/metrics").await.unwrap().text;
    for line in [
        "deskbell_feeds_open 1",
        "deskbell_ready 1",
        "deskbell_bus_up 1",
        "deskbell_database_up 1",
        "route=\"/v1/conversations/{id}/messages\",status=\"200\"} 1",
        "# EOF",
    ] {
        assert!(text.contains(line), "no {line} in:\n{text}");
    }
    for secret in [chat.to_string(), ana.id.to_string(), "silva".to_owned()] {
        assert!(!text.contains(&secret), "{secret} in:\n{text}");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        let refused = ana.caller.get(path).await.unwrap();
        assert_eq!(refused.status, 404, "{path} is shown to the world");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_its_database_asks_for_no_requests() {
    let mut cluster = Cluster::start().await;
    assert_eq!(
        cluster.nodes[0]
            .anyone()
            .get("/readyz")
            .await
            .unwrap()
            .status,
        204
    );
    cluster.postgres.stop().unwrap();
    cluster.all_say("degraded").await;
    let health = cluster.nodes[0].anyone().get("/healthz").await.unwrap();
    assert_eq!(health.body["reasons"], serde_json::json!(["database"]));
    let ready = cluster.nodes[0].anyone().get("/readyz").await.unwrap();
    assert_eq!(ready.status, 503);
    cluster.postgres.again().await.unwrap();
    cluster.all_say("ok").await;
    eventually("requests are asked for again", async || {
        let ready = cluster.nodes[0].anyone().get("/readyz").await?;
        anyhow::ensure!(ready.status == 204, "{}", ready.status);
        Ok(())
    })
    .await
    .unwrap();
}

/// MULTI-10.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_older_than_the_database_refuses_to_start() {
    let mut cluster = Cluster::start().await;
    cluster.nodes[0].end().await.unwrap();
    let mut tx = cluster.store.write().await.unwrap();
    sqlx::query("INSERT INTO migration (version, name, applied_at) VALUES (9999, 'newer', 0)")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (code, said) = serve(&cluster.nodes[0].folder().join("server.toml")).await;
    assert_eq!(code, Some(78), "{said}");
    assert!(said.contains("made by a newer server"), "{said}");
    cluster.nodes.remove(0);
    cluster.all_say("ok").await;
}

/// Codes and authenticators are bound to the key: with another one they would fail by chance.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_another_key_than_its_peers_refuses_to_start() {
    let mut cluster = Cluster::start().await;
    cluster.nodes[0].end().await.unwrap();
    let config = cluster.nodes[0].folder().join("server.toml");
    let own_key = cluster.nodes[0].folder().join("own.key");
    let shared = std::fs::read_to_string(&config).unwrap();
    let line = shared.lines().find(|line| line.starts_with("key_file"));
    let changed = shared.replace(line.unwrap(), &format!("key_file = {own_key:?}"));
    std::fs::write(&config, changed).unwrap();
    // Missing, and then made for somewhere else.
    for _ in 0..2 {
        let (code, said) = serve(&config).await;
        assert_eq!(code, Some(78), "{said}");
        assert!(
            said.contains("copy the key file of the other servers"),
            "{said}"
        );
        ServerKey::load_or_create(&own_key).unwrap();
    }
    std::fs::write(&config, shared).unwrap();
    cluster.nodes[0].again().await.unwrap();
    cluster.all_say("ok").await;
}

/// Starts a server that is to end by itself: its code, and what it said.
async fn serve(config: &Path) -> (Option<i32>, String) {
    let folder = private_folder().unwrap();
    let program = Program::new(env!("CARGO_BIN_EXE_deskbell-server"), folder.path());
    let program = program.args(["serve", "--config"]).arg(config);
    let mut server = program.start().unwrap();
    let ended = server.ended().await.unwrap();
    (ended.code(), server.complained())
}
