//! Who takes part: an employee with a client, and a technician.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use deskbell_messenger::command::{Answer, Command};
use deskbell_messenger::settings::Managed;
use deskbell_messenger::view::{
    AppView, ChatView, Connection, ConversationView, Failure, MessageView, Phase, WindowEvent,
};
use deskbell_messenger::{Clock, Handle, MachineIdentity, OsEntropy, Ports, Setup, Signal};
use deskbell_protocol::{ConversationId, Timestamp};
use deskbell_server::clock::{Clock as _, SetClock};
use deskbell_testing::shell::{Act, MemoryKeyring, RecordingShell};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use uuid::Uuid;

mod scene;

pub use scene::Scene;

/// How long something may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The server's clock as the employee's computer shows it: so many milliseconds ahead.
pub struct Shown(pub Arc<SetClock>, pub i64);

impl Clock for Shown {
    fn now(&self) -> Timestamp {
        self.0.now().plus_millis(self.1)
    }
}

/// Somebody at their computer.
pub struct Employee {
    pub shell: Arc<RecordingShell>,
    pub keyring: Arc<MemoryKeyring>,
    pub folder: Arc<TempDir>,
    pub handle: Handle,
    pub url: String,
    clock: Arc<SetClock>,
    running: JoinHandle<()>,
}

impl Employee {
    /// Nobody is signed in yet.
    pub fn at(url: &str, clock: &Arc<SetClock>) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        Self::with(url, clock, folder, Arc::default())
    }

    pub fn with(
        url: &str,
        clock: &Arc<SetClock>,
        folder: Arc<TempDir>,
        keyring: Arc<MemoryKeyring>,
    ) -> Self {
        let setup = setup(folder.path(), url);
        Self::begin(setup, Shown(Arc::clone(clock), 0), folder, keyring)
    }

    /// The clock of their computer is so many milliseconds ahead.
    pub fn off(url: &str, clock: &Arc<SetClock>, millis: i64) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let setup = setup(folder.path(), url);
        Self::begin(
            setup,
            Shown(Arc::clone(clock), millis),
            folder,
            Arc::default(),
        )
    }

    /// Administrators have decided something.
    pub fn under(managed: Managed, url: &str, clock: &Arc<SetClock>) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let setup = Setup {
            managed,
            ..setup(folder.path(), url)
        };
        Self::begin(setup, Shown(Arc::clone(clock), 0), folder, Arc::default())
    }

    /// They left the window in its large size.
    pub fn left_large(url: &str, clock: &Arc<SetClock>) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let setup = Setup {
            enlarged: true,
            ..setup(folder.path(), url)
        };
        Self::begin(setup, Shown(Arc::clone(clock), 0), folder, Arc::default())
    }

    fn begin(
        setup: Setup,
        clock: Shown,
        folder: Arc<TempDir>,
        keyring: Arc<MemoryKeyring>,
    ) -> Self {
        let (url, set_clock) = (setup.server_argument.clone(), Arc::clone(&clock.0));
        let shell = Arc::new(RecordingShell::default());
        let ports = Ports {
            shell: shell.clone(),
            secrets: keyring.clone(),
            clock: Arc::new(clock),
            entropy: Arc::new(OsEntropy),
        };
        let (handle, client) = deskbell_messenger::start(setup, ports).unwrap();
        let running = tokio::spawn(client.run());
        let (url, clock) = (url.unwrap_or_default(), set_clock);
        Self {
            shell,
            keyring,
            folder,
            handle,
            url,
            clock,
            running,
        }
    }

    /// The client is ended the hard way and started again on the same files.
    pub async fn restart(self) -> Self {
        let (url, clock) = (self.url.clone(), Arc::clone(&self.clock));
        let (folder, keyring) = self.stop().await;
        Self::with(&url, &clock, folder, keyring)
    }

    /// The client is ended the hard way; its files stay.
    pub async fn stop(mut self) -> (Arc<TempDir>, Arc<MemoryKeyring>) {
        self.running.abort();
        let _ = (&mut self.running).await;
        let folder = self.folder.path();
        eventually("the files are closed", async || !holds_a_log(folder)).await;
        (Arc::clone(&self.folder), Arc::clone(&self.keyring))
    }

    pub async fn sign_in(&self, scene: &Scene) {
        let signed_in = self.try_to_sign_in(scene).await;
        assert_eq!(signed_in, Ok(Answer::Done {}), "signing in");
        self.online().await;
    }

    /// Asks for a code and types it.
    pub async fn try_to_sign_in(&self, scene: &Scene) -> Result<Answer, Failure> {
        let letters = scene.letters();
        let email = scene.email.clone();
        self.done(Command::StartSignIn { email }).await;
        self.done(Command::SendCodeByEmail {}).await;
        let code = scene.server.code_to(&scene.email, letters + 1).await;
        let code = code.unwrap();
        self.ask(Command::VerifyCode { code }).await
    }

    pub async fn ask(&self, command: Command) -> Result<Answer, Failure> {
        self.handle.command(command).await
    }

    pub async fn done(&self, command: Command) {
        let asked = format!("{command:?}");
        let answer = self.ask(command).await;
        assert_eq!(answer, Ok(Answer::Done {}), "{asked}");
    }

    pub async fn app(&self) -> AppView {
        match self.ask(Command::App {}).await {
            Ok(Answer::App(app)) => *app,
            other => panic!("no app view: {other:?}"),
        }
    }

    pub async fn start(&self, description: &str) -> ConversationId {
        let wish = Command::StartConversation {
            description: description.into(),
            device_id: None,
        };
        match self.ask(wish).await {
            Ok(Answer::Started { id }) => id,
            other => panic!("no conversation: {other:?}"),
        }
    }

    pub async fn send(&self, conversation_id: ConversationId, body: &str) {
        self.done(Command::SendMessage {
            conversation_id,
            body: body.into(),
        })
        .await;
    }

    pub async fn chat(&self, id: ConversationId) -> ChatView {
        match self.ask(Command::OpenChat { id }).await {
            Ok(Answer::Chat(chat)) => *chat,
            other => panic!("no chat: {other:?}"),
        }
    }

    pub async fn list(&self) -> Vec<ConversationView> {
        match self.ask(Command::Conversations { after: None }).await {
            Ok(Answer::Conversations(page)) => page.items,
            other => panic!("no list: {other:?}"),
        }
    }

    /// What people wrote in a chat, as the client has it.
    pub async fn texts(&self, id: ConversationId) -> Vec<String> {
        let written = |m: &MessageView| m.update.is_none();
        self.chat(id)
            .await
            .messages
            .into_iter()
            .filter(written)
            .map(|m| m.body)
            .collect()
    }

    /// Waits until the app view is as wanted.
    pub async fn until(&self, what: &str, wanted: impl Fn(&AppView) -> bool) -> AppView {
        let now = self.app().await;
        if wanted(&now) {
            return now;
        }
        let look = |acts: &[Act]| {
            acts.iter().rev().find_map(|act| match act {
                Act::Told(event) => match &**event {
                    WindowEvent::AppChanged { app } => Some(app.clone()),
                    _ => None,
                },
                _ => None,
            })
        };
        *self
            .shell
            .wait_within(PATIENCE, what, |acts| look(acts).filter(|app| wanted(app)))
            .await
    }

    pub async fn online(&self) {
        self.until("the client is online", |app| {
            app.connection == Connection::Online {} && matches!(app.phase, Phase::SignedIn { .. })
        })
        .await;
    }

    pub async fn offline(&self) {
        self.until("the client is offline", |app| {
            matches!(app.connection, Connection::Offline { .. })
        })
        .await;
    }

    /// Waits until everything in the outbox is on the server.
    pub async fn all_sent(&self) {
        self.until("the outbox is empty", |app| app.waiting_count == 0)
            .await;
    }

    /// Waits until the ticket of a request has its number.
    pub async fn ticket(&self, id: ConversationId) -> String {
        let numbered = |acts: &[Act]| {
            acts.iter().find_map(|act| match act {
                Act::Told(event) => match &**event {
                    WindowEvent::ConversationChanged { conversation } if conversation.id == id => {
                        conversation.ticket_number.clone()
                    }
                    _ => None,
                },
                _ => None,
            })
        };
        self.shell
            .wait_within(PATIENCE, "the ticket has a number", numbered)
            .await
    }

    /// Waits until a line has come.
    pub async fn line(&self, body: &str) -> MessageView {
        let came = |acts: &[Act]| {
            acts.iter().find_map(|act| match act {
                Act::Told(event) => match &**event {
                    WindowEvent::MessageChanged { message, .. }
                        if message.body == body && message.seq.is_some() =>
                    {
                        Some((**message).clone())
                    }
                    _ => None,
                },
                _ => None,
            })
        };
        self.shell
            .wait_within(PATIENCE, &format!("the line {body:?} comes"), came)
            .await
    }

    pub fn signal(&self, signal: Signal) {
        if let Some(signal) = self.signal_too_late(signal) {
            panic!("{signal:?} comes after the client's end");
        }
    }

    /// Tells a client that has ended; gives back what it does not take.
    pub fn signal_too_late(&self, signal: Signal) -> Option<Signal> {
        self.handle.signal(signal).err()
    }

    /// Waits until the client has ended by itself; gives what came too late for it.
    pub async fn ended(&self) -> Vec<Signal> {
        let end = |acts: &[Act]| {
            acts.iter().find_map(|act| match act {
                Act::Quit(late) => Some(late.clone()),
                _ => None,
            })
        };
        self.shell
            .wait_within(PATIENCE, "the client ends", end)
            .await
    }
}

impl Drop for Employee {
    fn drop(&mut self) {
        self.running.abort();
    }
}

pub fn setup(folder: &Path, url: &str) -> Setup {
    Setup {
        data_dir: folder.join("data"),
        config_dir: folder.join("config"),
        managed: Managed::default(),
        server_argument: (!url.is_empty()).then(|| url.to_owned()),
        machine: MachineIdentity {
            host_name: "hf-lt-0412".into(),
            serial: None,
        },
        system_locale: "en-GB".into(),
        enlarged: false,
        version: "0.1.0".into(),
    }
}

/// An id nobody has used.
pub fn unknown_conversation() -> ConversationId {
    ConversationId(Uuid::from_u128(0x0196_f6a0_0000_7000_8000_0000_0000_0001))
}

/// Whether SQLite still has a write-ahead log there; the last one to close a file removes it.
fn holds_a_log(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .any(|path| path.is_dir() && holds_a_log(&path) || path.to_string_lossy().ends_with("-wal"))
}

/// Looks again and again until it is so.
pub async fn eventually(what: &str, mut look: impl AsyncFnMut() -> bool) {
    let found = tokio::time::timeout(PATIENCE, async {
        while !look().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    found
        .await
        .unwrap_or_else(|_| panic!("waited {PATIENCE:?} for: {what}"));
}
