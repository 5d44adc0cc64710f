//! What one account, a fault or a newer server may do to everybody else.

use deskbell_protocol::limits::{TEXTS_AT_ONCE, TEXTS_PER_SECOND};
use deskbell_protocol::{ErrorCode, Event};
use deskbell_testing::feed::TestFeed;
use serde_json::json;

use crate::world::World;

/// T23: who writes faster than people do waits, and nobody else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_floods_is_slowed_down_alone() {
    let world = World::on_sqlite().await;
    let id = world.ask(&world.ana, "Help").await.id;
    for n in 0..TEXTS_AT_ONCE - TEXTS_PER_SECOND {
        let text = n.to_string();
        let answer = world.try_say(&world.ana, id, "message", &text).await;
        assert_eq!(answer.status, 201, "text {n}: {}", answer.text);
    }
    let wish = json!({"id": world.id(), "description": "Help!", "device_id": null});
    let asked = world.ana.post("/v1/conversations", wish).await.unwrap();
    let said = world.try_say(&world.ana, id, "message", "one more").await;
    for refused in [asked, said] {
        assert_eq!(refused.refusal(), (429, Some(ErrorCode::RateLimited), None));
        assert_eq!(refused.retry_after(), Some(1));
    }
    world.ask(&world.ben, "Others are not slowed down").await;
    let later = world.try_say(&world.ana, id, "message", "later").await;
    assert_eq!(later.status, 201, "a second has passed: {}", later.text);
    let lines = world.chat(&world.ana, id).await;
    assert!(lines.iter().all(|line| line.body != "one more"));
}

/// A database that was restarted is a reason to try again, not a fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_were_cut_are_a_reason_to_try_again() {
    let world = World::on_postgres().await;
    let calls = (0..12).map(|_| world.ana.get("/v1/me"));
    futures_util::future::join_all(calls).await;
    sqlx::query(
        "SELECT COUNT(CAST(pg_terminate_backend(pid) AS TEXT)) FROM pg_stat_activity
         WHERE pid <> pg_backend_pid() AND datname = current_database()",
    )
    .fetch_one(world.server.app.store.read())
    .await
    .unwrap();
    let mut refused = 0;
    for _ in 0..40 {
        let answer = world.ana.get("/v1/me").await.unwrap();
        if answer.status != 200 {
            refused += 1;
            assert_eq!(answer.refusal(), (503, Some(ErrorCode::Unavailable), None));
            assert_eq!(answer.retry_after(), Some(1));
        }
    }
    assert!(refused < 40, "it never comes back");
}

/// An event that only a newer server understands keeps its number and holds up nobody.
#[tokio::test]
async fn an_event_that_is_not_understood_holds_up_nobody() {
    let world = World::on_sqlite().await;
    let id = world.ask(&world.ana, "Help").await.id;
    let mut feed = TestFeed::open(&world.tess).await.unwrap();
    let mut tx = world.server.app.store.write().await.unwrap();
    let statement = "UPDATE feed SET seq = seq + 1 WHERE id = 'technicians' RETURNING seq";
    let seq: i64 = sqlx::query_scalar(statement)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO event (feed_id, seq, kind, at) VALUES ('technicians', $1, 'party', 0)",
    )
    .bind(seq)
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    world.say(&world.ana, id, "After it").await;
    let events = feed.events(2).await.unwrap();
    assert_eq!(events[0], (seq.cast_unsigned(), Event::Unknown));
    assert!(matches!(events[1].1, Event::MessageCreated { .. }));
}
