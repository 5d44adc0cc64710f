//! The store on SQLite. What both engines must do alike is tested in `tests/`.

use deskbell_protocol::Timestamp;
use tokio::task::JoinHandle;

use super::*;
use crate::clock::SetClock;

fn clock() -> SetClock {
    SetClock::at(Timestamp::from_millis(1_795_250_000_000))
}

fn url(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}/deskbell.db", folder.path().display())
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused_but_a_tool_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&url(&folder), Purpose::Serve, &clock())
        .await
        .unwrap();
    let second = Store::open(&url(&folder), Purpose::Serve, &clock()).await;
    assert!(matches!(second, Err(OpenError::InUse { .. })), "{second:?}");
    let tool = Store::open(&url(&folder), Purpose::Tool, &clock())
        .await
        .unwrap();
    assert_eq!(tool.epoch(), first.epoch(), "the epoch stays as it is");
    drop(first);
    Store::open(&url(&folder), Purpose::Serve, &clock())
        .await
        .expect("the lock is free again");
}

#[tokio::test]
async fn a_database_of_a_newer_server_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder), Purpose::Serve, &clock())
        .await
        .unwrap();
    let mut tx = store.write().await.unwrap();
    sqlx::query("INSERT INTO migration (version, name, applied_at) VALUES (9999, 'later', 0)")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    drop(store);
    let reopened = Store::open(&url(&folder), Purpose::Serve, &clock()).await;
    assert!(
        matches!(reopened, Err(OpenError::NewerSchema { found: 9999, .. })),
        "{reopened:?}"
    );
}

#[tokio::test]
async fn a_damaged_file_is_reported_and_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder), Purpose::Serve, &clock())
        .await
        .unwrap();
    store.close().await;
    drop(store);
    let path = folder.path().join("deskbell.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096..8192].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let opened = Store::open(&url(&folder), Purpose::Serve, &clock()).await;
    assert!(opened.is_err(), "a page of rubbish went unnoticed");
}

async fn note(tx: &mut Tx, name: &str) {
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, '')")
        .bind(name)
        .execute(&mut **tx)
        .await
        .unwrap();
}

async fn notes(store: &Store) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM meta WHERE value = '' ORDER BY name")
        .fetch_all(store.read())
        .await
        .unwrap()
}

/// Writes once its turn has come, and commits or gives up.
fn writes(store: &Store, name: &'static str, commits: bool) -> JoinHandle<Result<(), Error>> {
    let store = store.clone();
    tokio::spawn(async move {
        let mut tx = store.write().await?;
        note(&mut tx, name).await;
        match commits {
            true => tx.commit().await,
            false => Ok(()),
        }
    })
}

/// Sees what others have written, and takes back what it wrote itself.
fn looks(store: &Store) -> JoinHandle<Result<(), Error>> {
    let store = store.clone();
    tokio::spawn(async move {
        let mut tx = store.write().await?;
        note(&mut tx, "looker").await;
        tx.rollback().await
    })
}

#[tokio::test]
async fn of_several_who_share_a_commit_one_who_gives_up_undoes_only_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder), Purpose::Serve, &clock())
        .await
        .unwrap();
    let mut first = store.write().await.unwrap();
    note(&mut first, "first").await;
    let second = writes(&store, "second", false);
    let third = writes(&store, "third", true);
    let fourth = writes(&store, "fourth", false);
    // They queue up behind the first.
    tokio::task::yield_now().await;
    first.commit().await.unwrap();
    for other in [second, third, fourth] {
        other.await.unwrap().unwrap();
    }
    assert_eq!(notes(&store).await, ["first", "third"]);
    let mut next = store.write().await.unwrap();
    note(&mut next, "next").await;
    next.commit().await.unwrap();
    assert_eq!(notes(&store).await, ["first", "next", "third"]);
}

#[tokio::test]
async fn when_a_shared_commit_fails_nobody_is_told_that_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder), Purpose::Serve, &clock())
        .await
        .unwrap();
    let mut first = store.write().await.unwrap();
    // Found out at the commit, which fails.
    sqlx::raw_sql(
        "PRAGMA defer_foreign_keys = ON;
         INSERT INTO device (id, account_id, name, kind, created_at) VALUES ('d', 'nobody', '', '', 0)",
    )
    .execute(&mut *first)
    .await
    .unwrap();
    let second = writes(&store, "second", true);
    let looker = looks(&store);
    tokio::task::yield_now().await;
    assert!(first.commit().await.is_err());
    assert!(second.await.unwrap().is_err());
    assert!(
        looker.await.unwrap().is_err(),
        "what others had written was told on although it is not on the disk"
    );
    assert!(notes(&store).await.is_empty());
    writes(&store, "third", true).await.unwrap().unwrap();
    assert_eq!(notes(&store).await, ["third"]);
}

/// LOAD-08: somebody always reads, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stays_short_however_busy_the_writers_are() {
    const LONG: i64 = 500;
    const PAGE: u64 = 4096;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder), Purpose::Serve, &clock())
        .await
        .unwrap();
    let writers = (0..3).map(|writer| {
        let store = store.clone();
        tokio::spawn(async move {
            for round in 0..100 {
                let mut tx = store.write().await.unwrap();
                sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2)")
                    .bind(format!("{writer} {round}"))
                    .bind("x".repeat(100_000))
                    .execute(&mut *tx)
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
        })
    });
    let mut writers = tokio::task::JoinSet::from_iter(writers.collect::<Vec<_>>());
    let reader = store.clone();
    let reader = tokio::spawn(async move {
        loop {
            let all = "SELECT SUM(length(value)) FROM meta WHERE value LIKE '%y%'";
            sqlx::query(all).fetch_all(reader.read()).await.unwrap();
        }
    });
    while !writers.is_empty() {
        tokio::select! {
            written = writers.join_next() => written.unwrap().unwrap().unwrap(),
            moved = checkpoint::move_on(&store.readers, &store.line, LONG) => moved.unwrap(),
        }
    }
    reader.abort();
    let log = std::fs::metadata(folder.path().join("deskbell.db-wal")).unwrap();
    let most = 10 * LONG.unsigned_abs() * PAGE;
    assert!(log.len() < most, "{} bytes of at most {most}", log.len());
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM meta WHERE length(value) = 100000")
        .fetch_one(store.read())
        .await
        .unwrap();
    assert_eq!(kept, 300);
}
