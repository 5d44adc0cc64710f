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
    let id = world.ask(&world.ana, "Help").await.id;
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let looks = ClientFrame::Viewing {
        conversation_id: None,
    };
    tess.say(&looks).await.unwrap();
    let steps = TECHNICIAN_SESSION_SECONDS / 1_200;
    for step in 1..steps {
        world.server.clock.advance_seconds(1_200);
        if step % 2 == 0 {
            let answer = world.try_say(&world.tess, id, "note", "Hm").await;
            assert_eq!(answer.code(), Some(ErrorCode::NotAssigned));
        } else {
            tess.say(&looks).await.unwrap();
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

/// SES-05: what a console does by itself is no sign of a person.
#[tokio::test]
async fn an_open_console_alone_keeps_no_technician_signed_in() {
    let world = World::on_sqlite().await;
    let id = world.ask_and_take(&world.ana, "Help").await;
    let minutes = TECHNICIAN_IDLE_SECONDS / 60;
    for minute in 1..minutes {
        world.server.clock.advance_seconds(60);
        let seq = world.say(&world.ana, id, "Are you there?").await.seq;
        world.server.clock.advance_millis(-1_000);
        let mut feed = TestFeed::open(&world.tess).await.unwrap();
        let looks = ClientFrame::Viewing {
            conversation_id: Some(id),
        };
        feed.say(&looks).await.unwrap();
        world.mark_read(&world.tess, id, seq).await;
        for path in ["/v1/me", "/v1/sync", "/v1/conversations"] {
            let answer = world.tess.get(path).await.unwrap();
            assert_eq!(answer.status, 200, "in minute {minute}");
        }
    }
    let mut feed = TestFeed::open(&world.tess).await.unwrap();
    world.server.clock.advance_seconds(60);
    assert_eq!(
        feed.close_code().await.unwrap(),
        close_code::SESSION_EXPIRED
    );
    let answer = world.tess.get("/v1/me").await.unwrap();
    assert_eq!(answer.code(), Some(ErrorCode::SessionExpired));
}

/// A session that is ended between the handshake and the hello hears nothing.
#[tokio::test]
async fn a_session_that_ended_before_the_hello_hears_nothing() {
    let world = World::with(|settings| settings.feed.watch = Duration::from_secs(3_600)).await;
    let mut feed = TestFeed::silent(&world.tess).await.unwrap();
    let mut tx = world.server.app.store.write().await.unwrap();
    sqlx::query("UPDATE session SET ended_at = 1")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    feed.say(&ClientFrame::Hello { cursor: None })
        .await
        .unwrap();
    let code = feed.first_close_code().await.unwrap();
    assert_eq!(code, close_code::SESSION_ENDED);
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
