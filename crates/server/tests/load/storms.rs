//! Everybody comes back at the same moment.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use deskbell_testing::ear::Ear;
use deskbell_testing::effort::effort;
use deskbell_testing::feed::TestFeed;
use deskbell_testing::history::History;
use deskbell_testing::writing::{Writers, more_are_acknowledged};
use futures_util::future::try_join_all;
use tokio::time::{Instant, interval, timeout};

use crate::site::{Person, Site};

/// Clients that only listen.
const CLIENTS: [u32; 2] = [1_000, 5_000];
/// How often they lose the server.
const STORMS: [u32; 2] = [1, 10];
/// Who writes meanwhile, and how often.
const WRITERS: u32 = 10;
const PACE: Duration = Duration::from_millis(100);
/// How long a storm may last on a busy machine.
const STORM: Duration = Duration::from_secs(120);

/// REC-04, LOAD-03: a thousand clients lose the server and all come back at once, with no pause between
/// them; each goes on where it was, and who writes meanwhile loses nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_clients_come_back_at_once_and_hold_nobody_up() -> Result<()> {
    let mut site = Site::start().await?;
    let history = History::default();
    let tess = site.technician("Tess Berg").await?;
    let clients = site.requesters(effort(CLIENTS[0], CLIENTS[1])).await?;
    let (busy, idle) = clients.split_at(usize::try_from(WRITERS)?);
    let chats = site.chats(&history, busy, &tess).await?;
    let _ear = Ear::open(&history, "Tess", tess.feed, vec![tess.caller.clone()]).await?;
    let mut open = try_join_all(idle.iter().map(|it| TestFeed::open(&it.caller))).await?;
    let writers = Writers::start(&history, chats.iter().map(|it| (&it.0, it.1)), PACE);
    for _ in 0..effort(STORMS[0], STORMS[1]) {
        more_are_acknowledged(&history, 20).await?;
        site.node.kill()?;
        site.node.again().await?;
        let begun = Instant::now();
        let back = try_join_all(
            idle.iter()
                .zip(&open)
                .map(|(who, was)| back(who, &was.cursor)),
        );
        open = timeout(STORM, back)
            .await
            .context("some never come back")??;
        eprintln!(
            "{} clients were back after {:?}",
            open.len(),
            begun.elapsed()
        );
        more_are_acknowledged(&history, 20).await?;
    }
    writers.stop().await?;
    for feed in &mut open {
        ensure!(feed.is_quiet().await?, "somebody heard what was not theirs");
    }
    site.check(&history).await
}

/// Comes again until the feed goes on where it was.
async fn back(who: &Person, cursor: &str) -> Result<TestFeed> {
    let mut pause = interval(Duration::from_millis(50));
    loop {
        pause.tick().await;
        if let Ok(feed) = TestFeed::resume(&who.caller, cursor).await {
            return Ok(feed);
        }
    }
}
