//! The command line.

mod article;
mod backup;
mod check;
mod demo;
mod hours;
mod import;
mod organization;
mod outcome;
mod serve;
mod technician;
mod workplace;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};

use crate::config::{Config, ConfigError};
use crate::failpoint;

pub use import::sheet;

/// Deskbell's server.
#[derive(Debug, Parser)]
#[command(name = "deskbell-server", version, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve requesters and technicians.
    Serve(ConfigFile),
    /// Serve sample data on this machine; codes go to a mailbox page and to the terminal.
    Demo(DemoArguments),
    /// Import people or devices from a CSV file, all lines or none.
    ///
    /// People: organization,name,email and optionally phone,active (yes or no).
    /// Devices: email,name,kind and optionally model,serial. Kinds: laptop, desktop, phone, tablet,
    /// printer, other. The file's first line names its columns, in any order. People are known by
    /// their address, devices by serial number or else name: existing ones are brought up to date.
    Import(ImportArguments),
    /// Add, list, disable technicians, or give one a new authenticator.
    Technician(technician::Arguments),
    /// Say how an organization's home screen looks, or list the organizations.
    Organization(organization::Arguments),
    /// Add, list or remove help articles.
    Article(article::Arguments),
    /// Copy the database to a file, while the server runs or not.
    Backup(BackupArguments),
    /// Try the configuration, database, mail and text messages.
    Check(ConfigFile),
    /// Print the API's description, OpenAPI 3.1.
    Openapi,
}

/// Which configuration to use.
#[derive(Debug, Args)]
struct ConfigFile {
    /// The configuration file.
    #[arg(
        long,
        env = "DESKBELL_CONFIG",
        default_value = "/etc/deskbell/deskbell-server.toml"
    )]
    config: PathBuf,
}

impl ConfigFile {
    fn load(&self) -> Result<Config, ConfigError> {
        let ours = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let environment = std::env::vars_os().filter_map(ours);
        let settings = environment.filter(|(name, _)| !is_no_setting(name));
        Config::load(&self.config, settings)
    }
}

/// Variables that begin like those of settings.
fn is_no_setting(name: &str) -> bool {
    name == "DESKBELL_CONFIG" || (cfg!(debug_assertions) && name == failpoint::VARIABLE)
}

#[derive(Debug, Args)]
struct DemoArguments {
    /// Where to listen, on this machine only; port 0 takes any that is free.
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Folder of the demo's data; kept from one demo to the next.
    #[arg(long, default_value_os_t = std::env::temp_dir().join("deskbell-demo"))]
    data_dir: PathBuf,
}

#[derive(Debug, Args)]
struct ImportArguments {
    /// The CSV file: people or devices, told apart by its columns.
    file: PathBuf,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Args)]
struct BackupArguments {
    /// The file to write; it must not exist yet.
    file: PathBuf,
    #[command(flatten)]
    config: ConfigFile,
}

/// Does what the arguments say.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let parsed = match CommandLine::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => return outcome::usage(&error),
    };
    private_files();
    outcome::of(work(parsed.command))
}

/// What the program writes is for its own user: messages, numbers and sessions are in the database.
fn private_files() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

fn work(command: Command) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the server cannot start its threads")?;
    runtime.block_on(async {
        match command {
            Command::Serve(config) => serve::run(&config.load()?).await,
            Command::Demo(arguments) => demo::run(arguments.listen, &arguments.data_dir).await,
            Command::Import(arguments) => {
                import::run(&arguments.config.load()?, &arguments.file).await
            }
            Command::Technician(arguments) => technician::run(arguments).await,
            Command::Organization(arguments) => organization::run(arguments).await,
            Command::Article(arguments) => article::run(arguments).await,
            Command::Backup(arguments) => {
                backup::run(&arguments.config.load()?, &arguments.file).await
            }
            Command::Check(config) => check::run(&config).await,
            Command::Openapi => describe(),
        }
    })
}

fn describe() -> Result<()> {
    outcome::print(&crate::http::openapi().to_pretty_json()?);
    Ok(())
}
