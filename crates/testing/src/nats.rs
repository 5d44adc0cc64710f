//! A real NATS server of the test's own, with a password.

use std::fs;

use anyhow::Result;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::{
    folder::open_folder,
    port::Port,
    process::{Process, Program},
};

/// The only user that may talk to it.
pub const USER: &str = "deskbell";
/// Their password.
pub const PASSWORD: &str = "bus-password";

/// A NATS server; its address stays the same while it is stopped and started.
#[derive(Debug)]
pub struct Nats {
    process: Process,
    port: Port,
    folder: TempDir,
}

impl Nats {
    /// Starts one.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub async fn start() -> Result<Self> {
        let (port, folder) = (Port::take()?, open_folder()?);
        let settings = format!(
            "listen: {}\nauthorization {{ user: {USER}, password: {PASSWORD} }}\n",
            port.address()
        );
        fs::write(folder.path().join("nats.conf"), settings)?;
        let process = launch(&folder)?;
        let mut nats = Self {
            process,
            port,
            folder,
        };
        nats.answers().await?;
        Ok(nats)
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn stop(&mut self) -> Result<()> {
        self.process.kill().map(|_| ())
    }

    /// Starts it again after it was stopped.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn again(&mut self) -> Result<()> {
        self.process = launch(&self.folder)?;
        self.answers().await
    }

    /// Lets it hang: connections stay and nothing is answered.
    ///
    /// # Errors
    /// When it is gone.
    pub fn hang(&self) -> Result<()> {
        self.process.signal(Signal::STOP)
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// When it is gone.
    pub fn go_on(&self) -> Result<()> {
        self.process.signal(Signal::CONT)
    }

    /// Its address, `nats://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://{}", self.port.address())
    }

    async fn answers(&mut self) -> Result<()> {
        let port = &self.port;
        self.process
            .ready("NATS to listen", async || port.answers().await)
            .await
    }
}

fn launch(folder: &TempDir) -> Result<Process> {
    Program::new("nats-server", folder.path())
        .args(["-c", "nats.conf"])
        .unprivileged()
        .start()
}
