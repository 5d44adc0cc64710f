//! Processes that never outlive the one that started them.
//!
//! Each leads a process group of its own, which is ended as a whole when the value is dropped. Should
//! the test itself be killed, the kernel ends the process (`PR_SET_PDEATHSIG`, set by `setpriv`).

mod spawner;

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{Seek, SeekFrom, Write},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, getuid, kill_process, kill_process_group};

use crate::wait::{PATIENCE, eventually, eventually_while};

/// What a process may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// What to start, and how.
#[derive(Debug, Clone)]
pub struct Program {
    path: OsString,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    removed: Vec<OsString>,
    folder: PathBuf,
    unprivileged: bool,
    input: Vec<u8>,
    end_with: Signal,
}

impl Program {
    /// The program at `path` (or found in `PATH`), whose output goes to files in `folder`.
    pub fn new(path: impl AsRef<OsStr>, folder: impl Into<PathBuf>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
            arguments: Vec::new(),
            variables: Vec::new(),
            removed: Vec::new(),
            folder: folder.into(),
            unprivileged: false,
            input: Vec::new(),
            end_with: Signal::TERM,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(
            arguments
                .into_iter()
                .map(|argument| argument.as_ref().to_owned()),
        );
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets several variables of its environment.
    #[must_use]
    pub fn envs<N: AsRef<OsStr>, V: AsRef<OsStr>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        for (name, value) in variables {
            self = self.env(name, value);
        }
        self
    }

    /// Takes a variable out of the environment it inherits.
    #[must_use]
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.removed.push(name.as_ref().to_owned());
        self
    }

    /// Runs it as `nobody` when the tests run as root, and as who runs the tests otherwise.
    #[must_use]
    pub const fn unprivileged(mut self) -> Self {
        self.unprivileged = true;
        self
    }

    /// What it reads from standard input; nothing otherwise.
    #[must_use]
    pub fn input(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = text.into();
        self
    }

    /// The signal that ends it without loss, instead of TERM.
    #[must_use]
    pub const fn end_with(mut self, signal: Signal) -> Self {
        self.end_with = signal;
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started or its output files cannot be made.
    pub fn start(self) -> Result<Process> {
        let name = self.name();
        let out = self.folder.join(format!("{name}.out"));
        let err = self.folder.join(format!("{name}.err"));
        let mut command = self.command()?;
        command.stdout(append(&out)?).stderr(append(&err)?);
        let child = spawner::spawn(command).with_context(|| format!("starting {name}"))?;
        Ok(Process {
            child,
            name,
            out,
            err,
            end_with: self.end_with,
        })
    }

    /// Runs it to its end and gives what it printed.
    ///
    /// # Errors
    /// When it cannot be started or ends with another code than 0.
    pub async fn run(self) -> Result<String> {
        let name = self.name();
        let mut command = self.command()?;
        let output = tokio::task::spawn_blocking(move || command.output()).await?;
        let output = output.with_context(|| format!("starting {name}"))?;
        if !output.status.success() {
            let told =
                String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            bail!("{name} ended with {}: {told}", output.status);
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What it runs.
    #[must_use]
    pub fn path(&self) -> &OsStr {
        &self.path
    }

    fn name(&self) -> String {
        Path::new(&self.path).file_name().map_or_else(
            || "process".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        )
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new("setpriv");
        if self.unprivileged && getuid().is_root() {
            command.args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]);
        }
        command.args(["--pdeathsig", death_signal(self.end_with), "--"]);
        command.arg(&self.path).args(&self.arguments);
        for name in own_variables().iter().chain(&self.removed) {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
            .current_dir(&self.folder)
            .stdin(input(&self.input)?)
            .process_group(0);
        Ok(command)
    }
}

/// Variables with Deskbell's name. They are settings to its programs: what the tests are told with them
/// is not for the programs that they start.
#[must_use]
pub fn own_variables() -> Vec<OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    names
        .filter(|name| name.to_string_lossy().starts_with("DESKBELL_"))
        .collect()
}

/// A running process, ended with its whole group when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    out: PathBuf,
    err: PathBuf,
    end_with: Signal,
}

impl Process {
    /// Its id, which is its group's too.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it printed so far.
    #[must_use]
    pub fn printed(&self) -> String {
        fs::read_to_string(&self.out).unwrap_or_default()
    }

    /// What it complained about so far.
    #[must_use]
    pub fn complained(&self) -> String {
        fs::read_to_string(&self.err).unwrap_or_default()
    }

    /// Waits until `ready` answers, and no longer once the process has ended.
    ///
    /// # Errors
    /// When it ended or was not ready in time, with the end of what it printed.
    pub async fn ready<T>(
        &mut self,
        what: &str,
        ready: impl AsyncFnMut() -> Result<T>,
    ) -> Result<T> {
        let out = (self.out.clone(), self.err.clone());
        eventually_while(PATIENCE, what, || self.runs(), ready)
            .await
            .with_context(|| last_words(&out.0, &out.1))
    }

    /// Sends a signal to the process alone.
    ///
    /// # Errors
    /// When it is gone.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        kill_process(self.pid()?, signal).with_context(|| format!("signalling {}", self.name))
    }

    /// Ends it as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        let _ = kill_process_group(self.pid()?, Signal::KILL);
        self.child
            .wait()
            .with_context(|| format!("waiting for {}", self.name))
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn end(&mut self) -> Result<ExitStatus> {
        self.signal(self.end_with)?;
        self.ended().await
    }

    /// Waits until it has ended by itself.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        let what = format!("the end of {}", self.name);
        eventually(&what, async || {
            self.child.try_wait()?.context("it still runs")
        })
        .await
    }

    /// It runs.
    ///
    /// # Errors
    /// When it has ended, with the end of what it printed.
    pub fn runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!(
                "{} ended with {status}: {}",
                self.name,
                last_words(&self.out, &self.err)
            ),
        }
    }

    fn pid(&self) -> Result<Pid> {
        i32::try_from(self.child.id())
            .ok()
            .and_then(Pid::from_raw)
            .context("a process id")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let Ok(group) = self.pid() else { return };
        let _ = kill_process_group(group, self.end_with);
        if !ends_within(&mut self.child, GRACE) {
            let _ = kill_process_group(group, Signal::KILL);
            let _ = self.child.wait();
        }
        // Whatever of the group outlived its leader.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[expect(clippy::disallowed_methods, reason = "dropping cannot await")]
fn ends_within(child: &mut Child, grace: Duration) -> bool {
    let deadline = Instant::now() + grace;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

fn append(path: &Path) -> Result<File> {
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("opening {}", path.display()))
}

/// A file that is read once; nothing when there is nothing to read.
fn input(text: &[u8]) -> Result<Stdio> {
    if text.is_empty() {
        return Ok(Stdio::null());
    }
    let mut file = tempfile::tempfile()?;
    file.write_all(text)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file.into())
}

fn last_words(out: &Path, err: &Path) -> String {
    let all = [out, err]
        .map(|path| fs::read_to_string(path).unwrap_or_default())
        .concat();
    let lines: Vec<&str> = all.lines().collect();
    lines
        .get(lines.len().saturating_sub(15)..)
        .unwrap_or_default()
        .join("\n")
}

const fn death_signal(end_with: Signal) -> &'static str {
    match end_with {
        Signal::QUIT => "QUIT",
        Signal::INT => "INT",
        Signal::KILL => "KILL",
        _ => "TERM",
    }
}
