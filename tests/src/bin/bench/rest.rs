//! What the client costs while nobody uses it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use deskbell_testing::{desktop::Setup, wait::eventually_within};
use tokio::time::sleep;

use crate::{report::Figure, stage::Stage, usage};

/// Time for what a start leaves behind to settle.
const SETTLED: Duration = Duration::from_secs(20);
/// How long it is watched at rest.
const WATCHED: Duration = Duration::from_secs(60);
/// The window may be kept this long after it was closed.
const RELEASED: Duration = Duration::from_secs(600);

pub async fn measure() -> Result<Vec<Figure>> {
    let stage = Stage::set(Setup::default()).await?;
    let client = stage.start_client().await?;
    sleep(SETTLED).await;
    let never_opened = usage::memory_mib(client.id())?;
    let (wakeups, share) = watch(client.id()).await?;
    stage.client()?.run().await?;
    wait_for_window(&stage, true).await?;
    sleep(SETTLED).await;
    let open = usage::memory_mib(client.id())?;
    close_window(&stage).await?;
    wait_for_window(&stage, false).await?;
    let closed_at = Instant::now();
    let before = usage::tree(client.id()).len();
    eventually_within(RELEASED, "the window's processes to end", async || {
        let now = usage::tree(client.id()).len();
        ensure!(now < before, "{now} processes");
        Ok(())
    })
    .await?;
    let released_after = closed_at.elapsed().as_secs_f64();
    sleep(SETTLED).await;
    let closed = usage::memory_mib(client.id())?;
    Ok(vec![
        Figure::promised(
            "memory at rest, window never opened",
            never_opened,
            "MiB",
            70.0,
            1,
        ),
        Figure::promised(
            "memory at rest, window opened and closed",
            closed,
            "MiB",
            70.0,
            1,
        ),
        Figure::beside("memory with the window open", open, "MiB", 1),
        Figure::beside(
            "window released after it was closed",
            released_after,
            "s",
            1,
        ),
        Figure::promised("wake-ups at rest", wakeups, "1/s", 0.5, 1),
        Figure::promised("processor at rest", share, "%", 0.02, 1),
    ])
}

/// Wake-ups per second, and the share of a processor in percent.
async fn watch(process: u32) -> Result<(f64, f64)> {
    let (before, begin) = (usage::activity(process)?, Instant::now());
    sleep(WATCHED).await;
    let (after, seconds) = (usage::activity(process)?, begin.elapsed().as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "counts of a minute")]
    let per_second = |count: u64| count as f64 / seconds;
    // A tick is a hundredth of a second, so ticks per second are percent.
    Ok((
        per_second(after.wakeups - before.wakeups),
        per_second(after.ticks - before.ticks),
    ))
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
    let quit = [
        "search",
        "--onlyvisible",
        "--name",
        "Deskbell",
        "windowquit",
    ];
    stage
        .desktop
        .program("xdotool".as_ref())
        .args(quit)
        .run()
        .await
        .map(drop)
}
