//! Chromium with a page of its own, as it would sit in the tray inside an Electron client.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use deskbell_testing::{
    desktop::{Desktop, Setup},
    wait::eventually_within,
};
use tokio::time::sleep;

use crate::{report::Figure, usage};

const SETTLED: Duration = Duration::from_secs(20);

pub async fn measure() -> Result<Vec<Figure>> {
    let desktop = Desktop::with(Setup::default()).await?;
    let profile = desktop.folder().join("chromium");
    let begin = Instant::now();
    let browser = desktop
        .program("chromium".as_ref())
        .args([
            "--app=data:text/html,<title>Peer</title><h1>Peer</h1>",
            "--no-first-run",
            "--no-sandbox",
        ])
        .args(["--disable-gpu", "--password-store=basic"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .start()?;
    eventually_within(Duration::from_secs(60), "Chromium's window", async || {
        let windows = desktop.windows().await?;
        windows
            .iter()
            .any(|title| title.contains("Peer"))
            .then_some(())
            .with_context(|| format!("{windows:?}"))
    })
    .await?;
    let shown = begin.elapsed().as_secs_f64();
    sleep(SETTLED).await;
    let memory = usage::memory_mib(browser.id())?;
    Ok(vec![
        Figure::beside(
            "beside: Chromium --app, memory with one empty page",
            memory,
            "MiB",
            1,
        ),
        Figure::beside("beside: Chromium --app, start to window", shown, "s", 1),
    ])
}
