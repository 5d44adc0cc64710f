//! What is shown as a toast, and what is not.

use deskbell_messenger::Signal;
use deskbell_messenger::command::{Command, SettingChange};
use deskbell_messenger::shell::{Toast, ToastTag, TrayAction};
use deskbell_messenger::view::{Route, WindowEvent};
use deskbell_protocol::ConversationId;
use deskbell_testing::shell::Act;

use crate::people::{Employee, PATIENCE, Scene};

fn toast_with(body: &'static str) -> impl Fn(&[Act]) -> Option<Toast> {
    move |acts| {
        acts.iter().find_map(|act| match act {
            Act::Toast(toast) if toast.body == body => Some(toast.clone()),
            _ => None,
        })
    }
}

#[tokio::test]
async fn a_reply_is_a_toast_and_a_click_on_it_opens_that_chat() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    let number = employee.ticket(id).await;
    scene.take(id).await;
    let taken = employee
        .shell
        .wait_within(
            PATIENCE,
            "being taken is told",
            toast_with("Tess Berg has taken it."),
        )
        .await;
    assert_eq!(taken.title, format!("Ticket {number}"));
    scene.reply(id, "Is it **on**?\nReally?").await;
    let toast = employee
        .shell
        .wait_within(
            PATIENCE,
            "the reply is told",
            toast_with("Is it on?\nReally?"),
        )
        .await;
    assert_eq!(toast.title, "Reply from Tess Berg");
    assert_eq!(
        toast.tag,
        ToastTag::Conversation(id),
        "replies in one chat replace one another"
    );

    employee.signal(Signal::ToastClicked(toast.tag));
    let route = Route::Conversation { id };
    let opened = |acts: &[Act]| acts.contains(&Act::Window(route.clone())).then_some(());
    employee
        .shell
        .wait_within(PATIENCE, "the window opens at the chat", opened)
        .await;
    let told = Act::Told(Box::new(WindowEvent::Navigate {
        route: route.clone(),
    }));
    let navigated = |acts: &[Act]| acts.contains(&told).then_some(());
    employee
        .shell
        .wait_within(PATIENCE, "the page goes to the chat", navigated)
        .await;

    employee.done(Command::MarkRead { id }).await;
    let gone = |acts: &[Act]| {
        acts.contains(&Act::ToastGone(ToastTag::Conversation(id)))
            .then_some(())
    };
    employee
        .shell
        .wait_within(PATIENCE, "the toast goes when the chat is read", gone)
        .await;
}

#[tokio::test]
async fn there_is_no_toast_for_the_chat_being_looked_at_nor_when_they_are_off() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    employee
        .shell
        .wait_within(
            PATIENCE,
            "being taken is told",
            toast_with("Tess Berg has taken it."),
        )
        .await;
    employee.chat(id).await;
    employee.signal(Signal::WindowFocused(true));
    employee.shell.forget();
    scene.reply(id, "before your eyes").await;
    employee.line("before your eyes").await;
    assert_eq!(employee.shell.toasts(), []);

    employee.signal(Signal::WindowFocused(false));
    employee
        .done(Command::ChangeSetting {
            change: SettingChange::Toasts(false),
        })
        .await;
    scene.reply(id, "in silence").await;
    employee.line("in silence").await;
    assert_eq!(employee.shell.toasts(), []);

    employee
        .done(Command::ChangeSetting {
            change: SettingChange::Toasts(true),
        })
        .await;
    employee
        .done(Command::ChangeSetting {
            change: SettingChange::ToastText(false),
        })
        .await;
    scene.reply(id, "confidential").await;
    let hidden = employee
        .shell
        .wait_within(
            PATIENCE,
            "a toast without text",
            toast_with("Open Deskbell to read it."),
        )
        .await;
    assert_eq!(hidden.title, "Reply from Tess Berg");
}

/// Two chats that a technician has taken, and everything told about that.
async fn two_chats(scene: &Scene, employee: &Employee) -> (ConversationId, ConversationId) {
    let first = employee.start("One").await;
    let second = employee.start("Two").await;
    for id in [first, second] {
        employee.ticket(id).await;
        scene.take(id).await;
    }
    let takings = |acts: &[Act]| {
        (acts.iter().filter(|a| matches!(a, Act::Toast(_))).count() == 2).then_some(())
    };
    employee
        .shell
        .wait_within(PATIENCE, "both takings are told", takings)
        .await;
    (first, second)
}

/// REC-02: eight hours of sleep lead to one toast, not to a burst.
#[tokio::test]
async fn after_a_sleep_there_is_one_summary() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let (first, second) = two_chats(&scene, &employee).await;
    scene.network.cut();
    employee.offline().await;
    for n in 0..20 {
        scene.reply(first, &format!("first {n}")).await;
        scene.reply(second, &format!("second {n}")).await;
    }
    scene.later(8 * 3_600);
    employee.shell.forget();
    scene.network.restore();
    employee.signal(Signal::Woke);
    let summary = |acts: &[Act]| {
        acts.iter().find_map(|act| {
            if let Act::Toast(toast) = act {
                Some(toast.clone())
            } else {
                None
            }
        })
    };
    let toast = employee
        .shell
        .wait_within(PATIENCE, "the summary", summary)
        .await;
    assert_eq!(
        (toast.tag, toast.title.as_str()),
        (ToastTag::Summary, "40 new messages")
    );
    employee
        .until("all is unread", |app| app.unread_count == 40)
        .await;
    // A live reply after it is told by itself.
    let mut scene = scene;
    scene.technician = scene
        .server
        .session("tess.berg@provider.example")
        .await
        .unwrap();
    scene.reply(first, "and now").await;
    employee
        .shell
        .wait_within(PATIENCE, "the live reply", toast_with("and now"))
        .await;
    assert_eq!(
        employee.shell.toasts().len(),
        2,
        "one summary and the live reply"
    );
    employee.signal(Signal::ToastClicked(ToastTag::Summary));
    let home = |acts: &[Act]| acts.contains(&Act::Window(Route::Home {})).then_some(());
    employee
        .shell
        .wait_within(PATIENCE, "a click on the summary opens home", home)
        .await;
}

#[tokio::test]
async fn toasts_are_neither_lost_nor_doubled_over_a_restart() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    scene.reply(id, "shown before").await;
    employee
        .shell
        .wait_within(PATIENCE, "the first reply", toast_with("shown before"))
        .await;
    let (folder, keyring) = employee.stop().await;
    scene.reply(id, "came meanwhile").await;
    scene.later(60);
    let again = Employee::with(&scene.network.url(), &scene.server.clock, folder, keyring);
    again
        .shell
        .wait_within(
            PATIENCE,
            "the reply that came meanwhile",
            toast_with("came meanwhile"),
        )
        .await;
    assert_eq!(
        again.shell.toasts().len(),
        1,
        "what was shown before is not shown again"
    );
}

/// CLI-11: who is not signed in gets to the chat once they are.
#[tokio::test]
async fn a_link_before_signing_in_leads_there_afterwards() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    employee.done(Command::SignOut {}).await;
    employee.shell.forget();
    employee.signal(Signal::SecondLaunch {
        args: vec![format!("deskbell://conversation/{id}")],
    });
    let opened = |acts: &[Act]| {
        acts.iter()
            .any(|act| matches!(act, Act::Window(_)))
            .then_some(())
    };
    employee
        .shell
        .wait_within(PATIENCE, "the window opens to sign in", opened)
        .await;
    scene.later(120);
    employee.sign_in(&scene).await;
    let route = Route::Conversation { id };
    let there = |acts: &[Act]| acts.contains(&Act::Window(route.clone())).then_some(());
    employee
        .shell
        .wait_within(PATIENCE, "the chat opens after signing in", there)
        .await;
}

#[tokio::test]
async fn tray_clicks_lead_where_they_say() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    for (action, route) in [
        (TrayAction::AskForHelp, Route::Help {}),
        (TrayAction::Settings, Route::Settings {}),
    ] {
        employee.signal(Signal::TrayAction(action));
        let there = |acts: &[Act]| acts.contains(&Act::Window(route.clone())).then_some(());
        employee
            .shell
            .wait_within(PATIENCE, "the window opens there", there)
            .await;
    }
    employee.signal(Signal::TrayAction(TrayAction::Quit));
    employee.ended().await;
}

#[tokio::test]
async fn a_window_that_was_hidden_is_brought_up_to_date_when_a_toast_opens_it() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    employee.signal(Signal::WindowClosed);
    scene.reply(id, "behind the curtain").await;
    employee
        .shell
        .wait_within(PATIENCE, "the reply", toast_with("behind the curtain"))
        .await;
    employee.shell.forget();
    employee.signal(Signal::ToastClicked(ToastTag::Conversation(id)));
    let told = |wanted: WindowEvent| {
        move |acts: &[Act]| {
            acts.contains(&Act::Told(Box::new(wanted.clone())))
                .then_some(())
        }
    };
    let shell = &employee.shell;
    shell
        .wait_within(
            PATIENCE,
            "its lists are reset",
            told(WindowEvent::ListsReset {}),
        )
        .await;
    let route = Route::Conversation { id };
    shell
        .wait_within(
            PATIENCE,
            "it goes to the chat",
            told(WindowEvent::Navigate { route }),
        )
        .await;
    scene.reply(id, "heard again").await;
    employee.line("heard again").await;
}

#[tokio::test]
async fn behind_a_locked_screen_nobody_looks_at_a_chat() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    employee.chat(id).await;
    employee.signal(Signal::WindowFocused(true));
    employee.signal(Signal::Locked);
    scene.reply(id, "while you are away").await;
    employee
        .shell
        .wait_within(
            PATIENCE,
            "the reply, without its text",
            toast_with("Open Deskbell to read it."),
        )
        .await;
    employee.done(Command::MarkRead { id }).await;
    employee
        .until("it stays unread", |app| app.unread_count == 1)
        .await;
    employee.signal(Signal::Unlocked);
    employee.done(Command::MarkRead { id }).await;
    employee
        .until("it is read", |app| app.unread_count == 0)
        .await;
}
