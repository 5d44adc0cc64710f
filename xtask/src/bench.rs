//! `cargo xtask bench`: the figures, measured on this machine.

use std::path::Path;

use anyhow::Result;

use crate::{
    command::{program, succeed},
    packages::{self, For},
    run, ui,
};

/// Builds with optimizations and measures.
pub fn run(root: &Path, only: Option<&str>) -> Result<()> {
    packages::install_missing(For::Headless, false)?;
    ui::build(root)?;
    let programs = run::build(root, true)?;
    let mut bench = program(root, programs.tour.with_file_name("bench"));
    bench
        .arg("--report")
        .arg(crate::target(root).join("bench.json"));
    bench.args(only.map(|only| format!("--only={only}")));
    succeed(&mut bench)
}
