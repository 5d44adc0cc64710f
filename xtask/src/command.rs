//! Starting other programs, so that failures say which and nothing started is left behind.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, IsTerminal as _, Write as _},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

/// A program to run in `folder`, ended by the kernel when this process ends.
pub fn program(folder: &Path, name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "TERM", "--"])
        .arg(name)
        .current_dir(folder);
    command
}

/// `cargo`, in `folder`.
pub fn cargo(folder: &Path) -> Command {
    program(
        folder,
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
    )
}

/// Runs it to its end, with its output where ours goes.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {}", line(command)))?;
    ensure!(status.success(), "{} ended with {status}", line(command));
    Ok(())
}

/// Runs it to its end and gives what it printed.
pub fn printed(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("starting {}", line(command)))?;
    ensure!(
        output.status.success(),
        "{} ended with {}",
        line(command),
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs it to its end, shows what it says on standard error, and gives the lines that `keep` wants.
pub fn heard(command: &mut Command, keep: fn(&str) -> bool) -> (Vec<String>, Result<()>) {
    let mut kept = Vec::new();
    let ended = listen(command, |line| {
        if keep(line) {
            kept.push(line.to_owned());
        }
    });
    (kept, ended)
}

fn listen(command: &mut Command, mut hear: impl FnMut(&str)) -> Result<()> {
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", line(command)))?;
    let output = child.stderr.take().context("its output")?;
    for text in BufReader::new(output).lines() {
        let text = text?;
        writeln!(std::io::stderr(), "{text}")?;
        hear(&text);
    }
    let status = child.wait()?;
    ensure!(status.success(), "{} ended with {status}", line(command));
    Ok(())
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let words = command.get_args().skip_while(|word| *word != "--").skip(1);
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A program that runs beside us and is ended, with all it started, when this value is dropped.
pub struct Beside {
    child: Child,
    name: String,
}

impl Beside {
    /// Starts it in a process group of its own.
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = line(command);
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("starting {name}"))?;
        Ok(Self { child, name })
    }

    /// Its standard output, if that was piped and not yet taken.
    pub fn output(&mut self) -> Result<impl std::io::Read + use<>> {
        self.child.stdout.take().context("its output is not piped")
    }

    /// Waits until it ends.
    pub fn wait(&mut self) -> Result<()> {
        let status = self.child.wait()?;
        if !status.success() {
            bail!("{} ended with {status}", self.name);
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill")
            .args(["-TERM", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.wait();
    }
}

/// A person sits at a terminal and can be asked.
pub fn asks_a_person() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Asks for yes or no.
pub fn confirmed(question: &str) -> Result<bool> {
    print!("{question} [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
