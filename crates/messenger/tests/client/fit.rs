//! A server that does not fit, and a clock that is wrong, are told in a sentence; neither loses anything.

use deskbell_messenger::Signal;
use deskbell_messenger::command::Command;
use deskbell_messenger::settings::{Value, table};
use deskbell_messenger::view::{
    AppView, ClientFailure, Connection, FailureCode, Notice, OfflineReason,
};
use deskbell_protocol::ErrorCode;

use crate::people::{Employee, Scene, eventually};
use crate::policies::machine;

const DAY_MILLIS: i64 = 86_400_000;

/// What a server of another age says about itself.
fn of_another_age(api: u32, oldest_client: &str) -> String {
    let body = format!(
        r#"{{"product":"deskbell","version":"9.0.0","api":{api},"oldest_client":"{oldest_client}","time":"2026-11-21T08:00:00.000Z","sms":true}}"#
    );
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

async fn is_told(answer: &str, notice: Notice) {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    scene.network.answer_instead(answer);
    scene.network.break_connections();
    employee
        .until("it is told", |app| {
            let unfit = OfflineReason::VersionMismatch;
            matches!(app.connection, Connection::Offline { reason, .. } if reason == unfit)
                && app.notices.contains(&notice)
        })
        .await;
    let id = employee.start("Written meanwhile").await;
    scene.network.restore();
    employee.done(Command::ConnectNow {}).await;
    employee.online().await;
    employee.all_sent().await;
    assert_eq!(scene.stored(id).await, ["Written meanwhile"]);
    assert!(employee.app().await.notices.is_empty(), "the notice goes");
}

#[tokio::test]
async fn a_client_too_old_for_its_server_says_so_and_keeps_what_is_written() {
    is_told(&of_another_age(1, "99.0.0"), Notice::ClientTooOld {}).await;
}

#[tokio::test]
async fn a_server_too_old_for_the_client_is_told_and_what_is_written_is_kept() {
    is_told(&of_another_age(0, "0.1.0"), Notice::ServerTooOld {}).await;
}

#[tokio::test]
async fn signing_in_says_which_of_the_two_is_too_old() {
    let scene = Scene::new().await;
    let employee = Employee::at(&scene.network.url(), &scene.server.clock);
    let wish = || Command::StartSignIn {
        email: scene.email.clone(),
    };
    // Every call is answered with this; the one that begins signing in does not come to it.
    for (answer, code) in [
        (
            of_another_age(1, "99.0.0"),
            FailureCode::Server(ErrorCode::ClientTooOld),
        ),
        (
            of_another_age(0, "0.1.0"),
            FailureCode::Client(ClientFailure::ServerTooOld),
        ),
    ] {
        scene.network.answer_instead(&answer);
        assert_eq!(employee.ask(wish()).await.unwrap_err().code, code);
    }
}

/// TIME: a day ahead or behind, everything works, and the user is told.
#[tokio::test]
async fn with_a_clock_a_day_off_messages_come_and_go_and_the_user_is_told() {
    for (millis, minutes) in [(DAY_MILLIS, 1_440), (-DAY_MILLIS, -1_440)] {
        let scene = Scene::new().await;
        let employee = Employee::off(&scene.network.url(), &scene.server.clock, millis);
        employee.sign_in(&scene).await;
        let told = Notice::ClockOff { minutes };
        employee
            .until("the clock is told", |app| app.notices.contains(&told))
            .await;
        let id = employee.start("Help").await;
        employee.ticket(id).await;
        scene.take(id).await;
        scene.reply(id, "one").await;
        employee.line("one").await;
        employee.send(id, "two").await;
        employee.all_sent().await;
        eventually("all is there in order", async || {
            employee.texts(id).await == ["Help", "one", "two"]
        })
        .await;
        assert_eq!(scene.stored(id).await, ["Help", "one", "two"]);
        eventually("the reply was shown once", async || {
            let toasts = employee.shell.toasts();
            toasts.iter().filter(|toast| toast.body == "one").count() == 1
        })
        .await;
    }
}

/// The window is as large as it was left.
#[tokio::test]
async fn a_window_left_large_is_large_again() {
    let scene = Scene::new().await;
    let employee = Employee::left_large(&scene.network.url(), &scene.server.clock);
    assert!(employee.app().await.enlarged);
    employee.done(Command::Enlarge { enlarged: false }).await;
    assert!(!employee.app().await.enlarged);
}

/// A server of a later version, whose clock is years behind.
fn later_version() -> String {
    of_another_age(1, "0.1.0").replace("2026-11-21T08", "2020-01-01T00")
}

fn told_version(app: &AppView) -> bool {
    let newer = |notice: &Notice| matches!(notice, Notice::NewerVersion { .. });
    app.notices.iter().any(newer)
}

#[tokio::test]
async fn a_newer_version_is_told_until_the_window_is_closed() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    scene.network.answer_instead(&later_version());
    scene.network.break_connections();
    let version = "9.0.0".to_owned();
    let newer = Notice::NewerVersion { version };
    employee
        .until("it is told", |app| app.notices.contains(&newer))
        .await;
    employee.signal(Signal::WindowClosed);
    employee
        .until("it was told once", |app| !told_version(app))
        .await;
}

/// The notice of the wrong clock comes from the same answer.
#[tokio::test]
async fn a_newer_version_is_not_told_where_administrators_do_not_want_it() {
    let scene = Scene::new().await;
    let managed = machine(&table::UPDATE_NOTICE, Value::Switch(false));
    let employee = Employee::under(managed, &scene.network.url(), &scene.server.clock);
    employee.sign_in(&scene).await;
    scene.network.answer_instead(&later_version());
    scene.network.break_connections();
    let app = employee
        .until("the answer is heard", |app| {
            let off = |notice: &Notice| matches!(notice, Notice::ClockOff { .. });
            app.notices.iter().any(off)
        })
        .await;
    assert!(!told_version(&app), "{:?}", app.notices);
}
