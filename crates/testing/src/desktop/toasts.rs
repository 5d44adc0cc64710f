//! dunst, which shows toasts and is clicked with the mouse.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use zbus::Connection;

use super::{SCREEN, owned};
use crate::{
    process::{Process, Program},
    wait::eventually,
};

/// How far the topmost toast's middle is from the screen's upper right corner, in pixels.
const FIRST: (u32, u32) = (150, 50);

/// A toast that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// The number the notification daemon gave it; a replaced one keeps it.
    pub id: u32,
    /// Its first line.
    pub title: String,
    /// What follows.
    pub body: String,
}

/// What dunst shows and has shown.
#[derive(Debug)]
pub struct Toasts {
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

impl Toasts {
    pub(super) fn new(session: &Path, variables: Vec<(String, String)>) -> Result<Self> {
        let folder = session.join("toasts");
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, variables })
    }

    /// Starts dunst with a rule that writes down every toast as it appears.
    pub(super) async fn start(&self, dunst: Program, connection: &Connection) -> Result<Process> {
        let script = self.folder.join("shown.sh");
        fs::write(&script, write_down(&self.folder))?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700))?;
        let settings = self.folder.join("dunstrc");
        fs::write(&settings, configuration(&script))?;
        let dunst = dunst.arg("-config").arg(&settings).start()?;
        owned(connection, "org.freedesktop.Notifications").await?;
        Ok(dunst)
    }

    /// Every toast that appeared, oldest first.
    ///
    /// # Errors
    /// When what was written down cannot be read.
    pub fn shown(&self) -> Result<Vec<Toast>> {
        let mut files: Vec<PathBuf> = fs::read_dir(&self.folder)?
            .flatten()
            .map(|file| file.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toast"))
            .collect();
        files.sort();
        files
            .iter()
            .map(|file| read(&fs::read_to_string(file)?))
            .collect()
    }

    /// How many can be seen now.
    ///
    /// # Errors
    /// When dunst does not answer.
    pub async fn visible(&self) -> Result<u32> {
        Ok(self
            .dunstctl("count")
            .arg("displayed")
            .run()
            .await?
            .trim()
            .parse()?)
    }

    /// Waits for a toast that says this, in its title or below.
    ///
    /// # Errors
    /// When none does.
    pub async fn wait_for(&self, words: &str) -> Result<Toast> {
        eventually(&format!("a toast with {words:?}"), async || {
            let shown = self.shown()?;
            let found = shown
                .iter()
                .rev()
                .find(|toast| toast.title.contains(words) || toast.body.contains(words));
            found.cloned().with_context(|| format!("{shown:?}"))
        })
        .await
    }

    /// Clicks the topmost toast with the mouse.
    ///
    /// # Errors
    /// When none can be seen or the display cannot be reached.
    pub async fn click(&self) -> Result<()> {
        if self.visible().await? == 0 {
            bail!("there is no toast to click");
        }
        let (x, y) = (SCREEN.0 - FIRST.0, FIRST.1);
        let click = ["mousemove", &x.to_string(), &y.to_string(), "click", "1"].map(str::to_owned);
        Program::new("xdotool", &self.folder)
            .envs(self.variables.clone())
            .args(click)
            .run()
            .await?;
        Ok(())
    }

    fn dunstctl(&self, command: &str) -> Program {
        Program::new("dunstctl", &self.folder)
            .envs(self.variables.clone())
            .arg(command)
    }
}

fn configuration(script: &Path) -> String {
    let script = script.display();
    format!(
        "[global]
monitor = 0
origin = top-right
offset = 10x10
width = 300
height = 200
notification_limit = 10
idle_threshold = 0
mouse_left_click = do_action, close_current
dmenu = /bin/false
enable_recursive_icon_lookup = false
[urgency_low]
timeout = 60
[urgency_normal]
timeout = 60
[urgency_critical]
timeout = 60
[write_down]
summary = \"*\"
script = {script}
"
    )
}

/// Under its final name only once it is complete.
fn write_down(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "#!/bin/sh
file={folder}/$(date +%s%N)-$DUNST_ID
printf '%s\\n' \"$DUNST_ID\" \"$DUNST_SUMMARY\" \"$DUNST_BODY\" > $file.part
mv $file.part $file.toast
"
    )
}

fn read(text: &str) -> Result<Toast> {
    let mut lines = text.splitn(3, '\n');
    Ok(Toast {
        id: lines
            .next()
            .unwrap_or_default()
            .parse()
            .with_context(|| format!("a toast's id in {text:?}"))?,
        title: lines.next().unwrap_or_default().to_owned(),
        body: lines.next().unwrap_or_default().trim_end().to_owned(),
    })
}
