//! What a websocket may do, and how it ends.

use std::time::Duration;

use deskbell_protocol::limits::{FEED_QUEUE_EVENTS, SOCKETS_PER_ACCOUNT, close_code};
use deskbell_protocol::{ClientFrame, ErrorCode, Problem, ServerFrame, Sync};
use deskbell_testing::caller::Caller;
use deskbell_testing::feed::{Message, TestFeed};
use deskbell_testing::wait::eventually;

use crate::world::{World, read};

/// The cookie and this origin, as a browser on some page would send them.
fn browser(world: &World, origin: Option<&str>) -> Caller {
    let token = world.tess.token.clone().unwrap();
    let caller = world
        .server
        .anyone()
        .header("cookie", &format!("__Host-sid={token}"));
    match origin {
        Some(origin) => caller.header("origin", origin),
        None => caller,
    }
}

/// WS-01
#[tokio::test]
async fn a_page_of_another_origin_cannot_open_the_feed() {
    let world = World::on_sqlite().await;
    let own = world.server.url.clone();
    let port = own.rsplit(':').next().unwrap();
    let https = own.replace("http://", "https://");
    let lookalike = format!("http://127.0.0.1.evil.example:{port}");
    let origins = [
        Some("https://evil.example"),
        Some("null"),
        None,
        Some(https.as_str()),
        Some(lookalike.as_str()),
        Some("http://127.0.0.1:1"),
        Some("http://127.0.0.1"),
    ];
    for origin in origins {
        let refused = TestFeed::shake(&browser(&world, origin)).await.unwrap();
        let Err(response) = refused else {
            panic!("{origin:?} was let in")
        };
        assert_eq!(response.status(), 403, "{origin:?}");
        let problem: Problem = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(problem.code, ErrorCode::ForeignOrigin);
    }
    assert!(
        TestFeed::shake(&browser(&world, Some(&own)))
            .await
            .unwrap()
            .is_ok()
    );
}

/// WS-02
#[tokio::test]
async fn a_client_with_a_token_needs_no_origin_but_never_a_foreign_one() {
    let world = World::on_sqlite().await;
    assert!(TestFeed::shake(&world.ana).await.unwrap().is_ok());
    let foreign = world.ana.header("origin", "https://evil.example");
    let Err(response) = TestFeed::shake(&foreign).await.unwrap() else {
        panic!("let in")
    };
    assert_eq!(response.status(), 403);
    let Err(response) = TestFeed::shake(&world.server.anyone()).await.unwrap() else {
        panic!("let in")
    };
    assert_eq!(response.status(), 401);
}

/// WS-12
#[tokio::test]
async fn no_compression_is_agreed_on() {
    let world = World::on_sqlite().await;
    let offering = world
        .ana
        .header("sec-websocket-extensions", "permessage-deflate");
    let (_, response) = TestFeed::shake(&offering).await.unwrap().unwrap();
    assert_eq!(response.status(), 101);
    assert_eq!(response.headers().get("sec-websocket-extensions"), None);
}

/// WS-04
#[tokio::test]
async fn who_does_not_say_hello_hears_nothing_and_is_closed() {
    let world = World::with(|settings| settings.feed.hello = Duration::from_millis(400)).await;
    let mut feed = TestFeed::silent(&world.ana).await.unwrap();
    world.ask(&world.ana, "Help").await;
    assert_eq!(feed.first_close_code().await.unwrap(), close_code::NO_HELLO);
}

/// WS-07
#[tokio::test]
async fn the_third_frame_that_makes_no_sense_closes_the_socket() {
    let world = World::on_sqlite().await;
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let bad = [
        Message::text(deep),
        Message::text(r#"{"type":"received","seq":1,"seq":2}"#),
        Message::text(r#"{"type":"received","seq":1e999}"#),
        Message::text(r#"{"type":"party"}"#),
        Message::text(r#"{"type":"hello","cursor":null}"#),
        Message::text("not json"),
        Message::binary(vec![1, 2, 3]),
    ];
    for message in bad {
        let mut feed = TestFeed::open(&world.ana).await.unwrap();
        for _ in 0..2 {
            feed.say_raw(message.clone()).await.unwrap();
            let frame = feed.frame().await.unwrap();
            assert!(
                matches!(frame, ServerFrame::Error { .. }),
                "{message:?}: {frame:?}"
            );
        }
        feed.say_raw(message.clone()).await.unwrap();
        assert_eq!(
            feed.close_code().await.unwrap(),
            close_code::BAD_FRAMES,
            "{message:?}"
        );
    }
    let mut feed = TestFeed::open(&world.ana).await.unwrap();
    feed.say_raw(Message::text(" ".repeat(70_000)))
        .await
        .unwrap();
    assert_eq!(
        feed.close_code().await.unwrap(),
        close_code::BAD_FRAMES,
        "more than 64 KiB"
    );
}

/// WS-09
#[tokio::test]
async fn a_sixth_socket_takes_the_place_of_the_oldest() {
    let world = World::on_sqlite().await;
    let mut feeds = Vec::new();
    for _ in 0..=SOCKETS_PER_ACCOUNT {
        feeds.push(TestFeed::open(&world.ana).await.unwrap());
    }
    assert_eq!(feeds[0].close_code().await.unwrap(), close_code::REPLACED);
    for feed in &mut feeds[1..] {
        assert!(feed.is_quiet().await.unwrap(), "the others stay");
    }
    TestFeed::open(&world.ben).await.unwrap();
    assert!(
        feeds[1].is_quiet().await.unwrap(),
        "each account counts for itself"
    );
}

/// WS-10
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_does_not_read_is_closed_and_misses_nothing() {
    let world = World::with(|settings| settings.feed.write = Duration::from_millis(500)).await;
    let begin: Sync = read(&world.ana.get("/v1/sync").await.unwrap(), 200);
    let mut feed = TestFeed::open(&world.ana).await.unwrap();
    let id = world.ask(&world.ana, "Help").await.id;
    let text = "x".repeat(16_000);
    let mut sent = 3;
    while world.server.app.feed.sockets() > 0 {
        world.server.clock.advance_millis(1_000);
        assert_eq!(
            world.try_say(&world.ana, id, "message", &text).await.status,
            201
        );
        sent += 1;
        assert!(sent < 20 * FEED_QUEUE_EVENTS, "it is never closed");
    }
    // What the network still held arrives, then the end; nothing is read out of order.
    let mut heard = Vec::new();
    while let Ok((seq, _)) = feed.event().await {
        heard.push(seq);
    }
    assert!(
        heard.len() < sent,
        "it was closed before everything was told"
    );
    let cursor = if heard.is_empty() {
        begin.cursor
    } else {
        feed.cursor.clone()
    };
    let mut feed = TestFeed::resume(&world.ana, &cursor).await.unwrap();
    while heard.len() < sent {
        heard.push(feed.event().await.unwrap().0);
    }
    let first = heard[0];
    let all: Vec<u64> = (first..first + sent as u64).collect();
    assert_eq!(heard, all, "everything came, once and in order");
}

/// WS-11
#[tokio::test]
async fn a_peer_that_is_silent_is_let_go_and_looks_no_more() {
    let world = World::with(|settings| {
        settings.feed.watch = Duration::from_millis(50);
        settings.feed.ping = Duration::from_millis(200);
        settings.feed.dead = Duration::from_millis(800);
    })
    .await;
    let id = world.ask(&world.ana, "Help").await.id;
    let mut half_open = TestFeed::open(&world.timo).await.unwrap();
    half_open
        .say(&ClientFrame::Viewing {
            conversation_id: Some(id),
        })
        .await
        .unwrap();
    // From here on it is not polled: it answers no ping.
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let mut looking = usize::MAX;
    while looking > 0 {
        if let ServerFrame::Viewing { technicians, .. } = tess.frame().await.unwrap() {
            looking = technicians.len();
        }
    }
    eventually("only the socket that answers to be left", async || {
        let sockets = world.server.app.feed.sockets();
        anyhow::ensure!(sockets == 1, "{sockets} sockets");
        Ok(())
    })
    .await
    .unwrap();
    assert!(tess.is_quiet().await.unwrap(), "who answers pings stays");
}

#[tokio::test]
async fn a_browser_hears_that_a_quiet_feed_is_alive() {
    let world = World::with(|settings| {
        settings.feed.watch = Duration::from_millis(50);
        settings.feed.ping = Duration::from_millis(100);
    })
    .await;
    let mut ana = TestFeed::open(&world.ana).await.unwrap();
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    for _ in 0..2 {
        assert_eq!(tess.frame().await.unwrap(), ServerFrame::Alive {});
    }
    world.ask(&world.ana, "Help").await;
    assert!(
        matches!(ana.frame().await.unwrap(), ServerFrame::Event { .. }),
        "pings do for clients"
    );
}

#[tokio::test]
async fn the_server_says_that_it_comes_back() {
    let mut world = World::on_sqlite().await;
    let mut ana = TestFeed::open(&world.ana).await.unwrap();
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let (_, codes) = tokio::join!(world.server.end(), async {
        [
            ana.close_code().await.unwrap(),
            tess.close_code().await.unwrap(),
        ]
    });
    assert_eq!(codes, [close_code::RESTART; 2]);
}

#[tokio::test]
async fn the_feed_asked_for_as_a_page_says_what_it_is() {
    let world = World::on_sqlite().await;
    let answer = world.ana.get("/v1/feed").await.unwrap();
    assert_eq!(answer.refusal(), (400, Some(ErrorCode::BadRequest), None));
}
