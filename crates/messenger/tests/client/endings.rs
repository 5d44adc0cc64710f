//! What happens while the client ends.

use deskbell_messenger::Signal;

use crate::people::{Employee, Scene};

fn started_again() -> Signal {
    Signal::SecondLaunch { args: vec![] }
}

#[tokio::test]
async fn who_starts_it_while_it_ends_is_handed_to_the_next_one() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    employee.signal(Signal::QuitRequested);
    employee.signal(started_again());
    assert_eq!(employee.ended().await, [started_again()]);
    let later = employee.signal_too_late(started_again());
    assert_eq!(
        later,
        Some(started_again()),
        "after its end it takes no more"
    );
}

#[tokio::test]
async fn what_is_answered_in_a_toast_while_it_ends_is_sent_by_the_next_one() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.all_sent().await;
    employee.signal(Signal::QuitRequested);
    employee.signal(Signal::ToastReplied {
        id,
        text: "It is in.".to_owned(),
    });
    employee.ended().await;
    let (folder, keyring) = employee.stop().await;
    let clock = &scene.server.clock;
    let employee = Employee::with(&scene.network.url(), clock, folder, keyring);
    employee.all_sent().await;
    assert_eq!(scene.stored(id).await, ["Help", "It is in."]);
}
