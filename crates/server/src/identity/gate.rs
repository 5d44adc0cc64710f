//! Counting alone: limits hold under parallel requests because who counts holds a row.

use deskbell_protocol::Timestamp;

use crate::store::{Error, Tx};

/// Makes this transaction the only one past these names until it ends. SQLite's writers are alone
/// anyway; on PostgreSQL the row locks do it, taken in order so that two never wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn pass_alone(tx: &mut Tx, names: &[&str], now: Timestamp) -> Result<(), Error> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    for name in names {
        sqlx::query(
            "INSERT INTO gate (name, at) VALUES ($1, $2)
             ON CONFLICT (name) DO UPDATE SET at = excluded.at",
        )
        .bind(name)
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
