//! Asking, taking, assigning, closing, listing.

use deskbell_protocol::{
    Conversation, ConversationItem, ErrorCode, MessageKind, Page, Status, Update,
};
use futures_util::future::join_all;
use serde_json::json;

use crate::world::{World, account_id, read, try_take};

on_both_engines! {
    asking_for_help_makes_a_conversation_with_a_ticket,
    asking_again_with_the_same_id_makes_nothing_new,
    of_two_who_take_at_once_one_gets_it_and_the_other_is_told_who,
    only_who_has_taken_it_writes_in_it,
    a_reply_waits_for_the_requester_and_their_answer_opens_it_again,
    a_closed_conversation_can_only_be_read,
    only_an_unassigned_conversation_or_ones_own_is_closed,
    a_conversation_goes_to_a_colleague_with_a_note,
    lists_are_filtered_searched_and_come_in_pages,
    a_search_finds_letters_of_every_alphabet_in_either_case,
}

async fn asking_for_help_makes_a_conversation_with_a_ticket(world: World) {
    let asked = world
        .ask(&world.ana, "Printer jams\nThe one upstairs.")
        .await;
    assert_eq!(asked.status, Status::New);
    assert_eq!(asked.subject, "Printer jams");
    let ticket = asked.ticket.unwrap();
    assert!(ticket.number.starts_with("T-"), "{ticket:?}");
    let chat = world.chat(&world.ana, asked.id).await;
    assert_eq!(
        chat[0].id.0, asked.id.0,
        "the description is the first message"
    );
    assert_eq!(chat[0].body, "Printer jams\nThe one upstairs.");
    assert_eq!(chat[1].update, Some(Update::TicketCreated { ticket }));
    assert_eq!(world.chat(&world.tess, asked.id).await.len(), 2);
}

async fn asking_again_with_the_same_id_makes_nothing_new(world: World) {
    let wish = json!({"id": world.id(), "description": "Help", "device_id": null});
    let ask = || world.ana.post("/v1/conversations", wish.clone());
    let first: Conversation = read(&ask().await.unwrap(), 201);
    let again: Conversation = read(&ask().await.unwrap(), 200);
    assert_eq!(first, again);
    let at_once = join_all((0..8).map(|_| ask())).await;
    assert!(
        at_once
            .iter()
            .all(|answer| answer.as_ref().unwrap().status == 200)
    );
    assert_eq!(
        world.chat(&world.ana, first.id).await.len(),
        2,
        "one description, one update"
    );

    let stolen = world
        .ben
        .post("/v1/conversations", wish.clone())
        .await
        .unwrap();
    assert_eq!(stolen.code(), Some(ErrorCode::IdConflict));
    let chat = world.ask(&world.ben, "Another").await.id;
    let reused = json!({"id": first.id, "body": "x", "kind": "message"});
    let path = format!("/v1/conversations/{chat}/messages");
    let reused = world.ben.post(&path, reused).await.unwrap();
    assert_eq!(
        reused.code(),
        Some(ErrorCode::IdConflict),
        "the description's id is taken"
    );
}

async fn of_two_who_take_at_once_one_gets_it_and_the_other_is_told_who(world: World) {
    for round in 0..5 {
        let id = world.ask(&world.ana, &format!("Round {round}")).await.id;
        let (tess, timo) = tokio::join!(try_take(&world.tess, id), try_take(&world.timo, id));
        let (won, lost) = if tess.status == 200 {
            (tess, timo)
        } else {
            (timo, tess)
        };
        let won: Conversation = read(&won, 200);
        assert_eq!(lost.code(), Some(ErrorCode::AlreadyAssigned), "{lost:?}");
        assert_eq!(lost.body["assignee"]["id"], json!(won.assignee.unwrap().id));
        let assigned = world.chat(&world.ana, id).await;
        let assigned = assigned
            .iter()
            .filter(|l| matches!(l.update, Some(Update::Assigned { .. })));
        assert_eq!(assigned.count(), 1, "one assignment is told");
    }
    let id = world.ask_and_take(&world.ana, "Mine").await;
    assert_eq!(
        try_take(&world.tess, id).await.status,
        200,
        "who has it may say so again"
    );
}

async fn only_who_has_taken_it_writes_in_it(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    for kind in ["message", "note"] {
        let answer = world.try_say(&world.tess, id, kind, "Hello").await;
        assert_eq!(answer.refusal(), (403, Some(ErrorCode::NotAssigned), None));
    }
    world.take(&world.timo, id).await;
    let answer = world.try_say(&world.tess, id, "message", "Hello").await;
    assert_eq!(answer.code(), Some(ErrorCode::NotAssigned), "it is Timo's");
    world.say(&world.timo, id, "Hello").await;
    world.say(&world.ana, id, "Hi Timo").await;
}

async fn a_reply_waits_for_the_requester_and_their_answer_opens_it_again(world: World) {
    let id = world.ask(&world.ana, "Help").await.id;
    let status = async || {
        let path = format!("/v1/conversations/{id}");
        let item: ConversationItem = read(&world.ana.get(&path).await.unwrap(), 200);
        item.conversation.status
    };
    world.say(&world.ana, id, "Anyone?").await;
    assert_eq!(status().await, Status::New, "nobody has it yet");
    world.take(&world.tess, id).await;
    assert_eq!(status().await, Status::Open);
    world.note(&world.tess, id, "Looks like the driver").await;
    assert_eq!(status().await, Status::Open, "a note changes nothing");
    world.say(&world.tess, id, "Which printer?").await;
    assert_eq!(status().await, Status::Waiting);
    world.say(&world.ana, id, "Upstairs").await;
    assert_eq!(status().await, Status::Open);
}

async fn a_closed_conversation_can_only_be_read(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    let sent = world.say(&world.ana, id, "Please").await;
    let closed: Conversation = read(&world.close(&world.tess, id).await, 200);
    assert_eq!(closed.status, Status::Closed);
    assert_eq!(closed.closed_by.unwrap().name, "Tess Berg");
    for (who, kind) in [
        (&world.ana, "message"),
        (&world.tess, "message"),
        (&world.tess, "note"),
    ] {
        let answer = world.try_say(who, id, kind, "More").await;
        assert_eq!(
            answer.refusal(),
            (409, Some(ErrorCode::ConversationClosed), None)
        );
    }
    let taken = try_take(&world.timo, id).await;
    assert_eq!(taken.code(), Some(ErrorCode::ConversationClosed));
    let again = crate::world::send(&world.ana, id, sent.id, "message", "Please").await;
    assert_eq!(
        again.status, 201,
        "a retry of what was stored is still acknowledged"
    );
    let chat = world.chat(&world.ana, id).await;
    assert_eq!(chat.last().unwrap().update, Some(Update::Closed {}));
    assert_eq!(
        world.close(&world.tess, id).await.status,
        200,
        "who closed it may say so again"
    );
}

async fn only_an_unassigned_conversation_or_ones_own_is_closed(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    for who in [&world.timo, &world.omar] {
        assert_eq!(
            world.close(who, id).await.code(),
            Some(ErrorCode::NotAssigned)
        );
    }
    let unassigned = world.ask(&world.ana, "Thanks!").await.id;
    assert_eq!(world.close(&world.timo, unassigned).await.status, 200);
    let answer = world.close(&world.tess, unassigned).await;
    assert_eq!(
        answer.code(),
        Some(ErrorCode::ConversationClosed),
        "Timo closed it"
    );
}

async fn a_conversation_goes_to_a_colleague_with_a_note(world: World) {
    let id = world.ask_and_take(&world.ana, "Help").await;
    let (tess, timo) = (account_id(&world.tess).await, account_id(&world.timo).await);
    let path = format!("/v1/conversations/{id}/assign");
    let wish = json!({"technician_id": timo, "replaces": tess, "note": "You know this printer"});
    let given: Conversation = read(&world.tess.post(&path, wish.clone()).await.unwrap(), 200);
    assert_eq!(given.assignee.unwrap().name, "Timo Wolf");
    let chat = world.chat(&world.timo, id).await;
    let note = chat.last().unwrap();
    assert_eq!(
        (note.kind, note.body.as_str()),
        (MessageKind::Note, "You know this printer")
    );
    assert_eq!(note.author.as_ref().unwrap().name, "Tess Berg");

    let late = json!({"technician_id": timo, "replaces": tess, "note": "Mine would be lost"});
    let late = world.omar.post(&path, late).await.unwrap();
    assert_eq!(
        late.code(),
        Some(ErrorCode::AlreadyAssigned),
        "no note is lost without a word"
    );
    let stale = json!({"technician_id": "me", "replaces": tess});
    let stale = world.omar.post(&path, stale).await.unwrap();
    assert_eq!(
        stale.code(),
        Some(ErrorCode::AlreadyAssigned),
        "Tess has it no more"
    );
    assert_eq!(stale.body["assignee"]["id"], timo);
    let nobody = json!({"technician_id": account_id(&world.ana).await, "replaces": timo});
    let nobody = world.omar.post(&path, nobody).await.unwrap();
    assert_eq!(
        nobody.body["field"], "technician_id",
        "a requester is no technician"
    );
}

async fn lists_are_filtered_searched_and_come_in_pages(world: World) {
    let mut asked = Vec::new();
    for n in 0..5 {
        asked.push(
            world
                .ask(&world.ana, &format!("Request {n} of 100%"))
                .await
                .id,
        );
    }
    let taken = world.ask_and_take(&world.carla, "Scanner Straße").await;
    world
        .say(&world.tess, taken, "Have you tried the purple cable?")
        .await;
    let list = async |query: &str| {
        let page: Page<ConversationItem> = read(
            &world
                .tess
                .get(&format!("/v1/conversations?{query}"))
                .await
                .unwrap(),
            200,
        );
        page.items
            .into_iter()
            .map(|item| item.conversation.id)
            .collect::<Vec<_>>()
    };
    let newest_first: Vec<_> = asked.iter().rev().copied().collect();
    assert_eq!(list("status=new").await, newest_first);
    assert_eq!(list("status=waiting,closed").await, [taken]);
    assert_eq!(list("assignee=me").await, [taken]);
    assert_eq!(list("assignee=none&status=new&status=open").await.len(), 5);
    assert_eq!(list("text=purple").await, [taken]);
    assert_eq!(list("text=SCANNER").await, [taken]);
    assert_eq!(list("text=carla.jensen").await, [taken]);
    assert_eq!(
        list("text=100%25").await.len(),
        5,
        "a percent sign is no wildcard"
    );
    assert_eq!(list("text=1_0").await, []);
    let organizations = world.tess.get("/v1/organizations").await.unwrap();
    let kite = organizations.body["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(list(&format!("organization={kite}")).await, [taken]);

    let mut path = "/v1/conversations?limit=2&status=new".to_owned();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let answer = world.tess.get(&path).await.unwrap();
        let page: Page<ConversationItem> = read(&answer, 200);
        seen.extend(page.items.into_iter().map(|item| item.conversation.id));
        let Some(link) = answer.headers.get("link") else {
            break;
        };
        let link = link.to_str().unwrap();
        assert!(link.ends_with(">; rel=\"next\""), "{link}");
        path = link[1..link.find('>').unwrap()].to_owned();
    }
    assert_eq!(seen, newest_first, "three pages, nothing twice");
    assert_eq!(
        world.ben.get("/v1/conversations").await.unwrap().body["items"],
        json!([])
    );
}

async fn a_search_finds_letters_of_every_alphabet_in_either_case(world: World) {
    let id = world
        .ask(&world.ana, "Überhitzung am ÄNDERUNGSTERMINAL")
        .await
        .id;
    world.say(&world.ana, id, "ΑΘΗΝΑ и Москва").await;
    for wanted in [
        "Überhitzung",
        "überhitzung",
        "ÜBERHITZUNG",
        "änderung",
        "αθηνα",
        "МОСКВА",
    ] {
        for who in [&world.ana, &world.tess] {
            let query: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
            let found = who
                .get(&format!("/v1/conversations?text={query}"))
                .await
                .unwrap();
            assert_eq!(found.body["items"].as_array().unwrap().len(), 1, "{wanted}");
        }
    }
}
