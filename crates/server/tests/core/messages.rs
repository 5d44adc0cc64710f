//! Messages: stored once, in order, with receipts.

use std::collections::BTreeSet;
use std::sync::Arc;

use deskbell_protocol::limits::TEXT_BYTES;
use deskbell_protocol::{
    ClientFrame, ConversationItem, ErrorCode, Event, Message, MessageId, Page, ReceiptState,
};
use deskbell_server::clock::Clock;
use deskbell_testing::feed::TestFeed;
use serde_json::json;

use crate::world::{World, read, send};

on_both_engines! {
    the_same_message_sent_again_is_stored_once,
    messages_of_many_writers_have_one_order_without_gaps,
    of_messages_sent_at_once_those_that_cannot_be_written_harm_no_other,
    a_text_is_neither_empty_nor_too_long,
    history_comes_in_pages_from_the_newest_back,
    receipts_reach_the_author_in_the_authors_numbers,
    unread_counts_follow_the_read_marker,
}

async fn the_same_message_sent_again_is_stored_once(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let message = MessageId(world.server.clock.id());
    let attempts = (0..10).map(|_| send(&world.ana, id, message, "message", "Once"));
    let answers = futures_util::future::join_all(attempts).await;
    let first: Message = read(&answers[0], 201);
    for answer in &answers {
        assert_eq!(
            read::<Message>(answer, 201),
            first,
            "every retry gets the same answer"
        );
    }
    let chat = world.chat(&world.ana, id).await;
    assert_eq!(chat.iter().filter(|line| line.id == message).count(), 1);

    let different = send(&world.ana, id, message, "message", "Twice").await;
    assert_eq!(different.code(), Some(ErrorCode::IdConflict));
    world.take(&world.tess, id).await;
    let foreign = send(&world.tess, id, message, "message", "Once").await;
    assert_eq!(
        foreign.code(),
        Some(ErrorCode::IdConflict),
        "another author"
    );
    let elsewhere = world.ask(&world.ana, "More").await.id;
    let elsewhere = send(&world.ana, elsewhere, message, "message", "Once").await;
    assert_eq!(
        elsewhere.code(),
        Some(ErrorCode::IdConflict),
        "another conversation"
    );
}

async fn messages_of_many_writers_have_one_order_without_gaps(world: World) {
    const WRITERS: usize = 8;
    const EACH: usize = 12;
    let world = Arc::new(world);
    let mut feed = TestFeed::open(&world.tess).await.unwrap();
    let mut tasks = Vec::new();
    for writer in 0..WRITERS {
        let world = Arc::clone(&world);
        tasks.push(tokio::spawn(async move {
            let who = if writer % 2 == 0 {
                &world.ana
            } else {
                &world.carla
            };
            let id = world.ask(who, "Help").await.id;
            for n in 0..EACH {
                let answer = world
                    .try_say(who, id, "message", &format!("{writer} {n}"))
                    .await;
                assert_eq!(answer.status, 201, "{}", answer.text);
            }
        }));
    }
    let expected = WRITERS * (EACH + 3);
    let events = feed.events(expected).await.unwrap();
    for task in tasks {
        task.await.unwrap();
    }
    let first = events[0].0;
    let seqs: Vec<u64> = events.iter().map(|(seq, _)| *seq).collect();
    let gapless: Vec<u64> = (first..first + expected as u64).collect();
    assert_eq!(seqs, gapless, "numbers come in order, each once");
    let ids: BTreeSet<_> = events
        .iter()
        .filter_map(|(_, event)| message_id(event))
        .collect();
    assert_eq!(ids.len(), WRITERS * (EACH + 2), "every line came once");
}

async fn of_messages_sent_at_once_those_that_cannot_be_written_harm_no_other(world: World) {
    const ROUNDS: usize = 8;
    let open = world.ask_and_take(&world.ana, "Help").await;
    let closed = world.ask_and_take(&world.ana, "Over").await;
    let foreign = world.ask(&world.carla, "Mine").await.id;
    let told = world.say(&world.ana, open, "Told before").await;
    assert_eq!(world.close(&world.tess, closed).await.status, 200);

    let good = (0..ROUNDS).map(|_| MessageId(world.server.clock.id()));
    let good: Vec<MessageId> = good.collect();
    let rounds = good.iter().map(|id| {
        futures_util::future::join_all([
            send(&world.ana, open, *id, "message", "Good"),
            send(&world.ana, open, told.id, "message", "Told before"),
            send(&world.ana, open, told.id, "message", "Something else"),
            send(&world.ana, closed, new_id(&world), "message", "Too late"),
            send(&world.ana, foreign, new_id(&world), "message", "Let me in"),
            send(&world.omar, open, new_id(&world), "message", "Not mine"),
        ])
    });
    for answers in futures_util::future::join_all(rounds).await {
        assert_eq!(read::<Message>(&answers[0], 201).body, "Good");
        assert_eq!(read::<Message>(&answers[1], 201).id, told.id);
        let codes: Vec<_> = answers[2..].iter().map(|answer| answer.code()).collect();
        assert_eq!(
            codes,
            [
                Some(ErrorCode::IdConflict),
                Some(ErrorCode::ConversationClosed),
                Some(ErrorCode::NotFound),
                Some(ErrorCode::NotAssigned),
            ]
        );
    }
    let chat = world.chat(&world.ana, open).await;
    let stored: BTreeSet<MessageId> = chat.iter().map(|line| line.id).collect();
    assert!(good.iter().all(|id| stored.contains(id)), "{chat:?}");
    let refused = ["Something else", "Too late", "Let me in", "Not mine"];
    assert!(
        chat.iter()
            .all(|line| !refused.contains(&line.body.as_str())),
        "{chat:?}"
    );
    let seqs: Vec<u64> = chat.iter().map(|line| line.seq).collect();
    assert!(seqs.is_sorted_by(|one, next| one < next), "{seqs:?}");
}

fn new_id(world: &World) -> MessageId {
    MessageId(world.server.clock.id())
}

fn message_id(event: &Event) -> Option<String> {
    match event {
        Event::MessageCreated { message } => Some(message.id.text()),
        _ => None,
    }
}

async fn a_text_is_neither_empty_nor_too_long(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let code = async |text: String| world.try_say(&world.ana, id, "message", &text).await.code();
    assert_eq!(
        code("x".repeat(TEXT_BYTES)).await,
        None,
        "a full text is taken"
    );
    assert_eq!(
        code("x".repeat(TEXT_BYTES + 1)).await,
        Some(ErrorCode::TooLarge)
    );
    assert_eq!(
        code("\u{1}".repeat(TEXT_BYTES)).await,
        None,
        "escaped sixfold it still fits"
    );
    assert_eq!(code("x".repeat(200_000)).await, Some(ErrorCode::TooLarge));
    for empty in ["", "  \n\t ", "a\0b"] {
        assert_eq!(
            code(empty.to_owned()).await,
            Some(ErrorCode::InvalidField),
            "{empty:?}"
        );
    }
    let path = format!("/v1/conversations/{id}/messages");
    for (wish, field) in [
        (
            json!({"id": world.id(), "body": "x", "kind": "update"}),
            "kind",
        ),
        (
            json!({"id": world.id(), "body": "x", "kind": "note"}),
            "kind",
        ),
        (
            json!({"id": uuid::Uuid::nil(), "body": "x", "kind": "message"}),
            "id",
        ),
        (
            json!({"id": world.id(), "body": "x", "kind": "message", "to": "all"}),
            "to",
        ),
        (json!({"id": world.id(), "kind": "message"}), "body"),
        (
            json!({"id": world.id(), "body": "x", "kind": "message", "attachments": [world.id()]}),
            "attachments",
        ),
    ] {
        let answer = world.ana.post(&path, wish).await.unwrap();
        assert_eq!(answer.refusal(), (422, Some(ErrorCode::InvalidField), None));
        assert_eq!(answer.body["field"], field);
    }
}

async fn history_comes_in_pages_from_the_newest_back(world: World) {
    let id = world.ask(&world.ana, "0").await.id;
    for n in 1..8 {
        world.say(&world.ana, id, &n.to_string()).await;
    }
    let mut path = format!("/v1/conversations/{id}/messages?limit=4");
    let mut pages: Vec<Vec<String>> = Vec::new();
    loop {
        let answer = world.tess.get(&path).await.unwrap();
        let page: Page<Message> = read(&answer, 200);
        pages.push(page.items.into_iter().map(|line| line.body).collect());
        let Some(next) = page.next else { break };
        assert!(answer.headers.contains_key("link"));
        path = format!("/v1/conversations/{id}/messages?limit=4&before={next}");
    }
    assert_eq!(
        pages,
        [vec!["4", "5", "6", "7"], vec!["", "1", "2", "3"], vec!["0"]]
    );
}

async fn receipts_reach_the_author_in_the_authors_numbers(world: World) {
    // Something before it, so that the two feeds count differently.
    world.ask(&world.carla, "Elsewhere").await;
    let id = world.ask_and_take(&world.ana, "Help").await;
    let mut ana = TestFeed::open(&world.ana).await.unwrap();
    let mut tess = TestFeed::open(&world.tess).await.unwrap();
    let reply = world.say(&world.tess, id, "Hello Ana").await;
    let (_, event) = ana.event().await.unwrap();
    let Event::MessageCreated { message } = event else {
        panic!("not a message: {event:?}")
    };
    assert_eq!(message.id, reply.id);
    assert_ne!(message.seq, reply.seq, "each feed has its own numbers");

    ana.say(&ClientFrame::Received { seq: message.seq })
        .await
        .unwrap();
    let receipt = |state| {
        move |event: &Event| {
            matches!(event, Event::Receipt { conversation_id, state: s, seq, .. }
            if *conversation_id == id && *s == state && *seq == reply.seq)
        }
    };
    wait_for(&mut tess, receipt(ReceiptState::Received)).await;
    world.mark_read(&world.ana, id, message.seq).await;
    wait_for(&mut tess, receipt(ReceiptState::Read)).await;
    let stored = world.chat(&world.tess, id).await.pop().unwrap();
    assert!(
        stored.received_at.is_some() && stored.read_at.is_some(),
        "{stored:?}"
    );
    assert!(stored.received_at <= stored.read_at);

    // And the other way: the technicians read what Ana wrote.
    let answer = world.say(&world.ana, id, "Hi").await;
    let lines = world.chat(&world.tess, id).await;
    world
        .mark_read(&world.tess, id, lines.last().unwrap().seq)
        .await;
    let theirs = |event: &Event| matches!(event, Event::Receipt { state: ReceiptState::Read, seq, .. } if *seq == answer.seq);
    wait_for(&mut ana, theirs).await;
}

async fn wait_for(feed: &mut TestFeed, is_it: impl Fn(&Event) -> bool) {
    loop {
        let (_, event) = feed.event().await.expect("the receipt comes");
        if is_it(&event) {
            return;
        }
    }
}

async fn unread_counts_follow_the_read_marker(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    for text in ["One", "Two", "Three"] {
        world.say(&world.tess, id, text).await;
    }
    let unread = async || {
        let path = format!("/v1/conversations/{id}");
        let item: ConversationItem = read(&world.ana.get(&path).await.unwrap(), 200);
        (item.unread_count, item.read_seq, item.preview.unwrap().text)
    };
    assert_eq!(unread().await, (3, 0, "Three".to_owned()));
    let lines = world.chat(&world.ana, id).await;
    let two = lines.iter().find(|line| line.body == "Two").unwrap().seq;
    world.mark_read(&world.ana, id, two).await;
    assert_eq!(unread().await, (1, two, "Three".to_owned()));
    world.mark_read(&world.ana, id, 1).await;
    assert_eq!(unread().await.1, two, "going back changes nothing");
    world
        .mark_read(&world.ana, id, i64::MAX.unsigned_abs())
        .await;
    assert_eq!(
        unread().await,
        (0, lines.last().unwrap().seq, "Three".to_owned())
    );
    world.say(&world.tess, id, "Four").await;
    assert_eq!(
        unread().await.0,
        1,
        "reading ahead does not hide what comes"
    );
}

/// INP-09: what a text points at is visited by nobody but who clicks it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_in_a_message_is_visited_by_nobody() {
    let mut world = World::on_sqlite().await;
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let address = canary.local_addr().unwrap();
    let text = format!("http://{address}/x.png ![x](http://{address}/y.png) [z](http://{address})");
    let mut hears = TestFeed::open(&world.tess).await.unwrap();
    let id = world.ask_and_take(&world.ana, &text).await;
    world.say(&world.tess, id, &text).await;
    world.mark_read(&world.ana, id, 1).await;
    hears.events(3).await.unwrap();
    // What goes on in the background is over when the server has ended.
    world.server.end().await;
    let visited = canary.accept().map(|(_, who)| who);
    assert!(visited.is_err(), "{visited:?} was there");
}
