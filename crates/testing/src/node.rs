//! The server's own program, running: what operators run, with its memory and its death to itself.

use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::{fs, net::SocketAddr};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::{
    caller::Caller,
    folder::open_folder,
    port::Port,
    process::{Process, Program},
};

/// A running `deskbell-server serve` with a folder and an address of its own, which it keeps over a
/// restart.
#[derive(Debug)]
pub struct Node {
    process: Process,
    program: PathBuf,
    variables: Vec<(String, String)>,
    port: Port,
    folder: TempDir,
}

impl Node {
    /// Starts the program on a new folder. `settings` are lines for its configuration beside the
    /// address and the folder; they may name `{url}`, its own address.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(program: impl AsRef<Path>, settings: &str) -> Result<Self> {
        Self::start_with(program, settings, &[]).await
    }

    /// The same with these variables in its environment.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_with(
        program: impl AsRef<Path>,
        settings: &str,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let (port, folder) = (Port::take()?, open_folder()?);
        let address = port.address();
        let settings = settings.replace("{url}", &format!("http://{address}"));
        let text = format!(
            "listen = \"{address}\"\ndata_dir = {:?}\n{settings}",
            folder.path().join("data").display().to_string()
        );
        fs::write(folder.path().join("server.toml"), text)?;
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let variables: Vec<_> = variables.iter().map(owned).collect();
        let program = program.as_ref().to_owned();
        let process = launch(&program, folder.path(), &variables)?;
        let mut node = Self {
            process,
            program,
            variables,
            port,
            folder,
        };
        node.answers().await?;
        Ok(node)
    }

    /// Starts it again after its end, on what it left.
    ///
    /// # Errors
    /// When it still runs or does not start.
    pub async fn again(&mut self) -> Result<()> {
        ensure!(self.process.runs().is_err(), "the server still runs");
        self.process = launch(&self.program, self.folder.path(), &self.variables)?;
        self.answers().await
    }

    /// Starts it again with these variables in its environment instead.
    ///
    /// # Errors
    /// When it still runs or does not start.
    pub async fn again_with(&mut self, variables: &[(&str, &str)]) -> Result<()> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.variables = variables.iter().map(owned).collect();
        self.again().await
    }

    async fn answers(&mut self) -> Result<()> {
        let ready = Caller::of(&self.url());
        self.process
            .ready("the server to answer", async || {
                let answer = ready.get("/readyz").await?;
                ensure!(answer.status == 204, "not ready: {}", answer.status);
                Ok(())
            })
            .await
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// Its own address, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Its folder: the configuration, what it printed, and `data`.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process, to be signalled or looked at.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Somebody who calls it without being signed in.
    #[must_use]
    pub fn anyone(&self) -> Caller {
        Caller::of(&self.url())
    }

    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        self.process.kill()
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn end(&mut self) -> Result<ExitStatus> {
        self.process.end().await
    }
}

fn launch(program: &Path, folder: &Path, variables: &[(String, String)]) -> Result<Process> {
    let config = folder.join("server.toml");
    Program::new(program, folder)
        .args(["serve", "--config"])
        .arg(config)
        .env_remove("DESKBELL_CONFIG")
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .start()
        .context("the server's program")
}
