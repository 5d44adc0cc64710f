//! A desktop session of the test's own: display, bus, window manager, notifications, keyring, tray.
//!
//! Everything in it is what people run: Xvfb for the screen, openbox, dunst, gnome-keyring. Only the
//! tray's host is the test's own ([`Tray`]), so that it can read the icon and click in the menu.

mod bus;
mod screen;
mod secrets;
mod toasts;
mod tray;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use zbus::Connection;

pub use self::{
    screen::Screen,
    secrets::Secret,
    toasts::{Toast, Toasts},
    tray::{MenuLine, Tray, TrayItem},
};
use crate::{
    folder::private_folder,
    process::{Process, Program},
    wait::eventually,
};

/// What unlocks the keyring.
const KEYRING_PASSWORD: &str = "test";

/// The screen's size in pixels.
pub const SCREEN: (u32, u32) = (1280, 900);

/// What a session has besides a display, a bus and a tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// A keyring, unlocked as after signing in at a desktop.
    pub keyring: bool,
    /// A daemon that shows toasts.
    pub dunst: bool,
    /// Its screen can be watched.
    pub watched: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            keyring: true,
            dunst: true,
            watched: false,
        }
    }
}

/// A running session. Its programs end when it is dropped.
#[derive(Debug)]
pub struct Desktop {
    /// What shows in the tray.
    pub tray: Tray,
    /// What dunst shows.
    pub toasts: Toasts,
    /// Its screen, when it is watched.
    pub screen: Option<Screen>,
    connection: Connection,
    address: String,
    variables: Vec<(String, String)>,
    _programs: Vec<Process>,
    _display: Process,
    folder: TempDir,
}

impl Desktop {
    /// Starts a session that has everything.
    ///
    /// # Errors
    /// When one of its programs is not installed or does not start.
    pub async fn start() -> Result<Self> {
        Self::with(Setup::default()).await
    }

    /// Starts a session.
    ///
    /// # Errors
    /// When one of its programs is not installed or does not start.
    pub async fn with(setup: Setup) -> Result<Self> {
        let folder = private_folder()?;
        let picture = setup.watched.then(screen::folder).transpose()?;
        let kept = picture.as_ref().map(TempDir::path);
        let (display, number) = display(folder.path(), kept).await?;
        let screen = picture.map(Screen::open).transpose()?;
        let (bus, address) = bus::start(folder.path()).await?;
        let variables = variables(folder.path(), &number, &address)?;
        let connection = bus::connect(&address).await?;
        let tray = Tray::start(&address).await?;
        let program = |path: &str| Program::new(path, folder.path()).envs(variables.clone());
        let mut programs = vec![program("openbox").start()?];
        if setup.keyring {
            programs.push(secrets::start(program("gnome-keyring-daemon"), &connection).await?);
        }
        let toasts = Toasts::new(folder.path(), variables.clone())?;
        if setup.dunst {
            programs.push(toasts.start(program("dunst"), &connection).await?);
        }
        programs.push(bus);
        Ok(Self {
            tray,
            toasts,
            screen,
            connection,
            address,
            variables,
            _programs: programs,
            _display: display,
            folder,
        })
    }

    /// What a program needs in its environment to run in this session, its HOME included.
    #[must_use]
    pub fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// A program that will run in this session; its output goes to the session's folder.
    #[must_use]
    pub fn program(&self, path: &Path) -> Program {
        Program::new(path, self.folder.path()).envs(self.variables.iter().cloned())
    }

    /// The session's folder, private and thrown away with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The session's home folder.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The session's bus, for asking it things.
    pub const fn bus(&self) -> &Connection {
        &self.connection
    }

    /// A connection to the session's bus still to be built, for offering something there.
    pub fn connect(&self) -> zbus::connection::Builder<'_> {
        zbus::connection::Builder::address(self.address.as_str())
    }

    /// What the keyring keeps.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub async fn secrets(&self) -> Result<Vec<Secret>> {
        secrets::all(&self.connection).await
    }

    /// The titles of the windows that can be seen.
    ///
    /// # Errors
    /// When the display cannot be asked.
    pub async fn windows(&self) -> Result<Vec<String>> {
        // xdotool ends with 1 when it finds none.
        let script = "xdotool search --onlyvisible --name . getwindowname %@ 2>/dev/null || true";
        let titles = self
            .program(Path::new("sh"))
            .args(["-c", script])
            .run()
            .await?;
        Ok(titles.lines().map(str::to_owned).collect())
    }

    /// Clicks with the left button at a place on the screen.
    ///
    /// # Errors
    /// When the display cannot be reached.
    pub async fn click(&self, x: u32, y: u32) -> Result<()> {
        let (x, y) = (x.to_string(), y.to_string());
        let click = ["mousemove", &x, &y, "click", "1"];
        self.program(Path::new("xdotool")).args(click).run().await?;
        Ok(())
    }

    /// Writes what is on the screen to a PNG file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        self.program(Path::new("import"))
            .args(["-window", "root"])
            .arg(file)
            .run()
            .await?;
        Ok(())
    }
}

/// Starts Xvfb on a display nobody uses, and gives its number. What it shows is kept in a folder if
/// there is one for it.
pub(crate) async fn display(folder: &Path, picture: Option<&Path>) -> Result<(Process, String)> {
    let (width, height) = SCREEN;
    let mut display = Program::new("Xvfb", folder)
        .args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
            "-noreset",
            "-wr",
            "-screen",
            "0",
        ])
        .arg(format!("{width}x{height}x24"))
        .args(
            picture
                .into_iter()
                .flat_map(|folder| ["-fbdir".as_ref(), folder.as_os_str()]),
        )
        .start()?;
    let printed = folder.join("Xvfb.out");
    let number = display
        .ready("Xvfb's display", async || {
            let number = fs::read_to_string(&printed)?.trim().to_owned();
            if number.is_empty() {
                bail!("it has not said its number");
            }
            Ok(number)
        })
        .await?;
    Ok((display, number))
}

fn variables(folder: &Path, display: &str, bus: &str) -> Result<Vec<(String, String)>> {
    let path = |name: &str| -> Result<String> {
        let path = folder.join(name);
        fs::create_dir_all(&path)?;
        Ok(path
            .to_str()
            .context("a folder's name in UTF-8")?
            .to_owned())
    };
    Ok([
        ("DISPLAY", format!(":{display}")),
        ("DBUS_SESSION_BUS_ADDRESS", bus.to_owned()),
        ("HOME", path("home")?),
        ("XDG_RUNTIME_DIR", path("run")?),
        ("XDG_CONFIG_HOME", path("home/.config")?),
        ("XDG_DATA_HOME", path("home/.local/share")?),
        ("XDG_CACHE_HOME", path("home/.cache")?),
        ("XDG_SESSION_TYPE", "x11".to_owned()),
        ("GDK_BACKEND", "x11".to_owned()),
        ("GSETTINGS_BACKEND", "memory".to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
        ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("LANGUAGE", "en".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into())
}

/// Waits until somebody on the bus owns a name.
async fn owned(connection: &Connection, name: &str) -> Result<()> {
    let bus = zbus::fdo::DBusProxy::new(connection).await?;
    eventually(&format!("{name} on the bus"), async || {
        let taken = bus.name_has_owner(name.try_into()?).await?;
        if taken {
            Ok(())
        } else {
            bail!("nobody owns it")
        }
    })
    .await
}
