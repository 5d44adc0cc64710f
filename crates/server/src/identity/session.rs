//! Sessions: how a token is recognised, kept alive by use, and when it is over.

use deskbell_protocol::limits::{
    KNOWN_DEVICE_SECONDS, REQUESTER_IDLE_SECONDS, TECHNICIAN_IDLE_SECONDS,
};
use deskbell_protocol::{
    Account, AccountId, ErrorCode, OrganizationId, Role, SessionId, Timestamp,
};
use sha2::{Digest, Sha256};

use super::Place;
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::{self, Store, Tx};

/// Use is written down at most this often.
const TOUCH_MILLIS: i64 = 60_000;

/// A session that is alive, and whose it is.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: Account,
    /// The organization of a requester.
    pub organization_id: Option<OrganizationId>,
    /// When it last was used, to the minute.
    pub last_used_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl Session {
    /// When it is over if it is not used before.
    #[must_use]
    pub fn deadline(&self) -> Timestamp {
        let idle_millis = idle_seconds(self.account.role).saturating_mul(1_000);
        self.expires_at
            .min(self.last_used_at.plus_millis(idle_millis))
    }
}

/// How long a session of this role stays without being used.
#[must_use]
pub fn idle_seconds(role: Role) -> i64 {
    match role {
        Role::Requester => REQUESTER_IDLE_SECONDS,
        Role::Technician | Role::Admin => TECHNICIAN_IDLE_SECONDS,
    }
}

/// What a session's row and its account's say.
#[derive(Debug, sqlx::FromRow)]
struct SessionRow {
    id: String,
    last_used_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    account_id: String,
    role: String,
    organization_id: Option<String>,
    name: String,
    email: String,
    disabled_at: Option<i64>,
}

/// Why a session is not alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// There is none.
    Unknown,
    /// By age or idleness.
    Expired,
    /// It was revoked or signed out, or its account disabled.
    Ended,
}

impl From<Over> for Refusal {
    fn from(over: Over) -> Self {
        match over {
            Over::Unknown => Refusal::new(ErrorCode::NotSignedIn, "Sign in first."),
            Over::Expired => Refusal::new(
                ErrorCode::SessionExpired,
                "The session is over. Sign in again.",
            ),
            Over::Ended => Refusal::new(
                ErrorCode::SessionEnded,
                "The session was ended. Sign in again.",
            ),
        }
    }
}

/// What of a token is stored: its SHA-256, in hexadecimal.
#[must_use]
pub fn token_hash(token: &str) -> String {
    let digest = Sha256::digest(token.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The live session that this token opens.
///
/// # Errors
/// 401 with the reason when there is none.
pub async fn find(app: &App, token: &str) -> Result<Session, Refusal> {
    let row: Option<SessionRow> = sqlx::query_as(
        "SELECT s.id, s.last_used_at, s.expires_at, s.ended_at, s.account_id,
                a.role, a.organization_id, a.name, a.email, a.disabled_at
         FROM session s JOIN account a ON a.id = s.account_id WHERE s.token_hash = $1",
    )
    .bind(token_hash(token))
    .fetch_optional(app.store.read())
    .await?;
    Ok(alive(row, app.clock.now())??)
}

/// The live session with this id.
///
/// # Errors
/// When the database fails; the inner error says why the session is not alive.
pub async fn by_id(
    store: &Store,
    id: SessionId,
    now: Timestamp,
) -> Result<Result<Session, Over>, store::Error> {
    let row: Option<SessionRow> = sqlx::query_as(
        "SELECT s.id, s.last_used_at, s.expires_at, s.ended_at, s.account_id,
                a.role, a.organization_id, a.name, a.email, a.disabled_at
         FROM session s JOIN account a ON a.id = s.account_id WHERE s.id = $1",
    )
    .bind(id.text())
    .fetch_optional(store.read())
    .await?;
    alive(row, now)
}

/// Whether the row is a live session at this time.
fn alive(row: Option<SessionRow>, now: Timestamp) -> Result<Result<Session, Over>, store::Error> {
    let Some(row) = row else {
        return Ok(Err(Over::Unknown));
    };
    if row.ended_at.is_some() || row.disabled_at.is_some() {
        return Ok(Err(Over::Ended));
    }
    let session = Session {
        id: store::id(&row.id)?,
        account: Account {
            id: store::id::<AccountId>(&row.account_id)?,
            name: row.name,
            email: row.email,
            role: store::name(&row.role)?,
        },
        organization_id: store::optional_id(row.organization_id.as_deref())?,
        last_used_at: Timestamp::from_millis(row.last_used_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    };
    if now >= session.deadline() {
        return Ok(Err(Over::Expired));
    }
    Ok(Ok(session))
}

/// The session that this token opened for the account on a device that is known from it. It may be
/// over by age, but nobody has ended it.
///
/// # Errors
/// When the database fails.
pub async fn earlier(
    tx: &mut Tx,
    account: Option<AccountId>,
    token: &str,
) -> Result<Option<String>, store::Error> {
    let found = sqlx::query_scalar(
        "SELECT id FROM session WHERE token_hash = $1 AND account_id = $2 AND ended_at IS NULL",
    )
    .bind(token_hash(token))
    .bind(account.map(AccountId::text).unwrap_or_default())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found)
}

/// Sessions that ended before this prove nothing any more, in milliseconds.
#[must_use]
pub fn forgotten_before(now: Timestamp) -> i64 {
    now.as_millis() - KNOWN_DEVICE_SECONDS * 1_000
}

/// Forgets sessions that ended long ago.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<(), store::Error> {
    sqlx::query("DELETE FROM session WHERE expires_at < $1")
        .bind(forgotten_before(now))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes down that the session is used, from where and by what, at most once a minute.
///
/// # Errors
/// When the database fails.
pub async fn touch(
    app: &App,
    session: &Session,
    place: Option<&Place>,
) -> Result<(), store::Error> {
    let now = app.clock.now();
    if now.millis_since(session.last_used_at) < TOUCH_MILLIS {
        return Ok(());
    }
    let mut tx = app.store.write().await?;
    sqlx::query(
        "UPDATE session SET last_used_at = $1, ip = COALESCE($2, ip), client = COALESCE($3, client)
         WHERE id = $4 AND last_used_at < $1",
    )
    .bind(now.as_millis())
    .bind(place.map(|place| place.ip.to_string()))
    .bind(place.map(|place| place.client.clone()))
    .bind(session.id.text())
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}
