//! Damaged and full disks.

use std::path::{Path, PathBuf};

use deskbell_messenger::Signal;
use deskbell_messenger::view::{Connection, Notice};

use crate::people::Scene;

fn file(folder: &Path, name: &str) -> PathBuf {
    let accounts = folder.join("data/accounts");
    let account = std::fs::read_dir(accounts)
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    account.path().join(name)
}

/// Overwrites everything but the first bytes.
fn damage(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    for byte in bytes.iter_mut().skip(40) {
        *byte = 0x5a;
    }
    std::fs::write(file, bytes).unwrap();
    for beside in ["-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(beside);
        let _ = std::fs::remove_file(name);
    }
}

#[tokio::test]
async fn a_damaged_cache_is_built_anew_and_costs_no_unsent_text() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.network.cut();
    employee.offline().await;
    employee.send(id, "not sent yet").await;
    let (folder, keyring) = employee.stop().await;
    damage(&file(folder.path(), "cache.sqlite"));
    let clock = &scene.server.clock;
    let employee = crate::people::Employee::with(&scene.network.url(), clock, folder, keyring);
    let app = employee
        .until("the user is told", |app| {
            app.notices.contains(&Notice::CacheRebuilt {})
        })
        .await;
    assert_eq!(app.waiting_count, 1);
    scene.network.restore();
    employee.signal(Signal::NetworkChanged);
    employee.online().await;
    employee.all_sent().await;
    assert_eq!(employee.texts(id).await, ["Help", "not sent yet"]);
    assert_eq!(scene.stored(id).await, ["Help", "not sent yet"]);
}

#[tokio::test]
async fn a_damaged_outbox_is_set_aside_and_the_client_goes_on() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    let (folder, keyring) = employee.stop().await;
    let outbox = file(folder.path(), "outbox.sqlite");
    damage(&outbox);
    let clock = &scene.server.clock;
    let employee =
        crate::people::Employee::with(&scene.network.url(), clock, folder.clone(), keyring);
    employee.online().await;
    employee.send(id, "still works").await;
    employee.all_sent().await;
    let aside = std::fs::read_dir(outbox.parent().unwrap())
        .unwrap()
        .flatten();
    let kept = aside
        .map(|e| e.file_name().into_string().unwrap())
        .any(|name| name.contains("damaged"));
    assert!(kept, "the damaged file lies beside");
}

/// Without a place for files the client still works, and says that nothing will last.
#[tokio::test]
async fn a_disk_that_takes_nothing_is_told_and_messages_still_come() {
    let scene = Scene::new().await;
    let employee = scene.employee().await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    let (folder, keyring) = employee.stop().await;
    // A folder where the file should be cannot be opened as one.
    for name in ["cache.sqlite", "outbox.sqlite"] {
        let file = file(folder.path(), name);
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
    }
    let clock = &scene.server.clock;
    let employee = crate::people::Employee::with(&scene.network.url(), clock, folder, keyring);
    let told = |app: &deskbell_messenger::view::AppView| {
        app.notices.contains(&Notice::CannotStore {}) && app.connection == Connection::Online {}
    };
    employee.until("the user is told", told).await;
    scene.reply(id, "you still hear me").await;
    employee.line("you still hear me").await;
}
