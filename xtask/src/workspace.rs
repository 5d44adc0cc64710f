//! The whole workspace, for this system.

use std::path::Path;

use anyhow::Result;

use crate::command::{cargo, succeed};

/// Selects it, always with the same features: otherwise much is built once for each set of them.
pub const ALL: [&str; 3] = ["--workspace", "--features", "deskbell-messenger/typescript"];

/// Builds all programs, examples and tests.
pub fn build(root: &Path) -> Result<()> {
    let mut build = cargo(root);
    build.arg("build").args(ALL);
    succeed(build.arg("--all-targets"))
}
