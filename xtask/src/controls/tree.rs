//! The copy of the source that loses its defences, and the build of it.

use std::{
    collections::HashSet,
    ffi::{OsStr, OsString},
    fs::{self, File},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    command::{printed, program},
    target, tools,
};

/// A copy of the working tree with a build of its own.
pub struct Tree {
    folder: PathBuf,
    tools: OsString,
}

impl Tree {
    /// Copies what has changed since the last copy, and lends the build what is built already.
    pub fn copy(root: &Path) -> Result<Self> {
        let built = target(root);
        let tree = Self {
            folder: built.join("controls"),
            tools: tools::path(root),
        };
        let listed = printed(program(root, "git").args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        let named = listed.split('\0').filter(|name| !name.is_empty());
        let mut wanted: HashSet<PathBuf> = named.map(PathBuf::from).collect();
        for file in files(&root.join("ui/dist")) {
            wanted.insert(file.strip_prefix(root)?.to_owned());
        }
        for name in &wanted {
            copy_if_changed(&root.join(name), &tree.root().join(name))?;
        }
        forget_others(&tree.root(), &wanted)?;
        lend_packages(&root.join("ui"), &tree.root().join("ui"))?;
        for part in [
            "debug",
            "windows/wine",
            "windows/x86_64-pc-windows-gnu/wine",
        ] {
            lend(&built.join(part), &tree.target().join(part))?;
        }
        Ok(tree)
    }

    /// Where the copy is.
    pub fn root(&self) -> PathBuf {
        self.folder.join("tree")
    }

    /// Where it is built.
    pub fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Where programs are found, cargo's tools included.
    pub fn tools(&self) -> &OsStr {
        &self.tools
    }

    /// Where the output of the last run is kept.
    pub fn log(&self) -> PathBuf {
        self.folder.join("last.log")
    }
}

/// Leaves what is equal alone, so that cargo does not build it again. A file that is gone is gone.
fn copy_if_changed(from: &Path, to: &Path) -> Result<()> {
    let Ok(content) = fs::read(from) else {
        let _ = fs::remove_file(to);
        return Ok(());
    };
    if fs::read(to).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
    fs::write(to, content).with_context(|| format!("cannot write {}", to.display()))
}

/// Removes what is in the copy and no longer in the tree. The pages' packages are looked after elsewhere.
fn forget_others(copy: &Path, wanted: &HashSet<PathBuf>) -> Result<()> {
    for file in files(copy) {
        let name = file.strip_prefix(copy)?;
        if !wanted.contains(name) && !name.starts_with("ui/node_modules") {
            fs::remove_file(&file)?;
        }
    }
    Ok(())
}

/// Gives the build at `to` the dependencies that are built at `from`, without taking their room.
///
/// Only what comes from elsewhere is the same in both: our own crates lie at another path.
fn lend(from: &Path, to: &Path) -> Result<()> {
    for (part, file) in ["deps", "build", ".fingerprint"]
        .into_iter()
        .flat_map(|part| {
            files(&from.join(part))
                .into_iter()
                .map(move |file| (part, file))
        })
    {
        let inside = file.strip_prefix(from)?;
        let there = to.join(inside);
        if is_ours(inside) || there.exists() {
            continue;
        }
        fs::create_dir_all(there.parent().context("a file lies in a folder")?)?;
        // Cargo writes its own notes in place, compilers make new files.
        if part == "deps" || inside.components().any(|name| name.as_os_str() == "out") {
            link(&file, &there)?;
        } else {
            let time = fs::metadata(&file)?.modified()?;
            fs::copy(&file, &there)?;
            File::options()
                .write(true)
                .open(&there)?
                .set_modified(time)?;
        }
    }
    Ok(())
}

/// Gives the copy the pages' packages: as files, because the pages' tools follow links out of it.
fn lend_packages(from: &Path, to: &Path) -> Result<()> {
    let mark = "node_modules/.installed-lock.json";
    let installed =
        fs::read(from.join(mark)).context("`cargo xtask test` installs the packages")?;
    if fs::read(to.join(mark)).is_ok_and(|lent| lent == installed) {
        return Ok(());
    }
    let packages = to.join("node_modules");
    if packages.exists() {
        fs::remove_dir_all(&packages)?;
    }
    for file in files(&from.join("node_modules")) {
        let there = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(there.parent().context("a file lies in a folder")?)?;
        if file.is_symlink() {
            symlink(fs::read_link(&file)?, &there)?;
        } else if !there.ends_with(mark) {
            link(&file, &there)?;
        }
    }
    Ok(fs::write(to.join(mark), installed)?)
}

/// The same file at a second place, or a copy where that cannot be.
fn link(from: &Path, to: &Path) -> Result<()> {
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to).with_context(|| format!("cannot write {}", to.display()))?;
    }
    Ok(())
}

fn is_ours(inside: &Path) -> bool {
    let name = inside.iter().nth(1).unwrap_or_default().to_string_lossy();
    name.contains("deskbell") || name.contains("xtask")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
    {
        match path.symlink_metadata() {
            Ok(about) if about.is_dir() => found.extend(files(&path)),
            Ok(about) if about.is_file() || about.is_symlink() => found.push(path),
            _ => {}
        }
    }
    found
}
