//! Seeing and ending one's sessions.

use deskbell_protocol::{AccountId, Session, SessionId, Timestamp};
use sqlx::Row;

use super::session::idle_seconds;
use crate::app::App;
use crate::feed::revoke;
use crate::refusal::Refusal;
use crate::store::{self, Error};

/// The account's sessions that are alive, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(app: &App, account: AccountId, asking: SessionId) -> Result<Vec<Session>, Error> {
    let now = app.clock.now().as_millis();
    let rows = sqlx::query(
        "SELECT s.id, s.client, s.ip, s.created_at, s.last_used_at, s.expires_at, a.role
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
         ORDER BY s.created_at DESC, s.id DESC",
    )
    .bind(account.text())
    .bind(now)
    .fetch_all(app.store.read())
    .await?;
    let sessions = rows
        .iter()
        .map(|row| session(row, asking, now))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(sessions.into_iter().flatten().collect())
}

fn session(row: &sqlx::any::AnyRow, asking: SessionId, now: i64) -> Result<Option<Session>, Error> {
    let id: SessionId = store::id(row.try_get("id")?)?;
    let last_used_at: i64 = row.try_get("last_used_at")?;
    let idle_millis = idle_seconds(store::name(row.try_get("role")?)?) * 1_000;
    if last_used_at.saturating_add(idle_millis) <= now {
        return Ok(None);
    }
    Ok(Some(Session {
        id,
        current: id == asking,
        client: row.try_get("client")?,
        ip: row.try_get("ip")?,
        created_at: Timestamp::from_millis(row.try_get("created_at")?),
        last_used_at: Timestamp::from_millis(last_used_at),
        expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
    }))
}

/// Ends one of the account's sessions, on every server and on its open sockets.
///
/// # Errors
/// 404 for a session that is not this account's, or over.
pub async fn end(app: &App, account: AccountId, session: SessionId) -> Result<(), Refusal> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let ended = sqlx::query(
        "UPDATE session SET ended_at = $1 WHERE id = $2 AND account_id = $3 AND ended_at IS NULL",
    )
    .bind(now.as_millis())
    .bind(session.text())
    .bind(account.text())
    .execute(&mut *tx)
    .await?;
    if ended.rows_affected() == 0 {
        return Err(Refusal::not_found());
    }
    revoke::session(&mut tx, session, now).await?;
    tx.commit().await?;
    app.feed.wake_revocations();
    Ok(())
}
