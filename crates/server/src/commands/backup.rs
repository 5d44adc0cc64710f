//! `backup`: a whole copy of the database, while the server runs or not.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sqlx::any::AnyConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::outcome::print;
use super::workplace::Workplace;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{Engine, Store};

pub async fn run(config: &Config, file: &Path) -> Result<()> {
    if file.exists() {
        bail!("{} exists already; name a new file", file.display());
    }
    let place = Workplace::look(config).await?;
    if place.store.engine() == Engine::Postgres {
        bail!("back PostgreSQL up with pg_dump; docs/config.md says what else to keep");
    }
    copy(&place.store, place.clock.as_ref(), file).await?;
    print(&format!(
        "Copied the database to {}. Keep the key file as well: {}.",
        file.display(),
        config.key_file().display()
    ));
    Ok(())
}

/// Copies beside the target first, so that the target is there whole or not at all.
async fn copy(store: &Store, clock: &dyn Clock, file: &Path) -> Result<()> {
    let partial = beside(file);
    let copied = fill(store, clock, &partial).await;
    if copied.is_err() {
        let _ = std::fs::remove_file(&partial);
    }
    copied.with_context(|| format!("cannot write {}", file.display()))?;
    std::fs::rename(&partial, file)?;
    sync_folder(file)
}

async fn fill(store: &Store, clock: &dyn Clock, partial: &Path) -> Result<()> {
    let text = partial.to_str().context("the name is not UTF-8")?;
    sqlx::query("VACUUM INTO $1")
        .bind(text)
        .execute(store.read())
        .await?;
    new_life(text, clock).await?;
    File::open(partial)?.sync_all()?;
    Ok(())
}

/// A restored copy lives another life. Who knows the old one's cursor has to look at everything anew;
/// who was signed in has to do so again, for sessions that were ended since would be back; and no
/// letter of then goes out twice.
async fn new_life(file: &str, clock: &dyn Clock) -> Result<()> {
    let options: AnyConnectOptions = format!("sqlite:{file}?mode=rw").parse()?;
    let mut connection = options.disable_statement_logging().connect().await?;
    let mut tx = connection.begin().await?;
    sqlx::query("UPDATE meta SET value = $1 WHERE name = 'epoch'")
        .bind(clock.id().simple().to_string())
        .execute(&mut *tx)
        .await?;
    sqlx::query("UPDATE session SET ended_at = $1 WHERE ended_at IS NULL")
        .bind(clock.now().as_millis())
        .execute(&mut *tx)
        .await?;
    for statement in [
        "UPDATE challenge SET state = 'ended' WHERE state IN ('live', 'proved')",
        "DELETE FROM delivery",
    ] {
        sqlx::query(statement).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(connection.close().await?)
}

fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".partial");
    PathBuf::from(name)
}

fn sync_folder(file: &Path) -> Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}
