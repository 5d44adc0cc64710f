//! Help articles of the provider.

use axum::extract::State;
use deskbell_protocol::{Article, OrganizationId, Page};

use super::guard::SignedIn;
use super::openapi::problems::Guarded;
use super::{Json, page};
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::{self, Error};

/// Articles by title: for a requester those of their organization and those for all, for a
/// technician every one.
#[utoipa::path(get, path = "/v1/articles", tag = "me",
    responses((status = 200, body = Page<Article>), Guarded),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn list(State(app): State<App>, who: SignedIn) -> Result<Json<Page<Article>>, Refusal> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT id, title, url FROM article
         WHERE $1 = '' OR organization_id IS NULL OR organization_id = $1 ORDER BY title, id",
    )
    .bind(
        who.session
            .organization_id
            .map(OrganizationId::text)
            .unwrap_or_default(),
    )
    .fetch_all(app.store.read())
    .await?;
    let article = |(id, title, url): (String, String, String)| {
        Ok(Article {
            id: store::id(&id)?,
            title,
            url,
        })
    };
    let articles = rows
        .into_iter()
        .map(article)
        .collect::<Result<_, Error>>()?;
    Ok(page::whole(articles))
}
