//! The feed: what happens reaches who may see it, in order, with nothing missing.

use deskbell_protocol::{ClientFrame, ErrorCode, Event, ServerFrame, Status, Sync, Update};
use deskbell_testing::feed::TestFeed;

use crate::world::{World, account_id, read};

on_both_engines! {
    a_reply_reaches_the_open_socket,
    a_client_resumes_with_exactly_what_it_missed,
    a_cursor_of_another_life_asks_for_everything_anew,
    catching_up_by_http_tells_the_same_as_the_socket,
    typing_is_told_to_the_other_side_only,
    technicians_see_who_else_is_looking,
    a_conversation_is_told_before_its_messages,
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
    world.mark_read(&world.tess, id, u64::MAX).await;
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
