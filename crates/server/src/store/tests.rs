//! The store on SQLite. What both engines must do alike is tested in `tests/`.

use deskbell_protocol::Timestamp;

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
