//! The loop: one input at a time, then the visible surface is brought up to date.

use std::future::Future;
use std::ops::ControlFlow;
use std::time::Duration;

use deskbell_protocol::{ConversationId, ErrorCode, Timestamp};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::address::ServerAddress;
use crate::api::Api;
use crate::command::Command;
use crate::feed::News;
use crate::folder::Folder;
use crate::input::{Back, Input, Reply};
use crate::notices::Notices;
use crate::settings::{self, Settings, table};
use crate::setup::{Ports, Setup, StartError};
use crate::shell::Signal;
use crate::texts::Texts;
use crate::view::Route;

mod answers;
mod chats;
mod checking;
mod commands;
mod connecting;
mod desktop;
mod farewell;
mod hearing;
mod known_device;
mod lists;
mod replying;
mod sending;
mod session;
mod showing;
mod signing_in;
mod toasting;

use connecting::Link;
use desktop::Window;
use farewell::Farewells;
use session::Session;
use showing::Shown;
use signing_in::Attempt;

/// The keyring may ask the user for a password; the client does not wait for that.
const KEYRING_PATIENCE: Duration = Duration::from_secs(5);
/// How often a signed-in client looks at its clocks at least: how it finds out that it slept.
const TICK: Duration = Duration::from_secs(25);
/// Clocks that drift apart further than this between two looks mean that the computer slept.
const SLEPT: Duration = Duration::from_secs(10);

/// All the client knows.
pub(crate) struct Core {
    setup: Setup,
    ports: Ports,
    folder: Folder,
    settings: Settings,
    texts: Texts,
    inputs: mpsc::UnboundedSender<Input>,
    /// The server that is configured.
    api: Option<Api>,
    /// Counts sign-ins and sign-outs, so that answers from before are known as stale.
    era: u64,
    stage: Stage,
    link: Link,
    farewells: Farewells,
    window: Window,
    notices: Notices,
    /// Commands that came before it was known whether somebody is signed in.
    early: Vec<(Box<Command>, Reply)>,
    /// What was written into toasts before it was known whether somebody is signed in, or while
    /// nobody was.
    replies: Vec<(ConversationId, String)>,
    /// Where somebody wanted to go before they were signed in.
    wanted: Option<Route>,
    shown: Shown,
    looked: Looked,
}

/// How far signing in has come.
enum Stage {
    /// The keyring has not answered yet.
    Starting {
        /// It is not waited for beyond this.
        until: Instant,
    },
    /// Nobody.
    Out {
        /// Why, if it was not the user's wish.
        reason: Option<ErrorCode>,
    },
    /// A sign-in is under way.
    Proving(Box<Attempt>),
    /// Somebody.
    In(Box<Session>),
}

/// The clocks when they were last looked at.
struct Looked {
    wall: Timestamp,
    steady: Instant,
}

impl Core {
    /// Takes the folder and shows the tray.
    pub(crate) fn new(
        setup: Setup,
        ports: Ports,
        inputs: mpsc::UnboundedSender<Input>,
    ) -> Result<Self, StartError> {
        let folder = Folder::hold(&setup.data_dir)?;
        let settings = Settings {
            managed: setup.managed.clone(),
            server_argument: setup.server_argument.clone(),
            user: settings::load(&setup.config_dir),
        };
        let now = Instant::now();
        let looked = Looked {
            wall: ports.clock.now(),
            steady: now,
        };
        let window = Window {
            enlarged: setup.enlarged,
            ..Window::default()
        };
        let mut core = Self {
            texts: Texts::new(&locale(&settings, &setup)),
            setup,
            ports,
            folder,
            settings,
            inputs,
            api: None,
            era: 0,
            stage: Stage::Starting {
                until: now + KEYRING_PATIENCE,
            },
            link: Link::default(),
            farewells: Farewells::default(),
            window,
            notices: Notices::default(),
            early: vec![],
            replies: vec![],
            wanted: None,
            shown: Shown::default(),
            looked,
        };
        core.show_tray();
        Ok(core)
    }

    /// Runs until quit.
    pub(crate) async fn run(mut self, mut inputs: mpsc::UnboundedReceiver<Input>) {
        self.use_server();
        self.read_secret();
        self.read_farewells();
        let autostart = self.settings.view().autostart;
        if autostart.managed {
            self.ports.shell.set_autostart(autostart.value);
        }
        loop {
            let input = self.next(&mut inputs).await;
            self.look_at_clocks();
            if Box::pin(self.react(input)).await.is_break() {
                break;
            }
            self.show().await;
        }
        let late = self.heard_too_late(&mut inputs).await;
        self.end(late).await;
    }

    /// Nothing is taken from here on. An answer that was written is still kept; the rest is given back.
    async fn heard_too_late(&mut self, inputs: &mut mpsc::UnboundedReceiver<Input>) -> Vec<Signal> {
        inputs.close();
        let mut late = vec![];
        while let Some(input) = inputs.recv().await {
            match input {
                Input::Signal(Signal::ToastReplied { id, text }) => {
                    self.toast_replied(id, text).await;
                }
                Input::Signal(signal) => late.push(signal),
                _ => {}
            }
        }
        late
    }

    async fn next(&mut self, inputs: &mut mpsc::UnboundedReceiver<Input>) -> Input {
        let due = self.next_due();
        let wait = async {
            match due {
                Some(due) => tokio::time::sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            news = self.link.hear() => Input::Feed(news),
            Some(input) = inputs.recv() => input,
            () = wait => Input::Due,
        }
    }

    async fn react(&mut self, input: Input) -> ControlFlow<()> {
        match input {
            Input::Signal(Signal::QuitRequested) => return ControlFlow::Break(()),
            Input::Signal(signal) => return self.signal(signal).await,
            Input::Command(command, reply) => self.command(command, reply).await,
            Input::SecretRead(kept) => self.secret_read(kept).await,
            Input::SecretKept(kept) => self.secret_kept(kept),
            Input::SecretForgotten(session, forgotten) => self.secret_forgotten(session, forgotten),
            Input::FarewellsRead(kept) => self.farewells_read(kept),
            Input::FarewellsKept(kept) => self.farewells_kept(kept),
            Input::FarewellSaid(farewell, told) => self.farewell_said(&farewell, told),
            Input::Feed(news) => self.hear(news).await,
            Input::Back(era, back) if era == self.era => self.back(*back).await,
            Input::Back(..) => {}
            Input::Due => self.due().await,
        }
        ControlFlow::Continue(())
    }

    fn next_due(&self) -> Option<Instant> {
        let staged = self.next_due_of_stage();
        [staged, self.farewells.next_due()]
            .into_iter()
            .flatten()
            .min()
    }

    fn next_due_of_stage(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Starting { until } => Some(*until),
            Stage::Out { .. } | Stage::Proving(_) => None,
            Stage::In(session) => [
                self.link.retry_at(),
                session.next_due(self.link.is_live()),
                Some(self.looked.steady + TICK),
            ]
            .into_iter()
            .flatten()
            .min(),
        }
    }

    async fn due(&mut self) {
        let now = Instant::now();
        if matches!(self.stage, Stage::Starting { until } if until <= now) {
            self.start_signed_out().await;
        }
        if self.link.retry_at().is_some_and(|at| at <= now) {
            self.connect().await;
        }
        self.say_next_farewell();
        self.toast_what_was_missed(now).await;
        self.send_next();
        self.tell_next_read().await;
    }

    /// A clock that jumped, or a tick that came far too late: the computer slept.
    fn look_at_clocks(&mut self) {
        let (wall, steady) = (self.ports.clock.now(), Instant::now());
        let wall_passed = millis(wall.millis_since(self.looked.wall));
        let steady_passed = steady - self.looked.steady;
        let slept = wall_passed > steady_passed + SLEPT || steady_passed > TICK + SLEPT;
        self.looked = Looked { wall, steady };
        if slept && matches!(self.stage, Stage::In(_)) {
            tracing::info!("the computer slept");
            let _ = self.inputs.send(Input::Signal(Signal::Woke));
        }
    }

    /// Does something slow off the loop; what comes of it is an input.
    fn call<F>(&self, work: F)
    where
        F: Future<Output = Back> + Send + 'static,
    {
        let (inputs, era) = (self.inputs.clone(), self.era);
        tokio::spawn(async move {
            let back = Box::new(work.await);
            let _ = inputs.send(Input::Back(era, back));
        });
    }

    /// Takes the server that the settings name.
    fn use_server(&mut self) {
        let text = self.settings.text(&table::SERVER_URL);
        let address = ServerAddress::parse(&text).ok();
        let agent = user_agent(&self.setup);
        self.api =
            address.and_then(|address| Api::new(address, &agent, &self.settings.proxy()).ok());
    }

    fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// The folder is free before anybody can see that this client has ended.
    async fn end(self, late: Vec<Signal>) {
        if let Stage::In(session) = self.stage {
            session.cache.close().await;
            session.unsent.close().await;
        }
        drop(self.folder);
        self.ports.shell.quit(late);
    }
}

/// The connection's next word; never, while there is no connection.
impl Link {
    async fn hear(&mut self) -> News {
        match self.news().await {
            Some(news) => news,
            None => std::future::pending().await,
        }
    }
}

fn locale(settings: &Settings, setup: &Setup) -> String {
    let chosen = settings.text(&table::LANGUAGE);
    if chosen.is_empty() {
        setup.system_locale.clone()
    } else {
        chosen
    }
}

/// What the list of sessions shows for this client.
fn user_agent(setup: &Setup) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || ".-_".contains(*c);
    let host: String = setup
        .machine
        .host_name
        .chars()
        .filter(plain)
        .take(64)
        .collect();
    format!(
        "Deskbell/{} ({}; {host})",
        setup.version,
        std::env::consts::OS
    )
}

fn millis(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
