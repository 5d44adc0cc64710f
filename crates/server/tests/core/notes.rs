//! Notes: technicians see them, the requester never does, in no way. (AUTHZ-07)

use deskbell_protocol::{ConversationItem, Event, Message, MessageKind, Sync};
use deskbell_testing::feed::TestFeed;

use crate::world::{World, read};

on_both_engines! {
    a_note_never_reaches_the_requester,
    a_foreign_conversation_looks_like_none,
}

const SECRET: &str = "zebra-crossing";

async fn a_note_never_reaches_the_requester(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    let begin: Sync = read(&world.ana.get("/v1/sync").await.unwrap(), 200);
    let mut feed = TestFeed::open(&world.ana).await.unwrap();
    let before = world
        .ana
        .get(&format!("/v1/conversations/{id}"))
        .await
        .unwrap();
    world.note(&world.tess, id, SECRET).await;
    world.note(&world.tess, id, SECRET).await;
    let after = world
        .ana
        .get(&format!("/v1/conversations/{id}"))
        .await
        .unwrap();
    assert_eq!(
        before.text, after.text,
        "neither activity, preview nor counts tell of a note"
    );
    assert!(feed.is_quiet().await.unwrap(), "the socket says nothing");

    let seen: Message = world.say(&world.tess, id, "Hello").await;
    let (seq, event) = feed.event().await.unwrap();
    let Event::MessageCreated { message } = event else {
        panic!("{event:?}")
    };
    assert_eq!(message.id, seen.id);
    let (_, begun) = begin.cursor.rsplit_once('.').unwrap();
    assert_eq!(
        seq,
        begun.parse::<u64>().unwrap() + 1,
        "the numbers show no gap"
    );

    let mut texts = Vec::new();
    let sync = format!("/v1/sync?cursor={}", begin.cursor);
    let messages = format!("/v1/conversations/{id}/messages");
    for path in [
        sync.as_str(),
        messages.as_str(),
        "/v1/conversations",
        "/v1/conversations?text=hel",
    ] {
        texts.push(world.ana.get(path).await.unwrap().text);
    }
    assert!(
        texts
            .iter()
            .all(|text| !text.contains(SECRET) && !text.contains("note")),
        "{texts:?}"
    );
    let found = world
        .ana
        .get(&format!("/v1/conversations?text={SECRET}"))
        .await
        .unwrap();
    assert_eq!(
        found.body["items"],
        serde_json::json!([]),
        "searching does not find it either"
    );

    let lines = world.chat(&world.timo, id).await;
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.kind == MessageKind::Note)
            .count(),
        2
    );
    let item: ConversationItem = read(
        &world
            .timo
            .get(&format!("/v1/conversations/{id}"))
            .await
            .unwrap(),
        200,
    );
    assert_eq!(
        item.unread_count, 4,
        "a colleague counts description, notes and reply"
    );
}

async fn a_foreign_conversation_looks_like_none(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let nothing = world.id();
    for who in [&world.ben, &world.carla] {
        for (method, path, body) in [
            ("GET", "", None),
            ("GET", "/messages", None),
            (
                "POST",
                "/messages",
                Some(serde_json::json!({"id": world.id(), "body": "x", "kind": "message"})),
            ),
            ("POST", "/read", Some(serde_json::json!({"seq": 1}))),
        ] {
            let call = async |id: &str| {
                let path = format!("/v1/conversations/{id}{path}");
                who.send(method.parse().unwrap(), &path, body.clone())
                    .await
                    .unwrap()
            };
            let (foreign, random) = (call(&id.text()).await, call(&nothing).await);
            assert_eq!(foreign.status, 404, "{method} {path}: {}", foreign.text);
            assert_eq!(
                foreign.text, random.text,
                "{method} {path}: both look the same"
            );
            assert_eq!(
                call("nonsense").await.text,
                random.text,
                "and so does what is no id"
            );
        }
    }
}
