//! From the click in the tray to a window that can be used, with few and with many conversations.

use std::time::Duration;

use anyhow::{Context, Result};
use deskbell_testing::{browser::Page, desktop::Setup, wait::eventually_within};
use deskbell_tests::{employee::Employee, programs, server::Server};

use tokio::time::sleep;

use crate::{
    report::{Figure, median},
    server::{
        crowd::{Crowd, Role},
        database,
    },
    stage::{ANA, Stage},
};

const RUNS: usize = 7;
/// Time for the client to have started and caught up.
const SETTLED: Duration = Duration::from_secs(3);
const FEW: usize = 10;
const MANY: usize = 10_000;

pub async fn measure() -> Result<Vec<Figure>> {
    let few = median(&open_often(&with_conversations(FEW).await?).await?);
    let many = median(&open_often(&with_conversations(MANY).await?).await?);
    Ok(vec![
        Figure::new("click to usable window, 10 conversations", few, "s", RUNS).at_most(0.4),
        Figure::new(
            "click to usable window, 10,000 conversations",
            many,
            "s",
            RUNS,
        )
        .at_most(0.4),
        Figure::new(
            "the same, 10,000 compared with 10",
            many / few,
            "times",
            RUNS,
        )
        .at_most(1.2),
    ])
}

/// A client of somebody who has asked for help this often.
async fn with_conversations(count: usize) -> Result<Stage> {
    let server = Server::demo().await?;
    let mut crowd = Crowd::at(&database(&server)).await?;
    crowd.people(Role::Technician, 1).await?;
    let ana = format!("(SELECT id FROM account WHERE email = '{ANA}')");
    crowd.conversations(0..count, &ana, 1).await?;
    let url = server.url();
    Stage::set_before(Setup::default(), server, url).await
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
        sleep(SETTLED).await;
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
    stage.wait_for_end().await?;
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
