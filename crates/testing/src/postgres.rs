//! A PostgreSQL server of the test's own.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Signal, getuid};
use tempfile::TempDir;

use crate::{
    folder::open_folder,
    port::Port,
    process::{Process, Program},
    wait::eventually,
};

const MANUAL: &str = include_str!("../../../docs/operators.md");

/// What the manual says to run in a database that was restored, each statement by itself.
///
/// # Errors
/// When the manual has none.
pub fn statements_after_a_restore() -> Result<Vec<String>> {
    let (_, rest) = MANUAL.split_once("```sql\n").context("no statements")?;
    let (statements, _) = rest.split_once("```").context("no end of the statements")?;
    let each = statements.split(";\n").filter(|it| !it.trim().is_empty());
    Ok(each.map(str::to_owned).collect())
}

/// A running PostgreSQL server; what it stores is gone when it is dropped.
#[derive(Debug)]
pub struct Postgres {
    server: Process,
    port: Port,
    programs: PathBuf,
    folder: TempDir,
    settings: &'static [&'static str],
    databases: AtomicU32,
}

impl Postgres {
    /// Starts one. The first start on a machine prepares a template, those after it copy that.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub async fn start() -> Result<Self> {
        Self::start_with(&FORGETFUL).await
    }

    /// Starts one that has everything on the disk before it says so, to be measured.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub async fn durable() -> Result<Self> {
        Self::start_with(&[]).await
    }

    async fn start_with(settings: &'static [&'static str]) -> Result<Self> {
        let programs = programs()?;
        let template = template(&programs).await?;
        let folder = open_folder()?;
        let data = folder.path().join("data");
        Program::new("cp", folder.path())
            .arg("-a")
            .arg(&template)
            .arg(&data)
            .unprivileged()
            .run()
            .await?;
        let port = Port::take()?;
        let mut server = server(&programs, folder.path(), &data, &port, settings).start()?;
        ready(&mut server, folder.path(), &port).await?;
        Ok(Self {
            server,
            port,
            programs,
            folder,
            settings,
            databases: AtomicU32::new(0),
        })
    }

    /// Ends it at once, as a crash would.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn stop(&mut self) -> Result<()> {
        self.server.kill().map(|_| ())
    }

    /// Starts it again after it was stopped, on the same port with what it has stored.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn again(&mut self) -> Result<()> {
        let (folder, data) = (self.folder.path(), self.folder.path().join("data"));
        let _ = fs::remove_file(data.join("postmaster.pid"));
        self.server = server(&self.programs, folder, &data, &self.port, self.settings).start()?;
        ready(&mut self.server, folder, &self.port).await
    }

    /// Another server that follows this one.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn standby(&self) -> Result<Self> {
        let (port, folder) = (Port::take()?, open_folder()?);
        let data = folder.path().join("data");
        Program::new(self.programs.join("pg_basebackup"), folder.path())
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .args(["--host", "127.0.0.1", "--username", "postgres", "--port"])
            .arg(self.port.number().to_string())
            .arg("--pgdata")
            .arg(&data)
            .unprivileged()
            .run()
            .await?;
        let settings = self.settings;
        let mut server = server(&self.programs, folder.path(), &data, &port, settings).start()?;
        ready(&mut server, folder.path(), &port).await?;
        Ok(Self {
            server,
            port,
            programs: self.programs.clone(),
            folder,
            settings,
            databases: AtomicU32::new(0),
        })
    }

    /// From now on a commit waits until the standby has it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn wait_for_standby(&self) -> Result<()> {
        self.say("ALTER SYSTEM SET synchronous_standby_names = '*'")
            .await?;
        self.say("SELECT pg_reload_conf()").await?;
        eventually("commits to wait for the standby", async || {
            let states = self
                .say("SELECT sync_state FROM pg_stat_replication")
                .await?;
            ensure!(states.trim() == "sync", "{states:?}");
            Ok(())
        })
        .await
    }

    /// Waits until somebody's commit waits for the standby.
    ///
    /// # Errors
    /// When none does.
    pub async fn a_commit_waits(&self) -> Result<()> {
        eventually("a commit to wait for the standby", async || {
            let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
            let waiting = self.say(waiting).await?;
            ensure!(waiting.trim() != "0", "all commits are through");
            Ok(())
        })
        .await
    }

    /// Takes the place of the server it followed, at its address, once that one is killed.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn take_over(mut self, mut first: Self) -> Result<Self> {
        first.stop()?;
        self.stop()?;
        let (programs, port) = (first.programs.clone(), first.port);
        let (folder, data) = (self.folder.path(), self.folder.path().join("data"));
        let _ = fs::remove_file(data.join("postmaster.pid"));
        // Who waits for a standby of its own would wait for ever.
        let alone = "synchronous_standby_names=";
        let program = server(&programs, folder, &data, &port, self.settings).args(["-c", alone]);
        self.server = program.start()?;
        ready(&mut self.server, folder, &port).await?;
        self.port = port;
        self.say("SELECT pg_promote()").await?;
        Ok(self)
    }

    /// Runs a statement, outside of the databases that tests make.
    ///
    /// # Errors
    /// When it fails, with what PostgreSQL says.
    pub async fn say(&self, statement: &str) -> Result<String> {
        Program::new(self.programs.join("psql"), self.folder.path())
            .args(["--host", "127.0.0.1", "--username", "postgres", "--port"])
            .arg(self.port.number().to_string())
            .args(["--no-psqlrc", "--tuples-only", "--no-align", "--command"])
            .arg(statement)
            .run()
            .await
    }

    /// The address of a new, empty database.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn database(&self) -> Result<String> {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        Program::new(self.programs.join("createdb"), self.folder.path())
            .args(["--host", "127.0.0.1", "--username", "postgres", "--port"])
            .arg(self.port.number().to_string())
            .arg(&name)
            .run()
            .await?;
        Ok(format!(
            "postgres://postgres@{}/{name}",
            self.port.address()
        ))
    }
}

async fn ready(server: &mut Process, folder: &Path, port: &Port) -> Result<()> {
    let socket = folder.join(format!(".s.PGSQL.{}", port.number()));
    let state_file = folder.join("data/postmaster.pid");
    server
        .ready("PostgreSQL to take connections", async || {
            let state = fs::read_to_string(&state_file)?;
            if !(state.contains("ready") && socket.exists()) {
                bail!("its state is {state:?}");
            }
            port.answers().await
        })
        .await
}

/// Where `initdb` and `postgres` are: in `PATH`, or where Debian puts them.
fn programs() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    std::env::split_paths(&path)
        .chain(debian.map(|version| version.path().join("bin")))
        .find_map(|folder| folder.join("initdb").canonicalize().ok())
        .and_then(|initdb| initdb.parent().map(Path::to_owned))
        .context("PostgreSQL is not installed: apt-get install postgresql")
}

/// A prepared data folder, made once per machine and user.
async fn template(programs: &Path) -> Result<PathBuf> {
    let user = if getuid().is_root() {
        "nobody".to_owned()
    } else {
        getuid().as_raw().to_string()
    };
    let version = Program::new(programs.join("initdb"), "/")
        .arg("--version")
        .run()
        .await?;
    let version: String = version.chars().filter(char::is_ascii_digit).collect();
    let folder = std::env::temp_dir().join(format!("deskbell-postgres-{version}-{user}"));
    let lock = File::create(folder.with_extension("lock"))?;
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    if !folder.exists() {
        let fresh = open_folder()?;
        let data = fresh.path().join("data");
        Program::new(programs.join("initdb"), fresh.path())
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .args(["--no-sync", "--pgdata"])
            .arg(&data)
            .unprivileged()
            .run()
            .await?;
        fs::rename(&data, &folder).context("keeping the template")?;
    }
    drop(lock);
    Ok(folder)
}

/// What it stores is thrown away, so nothing has to survive a power cut.
const FORGETFUL: [&str; 2] = ["fsync=off", "full_page_writes=off"];

fn server(programs: &Path, folder: &Path, data: &Path, port: &Port, more: &[&str]) -> Program {
    let settings = [
        format!("port={}", port.number()),
        format!("unix_socket_directories={}", folder.display()),
        "listen_addresses=127.0.0.1".to_owned(),
        "dynamic_shared_memory_type=mmap".to_owned(),
        "shared_buffers=32MB".to_owned(),
        "max_connections=200".to_owned(),
    ];
    let settings = settings
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied());
    Program::new(programs.join("postgres"), folder)
        .arg("-D")
        .arg(data)
        .args(settings.flat_map(|setting| ["-c", setting]))
        .unprivileged()
        .end_with(Signal::QUIT)
}
