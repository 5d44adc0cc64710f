//! Help articles, for one organization or for all.

use deskbell_protocol::{ArticleId, OrganizationId, Timestamp};

use super::DirectoryError;
use crate::clock::id_at;
use crate::store::{Store, Tx};

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

/// An article as the operator sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Article {
    /// Its id.
    pub id: String,
    /// The name of the organization it is for; for all when absent.
    pub organization: Option<String>,
    /// Its title.
    pub title: String,
    /// Where it is read.
    pub url: String,
}

/// All articles by title.
///
/// # Errors
/// When the database fails.
pub async fn articles(store: &Store) -> Result<Vec<Article>, DirectoryError> {
    let rows = sqlx::query_as(
        "SELECT article.id, organization.name AS organization, article.title, article.url
         FROM article LEFT JOIN organization ON organization.id = article.organization_id
         ORDER BY article.title, article.id",
    )
    .fetch_all(store.read())
    .await?;
    Ok(rows)
}

/// Removes an article; whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn remove_article(tx: &mut Tx, id: ArticleId) -> Result<bool, DirectoryError> {
    let done = sqlx::query("DELETE FROM article WHERE id = $1")
        .bind(id.text())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}
