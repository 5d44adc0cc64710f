//! `cargo xtask bench`: the figures, measured on this machine.

use std::path::Path;

use anyhow::Result;

use crate::{
    command::{program, succeed},
    packages::{self, For},
    programs::Programs,
    ui, windows,
};

/// Tells where the programs for Windows are.
const PROGRAMS: &str = "DESKBELL_WINDOWS_PROGRAMS";

/// What is measured.
#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub enum Suite {
    /// What people notice: the client, and what each costs the server.
    #[default]
    Product,
    /// What the server holds: memory, pace, fan-out, storage.
    Server,
}

/// Builds with optimizations and measures.
pub fn run(root: &Path, suite: Suite, only: Option<&str>, full: bool) -> Result<()> {
    packages::install_missing(For::Bench, false)?;
    ui::build(root)?;
    let programs = Programs::build_measured(root)?;
    let (name, report) = match suite {
        Suite::Product => ("product", "bench.json"),
        Suite::Server => ("server", "bench-server.json"),
    };
    let mut bench = program(root, programs.tour.with_file_name("bench"));
    bench.arg(name).arg("--report");
    bench.arg(crate::target(root).join(report));
    bench.args(only.map(|only| format!("--only={only}")));
    bench.args(full.then_some("--full"));
    if matches!(suite, Suite::Product) && only.is_none_or(|only| "windows".contains(only)) {
        bench.env(PROGRAMS, windows::build_measured(root, "dist")?);
    }
    succeed(&mut bench)
}
