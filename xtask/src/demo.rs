//! A demo server that runs beside us.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::command::{Beside, program};

/// What the server says when it is ready.
#[derive(Debug, Deserialize)]
pub struct Ready {
    /// The server's address.
    pub url: String,
    /// The console's address.
    pub console: String,
    /// Where the codes it would send can be read.
    pub mailbox: String,
    /// Who can ask for help.
    pub requesters: Vec<String>,
    /// Who can answer.
    pub technicians: Vec<String>,
}

/// A demo server with fresh data.
pub struct Demo {
    /// Where it is and who can sign in.
    pub ready: Ready,
    server: Beside,
}

impl Demo {
    /// Starts it on a free loopback port and waits until it is ready.
    pub fn start(root: &Path, server: &Path, data: &Path) -> Result<Self> {
        if data.exists() {
            fs::remove_dir_all(data)?;
        }
        fs::create_dir_all(data)?;
        let mut command = program(root, server);
        command
            .args(["demo", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data);
        let mut server = Beside::start(command.stdout(Stdio::piped()))?;
        let mut lines = BufReader::new(server.output()?).lines();
        let line = lines
            .next()
            .context("the demo server ended before it was ready")??;
        let ready =
            serde_json::from_str(&line).with_context(|| format!("its ready line {line:?}"))?;
        // What it prints later is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { ready, server })
    }

    /// Waits until it ends.
    pub fn wait(&mut self) -> Result<()> {
        self.server.wait()
    }
}
