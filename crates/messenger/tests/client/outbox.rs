//! What the user sends arrives once and in order, whatever happens.

use deskbell_messenger::Signal;
use deskbell_messenger::command::Command;
use deskbell_messenger::view::{ConversationView, Delivery};
use deskbell_protocol::{ErrorCode, MessageId};
use serde_json::json;

use crate::people::{Scene, eventually};

/// REC-10.
#[tokio::test]
async fn what_is_written_offline_arrives_in_order_and_once_after_a_restart() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    scene.network.cut();
    employee.offline().await;
    let id = employee.start("0").await;
    let waiting: Vec<ConversationView> = employee.list().await;
    assert_eq!(
        waiting[0].delivery,
        Delivery::Waiting {},
        "a queued request is shown as waiting"
    );
    let mut expected = vec!["0".to_owned()];
    for n in 1..=20 {
        employee.send(id, &n.to_string()).await;
        expected.push(n.to_string());
    }
    assert_eq!(employee.texts(id).await, expected);
    let employee = employee.restart().await;
    assert_eq!(
        employee.texts(id).await,
        expected,
        "the outbox survives the restart"
    );
    scene.network.restore();
    employee.signal(Signal::NetworkChanged);
    employee.online().await;
    employee.all_sent().await;
    assert_eq!(scene.stored(id).await, expected);
    eventually("the chat shows each once", async || {
        employee.texts(id).await == expected
    })
    .await;
}

/// REC-12.
#[tokio::test]
async fn a_lost_acknowledgement_never_doubles_a_message() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.network.eat_answers("POST /v1/conversations/", 6);
    employee.send(id, "once").await;
    employee.all_sent().await;
    employee.line("once").await;
    eventually("the message is shown as sent once", async || {
        let chat = employee.chat(id).await;
        let copies: Vec<_> = chat.messages.iter().filter(|m| m.body == "once").collect();
        copies.len() == 1 && !matches!(copies[0].delivery, Delivery::Waiting {})
    })
    .await;
    assert_eq!(scene.stored(id).await, ["Help", "once"]);
}

/// REC-11.
#[tokio::test]
async fn a_refused_message_fails_alone_and_those_behind_it_go_on() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let open = employee.start("Open").await;
    let closed = employee.start("Closed").await;
    employee.ticket(open).await;
    employee.ticket(closed).await;
    scene.network.cut();
    employee.offline().await;
    let path = format!("/v1/conversations/{closed}/close");
    assert!(
        scene
            .technician
            .post(&path, json!({}))
            .await
            .unwrap()
            .status
            .is_success()
    );
    employee.send(closed, "too late").await;
    employee.send(open, "in time").await;
    scene.network.restore();
    employee.done(Command::ConnectNow {}).await;
    employee.line("in time").await;
    employee.all_sent().await;
    let failed = |m: &deskbell_messenger::view::MessageView| {
        m.body == "too late"
            && m.delivery
                == Delivery::Failed {
                    code: ErrorCode::ConversationClosed,
                }
    };
    let chat = employee.chat(closed).await;
    let line = chat
        .messages
        .iter()
        .find(|m| failed(m))
        .expect("the refused one is marked as failed");
    let id: MessageId = line.id;
    employee.done(Command::Retry { id }).await;
    eventually("trying again fails again", async || {
        employee.chat(closed).await.messages.iter().any(failed)
    })
    .await;
    employee.done(Command::Discard { id }).await;
    assert_eq!(employee.texts(closed).await, ["Closed"]);
    assert_eq!(scene.stored(open).await, ["Open", "in time"]);
}

/// REC-11: an expired session pauses the outbox; the next sign-in sends it.
#[tokio::test]
async fn an_expired_session_keeps_what_is_unsent_for_the_next_sign_in() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.network.cut();
    employee.offline().await;
    employee.send(id, "kept").await;
    scene.later(31 * 86_400);
    scene.network.restore();
    employee.done(Command::ConnectNow {}).await;
    employee
        .until("the session is over", |app| {
            matches!(
                app.phase,
                deskbell_messenger::view::Phase::SignedOut {
                    reason: Some(ErrorCode::SessionExpired)
                }
            )
        })
        .await;
    employee.sign_in(&scene).await;
    employee.all_sent().await;
    assert_eq!(
        scene
            .server
            .session("tess.berg@provider.example")
            .await
            .unwrap()
            .get(&format!("/v1/conversations/{id}/messages"))
            .await
            .unwrap()
            .body["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|m| m["body"] == "kept")
            .count(),
        1
    );
}

/// A filter in between that answers for the server acknowledges nothing.
#[tokio::test]
async fn a_page_in_place_of_an_acknowledgement_is_none() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene
        .network
        .answer_instead("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nBlocked!");
    employee.send(id, "through the filter").await;
    let posted = async || {
        scene
            .network
            .seen()
            .iter()
            .any(|s| s.path.ends_with("/messages") && s.method == "POST")
    };
    eventually("it was tried", posted).await;
    let app = employee
        .until("it still waits", |app| app.waiting_count == 1)
        .await;
    assert_eq!(app.waiting_count, 1);
    scene.network.restore();
    employee.all_sent().await;
    assert_eq!(scene.stored(id).await, ["Help", "through the filter"]);
}
