//! Damaged and full disks.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;

use deskbell_messenger::Signal;
use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::store::Cache;
use deskbell_messenger::view::{ClientFailure, Connection, FailureCode, Notice};
use deskbell_protocol::{ConversationItem, Page, Status};

use crate::people::{Employee, Scene, eventually};

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
    let employee = Employee::with(&scene.network.url(), clock, folder, keyring);
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
    let employee = Employee::with(&scene.network.url(), clock, folder.clone(), keyring);
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
    let employee = Employee::with(&scene.network.url(), clock, folder, keyring);
    let told = |app: &deskbell_messenger::view::AppView| {
        app.notices.contains(&Notice::CannotStore {}) && app.connection == Connection::Online {}
    };
    employee.until("the user is told", told).await;
    scene.reply(id, "you still hear me").await;
    employee.line("you still hear me").await;
}

/// A disk that is really full: it is told, what was typed stays with whoever typed it, and once there is
/// room again everything goes on.
#[tokio::test]
async fn a_full_disk_is_told_and_loses_nothing_that_was_typed() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("skipped: a small file system needs root to be mounted");
        return;
    };
    let scene = Scene::new().await;
    let folder = Arc::new(tempfile::tempdir_in(&disk.0).unwrap());
    let clock = &scene.server.clock;
    let url = scene.network.url();
    let employee = Employee::with(&url, clock, Arc::clone(&folder), Arc::default());
    employee.sign_in(&scene).await;
    let id = employee.start("Help").await;
    employee.ticket(id).await;
    scene.take(id).await;
    employee.send(id, "before").await;
    employee.all_sent().await;

    disk.fill();
    let full = FailureCode::Client(ClientFailure::CannotStore);
    let wish = || Command::SendMessage {
        conversation_id: id,
        // More than fits into what the files have left of their last pages.
        body: "typed ".repeat(2_000),
    };
    let refused = employee.ask(wish()).await.unwrap_err();
    assert_eq!(refused.code, full, "the window keeps the text");
    employee
        .until("it is told", |app| {
            app.notices.contains(&Notice::CannotStore {})
        })
        .await;
    scene.reply(id, "you still hear me").await;
    eventually("what comes is shown", async || {
        // Until the lists have been loaded into memory there is nothing to show.
        let chat = employee.ask(Command::OpenChat { id }).await;
        matches!(chat, Ok(Answer::Chat(chat)) if chat.messages.iter().any(|m| m.body == "you still hear me"))
    })
    .await;

    disk.make_room();
    employee.done(wish()).await;
    employee.all_sent().await;
    eventually("it arrived once", async || {
        let stored = scene.stored(id).await;
        stored
            .iter()
            .filter(|text| text.starts_with("typed "))
            .count()
            == 1
    })
    .await;
}

/// A file system in memory with room for little.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let place = tempfile::tempdir().ok()?.keep();
        let mount = ["-t", "tmpfs", "-o", "size=2m", "deskbell-test"];
        let mounted = Process::new("mount").args(mount).arg(&place).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(place));
        }
        let _ = std::fs::remove_dir(place);
        None
    }

    fn fill(&self) {
        let mut filler = std::fs::File::create(self.0.join("filler")).unwrap();
        for size in [64 * 1024, 4096, 512, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Process::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// An answer that was made before an event and came after it does not undo what the feed has told.
#[tokio::test]
async fn an_answer_that_comes_late_undoes_nothing() {
    let golden = include_str!("../../../protocol/tests/golden/conversation_page.json");
    let page: Page<ConversationItem> = serde_json::from_str(golden).unwrap();
    let mut before = page.items.into_iter().next().unwrap();
    before.conversation.status = Status::Open;
    let mut after = before.clone();
    after.conversation.status = Status::Closed;
    after.conversation.last_activity_at = after.conversation.last_activity_at.plus_millis(1);
    after.preview.as_mut().unwrap().text = "the newest".into();
    let mut cache = Cache::in_memory().await.unwrap();
    let me = after.conversation.requester.id;
    cache.save_item(me, &after).await.unwrap();
    cache.save_item(me, &before).await.unwrap();
    let id = after.conversation.id;
    let row = cache.conversation(id).await.unwrap().unwrap();
    assert_eq!(row.conversation.status, Status::Closed, "it stays closed");
    assert_eq!(row.preview.unwrap().0, "the newest");
}
