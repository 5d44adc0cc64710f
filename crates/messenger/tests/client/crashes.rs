//! DUR-03: the client dies at named places, as in a power cut, and nothing is lost or doubled.

use std::path::PathBuf;
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;

use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::secret::SESSION_SECRET;
use deskbell_messenger::view::Connection;
use deskbell_messenger::{OsEntropy, Ports, SecretStore, SystemClock};
use deskbell_protocol::ConversationId;
use deskbell_testing::shell::{MemoryKeyring, RecordingShell};

use crate::people::{Employee, Scene, eventually, setup};

const WRITTEN: &str = "written before the crash";
const REPLIED: &str = "replied during the crash";

#[tokio::test]
async fn a_message_survives_a_crash_right_after_it_was_accepted() {
    dies_while_writing("after-enqueue").await;
}

#[tokio::test]
async fn a_message_is_not_doubled_by_a_crash_right_after_its_acknowledgement() {
    dies_while_writing("after-ack").await;
}

#[tokio::test]
async fn a_reply_survives_a_crash_before_it_is_stored() {
    dies_while_hearing("before-apply").await;
}

#[tokio::test]
async fn a_reply_survives_a_crash_between_it_and_its_cursor() {
    dies_while_hearing("between-apply-and-cursor").await;
}

#[tokio::test]
async fn a_reply_is_not_doubled_by_a_crash_after_it_was_stored() {
    dies_while_hearing("after-apply").await;
}

#[tokio::test]
async fn a_message_is_not_doubled_by_a_kill_while_it_is_on_its_way() {
    let mut stage = Stage::set().await;
    stage
        .scene
        .network
        .eat_answers("POST /v1/conversations/", 1);
    let mut child = stage.client("none", true);
    eventually("the message was sent and its answer lost", async || {
        stage.scene.network.answers_to_eat() == 0
    })
    .await;
    child.kill().unwrap();
    child.wait().unwrap();
    let employee = stage.restart().await;
    expect_once(&stage.scene, &employee, stage.id, &["Help", WRITTEN]).await;
}

async fn dies_while_writing(point: &str) {
    let mut stage = Stage::set().await;
    let child = stage.client(point, true);
    expect_death(child).await;
    let employee = stage.restart().await;
    expect_once(&stage.scene, &employee, stage.id, &["Help", WRITTEN]).await;
}

async fn dies_while_hearing(point: &str) {
    let mut stage = Stage::set().await;
    stage.scene.reply(stage.id, REPLIED).await;
    let child = stage.client(point, false);
    expect_death(child).await;
    let employee = stage.restart().await;
    expect_once(&stage.scene, &employee, stage.id, &["Help", REPLIED]).await;
    eventually("the reply is told", async || {
        employee
            .shell
            .toasts()
            .iter()
            .filter(|toast| toast.body == REPLIED)
            .count()
            == 1
    })
    .await;
}

/// An employee with a conversation, whose client does not run.
struct Stage {
    scene: Scene,
    id: ConversationId,
    folder: Arc<tempfile::TempDir>,
    keyring: Arc<MemoryKeyring>,
}

impl Stage {
    async fn set() -> Self {
        let scene = Scene::new().await;
        let employee = scene.employee().await;
        let id = employee.start("Help").await;
        employee.ticket(id).await;
        scene.take(id).await;
        employee
            .until("all is quiet", |app| app.waiting_count == 0)
            .await;
        eventually("being taken is told", async || {
            !employee.shell.toasts().is_empty()
        })
        .await;
        let (folder, keyring) = employee.stop().await;
        scene.later(1);
        Self {
            scene,
            id,
            folder,
            keyring,
        }
    }

    /// Another process with the client, which dies at this point.
    fn client(&mut self, point: &str, writes: bool) -> Child {
        let secret = self.keyring.secrets().remove(SESSION_SECRET).unwrap();
        let mut child = Process::new(std::env::current_exe().unwrap());
        child
            .args([
                "crashes::the_client_that_dies",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env("DESKBELL_FAILPOINT", point)
            .env("DESKBELL_TEST_FOLDER", self.folder.path())
            .env("DESKBELL_TEST_URL", self.scene.network.url())
            .env("DESKBELL_TEST_SESSION", secret)
            .env(
                "DESKBELL_TEST_WRITES",
                if writes {
                    self.id.text()
                } else {
                    String::new()
                },
            )
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        child.spawn().unwrap()
    }

    async fn restart(&mut self) -> Employee {
        let (url, clock) = (
            self.scene.network.url(),
            Arc::clone(&self.scene.server.clock),
        );
        let employee = Employee::with(&url, &clock, self.folder.clone(), self.keyring.clone());
        employee.online().await;
        employee.all_sent().await;
        employee
    }
}

async fn expect_death(mut child: Child) {
    eventually("the client dies at the point", async || {
        child.try_wait().unwrap().is_some()
    })
    .await;
    assert!(
        !child.wait().unwrap().success(),
        "it did not die at the point but ended"
    );
}

async fn expect_once(scene: &Scene, employee: &Employee, id: ConversationId, texts: &[&str]) {
    assert_eq!(scene.stored(id).await, texts, "on the server");
    eventually("the chat shows each once", async || {
        employee.texts(id).await == texts
    })
    .await;
}

/// Not a test of its own: what the others run as a process that can die.
#[tokio::test]
#[ignore = "the process that the other tests let die"]
async fn the_client_that_dies() {
    let given = |name: &str| std::env::var(name).unwrap();
    let keyring = Arc::new(MemoryKeyring::default());
    keyring
        .set(SESSION_SECRET, &given("DESKBELL_TEST_SESSION"))
        .unwrap();
    let ports = Ports {
        shell: Arc::new(RecordingShell::default()),
        secrets: keyring,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    };
    let folder = PathBuf::from(given("DESKBELL_TEST_FOLDER"));
    let (handle, client) =
        deskbell_messenger::start(setup(&folder, &given("DESKBELL_TEST_URL")), ports).unwrap();
    tokio::spawn(client.run());
    eventually("the client is online", async || {
        let app = handle.command(Command::App {}).await;
        matches!(app, Ok(Answer::App(app)) if app.connection == Connection::Online {})
    })
    .await;
    if let Ok(conversation_id) = given("DESKBELL_TEST_WRITES").parse() {
        let _ = handle
            .command(Command::SendMessage {
                conversation_id,
                body: WRITTEN.into(),
            })
            .await;
    }
    std::future::pending::<()>().await;
}
