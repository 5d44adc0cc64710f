//! From the click in the tray to a window that can be used, with few and with many conversations.

use std::time::Duration;

use anyhow::{Context, Result};
use deskbell_testing::{browser::Page, desktop::Setup, wait::eventually_within};
use deskbell_tests::{employee::Employee, programs};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{
    report::{Figure, median},
    stage::Stage,
};

const RUNS: usize = 7;
const FEW: usize = 10;
const MANY: usize = 10_000;

pub async fn measure() -> Result<Vec<Figure>> {
    let stage = Stage::set(Setup::default()).await?;
    fill(&stage, FEW).await?;
    let few = median(&open_often(&stage).await?);
    fill(&stage, MANY - FEW).await?;
    let many = median(&open_often(&stage).await?);
    Ok(vec![
        Figure::promised(
            "click to usable window, 10 conversations",
            few,
            "s",
            0.4,
            RUNS,
        ),
        Figure::promised(
            "click to usable window, 10,000 conversations",
            many,
            "s",
            0.4,
            RUNS,
        ),
        Figure::promised(
            "the same, 10,000 compared with 10",
            many / few,
            "times",
            1.2,
            RUNS,
        ),
    ])
}

/// Asks for help this often, on another computer of the same account.
async fn fill(stage: &Stage, count: usize) -> Result<()> {
    let ana = stage.ana().await?;
    let requests = (0..count).map(|number| {
        let ana = ana.clone();
        async move {
            ana.ask(&format!(
                "Request number {number} about something that does not work."
            ))
            .await
        }
    });
    stream::iter(requests)
        .buffer_unordered(8)
        .try_collect::<Vec<_>>()
        .await
        .map(drop)
}

async fn open_often(stage: &Stage) -> Result<Vec<f64>> {
    let mut seconds = Vec::new();
    // The first start after a change has to catch up with the server.
    let _ = open(stage).await?;
    for _ in 0..RUNS {
        seconds.push(open(stage).await?);
    }
    Ok(seconds)
}

/// Starts the client in the tray, clicks Open, and asks the page when it could be used.
async fn open(stage: &Stage) -> Result<f64> {
    let before = stage.desktop.tray.count();
    let data = Employee::data(&stage.desktop);
    let data = data.to_str().context("a folder's name in UTF-8")?;
    let client = programs::client()?;
    let arguments = ["--server", &stage.url, "--data-dir", data];
    let click = async {
        eventually_within(Duration::from_secs(30), "the icon", async || {
            (stage.desktop.tray.count() > before)
                .then_some(())
                .context("not registered")
        })
        .await?;
        let item = stage.desktop.tray.item().await?;
        let menu = item.menu().await?;
        let line = menu
            .iter()
            .find(|line| line.text.starts_with("Open"))
            .context("Open in the menu")?;
        let clicked = now_millis();
        item.click_line(line.id).await?;
        anyhow::Ok((clicked, item))
    };
    let (page, clicked) = tokio::join!(
        Page::tray_client(&stage.desktop, &client, &arguments, &[]),
        click
    );
    let (page, (clicked, item)) = (page?, clicked?);
    let usable = usable_at(&page).await?;
    item.click("Quit").await?;
    Ok((usable - clicked) / 1000.0)
}

/// Milliseconds since 1970 at which the page said that it can be used.
async fn usable_at(page: &Page) -> Result<f64> {
    eventually_within(Duration::from_secs(60), "a usable window", async || {
        let script = "const mark = performance.getEntriesByName('usable')[0];
            return mark ? performance.timeOrigin + mark.startTime : null";
        let at = page.client().execute(script, Vec::new()).await?;
        at.as_f64().context("not yet")
    })
    .await
}

#[expect(
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "compared with the page's clock"
)]
fn now_millis() -> f64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    since.as_micros() as f64 / 1000.0
}
