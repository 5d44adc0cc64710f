//! The log: to standard error, and to files that rotate.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Bytes after which a file is put aside.
const FILE_BYTES: u64 = 1024 * 1024;

/// Ours, which logs ids only. Other people's code logs what it is worried about, at no level more.
const OURS: [&str; 3] = ["deskbell", "deskbell_desktop", "deskbell_messenger"];

/// Logs from here on, at the level of the settings. `DESKBELL_LOG` overrides what is logged.
pub(crate) fn start(folder: &Path, level: &str) -> anyhow::Result<()> {
    let filter: Targets = match std::env::var("DESKBELL_LOG").map(|told| told.parse()) {
        Ok(Ok(told)) => told,
        _ => filter(level).parse()?,
    };
    let file = RotatingFile::new(folder)?;
    let to_file = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(file));
    let to_error = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    tracing_subscriber::registry()
        .with(filter)
        .with(to_file)
        .with(to_error)
        .try_init()?;
    std::panic::set_hook(Box::new(note_panic));
    Ok(())
}

fn filter(level: &str) -> String {
    let others = if level == "error" { level } else { "warn" };
    let ours = OURS.map(|name| format!("{name}={level}"));
    format!("{others},{}", ours.join(","))
}

/// Where it happened. What it said may hold what somebody wrote, so that is left out.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let thread = std::thread::current();
    tracing::error!(place, thread = thread.name(), "panicked");
}

/// `deskbell.log`, and the one before it as `deskbell.1.log`. It is opened with the first line.
struct RotatingFile {
    current: PathBuf,
    previous: PathBuf,
    file: Option<File>,
    written: u64,
}

impl RotatingFile {
    fn new(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let (current, previous) = (folder.join("deskbell.log"), folder.join("deskbell.1.log"));
        Ok(Self {
            current,
            previous,
            file: None,
            written: 0,
        })
    }

    fn open(&mut self) -> io::Result<&mut File> {
        if self.written >= FILE_BYTES {
            self.file = None;
            std::fs::rename(&self.current, &self.previous)?;
        }
        match &mut self.file {
            Some(file) => Ok(file),
            unopened => {
                let file = OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&self.current)?;
                self.written = file.metadata()?.len();
                Ok(unopened.insert(file))
            }
        }
    }
}

impl Write for RotatingFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let written = self.open()?.write(line)?;
        self.written = self.written.saturating_add(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::{FILE_BYTES, RotatingFile, filter};

    #[test]
    fn a_level_is_ours_and_others_say_no_more_than_warnings() {
        assert_eq!(
            filter("debug"),
            "warn,deskbell=debug,deskbell_desktop=debug,deskbell_messenger=debug"
        );
        assert!(filter("error").starts_with("error,deskbell=error"));
    }

    #[test]
    fn a_full_log_is_put_aside_and_only_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = RotatingFile::new(folder.path()).unwrap();
        let line = vec![b'x'; 64 * 1024];
        for _ in 0..64 {
            log.write_all(&line).unwrap();
        }
        let sizes: Vec<u64> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .collect();
        assert_eq!(sizes.len(), 2, "there should be the log and the one before");
        assert!(
            sizes.iter().all(|size| *size <= FILE_BYTES + 64 * 1024),
            "too large: {sizes:?}"
        );
    }
}
