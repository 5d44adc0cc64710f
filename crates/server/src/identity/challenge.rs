//! Challenges in the database: opened, given a code, tried, proved.

use deskbell_protocol::limits::{
    LIVE_CHALLENGES_PER_ACCOUNT, SECOND_FACTOR_SECONDS, TRIES_PER_CHALLENGE,
};
use deskbell_protocol::{AccountId, ChallengeId, Timestamp};
use sqlx::Row;

use super::code::os_random_bytes;
use super::key::hex;
use crate::store::{Error, Store, Tx, id, name, optional_id};

/// How far the clock may be behind the making of a code before the code counts as expired: nobody
/// knows how old it is then.
const CLOCK_STEP_MILLIS: i64 = 60_000;

/// Where a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It takes codes.
    Live,
    /// The code was right; the second factor is to come.
    Proved,
    /// A session came of it.
    Used,
    /// Too many wrong codes.
    Dead,
    /// Its code is too old.
    Expired,
    /// Newer challenges took its place.
    Ended,
}

/// A challenge as it is stored.
#[derive(Debug, Clone)]
pub struct ChallengeRow {
    /// Its id.
    pub id: ChallengeId,
    /// The digest of its address.
    pub address: String,
    /// Whose it is; nobody's for an unknown address.
    pub account: Option<AccountId>,
    /// Where it stands.
    pub state: State,
    /// When its newest code was made.
    pub sent_at: Option<Timestamp>,
    /// Until when its code holds.
    pub expires_at: Timestamp,
}

/// A new challenge.
pub struct Opened<'a> {
    /// Its id.
    pub id: ChallengeId,
    /// The digest of its address.
    pub address: &'a str,
    /// Whose it is; nobody's for an unknown address.
    pub account: Option<AccountId>,
    /// Where it was asked for.
    pub place: &'a str,
    /// When.
    pub now: Timestamp,
    /// How long it waits for a code.
    pub life_millis: i64,
}

/// Writes a new challenge; one that exists already stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &mut Tx, opened: &Opened<'_>) -> Result<(), Error> {
    sqlx::query(
        "INSERT INTO challenge (id, address, account_id, ip, state, proof, created_at, expires_at)
         VALUES ($1, $2, $3, $4, 'live', $5, $6, $7) ON CONFLICT (id) DO NOTHING",
    )
    .bind(opened.id.text())
    .bind(opened.address)
    .bind(opened.account.map(AccountId::text))
    .bind(opened.place)
    .bind(proof_of_nothing()?)
    .bind(opened.now.as_millis())
    .bind(opened.now.plus_millis(opened.life_millis).as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many challenges were opened from this place since then.
///
/// # Errors
/// When the database fails.
pub async fn opened_from(tx: &mut Tx, place: &str, since: Timestamp) -> Result<i64, Error> {
    let statement = "SELECT COUNT(*) FROM challenge WHERE ip = $1 AND created_at > $2";
    let query = sqlx::query_scalar(statement)
        .bind(place)
        .bind(since.as_millis());
    Ok(query.fetch_one(&mut **tx).await?)
}

/// Reads a challenge.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, challenge: ChallengeId) -> Result<Option<ChallengeRow>, Error> {
    let row = sqlx::query(
        "SELECT id, address, account_id, state, sent_at, expires_at FROM challenge WHERE id = $1",
    )
    .bind(challenge.text())
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(ChallengeRow {
            id: id(row.try_get("id")?)?,
            address: row.try_get("address")?,
            account: optional_id(row.try_get("account_id")?)?,
            state: name(row.try_get("state")?)?,
            sent_at: row
                .try_get::<Option<i64>, _>("sent_at")?
                .map(Timestamp::from_millis),
            expires_at: Timestamp::from_millis(row.try_get("expires_at")?),
        })
    })
    .transpose()
}

/// Whether a challenge is over for good, asked without disturbing anybody who writes.
///
/// # Errors
/// When the database fails.
pub async fn is_over(store: &Store, challenge: ChallengeId) -> Result<Option<State>, Error> {
    let state: Option<String> = sqlx::query_scalar("SELECT state FROM challenge WHERE id = $1")
        .bind(challenge.text())
        .fetch_optional(store.read())
        .await?;
    let state = state.as_deref().map(name).transpose()?;
    Ok(state.filter(|state| matches!(state, State::Used | State::Dead | State::Ended)))
}

/// Gives a challenge its code: what came before it on this challenge holds no more. Ends the oldest
/// challenges of the address that have codes beyond the number that may live.
///
/// # Errors
/// When the database fails.
pub async fn arm(
    tx: &mut Tx,
    row: &ChallengeRow,
    proof: Option<String>,
    now: Timestamp,
    life_seconds: i64,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE challenge SET state = 'live', proof = $1, sent_at = $2, expires_at = $3
         WHERE id = $4",
    )
    .bind(proof.map_or_else(proof_of_nothing, Ok)?)
    .bind(now.as_millis())
    .bind(now.plus_millis(life_seconds * 1_000).as_millis())
    .bind(row.id.text())
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE challenge SET state = 'ended'
         WHERE address = $1 AND state IN ('live', 'proved') AND sent_at IS NOT NULL AND id NOT IN (
             SELECT id FROM challenge
             WHERE address = $1 AND state IN ('live', 'proved') AND sent_at IS NOT NULL
                 AND expires_at > $2
             ORDER BY sent_at DESC, id DESC LIMIT $3)",
    )
    .bind(&row.address)
    .bind(now.as_millis())
    .bind(LIVE_CHALLENGES_PER_ACCOUNT)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A code or second factor that was evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evaluated {
    /// Where the challenge stands now.
    pub state: State,
    /// How many wrong ones it still takes.
    pub tries_left: i64,
}

/// Evaluates a code, in one statement that counts the try and marks the use: of many at a time, one
/// right code wins and no more wrong ones than allowed are looked at. `None` if the challenge takes none.
///
/// # Errors
/// When the database fails.
pub async fn evaluate_code(
    tx: &mut Tx,
    challenge: ChallengeId,
    proof: &str,
    now: Timestamp,
) -> Result<Option<Evaluated>, Error> {
    let right = "proof = $1 AND EXISTS (
        SELECT 1 FROM account WHERE account.id = challenge.account_id AND disabled_at IS NULL";
    let statement = format!(
        "UPDATE challenge SET
             tries = CASE WHEN {right} AND role <> 'requester') THEN 0 ELSE tries + 1 END,
             expires_at = CASE WHEN {right} AND role <> 'requester') THEN $2 ELSE expires_at END,
             state = CASE
                 WHEN {right} AND role = 'requester') THEN 'used'
                 WHEN {right}) THEN 'proved'
                 WHEN tries + 1 >= $3 THEN 'dead'
                 ELSE state END
         WHERE id = $4 AND state = 'live' AND tries < $3 AND expires_at > $5
             AND COALESCE(sent_at, created_at) <= $6
         RETURNING state, tries"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(proof)
        .bind(now.plus_millis(SECOND_FACTOR_SECONDS * 1_000).as_millis())
        .bind(TRIES_PER_CHALLENGE)
        .bind(challenge.text())
        .bind(now.as_millis())
        .bind(now.plus_millis(CLOCK_STEP_MILLIS).as_millis())
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| evaluated(&row)).transpose()
}

/// Evaluates a second factor the same way; `right` says whether the digits were good and unused.
///
/// # Errors
/// When the database fails.
pub async fn evaluate_second_factor(
    tx: &mut Tx,
    challenge: ChallengeId,
    right: bool,
    now: Timestamp,
) -> Result<Option<Evaluated>, Error> {
    let row = sqlx::query(
        "UPDATE challenge SET
             tries = tries + 1,
             state = CASE WHEN $1 = 1 THEN 'used' WHEN tries + 1 >= $2 THEN 'dead' ELSE state END
         WHERE id = $3 AND state = 'proved' AND tries < $2 AND expires_at > $4 AND sent_at <= $5
         RETURNING state, tries",
    )
    .bind(i64::from(right))
    .bind(TRIES_PER_CHALLENGE)
    .bind(challenge.text())
    .bind(now.as_millis())
    .bind(now.plus_millis(CLOCK_STEP_MILLIS).as_millis())
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| evaluated(&row)).transpose()
}

/// Notes that a challenge is too old, if it is, so that a clock set back never brings it to life
/// again.
///
/// # Errors
/// When the database fails.
pub async fn expire(tx: &mut Tx, challenge: ChallengeId, now: Timestamp) -> Result<(), Error> {
    sqlx::query(
        "UPDATE challenge SET state = 'expired'
         WHERE id = $1 AND state IN ('live', 'proved')
             AND (expires_at <= $2 OR COALESCE(sent_at, created_at) > $3)",
    )
    .bind(challenge.text())
    .bind(now.as_millis())
    .bind(now.plus_millis(CLOCK_STEP_MILLIS).as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether this is the code that a challenge which waits for the second factor was proved with.
///
/// # Errors
/// When the database fails.
pub async fn proved_with(
    tx: &mut Tx,
    challenge: ChallengeId,
    proof: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let found: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM challenge
         WHERE id = $1 AND state = 'proved' AND proof = $2 AND expires_at > $3",
    )
    .bind(challenge.text())
    .bind(proof)
    .bind(now.as_millis())
    .fetch_one(&mut **tx)
    .await?;
    Ok(found == 1)
}

/// The same for all that are too old now; forgets those that nobody asks about any more.
///
/// # Errors
/// When the database fails.
pub async fn expire_old(
    tx: &mut Tx,
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<(), Error> {
    sqlx::query(
        "UPDATE challenge SET state = 'expired'
         WHERE state IN ('live', 'proved') AND expires_at <= $1",
    )
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM challenge WHERE state <> 'live' AND expires_at < $1")
        .bind(forget_before.as_millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn evaluated(row: &sqlx::any::AnyRow) -> Result<Evaluated, Error> {
    let tries: i64 = row.try_get("tries")?;
    Ok(Evaluated {
        state: name(row.try_get("state")?)?,
        tries_left: (TRIES_PER_CHALLENGE - tries).max(0),
    })
}

/// A proof that no code has.
fn proof_of_nothing() -> Result<String, Error> {
    let bytes = os_random_bytes::<32>().map_err(|_| Error::Corrupt {
        what: "random source",
    })?;
    Ok(hex(&bytes))
}
