//! Organizations.

use deskbell_protocol::{AccountId, Hours, Logo, OrganizationId, Timestamp};

use super::DirectoryError;
use crate::clock::id_at;
use crate::event_log::{Change, FeedId, Growth, append};
use crate::store::{self, Store, Tx};

/// An organization as it is written down; known by its name.
#[derive(Debug, Clone, Default)]
pub struct NewOrganization<'a> {
    /// Its name.
    pub name: &'a str,
    /// `#rrggbb`.
    pub accent_colour: Option<&'a str>,
    /// Its logo.
    pub logo: Option<Logo>,
    /// When somebody answers.
    pub hours: Option<Hours>,
    /// The hotline.
    pub phone: Option<&'a str>,
}

/// Finds the organization with this name, or writes it down; what is given replaces what was there.
///
/// # Errors
/// When the database fails.
pub async fn put_organization(
    tx: &mut Tx,
    new: &NewOrganization<'_>,
    now: Timestamp,
) -> Result<OrganizationId, DirectoryError> {
    let found: Option<String> = sqlx::query_scalar("SELECT id FROM organization WHERE name = $1")
        .bind(new.name)
        .fetch_optional(&mut **tx)
        .await?;
    let id = found.unwrap_or_else(|| id_at(now).to_string());
    let hours = new.hours.as_ref().map(serde_json::to_string).transpose();
    sqlx::query(
        "INSERT INTO organization
             (id, name, accent_colour, logo_media_type, logo_base64, hours, phone, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET
             accent_colour = COALESCE(excluded.accent_colour, organization.accent_colour),
             logo_media_type = COALESCE(excluded.logo_media_type, organization.logo_media_type),
             logo_base64 = COALESCE(excluded.logo_base64, organization.logo_base64),
             hours = COALESCE(excluded.hours, organization.hours),
             phone = COALESCE(excluded.phone, organization.phone)",
    )
    .bind(&id)
    .bind(new.name)
    .bind(new.accent_colour)
    .bind(new.logo.as_ref().map(|logo| logo.media_type.as_str()))
    .bind(new.logo.as_ref().map(|logo| logo.data_base64.as_str()))
    .bind(hours.map_err(anyhow::Error::from)?)
    .bind(new.phone)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(store::id(&id)?)
}

/// The organization with this name.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn organization_named(tx: &mut Tx, name: &str) -> Result<OrganizationId, DirectoryError> {
    let found: Option<String> = sqlx::query_scalar("SELECT id FROM organization WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut **tx)
        .await?;
    let id = found.ok_or_else(|| DirectoryError::NoOrganization(name.to_owned()))?;
    Ok(store::id(&id)?)
}

/// All organizations by name, each with how many requesters it has.
///
/// # Errors
/// When the database fails.
pub async fn organizations(store: &Store) -> Result<Vec<(String, i64)>, DirectoryError> {
    let rows = sqlx::query_as(
        "SELECT organization.name, COUNT(account.id) FROM organization
         LEFT JOIN account ON account.organization_id = organization.id
         GROUP BY organization.id, organization.name ORDER BY organization.name",
    )
    .fetch_all(store.read())
    .await?;
    Ok(rows)
}

/// Tells its requesters' clients to ask anew who they are and how home looks.
///
/// # Errors
/// When the database fails.
pub async fn tell_organization(
    tx: &mut Tx,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<(), DirectoryError> {
    let people: Vec<String> =
        sqlx::query_scalar("SELECT id FROM account WHERE organization_id = $1")
            .bind(organization.text())
            .fetch_all(&mut **tx)
            .await?;
    let mut growth = Growth::new();
    for person in people {
        let account: AccountId = store::id(&person)?;
        growth.insert(FeedId::Requester(account), vec![Change::Me(account)]);
    }
    append(tx, &growth, now).await?;
    Ok(())
}
