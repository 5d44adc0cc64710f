//! Sessions seen from open sockets: over means over, within two seconds, on every server.

use std::time::{Duration, Instant};

use deskbell_protocol::limits::{
    REQUESTER_IDLE_SECONDS, TECHNICIAN_IDLE_SECONDS, TECHNICIAN_SESSION_SECONDS, close_code,
};
use deskbell_protocol::{ClientFrame, ErrorCode};
use deskbell_testing::feed::TestFeed;

use crate::world::World;

const TWO_SECONDS: Duration = Duration::from_secs(2);

/// SES-04
#[tokio::test]
async fn signing_out_closes_the_socket_and_ends_the_token() {
    let world = World::on_sqlite().await;
    let mut feed = TestFeed::open(&world.ana).await.unwrap();
    let mut other = TestFeed::open(&world.ben).await.unwrap();
    assert_eq!(world.ana.delete("/v1/session").await.unwrap().status, 204);
    let since = Instant::now();
    assert_eq!(feed.close_code().await.unwrap(), close_code::SESSION_ENDED);
    assert!(since.elapsed() <= TWO_SECONDS);
    let answer = world.ana.get("/v1/me").await.unwrap();
    assert_eq!(answer.refusal(), (401, Some(ErrorCode::SessionEnded), None));
    assert!(other.is_quiet().await.unwrap(), "others stay");
}

/// SES-06
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ended_on_one_server_ends_on_the_other() {
    let world = World::on_postgres().await;
    let beside = world.server.beside().await.unwrap();
    let there = beside.anyone().with(
        deskbell_protocol::Role::Requester,
        world.ana.token.as_deref().unwrap(),
    );
    let mut feed = TestFeed::open(&there).await.unwrap();
    assert_eq!(world.ana.delete("/v1/session").await.unwrap().status, 204);
    let since = Instant::now();
    assert_eq!(feed.close_code().await.unwrap(), close_code::SESSION_ENDED);
    assert!(
        since.elapsed() <= TWO_SECONDS,
        "after {:?}",
        since.elapsed()
    );
    assert_eq!(
        there.get("/v1/me").await.unwrap().code(),
        Some(ErrorCode::SessionEnded)
    );
}

/// SES-06
#[tokio::test]
async fn who_is_disabled_is_out_at_once() {
    let world = World::on_sqlite().await;
    let mut feed = TestFeed::open(&world.tess).await.unwrap();
    let mut tx = world.server.app.store.write().await.unwrap();
    let now = deskbell_server::clock::Clock::now(world.server.clock.as_ref());
    deskbell_server::directory::disable(&mut tx, "tess.berg@provider.example", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let since = Instant::now();
    assert_eq!(feed.close_code().await.unwrap(), close_code::SESSION_ENDED);
    assert!(since.elapsed() <= TWO_SECONDS);
    assert_eq!(
        world.tess.get("/v1/me").await.unwrap().code(),
        Some(ErrorCode::SessionEnded)
    );
}

/// SES-05
#[tokio::test]
async fn an_idle_session_ends_and_closes_the_socket() {
    let world = World::on_sqlite().await;
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let mut ana = TestFeed::open(&world.ana).await.unwrap();
    world.server.clock.advance_seconds(TECHNICIAN_IDLE_SECONDS);
    let since = Instant::now();
    assert_eq!(
        tess.close_code().await.unwrap(),
        close_code::SESSION_EXPIRED
    );
    assert!(since.elapsed() <= Duration::from_secs(5));
    let answer = world.tess.get("/v1/me").await.unwrap();
    assert_eq!(
        answer.refusal(),
        (401, Some(ErrorCode::SessionExpired), None)
    );
    assert!(
        ana.is_quiet().await.unwrap(),
        "a requester may be away for longer"
    );
    world.server.clock.advance_seconds(REQUESTER_IDLE_SECONDS);
    assert_eq!(ana.close_code().await.unwrap(), close_code::SESSION_EXPIRED);
}

/// SES-05
#[tokio::test]
async fn a_technician_who_does_something_stays_until_the_session_is_too_old() {
    let world = World::on_sqlite().await;
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let steps = TECHNICIAN_SESSION_SECONDS / 1_200;
    for step in 1..steps {
        world.server.clock.advance_seconds(1_200);
        if step % 2 == 0 {
            assert_eq!(world.tess.get("/v1/me").await.unwrap().status, 200);
        } else {
            tess.say(&ClientFrame::Viewing {
                conversation_id: None,
            })
            .await
            .unwrap();
        }
        assert!(
            tess.is_quiet().await.unwrap(),
            "after {step} times twenty minutes"
        );
    }
    world.server.clock.advance_seconds(1_200);
    assert_eq!(
        tess.close_code().await.unwrap(),
        close_code::SESSION_EXPIRED
    );
}

#[tokio::test]
async fn no_event_is_told_after_the_session_is_over() {
    let world = World::with(|settings| settings.feed.watch = Duration::from_secs(3_600)).await;
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    world.server.clock.advance_seconds(TECHNICIAN_IDLE_SECONDS);
    world.ask(&world.ana, "Help").await;
    assert_eq!(
        tess.first_close_code().await.unwrap(),
        close_code::SESSION_EXPIRED,
        "even when nobody watches, the event itself asks first"
    );
}
