//! The screen, which Xvfb can keep in a file: when its picture changed.

use std::{
    fs::File,
    os::unix::fs::FileExt as _,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::time::sleep;

/// Where files are kept in memory: a picture that goes to a disk would slow down what it shows.
const MEMORY: &str = "/dev/shm";
/// How Xvfb calls the file of its first screen.
const FILE: &str = "Xvfb_screen0";

/// How often the picture is looked at.
const BETWEEN: Duration = Duration::from_millis(4);
/// Of so many lines of the picture one is looked at; a line of text is higher.
const LINES: u64 = 10;
/// How long a picture is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for the picture.
pub(super) fn folder() -> Result<TempDir> {
    TempDir::with_prefix_in("deskbell-", MEMORY).context("a folder in memory")
}

/// A screen that is watched.
#[derive(Debug)]
pub struct Screen {
    file: File,
    /// Where the picture begins, how long a line of it is, and how many there are.
    layout: (u64, u64, u64),
    _folder: TempDir,
}

impl Screen {
    /// The screen whose picture Xvfb keeps in this folder, as xwd does.
    pub(super) fn open(folder: TempDir) -> Result<Self> {
        let file = File::open(folder.path().join(FILE))?;
        let number = |place: u64| number(&file, place);
        let (header, colours) = (number(0)?, number(19)?);
        let layout = (header + colours * 12, number(12)?, number(5)?);
        Ok(Self {
            file,
            layout,
            _folder: folder,
        })
    }

    /// When the picture last changed before it rested for so long. A first change is waited for.
    ///
    /// # Errors
    /// When it does not change within a minute, or never rests.
    pub async fn rests(&self, rest: Duration) -> Result<Instant> {
        let begin = Instant::now();
        let mut picture = self.picture()?;
        let mut changed = None;
        loop {
            sleep(BETWEEN).await;
            let (now, seen) = (Instant::now(), self.picture()?);
            if seen != picture {
                (picture, changed) = (seen, Some(now));
            }
            match changed {
                Some(last) if now.duration_since(last) > rest => return Ok(last),
                _ => ensure!(now.duration_since(begin) < PATIENCE, "{changed:?}"),
            }
        }
    }

    fn picture(&self) -> Result<Vec<u8>> {
        let (begin, length, lines) = self.layout;
        let mut picture = vec![0; usize::try_from(length * lines.div_ceil(LINES))?];
        let places = (0..lines).step_by(usize::try_from(LINES)?);
        for (line, place) in picture.chunks_mut(usize::try_from(length)?).zip(places) {
            self.file.read_exact_at(line, begin + place * length)?;
        }
        Ok(picture)
    }
}

/// A number of the file's head; each has four bytes, the greatest first.
fn number(file: &File, place: u64) -> Result<u64> {
    let mut bytes = [0; 4];
    file.read_exact_at(&mut bytes, place * 4)?;
    Ok(u32::from_be_bytes(bytes).into())
}
