//! The window's and the console's pages.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::Result;

use crate::command::{program, succeed};

/// What is built, each for a program.
const PAGES: [&str; 2] = ["messenger", "console"];

/// Installs the packages the lock file names, unless they are there, and builds the pages. Those that
/// come out as they were keep their times, or cargo would build their program again.
pub fn build(root: &Path) -> Result<()> {
    install(root)?;
    let folders = PAGES.map(|page| root.join("ui/dist").join(page));
    let before: Vec<Files> = folders.iter().map(|folder| files(folder)).collect();
    succeed(npm(root).args(["run", "build"]))?;
    for (folder, old) in folders.iter().zip(before) {
        keep_times(&old, &files(folder))?;
    }
    Ok(())
}

/// Files with their content, folders without, and when each was written.
type Files = BTreeMap<PathBuf, (Option<Vec<u8>>, SystemTime)>;

/// The folder and all that is in it; nothing where there is none.
fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let mut add = |path: &Path, content| {
        let written = fs::metadata(path).and_then(|about| about.modified());
        if let Ok(written) = written {
            found.insert(path.to_owned(), (content, written));
        }
    };
    add(folder, None);
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            inside.push(files(&path));
        } else {
            add(&path, fs::read(&path).ok());
        }
    }
    inside.into_iter().for_each(|more| found.extend(more));
    found
}

/// Gives what is there now the times of before, if it is the same.
fn keep_times(old: &Files, new: &Files) -> Result<()> {
    let contents = |files: &Files| -> Vec<_> {
        let each = files
            .iter()
            .map(|(path, (content, _))| (path.clone(), content.clone()));
        each.collect()
    };
    if contents(old) == contents(new) {
        for (path, (_, written)) in old {
            File::open(path)?.set_modified(*written)?;
        }
    }
    Ok(())
}

/// Installs the packages the lock file names, unless they are there.
pub fn install(root: &Path) -> Result<()> {
    let ui = root.join("ui");
    let lock = fs::read(ui.join("package-lock.json"))?;
    let mark = ui.join("node_modules/.installed-lock.json");
    if fs::read(&mark).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    succeed(npm(root).arg("ci"))?;
    Ok(fs::write(mark, lock)?)
}

/// `npm` in the pages' folder.
pub fn npm(root: &Path) -> Command {
    program(&root.join("ui"), "npm")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn pages_that_come_out_as_they_were_keep_their_times() {
        let folder = tempfile::tempdir().unwrap();
        let assets = folder.path().join("assets");
        let page = assets.join("index.js");
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let written = |text: &str| {
            let _ = fs::remove_dir_all(&assets);
            fs::create_dir(&assets).unwrap();
            fs::write(&page, text).unwrap();
            files(folder.path())
        };
        written("one");
        for path in [folder.path(), &assets, &page] {
            File::open(path).unwrap().set_modified(long_ago).unwrap();
        }
        let before = files(folder.path());
        keep_times(&before, &written("one")).unwrap();
        assert_eq!(files(folder.path()), before);
        keep_times(&before, &written("two")).unwrap();
        assert_ne!(files(folder.path())[&page].1, long_ago);
    }
}
