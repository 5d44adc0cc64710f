//! Where websockets do not pass, the server is asked instead.

use std::time::Duration;

use deskbell_messenger::Signal;
use deskbell_messenger::view::{Connection, Delivery};
use deskbell_protocol::ConversationId;
use deskbell_testing::network::Barrier;

use crate::people::{Employee, Scene, eventually};

const BLOCKED: &str = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 8\r\nConnection: close\r\n\r\nBlocked!";

/// An employee with a chat, and something new in between that websockets do not pass.
async fn behind(barrier: Barrier) -> (Scene, Employee, ConversationId) {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    scene.network.break_websockets(barrier);
    delayed(&employee).await;
    (scene, employee, id)
}

async fn delayed(employee: &Employee) {
    employee
        .until("it is connected without live updates", |app| {
            app.connection == Connection::Delayed {}
        })
        .await;
}

/// Everything comes and goes, and the websocket is used again when the network is another.
async fn goes_on(barrier: Barrier) {
    let (scene, employee, id) = behind(barrier).await;
    scene.reply(id, "one").await;
    employee.send(id, "two").await;
    employee.all_sent().await;
    employee.line("two").await;
    eventually("both came, in order and once", async || {
        employee.texts(id).await == ["Help", "one", "two"]
    })
    .await;
    scene.network.restore();
    employee.signal(Signal::NetworkChanged);
    employee.online().await;
    scene.reply(id, "three").await;
    employee.line("three").await;
    assert_eq!(scene.stored(id).await, employee.texts(id).await);
}

#[tokio::test]
async fn a_blocked_handshake_leaves_messages_flowing() {
    goes_on(Barrier::Answers(BLOCKED.into())).await;
}

#[tokio::test]
async fn a_handshake_that_a_gateway_fails_leaves_messages_flowing() {
    let failing = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    goes_on(Barrier::Answers(failing.into())).await;
}

#[tokio::test]
async fn a_handshake_without_its_headers_leaves_messages_flowing() {
    goes_on(Barrier::Strips).await;
}

#[tokio::test]
async fn websockets_that_are_cut_every_time_leave_messages_flowing() {
    goes_on(Barrier::Cuts).await;
}

/// A reply comes by itself, with its toast, and so does what the technician has read.
#[tokio::test]
async fn without_live_updates_replies_and_receipts_come_by_themselves() {
    let (scene, employee, id) = behind(Barrier::Strips).await;
    employee.send(id, "are you there?").await;
    let line = employee.line("are you there?").await;
    assert!(line.seq.is_some());
    scene.reply(id, "yes").await;
    scene.read(id).await;
    employee.line("yes").await;
    eventually("the toast", async || {
        let toasts = employee.shell.toasts();
        toasts.iter().filter(|toast| toast.body == "yes").count() == 1
    })
    .await;
    eventually("what was read is marked so", async || {
        let chat = employee.chat(id).await;
        let mine = chat.messages.iter().find(|m| m.body == "are you there?");
        mine.is_some_and(|m| matches!(m.delivery, Delivery::Read { .. }))
    })
    .await;
}

/// Asking begins where the websocket ended, and the websocket where asking ended; after a restart too.
#[tokio::test]
async fn changing_the_way_loses_and_doubles_nothing() {
    let (scene, employee, id) = behind(Barrier::Strips).await;
    let mut expected = vec!["Help".to_owned()];
    for round in 0..6 {
        for n in 0..8 {
            let text = format!("round {round}, reply {n}");
            scene.reply(id, &text).await;
            expected.push(text);
        }
        if round % 2 == 0 {
            scene.network.restore();
        } else {
            scene.network.break_websockets(Barrier::Strips);
        }
        employee.signal(Signal::NetworkChanged);
        employee.line(&format!("round {round}, reply 7")).await;
    }
    let employee = employee.restart().await;
    scene.reply(id, "after the restart").await;
    expected.push("after the restart".to_owned());
    eventually("all is there, in order and once", async || {
        employee.texts(id).await.ends_with(&expected[1..])
    })
    .await;
    let (there, here) = (scene.stored(id).await, employee.texts(id).await);
    assert_eq!(there, expected);
    assert!(there.ends_with(&here), "in order and once: {here:?}");
}

/// Asking is no storm: one question at a time, seconds apart.
#[tokio::test]
async fn without_live_updates_the_server_is_asked_seldom() {
    let (scene, employee, _) = behind(Barrier::Strips).await;
    scene.network.forget_seen();
    let asked = || {
        let seen = scene.network.seen();
        seen.iter().filter(|s| s.path.starts_with("/v1/")).count()
    };
    // One after at most ten seconds, and nothing besides.
    eventually("it is asked again", async || asked() > 0).await;
    let quiet = tokio::time::timeout(Duration::from_secs(5), async {
        while asked() < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert!(
        quiet.await.is_err(),
        "asked again within 5 s: {:?}",
        scene.network.seen()
    );
    assert_eq!(employee.app().await.connection, Connection::Delayed {});
}
