//! The feed: what happens reaches who may see it, in order, with nothing missing.

use std::time::Duration;

use deskbell_protocol::{
    ClientFrame, ConversationId, ErrorCode, Event, MessageId, ServerFrame, Status, Sync, Update,
};
use deskbell_server::clock::Clock;
use deskbell_testing::feed::TestFeed;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::world::{World, account_id, read};

on_both_engines! {
    a_reply_reaches_the_open_socket,
    a_client_resumes_with_exactly_what_it_missed,
    a_cursor_of_another_life_asks_for_everything_anew,
    catching_up_by_http_tells_the_same_as_the_socket,
    typing_is_told_to_the_other_side_only,
    technicians_see_who_else_is_looking,
    a_conversation_is_told_before_its_messages,
    what_was_stored_is_told_even_if_the_sender_hangs_up,
    a_lost_wake_up_is_made_good,
}

async fn a_reply_reaches_the_open_socket(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    let mut ana = TestFeed::open(&world.ana).await.unwrap();
    let mut also_ana = TestFeed::open(&world.ana).await.unwrap();
    let mut ben = TestFeed::open(&world.ben).await.unwrap();
    let reply = world.say(&world.tess, id, "Hello").await;
    for feed in [&mut ana, &mut also_ana] {
        let (_, event) = feed.event().await.unwrap();
        let Event::MessageCreated { message } = event else {
            panic!("{event:?}")
        };
        assert_eq!((message.id, message.body.as_str()), (reply.id, "Hello"));
        let (_, event) = feed.event().await.unwrap();
        let Event::ConversationChanged { conversation } = event else {
            panic!("{event:?}")
        };
        assert_eq!(conversation.status, Status::Waiting);
    }
    assert!(ben.is_quiet().await.unwrap(), "Ben hears nothing of it");
}

async fn a_client_resumes_with_exactly_what_it_missed(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    let mut feed = TestFeed::open(&world.ana).await.unwrap();
    world.say(&world.tess, id, "0").await;
    let mut last = feed.events(2).await.unwrap().pop().unwrap().0;
    let mut cursor = feed.cursor.clone();
    drop(feed);
    for n in 1..300 {
        world
            .try_say(&world.ana, id, "message", &n.to_string())
            .await;
    }
    for _ in 0..3 {
        let mut feed = TestFeed::resume(&world.ana, &cursor).await.unwrap();
        for _ in 0..100 {
            let (seq, _) = feed.event().await.unwrap();
            assert_eq!(seq, last + 1, "nothing is missing and nothing comes twice");
            last = seq;
        }
        cursor = feed.cursor.clone();
    }
    let sync: Sync = read(
        &world
            .ana
            .get(&format!("/v1/sync?cursor={cursor}"))
            .await
            .unwrap(),
        200,
    );
    assert_eq!(
        (sync.events.len(), sync.cursor.clone(), sync.more),
        (0, cursor, false)
    );
}

async fn a_cursor_of_another_life_asks_for_everything_anew(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let now: Sync = read(&world.ana.get("/v1/sync").await.unwrap(), 200);
    assert!(now.resync, "without a cursor one begins anew");
    let (epoch, seq) = now.cursor.rsplit_once('.').unwrap();
    let ahead = format!("{epoch}.{}", seq.parse::<u64>().unwrap() + 1);
    for cursor in ["0196f6a000007000.3", ahead.as_str(), "nonsense"] {
        let sync: Sync = read(
            &world
                .ana
                .get(&format!("/v1/sync?cursor={cursor}"))
                .await
                .unwrap(),
            200,
        );
        assert_eq!(
            (sync.resync, sync.cursor.as_str()),
            (true, now.cursor.as_str()),
            "{cursor}"
        );
        let mut feed = TestFeed::silent(&world.ana).await.unwrap();
        let frame = feed.hello(Some(cursor)).await.unwrap();
        assert!(
            matches!(frame, ServerFrame::Resync { .. }),
            "{cursor}: {frame:?}"
        );
        assert_eq!(feed.cursor, now.cursor);
        assert!(
            feed.is_quiet().await.unwrap(),
            "what was before is not told"
        );
    }
    let mut feed = TestFeed::silent(&world.ana).await.unwrap();
    feed.hello(Some("nonsense")).await.unwrap();
    world.say(&world.ana, id, "After").await;
    assert_eq!(
        feed.event().await.unwrap().0,
        seq.parse::<u64>().unwrap() + 1
    );
}

async fn catching_up_by_http_tells_the_same_as_the_socket(world: World) {
    let begin: Sync = read(&world.tess.get("/v1/sync").await.unwrap(), 200);
    let id = world.ask_and_take(&world.ana, "Help").await;
    world.say(&world.tess, id, "Hello").await;
    world
        .mark_read(&world.tess, id, i64::MAX.unsigned_abs())
        .await;
    let path = format!("/v1/sync?cursor={}", begin.cursor);
    let sync: Sync = read(&world.tess.get(&path).await.unwrap(), 200);
    let mut feed = TestFeed::resume(&world.tess, &begin.cursor).await.unwrap();
    let told = feed.events(sync.events.len()).await.unwrap();
    let synced: Vec<_> = sync
        .events
        .into_iter()
        .map(|event| (event.seq, event.event))
        .collect();
    assert_eq!(told, synced);
    assert_eq!(feed.cursor, sync.cursor);
    assert_eq!(told.len(), 8, "{told:?}");
}

async fn typing_is_told_to_the_other_side_only(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    let mut ana = TestFeed::open(&world.ana).await.unwrap();
    let mut ben = TestFeed::open(&world.ben).await.unwrap();
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let mut timo = TestFeed::open(&world.timo).await.unwrap();
    let typing = ClientFrame::Typing {
        conversation_id: id,
    };
    ana.say(&typing).await.unwrap();
    let frame = tess.frame().await.unwrap();
    let ServerFrame::Typing {
        person,
        conversation_id,
    } = frame
    else {
        panic!("{frame:?}")
    };
    assert_eq!((person.name.as_str(), conversation_id), ("Ana Silva", id));
    assert!(
        timo.is_quiet().await.unwrap(),
        "Timo neither has it nor looks at it"
    );
    tess.say(&typing).await.unwrap();
    let frame = ana.frame().await.unwrap();
    assert!(matches!(frame, ServerFrame::Typing { .. }), "{frame:?}");
    timo.say(&typing).await.unwrap();
    timo.is_quiet().await.unwrap();
    assert!(
        ana.is_quiet().await.unwrap(),
        "only who has it is told to type"
    );
    ben.say(&typing).await.unwrap();
    let frame = ben.frame().await.unwrap();
    let ServerFrame::Error { problem } = frame else {
        panic!("{frame:?}")
    };
    assert_eq!(
        problem.code,
        ErrorCode::NotFound,
        "it does not exist for Ben"
    );
}

async fn technicians_see_who_else_is_looking(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    tess.say(&ClientFrame::Viewing {
        conversation_id: Some(id),
    })
    .await
    .unwrap();
    assert_eq!(onlookers(&mut tess).await, ["Tess Berg"]);
    let mut timo = TestFeed::open(&world.timo).await.unwrap();
    assert_eq!(
        onlookers(&mut timo).await,
        ["Tess Berg"],
        "who comes later is told"
    );
    timo.say(&ClientFrame::Viewing {
        conversation_id: Some(id),
    })
    .await
    .unwrap();
    assert_eq!(onlookers(&mut tess).await, ["Tess Berg", "Timo Wolf"]);
    drop(timo);
    assert_eq!(
        onlookers(&mut tess).await,
        ["Tess Berg"],
        "who is gone looks no more"
    );
    let mut ana = TestFeed::open(&world.ana).await.unwrap();
    ana.say(&ClientFrame::Viewing {
        conversation_id: Some(id),
    })
    .await
    .unwrap();
    let frame = ana.frame().await.unwrap();
    let ServerFrame::Error { problem } = frame else {
        panic!("{frame:?}")
    };
    assert_eq!(problem.code, ErrorCode::Forbidden);
}

async fn onlookers(feed: &mut TestFeed) -> Vec<String> {
    loop {
        if let ServerFrame::Viewing { technicians, .. } = feed.frame().await.unwrap() {
            return technicians.into_iter().map(|person| person.name).collect();
        }
    }
}

async fn a_conversation_is_told_before_its_messages(world: World) {
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let asked = world.ask(&world.ana, "Help").await;
    let events = tess.events(3).await.unwrap();
    assert!(
        matches!(&events[0].1, Event::ConversationChanged { conversation } if conversation.id == asked.id)
    );
    assert!(matches!(&events[1].1, Event::MessageCreated { message } if message.body == "Help"));
    let Event::MessageCreated { message } = &events[2].1 else {
        panic!("{events:?}")
    };
    assert!(matches!(message.update, Some(Update::TicketCreated { .. })));
    world.take(&world.timo, asked.id).await;
    let (_, event) = tess.event().await.unwrap();
    let Event::ConversationChanged { conversation } = event else {
        panic!("{event:?}")
    };
    let assignee = serde_json::to_value(conversation.assignee.unwrap().id).unwrap();
    assert_eq!(assignee, account_id(&world.timo).await);
}

async fn what_was_stored_is_told_even_if_the_sender_hangs_up(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let mut feed = TestFeed::open(&world.tess).await.unwrap();
    let mut stored = 0;
    for n in 0..24 {
        let message = MessageId(world.server.clock.id());
        let pause = Duration::from_micros(200 * n);
        send_and_hang_up(&world, id, message, pause).await;
        if !is_stored(&world, id, message).await {
            continue;
        }
        stored += 1;
        // Well before the look that makes lost wake-ups good.
        let told = timeout(Duration::from_secs(3), async {
            loop {
                let (_, event) = feed.event().await.unwrap();
                if matches!(event, Event::MessageCreated { message: told } if told.id == message) {
                    return;
                }
            }
        });
        told.await
            .unwrap_or_else(|_| panic!("stored and not told, hung up after {pause:?}"));
    }
    assert!(stored > 0, "some were stored");
}

async fn send_and_hang_up(world: &World, id: ConversationId, message: MessageId, pause: Duration) {
    let token = world.ana.token.as_deref().unwrap();
    let body = format!(r#"{{"id":"{message}","body":"x","kind":"message"}}"#);
    let request = format!(
        "POST /v1/conversations/{id}/messages HTTP/1.1\r\nhost: x\r\n\
         authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let address = world.server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(pause).await;
}

/// Whether the message is there, or comes within a moment.
async fn is_stored(world: &World, id: ConversationId, message: MessageId) -> bool {
    for _ in 0..10 {
        if world
            .chat(&world.tess, id)
            .await
            .iter()
            .any(|line| line.id == message)
        {
            return true;
        }
    }
    false
}

/// Whoever writes to the database without waking this server is heard of nevertheless.
async fn a_lost_wake_up_is_made_good(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let mut feed = TestFeed::open(&world.ana).await.unwrap();
    let mut tx = world.server.app.store.write().await.unwrap();
    let account = deskbell_protocol::AccountId(
        account_id(&world.ana)
            .await
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
    );
    let change = deskbell_server::event_log::Change::Conversation(id);
    let ana = deskbell_server::event_log::FeedId::Requester(account);
    let now = world.server.clock.now();
    deskbell_server::event_log::append(&mut tx, &[(ana, vec![change])].into(), now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (_, event) = feed.event().await.expect("within some seconds");
    assert!(
        matches!(event, Event::ConversationChanged { .. }),
        "{event:?}"
    );
}
