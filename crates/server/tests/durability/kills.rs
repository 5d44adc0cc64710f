//! The server is killed while eight people write and listen.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use deskbell_server::failpoint::FAILPOINTS;
use deskbell_testing::effort::effort;
use deskbell_testing::history::History;
use deskbell_testing::random::Random;

use crate::load::Load;
use crate::people::cast;
use crate::place::Place;

/// How long the server may take to be back.
const RESTART: Duration = Duration::from_secs(5);
/// Which passage of a named place it dies at.
const PASSAGES: [&[u32]; 2] = [&[1, 20], &[1, 2, 3, 5, 8, 13, 20]];
/// How often it is killed.
const ROUNDS: [u32; 2] = [30, 200];

/// DUR-01
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_may_die_at_every_named_place() -> Result<()> {
    let mut random = Random::seeded()?;
    for (_, point) in FAILPOINTS {
        for passes in effort(PASSAGES[0], PASSAGES[1]) {
            let armed = format!("{point}:{passes}");
            let survived = dies_at(&armed, &mut random).await;
            survived.with_context(|| format!("killed at {armed}"))?;
        }
    }
    Ok(())
}

async fn dies_at(point: &str, random: &mut Random) -> Result<()> {
    let (place, history) = (Arc::new(Place::new()?), History::default());
    let mut first = place.start_armed(point)?;
    let died_at_the_start = !place.comes_up(&mut first).await?;
    first.kill()?;
    let people = cast(&place, &history).await?;
    let mut armed = place.start_armed(point)?;
    let load = Load::begin(&place, people, &history, random);
    if !died_at_the_start {
        armed.ended().await.context("the place is never passed")?;
    }
    armed.kill()?;
    let begun = Instant::now();
    let mut server = place.start().await?;
    let took = begun.elapsed();
    ensure!(took < RESTART, "it was back after {took:?}");
    load.finish(&place).await?;
    server.kill()?;
    place.is_whole().await?;
    history.check(&place.look().await?).await
}

/// DUR-02
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_may_be_killed_at_any_time() -> Result<()> {
    let mut random = Random::seeded()?;
    let (place, history) = (Arc::new(Place::new()?), History::default());
    let people = cast(&place, &history).await?;
    let load = Load::begin(&place, people, &history, &mut random);
    for _ in 0..effort(ROUNDS[0], ROUNDS[1]) {
        let mut server = place.start().await?;
        // The one thing to wait for here is a moment that nothing announces.
        tokio::time::sleep(Duration::from_millis(50 + random.below(600))).await;
        server.kill()?;
    }
    let mut server = place.start().await?;
    load.finish(&place).await?;
    server.kill()?;
    place.is_whole().await?;
    let acknowledged = history.all_acknowledged().len();
    ensure!(acknowledged > 200, "only {acknowledged} texts were written");
    history.check(&place.look().await?).await
}
