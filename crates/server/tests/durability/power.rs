//! The power fails, or the disk does: what was acknowledged is there all the same.

use std::fs;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use deskbell_testing::disk::{Disk, Fault, Files};
use deskbell_testing::effort::effort;
use deskbell_testing::folder::private_folder;
use deskbell_testing::history::History;
use deskbell_testing::random::Random;

use crate::load::{Load, progress, refused};
use crate::people::cast;
use crate::place::Place;

/// How often the power fails.
const CUTS: [u32; 2] = [40, 400];

/// DUR-04: whenever the power fails, all that was acknowledged by then is on the disk, and no more than
/// was said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_power_may_fail_at_any_time() -> Result<()> {
    let mut random = Random::seeded()?;
    let (place, history) = (Arc::new(Place::new()?), History::default());
    let people = cast(&place, &history).await?;
    let disk = Disk::under(place.data()).await?;
    let program = disk.watch(place.command(&["serve"]));
    let mut server = place.start_as(program).await?;
    let load = Load::begin(&place, people, &history, &mut random);
    let mut cuts = Vec::new();
    for _ in 0..effort(CUTS[0], CUTS[1]) {
        progress(&history, 1 + usize::try_from(random.below(12))?).await?;
        let acknowledged = history.all_acknowledged();
        cuts.push((acknowledged, disk.now()?));
    }
    server.kill()?;
    drop(load);
    for (number, (acknowledged, moment)) in cuts.iter().enumerate() {
        let left = restored(&disk.after_a_cut_at(*moment, &mut random)?)?;
        left.is_whole()
            .await
            .with_context(|| format!("cut {number}"))?;
        let checked = history.check_copy(&left.look().await?, acknowledged).await;
        checked.with_context(|| format!("cut {number}, at {moment}"))?;
    }
    Ok(())
}

/// DUR-06: what the disk did not take is not acknowledged, and what it took before stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fails_is_never_covered_up() -> Result<()> {
    for fault in [Fault::Sync, Fault::Write] {
        fails(fault).await.with_context(|| format!("{fault:?}"))?;
    }
    Ok(())
}

async fn fails(fault: Fault) -> Result<()> {
    let mut random = Random::seeded()?;
    let (place, history) = (Arc::new(Place::new()?), History::default());
    let people = cast(&place, &history).await?;
    let disk = Disk::under(place.data()).await?;
    let program = disk.watch(place.command(&["serve"]));
    let mut server = place.start_as(program).await?;
    let load = Load::begin(&place, people.clone(), &history, &mut random);
    progress(&history, 50).await?;
    disk.fail(fault)?;
    let told = refused(&people[0], &history).await?;
    ensure!(told.status.is_server_error(), "{told:?}");
    let before = (history.all_acknowledged(), disk.now()?);
    disk.mend(fault)?;
    progress(&history, 50).await.context("it never goes on")?;
    let after = (history.all_acknowledged(), disk.now()?);
    load.finish(&place).await?;
    server.kill()?;
    for (acknowledged, moment) in [before, after] {
        let left = restored(&disk.after_a_cut_at(moment, &mut random)?)?;
        left.is_whole().await?;
        history
            .check_copy(&left.look().await?, &acknowledged)
            .await?;
    }
    place.is_whole().await?;
    history.check(&place.look().await?).await
}

/// A place with these files.
fn restored(files: &Files) -> Result<Place> {
    let folder = private_folder()?;
    let data = folder.path().join("data");
    fs::create_dir(&data)?;
    for (name, bytes) in files {
        fs::write(data.join(name), bytes)?;
    }
    Place::with(folder, data, "")
}
