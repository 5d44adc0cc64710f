//! Signing out without a network or without a keyring: over here at once, and on the server as soon
//! as it can be told.

use deskbell_messenger::Signal;
use deskbell_messenger::command::Command;
use deskbell_messenger::view::Phase;
use deskbell_testing::caller::Caller;

use crate::people::{Employee, Scene, eventually};

const SIGNED_OUT: Phase = Phase::SignedOut { reason: None };

/// An employee without a network, and another client of theirs that sees their sessions.
async fn offline() -> (Scene, Employee, Caller) {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let witness = scene.server.session(&scene.email).await.unwrap();
    scene.network.cut();
    employee.offline().await;
    assert_eq!(sessions(&witness).await, 2);
    (scene, employee, witness)
}

async fn sessions(witness: &Caller) -> usize {
    let answer = witness.get("/v1/sessions").await.unwrap();
    answer.body["items"].as_array().unwrap().len()
}

async fn ended(witness: &Caller, employee: &Employee) {
    eventually("the server ends the session", async || {
        sessions(witness).await == 1
    })
    .await;
    eventually("the keyring is empty", async || {
        employee.keyring.secrets().is_empty()
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_without_a_network_reaches_the_server_later() {
    let (scene, employee, witness) = offline().await;
    employee.done(Command::SignOut {}).await;
    assert_eq!(employee.app().await.phase, SIGNED_OUT);
    eventually("the session is forgotten at once", async || {
        let secrets = employee.keyring.secrets();
        !secrets.contains_key("session") && secrets.contains_key("signed-out")
    })
    .await;
    assert_eq!(sessions(&witness).await, 2, "the server cannot know yet");
    scene.network.restore();
    employee.signal(Signal::NetworkChanged);
    ended(&witness, &employee).await;
}

#[tokio::test]
async fn a_sign_out_without_a_network_reaches_the_server_after_a_restart() {
    let (scene, employee, witness) = offline().await;
    employee.done(Command::SignOut {}).await;
    eventually("the keyring keeps what is to be said", async || {
        employee.keyring.secrets().contains_key("signed-out")
    })
    .await;
    let employee = employee.restart().await;
    assert_eq!(employee.app().await.phase, SIGNED_OUT);
    scene.network.restore();
    employee.signal(Signal::NetworkChanged);
    ended(&witness, &employee).await;
}

/// A keyring that cannot forget does not sign anybody in again.
#[tokio::test]
async fn a_locked_keyring_does_not_undo_a_sign_out() {
    let (scene, employee, witness) = offline().await;
    employee.keyring.lock(true);
    employee.done(Command::SignOut {}).await;
    let employee = employee.restart().await;
    assert_eq!(employee.app().await.phase, SIGNED_OUT);
    assert!(
        employee.keyring.secrets().contains_key("session"),
        "the locked keyring still has it"
    );
    scene.network.restore();
    employee.keyring.lock(false);
    employee.signal(Signal::Unlocked);
    ended(&witness, &employee).await;
    assert_eq!(employee.app().await.phase, SIGNED_OUT);
}

/// Who signs in next is not signed out by what is still to be said for the one before.
#[tokio::test]
async fn the_next_sign_in_is_left_alone() {
    let (scene, employee, witness) = offline().await;
    employee.done(Command::SignOut {}).await;
    scene.network.restore();
    scene.later(61);
    employee.sign_in(&scene).await;
    eventually("the server ends the one session", async || {
        sessions(&witness).await == 2 && !employee.keyring.secrets().contains_key("signed-out")
    })
    .await;
    let id = employee.start("Still here").await;
    employee.ticket(id).await;
    let again = employee.restart().await;
    again.online().await;
}
