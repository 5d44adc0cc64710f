//! Measures what the README promises, on the machine at hand, from the built programs.
#![expect(clippy::print_stdout, reason = "it prints a table")]

mod chromium;
mod clients;
mod latency;
mod machine;
mod opening;
mod report;
mod rest;
mod stage;
mod start;
mod usage;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use report::{Figure, Report};

/// Measures the built programs and compares them with what is promised.
#[derive(Parser)]
struct Arguments {
    /// Where the figures go as JSON.
    #[arg(long)]
    report: PathBuf,
    /// Only the figures whose name contains this.
    #[arg(long)]
    only: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    machine::raise_limit_of_files()?;
    let mut report = Report::new(machine::describe()?);
    println!("{}\n", report.machine);
    let wanted = |name: &str| {
        arguments
            .only
            .as_deref()
            .is_none_or(|only| name.contains(only))
    };
    if wanted("latency") {
        add(&mut report, latency::measure().await);
    }
    if wanted("rest") {
        add(&mut report, rest::measure().await);
    }
    if wanted("start") {
        add(&mut report, start::measure().await);
    }
    if wanted("opening") {
        add(&mut report, opening::measure().await);
    }
    if wanted("clients") {
        add(&mut report, clients::measure().await);
    }
    if wanted("chromium") {
        add(&mut report, chromium::measure().await);
    }
    report.write(&arguments.report)
}

fn add(report: &mut Report, measured: Result<Vec<Figure>>) {
    match measured {
        Ok(figures) => {
            for figure in figures {
                println!("{figure}");
                report.figures.push(figure);
            }
        }
        Err(cause) => {
            println!("could not be measured: {cause:#}");
            report.failures.push(format!("{cause:#}"));
        }
    }
}
