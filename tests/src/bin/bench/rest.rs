//! What the client costs while nobody uses it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use deskbell_testing::{desktop::Setup, wait::eventually_within};
use tokio::time::sleep;

use crate::{
    report::{Figure, median},
    stage::Stage,
    start::{BARE, start_bare},
    usage::{self, Pace},
};

const RUNS: usize = 3;

/// Time for what a start leaves behind to settle.
const SETTLED: Duration = Duration::from_secs(20);
/// How long it is watched at rest.
const WATCHED: Duration = Duration::from_secs(60);
/// By then its processes have ended.
const RELEASED: Duration = Duration::from_secs(60);

pub const NEVER_OPENED: &str = "memory at rest, window never opened";
pub const CLOSED: &str = "memory at rest, window opened and closed";
pub const WAKE_UPS: &str = "wake-ups at rest";

/// What one client takes.
struct Rest {
    never_opened: f64,
    open: f64,
    closed: f64,
    idle: Pace,
}

pub async fn measure() -> Result<Vec<Figure>> {
    let stage = Stage::set(Setup::default()).await?;
    let (mut rests, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        rests.push(one(&stage).await?);
        let process = start_bare(&stage.desktop).await?;
        sleep(SETTLED).await;
        bare.push(usage::memory_mib(process.id())?);
    }
    let of = |value: fn(&Rest) -> f64| median(&rests.iter().map(value).collect::<Vec<_>>());
    let processor = of(|rest| rest.idle.processor);
    Ok(vec![
        Figure::new(NEVER_OPENED, of(|rest| rest.never_opened), "MiB", RUNS).at_most(70.0),
        Figure::new(BARE, median(&bare), "MiB", RUNS).beside(NEVER_OPENED),
        Figure::new(CLOSED, of(|rest| rest.closed), "MiB", RUNS).at_most(70.0),
        Figure::new(
            "memory with the window open",
            of(|rest| rest.open),
            "MiB",
            RUNS,
        ),
        Figure::new(WAKE_UPS, of(|rest| rest.idle.wakeups), "1/s", RUNS).at_most(0.5),
        Figure::new("processor at rest", processor, "%", RUNS).at_most(0.02),
    ])
}

/// From the start of a client to its end.
async fn one(stage: &Stage) -> Result<Rest> {
    let mut client = stage.start_client().await?;
    sleep(SETTLED).await;
    let never_opened = usage::memory_mib(client.id())?;
    let idle = usage::watch(client.id(), WATCHED).await?;
    stage.client()?.run().await?;
    wait_for_window(stage, true).await?;
    sleep(SETTLED).await;
    let open = usage::memory_mib(client.id())?;
    close_window(stage).await?;
    wait_for_window(stage, false).await?;
    let before = usage::tree(client.id()).len();
    eventually_within(RELEASED, "the window's processes to end", async || {
        let now = usage::tree(client.id()).len();
        ensure!(now < before, "{now} processes");
        Ok(())
    })
    .await?;
    sleep(SETTLED).await;
    let closed = usage::memory_mib(client.id())?;
    client.end().await?;
    stage.wait_for_end().await?;
    Ok(Rest {
        never_opened,
        open,
        closed,
        idle,
    })
}

async fn wait_for_window(stage: &Stage, open: bool) -> Result<()> {
    eventually_within(
        Duration::from_secs(30),
        "the window to open or close",
        async || {
            let windows = stage.desktop.windows().await?;
            let shown = windows.iter().any(|title| title.contains("Deskbell"));
            (shown == open)
                .then_some(())
                .with_context(|| format!("{windows:?}"))
        },
    )
    .await
}

async fn close_window(stage: &Stage) -> Result<()> {
    let close = stage.desktop.program("wmctrl".as_ref());
    close.args(["-c", "Deskbell"]).run().await.map(drop)
}
