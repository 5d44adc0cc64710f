//! Where a server lives: its folder and its address, kept from one start to the next.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use deskbell_server::clock::SystemClock;
use deskbell_server::failpoint;
use deskbell_server::store::{Purpose, Store};
use deskbell_testing::folder::private_folder;
use deskbell_testing::port::Port;
use deskbell_testing::process::{Process, Program};
use deskbell_testing::wait::eventually;
use tempfile::TempDir;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(25);

/// A server's folder and address.
pub struct Place {
    folder: TempDir,
    data: PathBuf,
    port: Port,
}

impl Place {
    /// An empty one.
    pub fn new() -> Result<Self> {
        let folder = private_folder()?;
        let data = folder.path().join("data");
        Self::with(folder, data, "")
    }

    /// One whose data is elsewhere, with more lines of configuration.
    pub fn with(folder: TempDir, data: PathBuf, more: &str) -> Result<Self> {
        let place = Self {
            folder,
            data,
            port: Port::take()?,
        };
        let text = format!(
            "listen = \"{}\"\npublic_url = {:?}\ndata_dir = {:?}\n{more}",
            place.port.address(),
            place.url(),
            place.data.display().to_string()
        );
        std::fs::write(place.config(), text)?;
        Ok(place)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("server.toml")
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.port.address())
    }

    pub fn database(&self) -> PathBuf {
        self.data.join("deskbell.db")
    }

    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.database().display())
    }

    /// A command of the program with this place's configuration.
    pub fn command(&self, arguments: &[&str]) -> Program {
        Program::new(env!("CARGO_BIN_EXE_deskbell-server"), self.folder.path())
            .args(arguments)
            .arg("--config")
            .arg(self.config())
            .env_remove("DESKBELL_CONFIG")
    }

    /// Starts the server and waits until it answers.
    pub async fn start(&self) -> Result<Process> {
        self.start_as(self.command(&["serve"])).await
    }

    /// The same with a program that was changed for it.
    pub async fn start_as(&self, program: Program) -> Result<Process> {
        let mut server = program.start()?;
        let ready = server.ready("the server to answer", async || self.port.answers().await);
        ready.await?;
        Ok(server)
    }

    /// Starts the server to die at a place; it may be gone at once.
    pub fn start_armed(&self, point: &str) -> Result<Process> {
        self.command(&["serve"])
            .env(failpoint::VARIABLE, point)
            .start()
    }

    /// Whether it has come to answer, rather than to an end.
    pub async fn comes_up(&self, server: &mut Process) -> Result<bool> {
        eventually("the server to answer or to end", async || {
            if server.runs().is_err() {
                return Ok(false);
            }
            self.port.answers().await.map(|()| true)
        })
        .await
    }

    /// Starts it and waits for it to end by itself: the exit code, and what it said.
    pub async fn refused(&self, program: Program) -> Result<(Option<i32>, String)> {
        let mut server = program.start()?;
        let status = server.ended().await.context("it serves")?;
        Ok((status.code(), server.complained()))
    }

    /// Resolves once somebody answers at the address, or after a while.
    pub async fn answers(&self) {
        // Spelled out: what waits with a closure cannot run beside others.
        for _ in 0..1_000 {
            if self.port.answers().await.is_ok() {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The database as it is, beside a server that may run.
    pub async fn look(&self) -> Result<Store> {
        Ok(Store::open(&self.database_url(), Purpose::Look, &SystemClock).await?)
    }

    /// The whole file makes sense.
    pub async fn is_whole(&self) -> Result<()> {
        let store = self.look().await?;
        let found: String =
            sqlx::query_scalar("SELECT CAST(integrity_check AS TEXT) FROM pragma_integrity_check")
                .fetch_one(store.read())
                .await?;
        store.close().await;
        ensure!(found == "ok", "the database is damaged: {found}");
        Ok(())
    }
}
