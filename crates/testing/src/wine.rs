//! A Windows of the test's own: a Wine prefix and a screen, thrown away together.
//!
//! Prefixes are copied from one that is made once per machine, its unchanging files by hard links, so
//! that a test has its own in a second. Wine lacks `bcryptprimitives.dll`, which Rust programs load:
//! `wine/primitives.c` stands in; and it cannot carry the call of who answers a toast into another process:
//! `wine/answers.idl` says how. Wine says it is Windows 10, but to the client that it is 8.1, because
//! the window library asks Windows 10 for undocumented functions that Wine has not.

mod prefix;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{
    desktop::display,
    folder::private_folder,
    process::{Process, Program},
    wait::{eventually, eventually_within},
};

/// Where the installer puts the client.
pub const CLIENT: &str = r"C:\Program Files\Deskbell\deskbell.exe";

/// What an installation may take on a busy machine.
const INSTALLATION: Duration = Duration::from_secs(180);

/// Wine's own parts that would ask for downloads, open windows or write into the host's menus.
const OVERRIDES: &str = "bcryptprimitives=n;winedbg.exe=d;mscoree=;mshtml=;winemenubuilder.exe=d";

/// A running Windows. All its programs end when it is dropped.
#[derive(Debug)]
pub struct Wine {
    variables: Vec<(String, String)>,
    prefix: PathBuf,
    _display: Process,
    folder: TempDir,
}

impl Wine {
    /// Starts one with nothing installed but the mark of a WebView2 runtime (see [`Wine::set`]).
    ///
    /// # Errors
    /// When Wine, its compiler or Xvfb is missing or does not start.
    pub async fn start() -> Result<Self> {
        let folder = private_folder()?;
        let (display, number) = display(folder.path(), None).await?;
        let prefix = folder.path().join("prefix");
        let variables = variables(folder.path(), &prefix, &number)?;
        prefix::copy(&prefix, &variables).await?;
        Ok(Self {
            variables,
            prefix,
            _display: display,
            folder,
        })
    }

    /// What a program needs in its environment to run here.
    #[must_use]
    pub fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// A Windows program that will run here, by its name or its path as Windows has it.
    #[must_use]
    pub fn program(&self, name: impl AsRef<OsStr>) -> Program {
        self.host("wine").arg(name)
    }

    /// The installed client.
    #[must_use]
    pub fn client(&self) -> Program {
        self.program(CLIENT)
    }

    /// A program of the host that will run in this Windows' environment, on its screen.
    #[must_use]
    pub fn host(&self, path: &str) -> Program {
        Program::new(path, self.folder.path()).envs(self.variables.iter().cloned())
    }

    /// Where the host has a path such as `C:\Program Files\Deskbell`. Letters count.
    #[must_use]
    pub fn path(&self, windows: &str) -> PathBuf {
        let below = windows.strip_prefix(r"C:\").unwrap_or(windows);
        below
            .split('\\')
            .fold(self.prefix.join("drive_c"), |path, name| path.join(name))
    }

    /// The user's own folder, `C:\users\name` there, as the host has it.
    ///
    /// # Errors
    /// When there is none.
    pub fn profile(&self) -> Result<PathBuf> {
        let users = fs::read_dir(self.path(r"C:\users"))?.flatten();
        let mut own = users.filter(|entry| entry.file_name() != "Public");
        Ok(own.next().context("the user's folder")?.path())
    }

    /// How Windows names a file of the host.
    #[must_use]
    pub fn name(&self, file: &Path) -> String {
        format!("Z:{}", file.display()).replace('/', r"\")
    }

    /// A folder for the test's files, private and thrown away.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a program to its end and gives its exit code, of which Wine passes on the lowest byte.
    ///
    /// # Errors
    /// When it cannot be started or does not end.
    pub async fn code(&self, program: Program) -> Result<i32> {
        let mut process = program.start()?;
        let status = eventually_within(INSTALLATION, "the program's end", async || {
            process
                .runs()
                .map_or_else(|_| Ok(()), |()| bail!("it still runs"))
        });
        status.await?;
        process.ended().await?.code().context("it was killed")
    }

    /// Installs silently, with properties such as `AUTOSTART=0`. Gives the exit code; 0 is success.
    ///
    /// # Errors
    /// When msiexec cannot be started or does not end.
    pub async fn install(&self, msi: &Path, properties: &[&str]) -> Result<i32> {
        let arguments = ["/i", &self.name(msi), "/qn"].map(str::to_owned);
        let msiexec = self.msiexec().args(arguments).args(properties);
        self.code(msiexec).await
    }

    /// Uninstalls silently what an MSI installed. Gives the exit code; 0 is success.
    ///
    /// # Errors
    /// When msiexec cannot be started or does not end.
    pub async fn uninstall(&self, msi: &Path, properties: &[&str]) -> Result<i32> {
        let arguments = ["/x", &self.name(msi), "/qn"].map(str::to_owned);
        let msiexec = self.msiexec().args(arguments).args(properties);
        self.code(msiexec).await
    }

    /// In a session of its own, so that a client it starts is not ended with it.
    fn msiexec(&self) -> Program {
        self.host("setsid").args(["--wait", "wine", "msiexec"])
    }

    /// A value of the registry as `reg` prints it (`0x1` for numbers); none when it is not there. An
    /// empty name asks for the key's own value.
    ///
    /// # Errors
    /// When Wine does not run.
    pub async fn registry(&self, key: &str, name: &str) -> Result<Option<String>> {
        let value = if name.is_empty() {
            vec!["/ve"]
        } else {
            vec!["/v", name]
        };
        let query = self.program("reg").args(["query", key]).args(value);
        let Ok(printed) = query.run().await else {
            return Ok(None);
        };
        let value = printed.lines().find_map(|line| {
            let (_, typed) = line.split_once("    REG_")?;
            let (_, data) = typed.split_once("    ")?;
            Some(data.trim_end().to_owned())
        });
        Ok(value)
    }

    /// Writes a value into the registry: `REG_SZ` or `REG_DWORD` as `kind`.
    ///
    /// # Errors
    /// When `reg` fails.
    pub async fn set(&self, key: &str, name: &str, kind: &str, data: &str) -> Result<()> {
        let add = self.program("reg").args(["add", key, "/v", name]);
        add.args(["/t", kind, "/d", data, "/f"]).run().await?;
        Ok(())
    }

    /// Removes a key of the registry and all below it.
    ///
    /// # Errors
    /// When `reg` fails.
    pub async fn remove(&self, key: &str) -> Result<()> {
        let delete = self.program("reg").args(["delete", key, "/f"]);
        delete.run().await.map(drop)
    }

    /// The host's ids of this Windows' processes whose command line names `program`.
    ///
    /// # Errors
    /// When the processes cannot be listed.
    pub fn running(&self, program: &str) -> Result<Vec<u32>> {
        let mark = format!("WINEPREFIX={}", self.prefix.display());
        let mut ids = Vec::new();
        for entry in fs::read_dir("/proc")?.flatten() {
            let Some(id) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
            else {
                continue;
            };
            let read = |name: &str| fs::read(entry.path().join(name)).unwrap_or_default();
            let line = String::from_utf8_lossy(&read("cmdline")).into_owned();
            let ours = read("environ")
                .split(|byte| *byte == 0)
                .any(|variable| variable == mark.as_bytes());
            let shell = line.starts_with("/bin/sh") || line.starts_with("setpriv");
            if ours && !shell && line.contains(program) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Waits until so many processes of the client run.
    ///
    /// # Errors
    /// When it stays another number.
    pub async fn clients(&self, number: usize) -> Result<()> {
        eventually(&format!("{number} running clients"), async || {
            let running = self.running("deskbell.exe")?;
            if running.len() == number {
                return Ok(());
            }
            bail!("{running:?}")
        })
        .await
    }

    /// The titles of the windows that can be seen.
    ///
    /// # Errors
    /// When the display cannot be asked.
    pub async fn windows(&self) -> Result<Vec<String>> {
        // xdotool ends with 1 when it finds none.
        let script = "xdotool search --onlyvisible --name . getwindowname %@ 2>/dev/null || true";
        let titles = self.host("sh").args(["-c", script]).run().await?;
        Ok(titles.lines().map(str::to_owned).collect())
    }

    /// Writes what is on the screen to a PNG file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let import = self.host("import").args(["-window", "root"]).arg(file);
        import.run().await.map(drop)
    }

    /// Ends all programs, which writes the registry to the prefix's files. It can be used on.
    ///
    /// # Errors
    /// When Wine's server does not end.
    pub async fn shut_down(&self) -> Result<()> {
        // It ends with 1 when the server is gone already, or slow to go.
        let _ = self.host("wineserver").arg("-k").run().await;
        self.host("wineserver").arg("-w").run().await.map(drop)
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        for what in ["-k", "-w"] {
            let mut end = Command::new("wineserver");
            end.arg(what).stderr(Stdio::null());
            let variables = self.variables.iter().map(|(name, value)| (name, value));
            let _ = end.envs(variables).status();
        }
    }
}

fn variables(folder: &Path, prefix: &Path, display: &str) -> Result<Vec<(String, String)>> {
    let text = |path: &Path| -> Result<String> {
        let path = path.to_str().context("a folder's name in UTF-8")?;
        Ok(path.to_owned())
    };
    let home = folder.join("home");
    fs::create_dir_all(&home)?;
    Ok([
        ("DISPLAY", format!(":{display}")),
        ("HOME", text(&home)?),
        ("LANG", "C.UTF-8".to_owned()),
        ("WINEDEBUG", "-all".to_owned()),
        ("WINEDLLOVERRIDES", OVERRIDES.to_owned()),
        ("WINEPREFIX", text(prefix)?),
        ("XDG_RUNTIME_DIR", text(folder)?),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into())
}
