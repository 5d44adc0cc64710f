//! Programs that people use instead, on the same desktop: their start and their memory. Chat programs
//! have no account here, so that what they need once they are connected comes on top.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use deskbell_testing::{
    desktop::{Desktop, Setup},
    process::Program,
    wait::eventually_within,
};
use rustix::process::getuid;
use tokio::time::sleep;

use crate::{
    report::{Figure, median},
    rest, start, usage,
};

const RUNS: usize = 3;
const SETTLED: Duration = Duration::from_secs(20);
const WATCHED: Duration = Duration::from_secs(20);

struct Peer {
    name: &'static str,
    program: &'static str,
    /// A word of its window's title.
    title: &'static str,
    /// It does not run for root.
    refuses_root: bool,
}

const PEERS: [Peer; 3] = [
    // With a page of its own, as it would sit in the tray inside an Electron client.
    Peer {
        name: "Chromium --app with one empty page",
        program: "/usr/bin/chromium",
        title: "Peer",
        refuses_root: false,
    },
    Peer {
        name: "Dino without an account",
        program: "/usr/bin/dino-im",
        title: "Dino",
        refuses_root: false,
    },
    Peer {
        name: "Gajim without an account",
        program: "/usr/bin/gajim",
        title: "Gajim",
        refuses_root: true,
    },
];

pub async fn measure() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for peer in PEERS {
        if peer.runs_here() {
            figures.extend(peer.measure().await?);
        }
    }
    Ok(figures)
}

impl Peer {
    fn runs_here(&self) -> bool {
        Path::new(self.program).exists() && !(self.refuses_root && getuid().is_root())
    }

    async fn measure(&self) -> Result<Vec<Figure>> {
        let (mut shown, mut memory, mut wakeups) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let desktop = Desktop::with(Setup::default()).await?;
            let begin = Instant::now();
            let process = self.program(&desktop).start()?;
            eventually_within(Duration::from_secs(60), self.name, async || {
                let windows = desktop.windows().await?;
                windows
                    .iter()
                    .any(|title| title.contains(self.title))
                    .then_some(())
                    .with_context(|| format!("{windows:?}"))
            })
            .await?;
            shown.push(begin.elapsed().as_secs_f64());
            sleep(SETTLED).await;
            memory.push(usage::memory_mib(process.id())?);
            wakeups.push(usage::watch(process.id(), WATCHED).await?.wakeups);
        }
        Ok(vec![
            Figure::new(self.name, median(&shown), "s", RUNS).beside(start::LIVE),
            Figure::new(self.name, median(&memory), "MiB", RUNS).beside(rest::CLOSED),
            Figure::new(self.name, median(&wakeups), "1/s", RUNS).beside(rest::WAKE_UPS),
        ])
    }

    fn program(&self, desktop: &Desktop) -> Program {
        let program = desktop.program(self.program.as_ref());
        if !self.program.ends_with("chromium") {
            return program;
        }
        let profile = desktop.folder().join("chromium");
        program
            .args([
                "--app=data:text/html,<title>Peer</title><h1>Peer</h1>",
                "--no-first-run",
                "--no-sandbox",
                "--disable-gpu",
                "--password-store=basic",
            ])
            .arg(format!("--user-data-dir={}", profile.display()))
    }
}
