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
        let mut build = cargo(root);
        build.args([
            "build",
            "--bins",
            "-p",
            "deskbell-server",
            "-p",
            "deskbell",
            "-p",
            "deskbell-tests",
        ]);
        if release {
            build.arg("--release");
        }
        succeed(&mut build)?;
        let folder = crate::target(root).join(if release { "release" } else { "debug" });
        Ok(Self {
            server: folder.join("deskbell-server"),
            client: folder.join("deskbell"),
            tour: folder.join("tour"),
        })
    }
}
