//! The programs of the product, built from here.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::command::{cargo, succeed};

/// Where the built programs are.
pub struct Programs {
    /// `deskbell-server`.
    pub server: PathBuf,
    /// `deskbell`.
    pub client: PathBuf,
    /// Plays the main job.
    pub tour: PathBuf,
}

impl Programs {
    /// Builds server, client and what plays the main job.
    pub fn build(root: &Path, release: bool) -> Result<Self> {
        let how: &[&str] = if release { &["--release"] } else { &[] };
        let folder = if release { "release" } else { "debug" };
        Self::built(root, how, folder)
    }

    /// The same with optimizations, and the least that a program in the tray can be. All at once:
    /// another set of features would build much of it again.
    pub fn build_measured(root: &Path) -> Result<Self> {
        Self::built(root, &["--release", "--example", "bare_tray"], "release")
    }

    fn built(root: &Path, how: &[&str], folder: &str) -> Result<Self> {
        let mut build = cargo(root);
        build.args(["build", "--bins"]).args(how);
        succeed(build.args([
            "-p",
            "deskbell-server",
            "-p",
            "deskbell",
            "-p",
            "deskbell-tests",
        ]))?;
        let folder = crate::target(root).join(folder);
        Ok(Self {
            server: folder.join("deskbell-server"),
            client: folder.join("deskbell"),
            tour: folder.join("tour"),
        })
    }
}
