//! Files that are damaged, write-protected or have no room: refused or survived, never served wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use deskbell_server::clock::SystemClock;
use deskbell_server::store::{OpenError, Purpose, Store};
use deskbell_testing::folder::{open_folder, private_folder};
use deskbell_testing::history::History;
use deskbell_testing::process::Program;
use deskbell_testing::random::Random;

use crate::load::{Load, progress};
use crate::people::cast;
use crate::place::Place;

const PAGE: usize = 4_096;

/// DUR-11
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_wrong_byte_in_any_page_is_noticed_at_the_start() -> Result<()> {
    let place = Place::new()?;
    cast(&place, &History::default()).await?;
    let sound = fs::read(place.database())?;
    let pages = sound.len() / PAGE;
    ensure!(pages > 20, "only {pages} pages");
    for page in 0..pages {
        let mut bytes = sound.clone();
        bytes[page * PAGE] ^= 0x5a;
        fs::write(place.database(), bytes)?;
        let opened = Store::open(&place.database_url(), Purpose::Serve, &SystemClock).await;
        let error = opened
            .err()
            .with_context(|| format!("page {page} went unnoticed"))?;
        ensure!(
            matches!(error, OpenError::Damaged(_)),
            "page {page}: {error}"
        );
    }
    let (code, said) = place.refused(place.command(&["serve"])).await?;
    ensure!(code == Some(78), "it ended with {code:?}");
    ensure!(said.contains("is damaged"), "{said}");
    ensure!(said.contains("restore a backup"), "{said}");
    Ok(())
}

/// DUR-11: a write-ahead log that lost its end gives an earlier state, or none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_cut_short_gives_an_earlier_state_or_none() -> Result<()> {
    let (place, history) = (Arc::new(Place::new()?), History::default());
    let people = cast(&place, &history).await?;
    let mut server = place.start().await?;
    let load = Load::begin(&place, people, &history, &mut Random::seeded()?);
    progress(&history, 60).await?;
    server.kill()?;
    drop(load);
    let log = place.data().join("deskbell.db-wal");
    let saved = private_folder()?;
    let kept = saved.path().join("kept");
    fs::copy(place.database(), &kept)?;
    let whole = fs::read(&log)?;
    ensure!(
        whole.len() > 20 * PAGE,
        "the log holds {} bytes",
        whole.len()
    );
    let mut served = 0;
    for part in 1..=10 {
        fs::copy(&kept, place.database())?;
        fs::write(&log, &whole[..whole.len() * part / 10 - 100])?;
        let _ = fs::remove_file(place.data().join("deskbell.db-shm"));
        match Store::open(&place.database_url(), Purpose::Serve, &SystemClock).await {
            Err(OpenError::Damaged(_)) => {}
            Err(error) => return Err(error.into()),
            Ok(store) => {
                served += 1;
                store.close().await;
                place
                    .is_whole()
                    .await
                    .with_context(|| format!("{part} tenths"))?;
            }
        }
    }
    eprintln!("{served} of 10 were served");
    Ok(())
}

/// A database that may only be read is refused with its name, not at the first message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_only_be_read_is_refused() -> Result<()> {
    let folder = open_folder()?;
    let data = folder.path().join("data");
    let place = Place::with(folder, data, "")?;
    cast(&place, &History::default()).await?;
    fs::write(place.data().join("server.key"), "00")?;
    let open_to_all = fs::Permissions::from_mode(0o777);
    fs::set_permissions(place.data(), open_to_all)?;
    fs::set_permissions(place.database(), fs::Permissions::from_mode(0o444))?;
    for name in ["deskbell.db.lock", "server.key"] {
        fs::set_permissions(place.data().join(name), fs::Permissions::from_mode(0o666))?;
    }
    let (code, said) = place
        .refused(place.command(&["serve"]).unprivileged())
        .await?;
    ensure!(code == Some(78), "it ended with {code:?}: {said}");
    ensure!(said.contains("deskbell.db"), "{said}");
    ensure!(said.contains("may only be read"), "{said}");
    Ok(())
}

/// On a full disk nothing is acknowledged; with room again it goes on, and nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_and_is_survived() -> Result<()> {
    let folder = private_folder()?;
    let data = folder.path().join("disk");
    fs::create_dir(&data)?;
    let Some(_disk) = Disk::of(&data).await? else {
        eprintln!("SKIPPED: only root can mount the small disk that this needs");
        return Ok(());
    };
    let (place, history) = (Arc::new(Place::with(folder, data, "")?), History::default());
    let people = cast(&place, &history).await?;
    let mut server = place.start().await?;
    let load = Load::begin(&place, people.clone(), &history, &mut Random::seeded()?);
    progress(&history, 20).await?;
    let filler = place.data().join("filler");
    fill(&filler)?;
    let refused = crate::load::refused(&people[0], &history).await?;
    ensure!(
        refused.status == 503,
        "{}: {}",
        refused.text,
        server.complained()
    );
    ensure!(
        people[0].caller.get("/v1/me").await?.status == 200,
        "nothing can be read"
    );
    fs::remove_file(&filler)?;
    progress(&history, 20).await?;
    load.finish(&place).await?;
    server.kill()?;
    place.is_whole().await?;
    history.check(&place.look().await?).await
}

/// A small disk in memory, gone when dropped.
struct Disk(std::path::PathBuf);

impl Disk {
    async fn of(folder: &Path) -> Result<Option<Self>> {
        let mount = Program::new("mount", "/tmp")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(folder)
            .run()
            .await;
        Ok(mount.ok().map(|_| Self(folder.to_owned())))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg("-l")
            .arg(&self.0)
            .status();
    }
}

fn fill(path: &Path) -> Result<()> {
    use std::io::Write as _;
    let mut file = fs::File::create(path)?;
    while file.write_all(&[0; 1_024]).is_ok() {}
    Ok(())
}
