//! Organizations and the articles that help their people.

use deskbell_protocol::{ArticleId, Hours, Logo, OrganizationId, Timestamp};

use super::DirectoryError;
use crate::clock::id_at;
use crate::store::{self, Tx};

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

/// An article, for one organization or for all.
#[derive(Debug, Clone)]
pub struct NewArticle<'a> {
    /// Whose it is; for all when absent.
    pub organization: Option<OrganizationId>,
    /// Its title.
    pub title: &'a str,
    /// Where it is read.
    pub url: &'a str,
}

/// Writes an article down.
///
/// # Errors
/// When the database fails.
pub async fn put_article(
    tx: &mut Tx,
    new: &NewArticle<'_>,
    now: Timestamp,
) -> Result<ArticleId, DirectoryError> {
    let id = ArticleId(id_at(now));
    sqlx::query("INSERT INTO article (id, organization_id, title, url) VALUES ($1, $2, $3, $4)")
        .bind(id.text())
        .bind(new.organization.map(OrganizationId::text))
        .bind(new.title)
        .bind(new.url)
        .execute(&mut **tx)
        .await?;
    Ok(id)
}
