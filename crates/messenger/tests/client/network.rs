//! Resuming: no hole, no double, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use deskbell_messenger::Signal;
use deskbell_messenger::view::{Connection, WindowEvent};
use deskbell_testing::network::Fate;
use deskbell_testing::shell::Act;

use crate::people::{Employee, Scene, eventually};

async fn chat_with_replies(scene: &Scene) -> (Employee, deskbell_protocol::ConversationId) {
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    scene.reply(id, "first").await;
    employee.line("first").await;
    (employee, id)
}

/// REC-06.
#[tokio::test]
async fn a_lost_event_is_fetched_before_the_next_is_shown() {
    let scene = Scene::new().await;
    let (employee, id) = chat_with_replies(&scene).await;
    let dropped = AtomicBool::new(false);
    scene.network.judge_frames(move |text| {
        let hit = text.contains("\"lost\"") && !dropped.swap(true, Ordering::SeqCst);
        if hit { Fate::Drop } else { Fate::Pass }
    });
    employee.shell.forget();
    scene.reply(id, "lost").await;
    scene.reply(id, "next").await;
    employee.line("next").await;
    assert_eq!(
        lines_told(&employee),
        ["lost", "next"],
        "the window hears them in order"
    );
    eventually("both are there in order", async || {
        employee.texts(id).await == ["Help", "first", "lost", "next"]
    })
    .await;
}

/// The bodies of the lines the window was told, each once, in the order they first came.
fn lines_told(employee: &Employee) -> Vec<String> {
    let mut told = Vec::new();
    for act in employee.shell.acts() {
        let Act::Told(event) = act else { continue };
        if let WindowEvent::MessageChanged { message, .. } = *event
            && !told.contains(&message.body)
        {
            told.push(message.body);
        }
    }
    told
}

/// REC-08.
#[tokio::test]
async fn doubled_and_reordered_frames_are_applied_once_and_in_order() {
    let scene = Scene::new().await;
    let (employee, id) = chat_with_replies(&scene).await;
    let mut frames = 0;
    scene.network.judge_frames(move |text| {
        if !text.contains("\"type\":\"event\"") || frames >= 10 {
            return Fate::Pass;
        }
        frames += 1;
        match frames % 5 {
            0 => Fate::Late,
            1 | 2 => Fate::Twice,
            _ => Fate::Pass,
        }
    });
    let mut expected = vec!["Help".to_owned(), "first".to_owned()];
    for n in 0..12 {
        scene.reply(id, &format!("reply {n}")).await;
        expected.push(format!("reply {n}"));
    }
    employee.line("reply 11").await;
    eventually("each is there once", async || {
        employee.texts(id).await == expected
    })
    .await;
    let app = employee
        .until("each counts once", |app| app.unread_count == 13)
        .await;
    assert_eq!(app.unread_count, 13);
}

/// REC-07.
#[tokio::test]
async fn changes_during_the_first_load_are_neither_missed_nor_counted_twice() {
    let scene = Scene::new().await;
    let (first, id) = chat_with_replies(&scene).await;
    let other = Employee::at(&scene.network.url(), &scene.server.clock);
    scene.later(61);
    // What the lists hold is decided before the first change, and they arrive after the last.
    scene
        .network
        .hold_answers(&format!("/v1/conversations/{id}/messages"));
    let told = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&told);
    scene.network.judge_frames(move |text| {
        counter.fetch_add(
            usize::from(text.contains("\"change 119\"")),
            Ordering::SeqCst,
        );
        Fate::Pass
    });
    let (signed_in, ()) = tokio::join!(other.sign_in(&scene), async {
        eventually("the lists are on their way", async || {
            scene.network.answers_held() == 1
        })
        .await;
        for n in 0..120 {
            scene.reply(id, &format!("change {n}")).await;
        }
        eventually("both clients heard of the changes", async || {
            told.load(Ordering::SeqCst) == 2
        })
        .await;
        scene.network.let_answers_go();
    });
    let () = signed_in;
    scene.reply(id, "last").await;
    eventually("both clients have the same chat", async || {
        let (a, b) = (first.chat(id).await, other.chat(id).await);
        let ids = |chat: &deskbell_messenger::view::ChatView| {
            chat.messages
                .iter()
                .map(|m| m.id)
                .rev()
                .take(50)
                .collect::<Vec<_>>()
        };
        a.messages.last().is_some_and(|m| m.body == "last") && ids(&a) == ids(&b)
    })
    .await;
    let (a, b) = (
        first.app().await.unread_count,
        other.app().await.unread_count,
    );
    assert_eq!((a, b), (122, 122), "what is unread is the same on both");
}

/// REC-03, REC-04: it comes back by itself.
#[tokio::test]
async fn after_an_outage_the_client_comes_back_by_itself() {
    let scene = Scene::new().await;
    let (employee, id) = chat_with_replies(&scene).await;
    scene.network.cut();
    employee.offline().await;
    scene.reply(id, "while offline").await;
    scene.network.restore();
    employee.line("while offline").await;
    employee.online().await;
}

#[tokio::test]
async fn a_restarted_server_is_found_again_with_everything_on_it() {
    let scene = Scene::new().await;
    let (employee, id) = chat_with_replies(&scene).await;
    let scene = scene.restart_server().await;
    scene.reply(id, "after the restart").await;
    employee.line("after the restart").await;
    employee.send(id, "still here").await;
    employee.all_sent().await;
    eventually("the answer arrived", async || {
        scene.stored(id).await.contains(&"still here".to_owned())
    })
    .await;
}

/// A connection that carries nothing is given up when the computer wakes.
#[tokio::test]
async fn a_silent_connection_is_noticed_on_waking() {
    let scene = Scene::new().await;
    let (employee, _) = chat_with_replies(&scene).await;
    scene.network.fall_silent();
    employee.signal(Signal::Woke);
    employee
        .until("the silence is noticed", |app| {
            app.connection != Connection::Online {}
        })
        .await;
    scene.network.restore();
    scene.network.break_connections();
    employee
        .done(deskbell_messenger::command::Command::ConnectNow {})
        .await;
    employee.online().await;
}

/// A connection that dies while the lists are loading: the next one neither believes the old lists nor
/// stays deaf.
#[tokio::test]
async fn a_connection_lost_while_the_lists_load_leaves_no_hole() {
    let scene = Scene::new().await;
    let (first, id) = chat_with_replies(&scene).await;
    scene.later(61);
    let other = Employee::at(&scene.network.url(), &scene.server.clock);
    let loads = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&loads);
    scene.network.delay(std::time::Duration::from_millis(20));
    scene.network.judge_frames(move |text| {
        // The first connections end right after their hello.
        let hello = text.contains("\"type\":\"hello\"");
        if hello && counter.fetch_add(1, Ordering::SeqCst) < 2 {
            Fate::Cut
        } else {
            Fate::Pass
        }
    });
    let (signed_in, ()) = tokio::join!(other.sign_in(&scene), async {
        for n in 0..40 {
            scene.reply(id, &format!("change {n}")).await;
        }
    });
    let () = signed_in;
    scene.network.delay(std::time::Duration::ZERO);
    scene.reply(id, "last").await;
    other.line("last").await;
    eventually("both clients have the same chat", async || {
        let (a, b) = (first.texts(id).await, other.texts(id).await);
        a.len() > 40 && a == b
    })
    .await;
    assert!(
        loads.load(Ordering::SeqCst) > 2,
        "the first connections were cut"
    );
}
