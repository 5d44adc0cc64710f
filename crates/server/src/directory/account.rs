//! Requesters and technicians.

use deskbell_protocol::{AccountId, OrganizationId, Role, Timestamp};
use sqlx::Row;

use super::DirectoryError;
use crate::clock::id_at;
use crate::feed::revoke;
use crate::identity::key::ServerKey;
use crate::identity::totp::Authenticator;
use crate::store::{self, Store, Tx};

/// A requester as they are written down; known by their address, which is in its stored form.
#[derive(Debug, Clone)]
pub struct NewRequester<'a> {
    /// Where they work.
    pub organization: OrganizationId,
    /// Their name.
    pub name: &'a str,
    /// Their address, in its stored form.
    pub email: &'a str,
    /// Their number (E.164).
    pub phone: Option<&'a str>,
}

/// A technician as they are written down.
#[derive(Debug, Clone)]
pub struct NewTechnician<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their address, in its stored form.
    pub email: &'a str,
    /// Whether they may administer.
    pub admin: bool,
}

/// A technician as they are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Technician {
    /// Their id.
    pub id: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// `technician` or `admin`.
    pub role: Role,
    /// Whether they may not sign in any more.
    pub disabled: bool,
}

/// Writes a requester down, or brings them up to date; a disabled one may sign in again.
///
/// # Errors
/// When the address is a technician's, or the database fails.
pub async fn put_requester(
    tx: &mut Tx,
    new: &NewRequester<'_>,
    now: Timestamp,
) -> Result<AccountId, DirectoryError> {
    let id = match find(tx, new.email).await? {
        Some((id, Role::Requester)) => id,
        Some(_) => return Err(DirectoryError::OtherRole("technician".to_owned())),
        None => AccountId(id_at(now)),
    };
    sqlx::query(
        "INSERT INTO account (id, role, organization_id, name, email, phone, created_at)
         VALUES ($1, 'requester', $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id,
             name = excluded.name, phone = excluded.phone, disabled_at = NULL",
    )
    .bind(id.text())
    .bind(new.organization.text())
    .bind(new.name)
    .bind(new.email)
    .bind(new.phone)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(id)
}

/// Writes a technician down and gives them an authenticator. An address that is known already is
/// refused.
///
/// # Errors
/// When the address is taken, or the database or the key fails.
pub async fn put_technician(
    tx: &mut Tx,
    key: &ServerKey,
    new: &NewTechnician<'_>,
    now: Timestamp,
) -> Result<Authenticator, DirectoryError> {
    if let Some((_, role)) = find(tx, new.email).await? {
        let role = if role == Role::Requester {
            "requester"
        } else {
            "technician"
        };
        return Err(DirectoryError::OtherRole(role.to_owned()));
    }
    let id = AccountId(id_at(now));
    let authenticator = Authenticator::generate(new.email)?;
    sqlx::query(
        "INSERT INTO account (id, role, name, email, totp_secret, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.text())
    .bind(if new.admin { "admin" } else { "technician" })
    .bind(new.name)
    .bind(new.email)
    .bind(key.seal(&id.text(), &authenticator.base32())?)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(authenticator)
}

/// Gives a technician a new authenticator, lets a disabled one in again and ends their sessions.
///
/// # Errors
/// When the address is no technician's, or the database or the key fails.
pub async fn reset_authenticator(
    tx: &mut Tx,
    key: &ServerKey,
    email: &str,
    now: Timestamp,
) -> Result<Authenticator, DirectoryError> {
    let Some((id, Role::Technician | Role::Admin)) = find(tx, email).await? else {
        return Err(DirectoryError::Nobody);
    };
    let authenticator = Authenticator::generate(email)?;
    sqlx::query(
        "UPDATE account SET totp_secret = $1, totp_step = 0, disabled_at = NULL WHERE id = $2",
    )
    .bind(key.seal(&id.text(), &authenticator.base32())?)
    .bind(id.text())
    .execute(&mut **tx)
    .await?;
    end_sessions(tx, id, now).await?;
    Ok(authenticator)
}

/// Lets somebody sign in no more and ends what they have open.
///
/// # Errors
/// When nobody has the address, or the database fails.
pub async fn disable(tx: &mut Tx, email: &str, now: Timestamp) -> Result<Role, DirectoryError> {
    let Some((id, role)) = find(tx, email).await? else {
        return Err(DirectoryError::Nobody);
    };
    sqlx::query("UPDATE account SET disabled_at = COALESCE(disabled_at, $1) WHERE id = $2")
        .bind(now.as_millis())
        .bind(id.text())
        .execute(&mut **tx)
        .await?;
    end_sessions(tx, id, now).await?;
    Ok(role)
}

/// Every technician, by name.
///
/// # Errors
/// When the database fails.
pub async fn technicians(store: &Store) -> Result<Vec<Technician>, DirectoryError> {
    let rows = sqlx::query(
        "SELECT id, name, email, role, disabled_at FROM account
         WHERE role IN ('technician', 'admin') ORDER BY name, email",
    )
    .fetch_all(store.read())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Technician {
                id: store::id(row.try_get("id")?)?,
                name: row.try_get("name")?,
                email: row.try_get("email")?,
                role: store::name(row.try_get("role")?)?,
                disabled: row.try_get::<Option<i64>, _>("disabled_at")?.is_some(),
            })
        })
        .collect()
}

async fn end_sessions(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), DirectoryError> {
    sqlx::query("UPDATE session SET ended_at = $1 WHERE account_id = $2 AND ended_at IS NULL")
        .bind(now.as_millis())
        .bind(id.text())
        .execute(&mut **tx)
        .await?;
    Ok(revoke::account(tx, id, now).await?)
}

async fn find(tx: &mut Tx, email: &str) -> Result<Option<(AccountId, Role)>, DirectoryError> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT id, role FROM account WHERE email = $1")
            .bind(email)
            .fetch_optional(&mut **tx)
            .await?;
    let Some((id, role)) = row else {
        return Ok(None);
    };
    Ok(Some((store::id(&id)?, store::name(&role)?)))
}
