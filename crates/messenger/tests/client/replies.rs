//! What is written into toasts.

use deskbell_messenger::Signal;
use deskbell_messenger::command::Command;
use deskbell_messenger::view::Route;
use deskbell_protocol::ConversationId;
use deskbell_testing::shell::Act;

use crate::people::{Employee, PATIENCE, Scene};

fn reply(id: ConversationId, text: &str) -> Signal {
    Signal::ToastReplied {
        id,
        text: text.to_owned(),
    }
}

async fn opens_at(employee: &Employee, id: ConversationId) {
    let route = Route::Conversation { id };
    let opened = |acts: &[Act]| acts.contains(&Act::Window(route.clone())).then_some(());
    employee
        .shell
        .wait_within(PATIENCE, "the window opens at the chat", opened)
        .await;
}

#[tokio::test]
async fn an_answer_in_a_toast_is_sent_once_and_opens_no_window() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.signal(reply(id, "It is in."));
    employee.line("It is in.").await;
    employee.all_sent().await;
    assert_eq!(scene.stored(id).await, ["Help", "It is in."]);
    let windows = |act: &Act| matches!(act, Act::Window(_));
    assert!(!employee.shell.acts().iter().any(windows), "a window opens");
}

/// The system starts the client for the answer: it comes before the keyring has said who is signed in.
#[tokio::test]
async fn an_answer_that_starts_the_client_waits_for_the_keyring_and_survives_being_offline() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.all_sent().await;
    scene.network.cut();
    let employee = employee.restart().await;
    employee.signal(reply(id, "It is in."));
    employee
        .until("the answer waits", |app| app.waiting_count == 1)
        .await;
    let employee = employee.restart().await;
    scene.network.restore();
    employee.signal(Signal::NetworkChanged);
    employee.all_sent().await;
    assert_eq!(scene.stored(id).await, ["Help", "It is in."]);
}

#[tokio::test]
async fn an_answer_while_nobody_is_signed_in_waits_as_a_draft_for_who_signs_in() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.all_sent().await;
    employee.done(Command::SignOut {}).await;
    employee.signal(reply(id, "It is in."));
    let opened = |acts: &[Act]| {
        let window = |act: &Act| matches!(act, Act::Window(_));
        acts.iter().any(window).then_some(())
    };
    employee
        .shell
        .wait_within(PATIENCE, "the window opens to sign in", opened)
        .await;
    scene.later(61);
    employee.sign_in(&scene).await;
    assert_eq!(employee.chat(id).await.draft, "It is in.");
    assert_eq!(scene.stored(id).await, ["Help"], "it was sent unseen");
}

#[tokio::test]
async fn an_answer_that_cannot_be_sent_stays_as_a_draft_in_its_chat() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    let long = "a".repeat(16 * 1024 + 1);
    employee.signal(reply(id, &long));
    opens_at(&employee, id).await;
    assert_eq!(employee.chat(id).await.draft, long);
}
