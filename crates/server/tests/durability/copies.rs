//! A backup taken while people write, and the life that begins when it is restored.

use std::sync::Arc;

use anyhow::{Result, ensure};
use deskbell_protocol::{ErrorCode, Role};
use deskbell_testing::caller::Caller;
use deskbell_testing::folder::private_folder;
use deskbell_testing::history::History;
use deskbell_testing::postgres::statements_after_a_restore;
use deskbell_testing::random::Random;
use deskbell_testing::server::TestServer;
use sqlx::AssertSqlSafe;

use crate::load::{Load, progress};
use crate::people::cast;
use crate::place::Place;

/// DUR-09
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_holds_all_that_was_acknowledged_before() -> Result<()> {
    let (place, history) = (Arc::new(Place::new()?), History::default());
    let people = cast(&place, &history).await?;
    let mut server = place.start().await?;
    let load = Load::begin(&place, people.clone(), &history, &mut Random::seeded()?);
    progress(&history, 50).await?;
    let before = history.all_acknowledged();
    let copy = place.path("copy.db");
    let file = copy.display().to_string();
    place.command(&["backup", &file]).run().await?;
    progress(&history, 50).await?;
    load.finish(&place).await?;
    server.kill()?;
    history.check(&place.look().await?).await?;

    let restored = restore(&place)?;
    let mut server = restored.start().await?;
    for person in &people {
        let token = person.caller.token.clone().unwrap_or_default();
        let caller = Caller::of(&restored.url());
        let answer = caller.with(person.role, &token).get("/v1/me").await?;
        ensure!(
            answer.code() == Some(ErrorCode::SessionEnded),
            "{} is still signed in: {answer:?}",
            person.name
        );
    }
    server.kill()?;
    restored.is_whole().await?;
    let (old, new) = (place.look().await?, restored.look().await?);
    ensure!(
        old.epoch() != new.epoch(),
        "clients of the lost future go on"
    );
    history.check_copy(&new, &before).await
}

/// DUR-09: what the manual says to run in a restored PostgreSQL does what a backup does by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_manuals_statements_begin_a_new_life_on_postgresql() -> Result<()> {
    let server = TestServer::on_postgres().await?;
    let ana = server.session(&server.requester("Ana").await?).await?;
    let before = server.app.store.epoch().to_owned();
    for statement in statements_after_a_restore()? {
        sqlx::query(AssertSqlSafe(statement))
            .execute(server.app.store.read())
            .await?;
    }
    let server = server.restart().await?;
    ensure!(server.app.store.epoch() != before);
    ensure!(
        !server.app.store.epoch().contains(['-', '.']),
        "no cursor holds it"
    );
    let token = ana.token.unwrap_or_default();
    let again = server.anyone().with(Role::Requester, &token);
    ensure!(again.get("/v1/me").await?.code() == Some(ErrorCode::SessionEnded));
    Ok(())
}

fn restore(place: &Place) -> Result<Place> {
    let folder = private_folder()?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    std::fs::copy(place.path("copy.db"), data.join("deskbell.db"))?;
    std::fs::copy(place.data().join("server.key"), data.join("server.key"))?;
    Place::with(folder, data, "")
}
