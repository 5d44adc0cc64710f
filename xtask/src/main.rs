//! Deskbell's own tasks: `cargo xtask --help`.
#![expect(
    clippy::print_stdout,
    reason = "tasks talk to the person who runs them"
)]

mod bench;
mod command;
mod controls;
mod demo;
mod dist;
mod generate;
mod packages;
mod programs;
mod prove;
mod run;
mod test;
mod tidy;
mod tools;
mod tour;
mod ui;
mod windows;
mod windows_packages;
mod workspace;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

/// Builds, runs, proves and tidies Deskbell.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything, start a demo server and the tray client, and say what to click.
    ///
    /// Without a display it starts a virtual one, plays the main job and leaves pictures of it.
    Run {
        /// Install missing system packages without asking.
        #[arg(long)]
        yes: bool,
        /// Build with optimizations.
        #[arg(long)]
        release: bool,
        /// Play the main job on a virtual display although there is a real one.
        #[arg(long)]
        headless: bool,
    },
    /// Set everything up and run all checks and tests.
    Test {
        /// Install missing system packages without asking.
        #[arg(long)]
        yes: bool,
        /// Run only the sections whose name contains this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Try for longer, and with chance, to lose a message or to harm others; a run can be done again.
    Prove(prove::Wishes),
    /// Measure what the README promises, on this machine, from a release build.
    Bench {
        /// What is measured.
        #[arg(value_enum, default_value_t)]
        suite: bench::Suite,
        /// Run only the figures whose name contains this.
        #[arg(long)]
        only: Option<String>,
        /// Measure the largest sizes as well, which take long to fill.
        #[arg(long)]
        full: bool,
    },
    /// Make what people install: the MSI for Windows, the Debian package, policy templates,
    /// checksums and lists of materials, in target/dist.
    Dist {
        /// Install missing system packages without asking.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        signing: dist::Signing,
    },
    /// Make what the tests install in Wine, in target/windows-packages: signed by nobody in particular,
    /// and packed like what people get.
    Packages,
    /// Write the files that are generated: wire types, OpenAPI, policy templates, icons.
    Gen {
        /// Write nothing; fail if a file is not up to date.
        #[arg(long)]
        check: bool,
    },
    /// Format everything, then check the rules that no compiler keeps.
    Tidy {
        /// Change nothing; fail if something is not formatted.
        #[arg(long)]
        check: bool,
    },
    /// Take the pictures in docs/images from the running product.
    Screenshots,
    /// See every security and durability test fail with its defence off.
    Controls {
        /// Run only the controls of these packages (a crate's name, or `ui`), or whose name contains one of these.
        filters: Vec<String>,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            println!("\nerror: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    let root = root()?;
    match task {
        Task::Run {
            yes,
            release,
            headless,
        } => run::run(
            &root,
            &run::Wishes {
                yes,
                release,
                headless,
            },
        ),
        Task::Test { yes, only } => test::run(&root, yes, only.as_deref()),
        Task::Prove(wishes) => prove::run(&root, &wishes),
        Task::Bench { suite, only, full } => bench::run(&root, suite, only.as_deref(), full),
        Task::Dist { yes, signing } => dist::run(&root, yes, &signing),
        Task::Packages => windows_packages::make(&root).map(drop),
        Task::Gen { check } => generate::run(&root, check),
        Task::Tidy { check } => tidy::run(&root, check),
        Task::Screenshots => tour::screenshots(&root),
        Task::Controls { filters } => controls::run(&root, &filters),
    }
}

/// The workspace's folder.
fn root() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the workspace")?;
    Ok(folder.to_owned())
}

/// Where cargo puts what it builds, and the tasks what they leave.
fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}
