//! Measures what the README promises, on the machine at hand, from the built programs.
#![expect(clippy::print_stdout, reason = "it prints a table")]

mod latency;
mod machine;
mod opening;
mod peers;
mod report;
mod rest;
mod server;
mod stage;
mod start;
mod usage;
mod windows;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use report::{Figure, Report};

/// Measures the built programs and compares them with what is promised.
#[derive(Parser)]
struct Arguments {
    /// What is measured.
    #[arg(value_enum, default_value = "product")]
    suite: Suite,
    /// Where the figures go as JSON.
    #[arg(long)]
    report: PathBuf,
    /// Only the figures whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// The largest sizes as well, which take long to fill.
    #[arg(long)]
    full: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Suite {
    /// What people notice: the client, and what each costs the server.
    Product,
    /// What the server holds.
    Server,
}

impl Suite {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Product => &[
                "latency", "rest", "start", "opening", "clients", "peers", "windows",
            ],
            Self::Server => &server::NAMES,
        }
    }

    async fn measure(self, name: &str, full: bool) -> Result<Vec<Figure>> {
        match (self, name) {
            (Self::Server, name) => server::measure(name, full).await,
            (_, "latency") => latency::measure().await,
            (_, "rest") => rest::measure().await,
            (_, "start") => start::measure().await,
            (_, "opening") => opening::measure().await,
            (_, "clients") => server::memory_at_5000().await,
            (_, "peers") => peers::measure().await,
            _ => windows::measure().await,
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    machine::raise_limit_of_files()?;
    let mut report = Report::new(machine::describe()?, machine::versions().await);
    println!("{}\n{}\n", report.machine, report.versions.join(", "));
    let only = arguments.only.unwrap_or_default();
    let names = arguments.suite.names().iter();
    for name in names.filter(|name| name.contains(&only)) {
        let measured = Box::pin(arguments.suite.measure(name, arguments.full)).await;
        add(&mut report, measured);
    }
    println!("\n{}", report.table());
    report.write(&arguments.report)
}

fn add(report: &mut Report, measured: Result<Vec<Figure>>) {
    match measured {
        Ok(figures) => {
            for figure in figures {
                println!("{}: {:.2} {}", figure.name, figure.value, figure.unit);
                report.figures.push(figure);
            }
        }
        Err(cause) => {
            println!("could not be measured: {cause:#}");
            report.failures.push(format!("{cause:#}"));
        }
    }
}
