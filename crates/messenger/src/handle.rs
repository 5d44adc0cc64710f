//! The client's doors: commands from the window, signals from the desktop.

use std::fmt;
use std::future::Future;

use tokio::sync::mpsc::error::SendError;
use tokio::sync::{mpsc, oneshot};

use crate::client::Core;
use crate::command::{Answer, Command};
use crate::input::Input;
use crate::setup::{Ports, Setup, StartError};
use crate::shell::Signal;
use crate::view::{ClientFailure, Failure};

/// Talks to the running client. Cheap to clone; works from any thread and runtime.
#[derive(Clone)]
pub struct Handle {
    inputs: mpsc::UnboundedSender<Input>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
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
            .inputs
            .send(Input::Command(Box::new(command), reply))
            .is_ok();
        async move {
            let ended = Err(Failure::from(ClientFailure::NotNow));
            if sent {
                answer.await.unwrap_or(ended)
            } else {
                ended
            }
        }
    }

    /// Tells the client what happened on the desktop. Never blocks.
    ///
    /// # Errors
    /// Gives it back when the client is ending or has ended.
    pub fn signal(&self, signal: Signal) -> Result<(), Signal> {
        match self.inputs.send(Input::Signal(signal)) {
            Err(SendError(Input::Signal(signal))) => Err(signal),
            _ => Ok(()),
        }
    }
}

/// The client, ready to run.
pub struct Client {
    inputs: mpsc::UnboundedReceiver<Input>,
    core: Box<Core>,
}

/// Takes possession of the data folder and shows the tray. Nothing waits for the network or the keyring;
/// that begins with [`Client::run`].
///
/// # Errors
/// Another client uses the folder and does not end, or it cannot be written.
pub fn start(setup: Setup, ports: Ports) -> Result<(Handle, Client), StartError> {
    let (sender, inputs) = mpsc::unbounded_channel();
    let core = Box::new(Core::new(setup, ports, sender.clone())?);
    Ok((Handle { inputs: sender }, Client { inputs, core }))
}

impl Client {
    /// Runs until quit. Needs a tokio runtime with time and IO enabled; a current-thread one will do.
    pub async fn run(self) {
        let Self { inputs, core } = self;
        core.run(inputs).await;
    }
}
