//! A disk that forgets what was never synced, and one that fails, under a program that runs.
//!
//! A small library (`disk/record.c`) is loaded into the program. It notes every write and every sync of
//! its database files in a journal; a power cut at any moment is then played from that: what was synced is
//! there, of the rest some, in any mix, torn or not. Names of files are taken to last once they are made.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::folder::private_folder;
use crate::process::Program;
use crate::random::Random;

const LIBRARY: &str = include_str!("disk/record.c");

/// Disks write so many bytes whole or not at all.
const SECTOR: usize = 512;

/// Files by name, with what is in them.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What fails while it is asked to.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// Writing.
    Write,
    /// Making durable what was written.
    Sync,
}

impl Fault {
    const fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Sync => "sync",
        }
    }
}

/// The disk under one folder.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    before: Files,
    own: TempDir,
}

impl Disk {
    /// Takes over the folder as it is now; nobody may have its files open.
    ///
    /// # Errors
    /// When the library cannot be built or the folder not be read.
    pub async fn under(folder: &Path) -> Result<Self> {
        let own = private_folder()?;
        fs::write(own.path().join("record.c"), LIBRARY)?;
        fs::create_dir(own.path().join("faults"))?;
        let arguments = [
            "-shared",
            "-fPIC",
            "-O1",
            "-o",
            "record.so",
            "record.c",
            "-ldl",
        ];
        Program::new("cc", own.path()).args(arguments).run().await?;
        Ok(Self {
            folder: folder.canonicalize()?,
            before: read(folder)?,
            own,
        })
    }

    /// The program, with its writes noted.
    #[must_use]
    pub fn watch(&self, program: Program) -> Program {
        program
            .env("LD_PRELOAD", self.own.path().join("record.so"))
            .env("WATCHED_DISK", &self.folder)
            .env("WATCHED_DISK_JOURNAL", self.journal())
            .env("WATCHED_DISK_FAULTS", self.own.path().join("faults"))
    }

    fn journal(&self) -> PathBuf {
        self.own.path().join("journal")
    }

    fn fault(&self, fault: Fault) -> PathBuf {
        self.own.path().join("faults").join(fault.name())
    }

    /// From now on this fails.
    ///
    /// # Errors
    /// When that cannot be said.
    pub fn fail(&self, fault: Fault) -> Result<()> {
        Ok(fs::write(self.fault(fault), "")?)
    }

    /// It fails no more.
    ///
    /// # Errors
    /// When that cannot be said.
    pub fn mend(&self, fault: Fault) -> Result<()> {
        Ok(fs::remove_file(self.fault(fault))?)
    }

    /// Now, for [`Self::after_a_cut_at`]. What was acknowledged before is asked for first.
    ///
    /// # Errors
    /// When nothing was written yet.
    pub fn now(&self) -> Result<u64> {
        Ok(fs::metadata(self.journal())
            .context("nothing is written")?
            .len())
    }

    /// What a power cut at that moment could have left.
    ///
    /// # Errors
    /// When the journal makes no sense.
    pub fn after_a_cut_at(&self, moment: u64, random: &mut Random) -> Result<Files> {
        let mut journal = fs::read(self.journal())?;
        journal.truncate(usize::try_from(moment)?);
        let entries = entries(&journal)?;
        let mut files = self.before.clone();
        for (number, entry) in entries.iter().enumerate() {
            let file = files.entry(entry.name.clone()).or_default();
            match fate(entry, entries.get(number + 1..).unwrap_or_default(), random) {
                Fate::Done => entry.apply(file, entry.data.len()),
                Fate::Torn(sectors) => entry.apply(file, sectors * SECTOR),
                Fate::Undone => {}
            }
        }
        Ok(files)
    }
}

fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.ends_with("-shm") {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(files)
}

/// Something that was done to a file, as `record.c` writes it.
struct Entry {
    kind: u32,
    name: String,
    /// Where in the journal it begins.
    place: u64,
    at: u64,
    data: Vec<u8>,
}

const WRITTEN: u32 = 1;
const CUT: u32 = 2;
const SYNCED: u32 = 3;
const LOST: u32 = 4;

/// What becomes of a write when the power fails.
enum Fate {
    Done,
    Torn(usize),
    Undone,
}

/// A write that was there when a sync of its file began which then succeeded is done; one that was there
/// when a sync failed is undone; nobody knows of the others.
fn fate(entry: &Entry, later: &[Entry], random: &mut Random) -> Fate {
    let ends = |it: &&Entry| matches!(it.kind, SYNCED | LOST);
    let mut syncs = later.iter().filter(ends).filter(|it| it.name == entry.name);
    let decided = syncs.find(|sync| entry.place < sync.at);
    match (decided.map(|sync| sync.kind), random.below(4)) {
        (Some(SYNCED), _) | (None, 0 | 1) => Fate::Done,
        (None, 2) => {
            let sectors = entry.data.len() / SECTOR;
            let kept = random.below(u64::try_from(sectors).unwrap_or(0) + 1);
            Fate::Torn(usize::try_from(kept).unwrap_or(0))
        }
        _ => Fate::Undone,
    }
}

impl Entry {
    fn apply(&self, file: &mut Vec<u8>, bytes: usize) {
        let at = usize::try_from(self.at).unwrap_or(usize::MAX);
        match self.kind {
            WRITTEN => {
                let data = self.data.get(..bytes).unwrap_or(&self.data);
                let end = at + data.len();
                file.resize(file.len().max(end), 0);
                if let Some(place) = file.get_mut(at..end) {
                    place.copy_from_slice(data);
                }
            }
            CUT => file.resize(at, 0),
            _ => {}
        }
    }
}

/// All whole entries; the last may have been cut off.
fn entries(mut journal: &[u8]) -> Result<Vec<Entry>> {
    let (length, mut entries) = (journal.len(), Vec::new());
    loop {
        let place = u64::try_from(length - journal.len())?;
        let Some(entry) = entry(&mut journal, place)? else {
            return Ok(entries);
        };
        ensure!(
            (WRITTEN..=LOST).contains(&entry.kind),
            "the journal is damaged"
        );
        entries.push(entry);
    }
}

fn entry(journal: &mut &[u8], place: u64) -> Result<Option<Entry>> {
    let mut rest = *journal;
    let mut number = |bytes| -> Option<u64> {
        let (now, later) = rest.split_at_checked(bytes)?;
        rest = later;
        let mut whole = [0; 8];
        whole.get_mut(..bytes)?.copy_from_slice(now);
        Some(u64::from_le_bytes(whole))
    };
    let head = [number(4), number(4), number(8), number(8)];
    let [Some(kind), Some(name), Some(at), Some(bytes)] = head else {
        return Ok(None);
    };
    let Some((name, after)) = rest.split_at_checked(usize::try_from(name)?) else {
        return Ok(None);
    };
    let Some((data, after)) = after.split_at_checked(usize::try_from(bytes)?) else {
        return Ok(None);
    };
    *journal = after;
    Ok(Some(Entry {
        kind: u32::try_from(kind)?,
        name: String::from_utf8_lossy(name).into_owned(),
        place,
        at,
        data: data.to_vec(),
    }))
}
