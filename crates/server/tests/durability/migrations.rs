//! The server is killed while it brings the schema up to date.

use anyhow::{Context, Result, ensure};
use deskbell_server::clock::SystemClock;
use deskbell_server::store::{Purpose, Store};
use deskbell_testing::folder::private_folder;
use deskbell_testing::postgres::Postgres;

use crate::place::Place;

/// DUR-10
#[tokio::test]
async fn a_migration_that_was_cut_off_is_finished_by_the_next_start() -> Result<()> {
    let whole = Place::new()?;
    whole.start().await?.kill()?;
    let schema = schema(&whole).await?;
    let mut statements = 0;
    loop {
        let place = Place::new()?;
        let mut server = place.start_armed(&format!("in-migration:{}", statements + 1))?;
        if place.comes_up(&mut server).await? {
            break;
        }
        statements += 1;
        let store = Store::open(&place.database_url(), Purpose::Serve, &SystemClock).await;
        let store = store.with_context(|| format!("after statement {statements}"))?;
        store.close().await;
        ensure!(
            self::schema(&place).await? == schema,
            "half a schema after statement {statements}"
        );
    }
    ensure!(statements > 30, "only {statements} statements were tried");
    Ok(())
}

async fn schema(place: &Place) -> Result<Vec<(String, Option<String>)>> {
    let store = place.look().await?;
    let schema = sqlx::query_as("SELECT name, sql FROM sqlite_master ORDER BY name")
        .fetch_all(store.read())
        .await?;
    store.close().await;
    Ok(schema)
}

/// DUR-10
#[tokio::test]
async fn a_migration_of_postgresql_that_was_cut_off_is_finished_too() -> Result<()> {
    let postgres = Postgres::start().await?;
    for point in ["in-migration:1", "in-migration:15", "in-migration:30"] {
        let folder = private_folder()?;
        let data = folder.path().join("data");
        let database = format!("database_url = {:?}\n", postgres.database().await?);
        let place = Place::with(folder, data, &database)?;
        let mut server = place.start_armed(point)?;
        ensure!(
            !place.comes_up(&mut server).await?,
            "{point} is never passed"
        );
        place.start().await.context(point)?;
    }
    Ok(())
}

/// Two servers of a cluster may be started at once on a database that is still empty.
#[tokio::test]
async fn servers_that_start_at_once_make_the_schema_once() -> Result<()> {
    let postgres = Postgres::start().await?;
    for _ in 0..5 {
        let url = postgres.database().await?;
        let open = || Store::open(&url, Purpose::Serve, &SystemClock);
        let opened = tokio::join!(open(), open(), open(), open());
        let [a, b, c, d] =
            <[_; 4]>::from(opened).map(|store| store.map(|it| it.epoch().to_owned()));
        let epoch = a?;
        ensure!([b?, c?, d?].iter().all(|other| *other == epoch));
    }
    Ok(())
}
