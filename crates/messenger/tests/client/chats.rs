//! The main job: asking for help, and the chat.

use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::view::{Delivery, FailureCode};
use deskbell_messenger::{MachineIdentity, Signal};
use deskbell_protocol::{ErrorCode, Status, Update};

use crate::people::{Employee, Scene, unknown_conversation};

#[tokio::test]
async fn a_request_gets_a_ticket_and_the_technicians_answer_is_read() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("The printer **jams**.\nSince noon.").await;
    let number = employee.ticket(id).await;
    let listed = employee.list().await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].ticket_number.as_ref(), Some(&number));
    assert_eq!((listed[0].status, listed[0].unread_count), (Status::New, 0));

    scene.take(id).await;
    scene.reply(id, "Which printer?").await;
    employee.line("Which printer?").await;
    let app = employee
        .until("one message is unread", |app| app.unread_count == 1)
        .await;
    assert_eq!(app.waiting_count, 0);
    let tray = employee.shell.tray().unwrap();
    assert_eq!(tray.unread_count, 1);

    let chat = employee.chat(id).await;
    let lines: Vec<_> = chat
        .messages
        .iter()
        .filter(|m| m.update.is_none())
        .collect();
    assert_eq!(lines.len(), 2, "{:#?}", chat.messages);
    assert!(lines[0].mine && !lines[1].mine);
    assert_eq!(chat.first_unread, Some(lines[1].id));
    assert!(!chat.more);
    assert!(
        chat.messages
            .iter()
            .any(|m| matches!(m.update, Some(Update::Assigned { .. })))
    );

    employee.done(Command::MarkRead { id }).await;
    employee
        .until("nothing is unread", |app| app.unread_count == 0)
        .await;
    let read = format!("/v1/conversations/{id}/messages");
    crate::people::eventually("the technician sees that it was read", async || {
        let answer = scene.technician.get(&read).await.unwrap();
        answer.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|m| m["body"] == "Which printer?" && !m["read_at"].is_null())
    })
    .await;
}

#[tokio::test]
async fn own_messages_show_how_far_they_have_come() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    employee.send(id, "Are you there?").await;
    let line = employee.line("Are you there?").await;
    assert!(matches!(
        line.delivery,
        Delivery::Sent {} | Delivery::Delivered {}
    ));
    scene.take(id).await;
    let path = format!("/v1/conversations/{id}/messages");
    let stored = scene.technician.get(&path).await.unwrap();
    let seq = stored.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|m| m["seq"].as_u64())
        .max()
        .unwrap();
    let read = format!("/v1/conversations/{id}/read");
    assert!(
        scene
            .technician
            .post(&read, serde_json::json!({"seq": seq}))
            .await
            .unwrap()
            .status
            .is_success()
    );
    crate::people::eventually("the message is shown as read", async || {
        let chat = employee.chat(id).await;
        chat.messages
            .iter()
            .any(|m| m.body == "Are you there?" && matches!(m.delivery, Delivery::Read { .. }))
    })
    .await;
}

#[tokio::test]
async fn a_chat_longer_than_a_page_is_read_to_its_beginning() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("0").await;
    employee.ticket(id).await;
    scene.take(id).await;
    for n in 1..=120 {
        scene.reply(id, &n.to_string()).await;
    }
    employee.line("120").await;
    scene.later(61);
    // A second computer has nothing cached.
    let other = scene.employee().await;
    let chat = other.chat(id).await;
    assert!(chat.more);
    let mut lines = chat.messages;
    loop {
        let before_seq = lines[0].seq.unwrap();
        match other.ask(Command::OlderMessages { id, before_seq }).await {
            Ok(Answer::Messages(page)) => {
                lines.splice(0..0, page.messages);
                if !page.more {
                    break;
                }
            }
            other => panic!("{other:?}"),
        }
    }
    let written: Vec<String> = lines
        .iter()
        .filter(|m| m.update.is_none())
        .map(|m| m.body.clone())
        .collect();
    let expected: Vec<String> = (0..=120).map(|n| n.to_string()).collect();
    assert_eq!(written, expected);
}

#[tokio::test]
async fn a_long_list_is_paged_without_holes() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let caller = scene.server.session(&scene.email).await.unwrap();
    for n in 0..130 {
        let wish = serde_json::json!({"id": deskbell_server::clock::Clock::id(&*scene.server.clock), "description": format!("Request {n}"), "device_id": null});
        assert!(
            caller
                .post("/v1/conversations", wish)
                .await
                .unwrap()
                .status
                .is_success()
        );
        scene.later(1);
    }
    let other = scene.employee().await;
    let mut subjects = vec![];
    let mut after = None;
    loop {
        let Ok(Answer::Conversations(page)) = other.ask(Command::Conversations { after }).await
        else {
            panic!("no page")
        };
        subjects.extend(page.items.into_iter().map(|c| c.subject));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<String> = (0..130).rev().map(|n| format!("Request {n}")).collect();
    assert_eq!(subjects, expected);
    drop(employee);
}

#[tokio::test]
async fn an_unknown_conversation_is_not_found() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let failure = employee
        .ask(Command::OpenChat {
            id: unknown_conversation(),
        })
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::Server(ErrorCode::NotFound));
}

#[tokio::test]
async fn drafts_wait_for_a_restart_and_go_when_sent() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    employee
        .done(Command::SaveDraft {
            conversation_id: Some(id),
            text: "half a sen".into(),
        })
        .await;
    let employee = employee.restart().await;
    employee.online().await;
    assert_eq!(employee.chat(id).await.draft, "half a sen");
    employee.send(id, "half a sentence").await;
    assert_eq!(employee.chat(id).await.draft, "");
}

/// Two clients on one folder would send everything twice.
#[tokio::test]
async fn a_second_client_on_the_same_folder_is_refused() {
    let scene = Scene::new().await;
    let employee = Employee::at(&scene.network.url(), &scene.server.clock);
    let setup = crate::people::setup(employee.folder.path(), &employee.url);
    let ports = deskbell_messenger::Ports {
        shell: employee.shell.clone(),
        secrets: employee.keyring.clone(),
        clock: std::sync::Arc::new(deskbell_messenger::SystemClock),
        entropy: std::sync::Arc::new(deskbell_messenger::OsEntropy),
    };
    assert!(deskbell_messenger::start(setup, ports).is_err());
    let _ = (MachineIdentity::default(), Signal::Woke);
}
