//! The queue of letters in the database.

use deskbell_protocol::Timestamp;
use sqlx::Row;
use uuid::Uuid;

use super::{Channel, Letter};
use crate::identity::key::ServerKey;
use crate::store::{Error, Store, Tx, name};

/// A job that somebody took is free again after this, should they have died over it.
pub const LEASE_MILLIS: i64 = 60_000;
const LONGEST_PAUSE_SECONDS: i64 = 60;

/// A letter to be sent, or the likeness of one for an address that belongs to nobody.
pub struct Job<'a> {
    /// Its id.
    pub id: Uuid,
    /// The channel; `None` if it goes nowhere.
    pub channel: Option<Channel>,
    /// What to send.
    pub letter: &'a Letter,
    /// Never to be sent after this.
    pub expires_at: Timestamp,
}

/// A job that is ours to send.
#[derive(Debug)]
pub struct Claimed {
    /// Its id.
    pub id: String,
    /// `None` if it goes nowhere.
    pub channel: Option<Channel>,
    /// The letter, encrypted.
    pub sealed: String,
    /// Never to be sent after this.
    pub expires_at: Timestamp,
    /// How often it has been claimed, this time included.
    pub tries: i64,
}

/// Puts a job in the queue, as part of the transaction that made the code.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, key: &ServerKey, job: &Job<'_>, now: Timestamp) -> Result<(), Error> {
    let unsealable = |_| Error::Corrupt { what: "letter" };
    let text = serde_json::to_string(job.letter).map_err(|_| Error::Corrupt { what: "letter" })?;
    let id = job.id.to_string();
    let sealed = key.seal(&id, &text).map_err(unsealable)?;
    sqlx::query(
        "INSERT INTO delivery (id, channel, sealed, created_at, expires_at, next_try_at)
         VALUES ($1, $2, $3, $4, $5, $4)",
    )
    .bind(&id)
    .bind(channel_name(job.channel))
    .bind(sealed)
    .bind(now.as_millis())
    .bind(job.expires_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes the next job that is due.
///
/// # Errors
/// When the database fails.
pub async fn claim(store: &Store, now: Timestamp) -> Result<Option<Claimed>, Error> {
    let due = "SELECT id FROM delivery WHERE next_try_at <= $1 ORDER BY next_try_at LIMIT 1";
    let due: Option<String> = sqlx::query_scalar(due)
        .bind(now.as_millis())
        .fetch_optional(store.read())
        .await?;
    let Some(id) = due else { return Ok(None) };
    let mut tx = store.write().await?;
    let row = sqlx::query(
        "UPDATE delivery SET next_try_at = $1, tries = tries + 1 WHERE id = $2 AND next_try_at <= $3
         RETURNING id, channel, sealed, expires_at, tries",
    )
    .bind(now.plus_millis(LEASE_MILLIS).as_millis())
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    row.map(|row| {
        let channel: String = row.try_get("channel")?;
        Ok(Claimed {
            id: row.try_get("id")?,
            channel: if channel == "nowhere" {
                None
            } else {
                Some(name(&channel)?)
            },
            sealed: row.try_get("sealed")?,
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
            tries: row.try_get("tries")?,
        })
    })
    .transpose()
}

/// Takes a job off the queue.
///
/// # Errors
/// When the database fails.
pub async fn finish(store: &Store, id: &str) -> Result<(), Error> {
    let mut tx = store.write().await?;
    sqlx::query("DELETE FROM delivery WHERE id = $1")
        .bind(id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// Puts a job back for later; the more often it failed, the later.
///
/// # Errors
/// When the database fails.
pub async fn postpone(store: &Store, claimed: &Claimed, now: Timestamp) -> Result<(), Error> {
    let mut tx = store.write().await?;
    sqlx::query("UPDATE delivery SET next_try_at = $1 WHERE id = $2")
        .bind(
            now.plus_millis(pause_seconds(claimed.tries) * 1_000)
                .as_millis(),
        )
        .bind(&claimed.id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await
}

/// 2, 4, 8 … 60 seconds.
fn pause_seconds(tries: i64) -> i64 {
    let doubled = u32::try_from(tries)
        .ok()
        .and_then(|tries| 2_i64.checked_pow(tries));
    doubled
        .unwrap_or(LONGEST_PAUSE_SECONDS)
        .clamp(2, LONGEST_PAUSE_SECONDS)
}

fn channel_name(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Email) => "email",
        Some(Channel::Sms) => "sms",
        None => "nowhere",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stop_growing() {
        let pauses: Vec<i64> = [1, 2, 3, 4, 5, 6, 7, 100].map(pause_seconds).to_vec();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
