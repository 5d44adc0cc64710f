//! From the click in the tray to a window that can be used, with few and with many conversations.
//!
//! Nobody drives the window: its screen is watched, and what counts is the last change of the picture
//! before it rests, when everything is there that will be.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use deskbell_testing::desktop::{Desktop, Setup};
use deskbell_tests::server::Server;

use tokio::time::sleep;

use crate::{
    report::{Figure, median},
    server::{
        crowd::{Crowd, Role},
        database,
    },
    stage::{ANA, Stage},
    start::start_bare,
};

const RUNS: usize = 7;
/// Time for the client to have started and caught up.
const SETTLED: Duration = Duration::from_secs(3);
/// A picture that has not changed for so long is complete; on a busy machine the window's frame waits for
/// its page.
const REST: Duration = Duration::from_secs(3);
const FEW: usize = 10;
const MANY: usize = 10_000;
const BARE: &str = "a bare Tauri page";

pub async fn measure() -> Result<Vec<Figure>> {
    let stages = [
        with_conversations(FEW).await?,
        with_conversations(MANY).await?,
    ];
    let (mut bare, mut few, mut many) = (Vec::new(), Vec::new(), Vec::new());
    // The first start after a change has to catch up with the server.
    for stage in &stages {
        let _ = open(stage).await?;
    }
    for _ in 0..RUNS {
        let [with_few, with_many] = &stages;
        bare.push(open_bare(&with_few.desktop).await?);
        few.push(open(with_few).await?);
        many.push(open(with_many).await?);
    }
    let (bare, few, many) = (median(&bare), median(&few), median(&many));
    let [name_few, name_many] =
        ["10", "10,000"].map(|count| format!("click to usable window, {count} conversations"));
    Ok(vec![
        Figure::new(&name_few, few, "s", RUNS).at_most(0.4),
        Figure::new(BARE, bare, "s", RUNS).beside(&name_few),
        Figure::new(&name_many, many, "s", RUNS).at_most(0.4),
        Figure::new(BARE, bare, "s", RUNS).beside(&name_many),
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
    let setup = Setup {
        watched: true,
        ..Setup::default()
    };
    Stage::set_before(setup, server, url).await
}

/// Starts the client in the tray and opens its window.
async fn open(stage: &Stage) -> Result<f64> {
    let _client = stage.start_client().await?;
    let seconds = click_open(&stage.desktop).await?;
    stage.desktop.tray.item().await?.click("Quit").await?;
    stage.wait_for_end().await?;
    Ok(seconds)
}

/// The same of the bare tray.
async fn open_bare(desktop: &Desktop) -> Result<f64> {
    let _running = start_bare(desktop).await?;
    click_open(desktop).await
}

/// Clicks Open in the tray's menu; the seconds from there until the picture is complete.
async fn click_open(desktop: &Desktop) -> Result<f64> {
    sleep(SETTLED).await;
    let item = desktop.tray.item().await?;
    let menu = item.menu().await?;
    let mut lines = menu.iter();
    let line = lines.find(|line| line.text.starts_with("Open"));
    let line = line.context("Open in the menu")?;
    let screen = desktop.screen.as_ref().context("a watched screen")?;
    let clicked = Instant::now();
    let (done, complete) = tokio::join!(item.click_line(line.id), screen.rests(REST));
    done?;
    Ok(complete?.duration_since(clicked).as_secs_f64())
}
