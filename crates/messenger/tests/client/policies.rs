//! What administrators have decided holds, whatever the user or another program tries.

use deskbell_messenger::Signal;
use deskbell_messenger::check::CheckResult;
use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::settings::table::Definition;
use deskbell_messenger::settings::{Managed, Value, table};
use deskbell_messenger::shell::{TrayAction, TrayItem};
use deskbell_messenger::view::{ClientFailure, FailureCode, Origin, Phase};

use crate::people::{Employee, Scene};

const NOBODY: &str = "http://127.0.0.1:9";

pub fn machine(setting: &'static Definition, value: Value) -> Managed {
    let mut managed = Managed::default();
    managed.machine.put(setting, value);
    managed
}

async fn refused(employee: &Employee, command: Command) {
    let failure = employee.ask(command).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Client(ClientFailure::Managed));
}

/// INST-13
#[tokio::test]
async fn the_server_of_a_policy_is_the_one_that_is_used() {
    let scene = Scene::new().await;
    let policy = machine(&table::SERVER_URL, Value::Text(scene.network.url()));
    let employee = Employee::under(policy, NOBODY, &scene.server.clock);
    let server = employee.app().await.settings.server_url;
    assert_eq!(
        (server.value, server.origin),
        (scene.network.url(), Origin::MachinePolicy)
    );
    let url = NOBODY.to_owned();
    refused(&employee, Command::SetServer { url }).await;
    let link =
        "deskbell://conversation/0196f6a0-0000-7000-8000-000000000001?server=http://127.0.0.1:9";
    employee.signal(Signal::DeepLink(link.to_owned()));
    employee.sign_in(&scene).await;
    let server = employee.app().await.settings.server_url;
    assert!(server.managed && server.value == scene.network.url());
}

#[tokio::test]
async fn on_a_shared_computer_nobody_signs_out_or_quits() {
    let scene = Scene::new().await;
    let policy = machine(&table::KIOSK, Value::Switch(true));
    let employee = Employee::under(policy, &scene.network.url(), &scene.server.clock);
    employee.sign_in(&scene).await;
    refused(&employee, Command::SignOut {}).await;
    for action in [TrayAction::SignOut, TrayAction::Quit] {
        employee.signal(Signal::TrayAction(action));
    }
    let app = employee.app().await;
    assert!(
        matches!(app.phase, Phase::SignedIn { .. }),
        "{:?}",
        app.phase
    );
    let tray = employee.shell.tray().unwrap();
    let ends = |item: &TrayItem| {
        matches!(
            item,
            TrayItem::Action {
                action: TrayAction::SignOut | TrayAction::Quit,
                ..
            }
        )
    };
    assert!(!tray.menu.iter().any(ends), "{:?}", tray.menu);
}

#[tokio::test]
async fn the_computer_is_checked_over_the_session_there_is() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let checked = match employee.ask(Command::CheckComputer {}).await {
        Ok(Answer::Check(checked)) => checked,
        other => panic!("no check: {other:?}"),
    };
    let code = |check: &str| {
        let found = checked.checks.iter().find(|one| one.check == check);
        found.map(|one| one.code.as_str())
    };
    for (check, expected) in [
        ("server", "reached"),
        ("websocket", "opened"),
        ("clock", "right"),
        ("version", "fits"),
    ] {
        assert_eq!(code(check), Some(expected), "{}", checked.report);
    }
    // The desktop of this test offers nothing.
    assert_eq!(checked.result, CheckResult::Fail);
    employee.online().await;
}
