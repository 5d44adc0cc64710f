//! The customer companies, to filter by.

use axum::extract::State;
use deskbell_protocol::{OrganizationSummary, Page};

use super::guard::Technician;
use super::openapi::problems::Guarded;
use super::{Json, page};
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::{self, Error};

/// All organizations, by name.
#[utoipa::path(get, path = "/v1/organizations", tag = "technicians",
    responses((status = 200, body = Page<OrganizationSummary>), Guarded),
    security(("cookie" = [])))]
pub async fn list(
    State(app): State<App>,
    _who: Technician,
) -> Result<Json<Page<OrganizationSummary>>, Refusal> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM organization ORDER BY name, id")
            .fetch_all(app.store.read())
            .await?;
    let summary = |(id, name): (String, String)| {
        Ok(OrganizationSummary {
            id: store::id(&id)?,
            name,
        })
    };
    Ok(page::whole(
        rows.into_iter()
            .map(summary)
            .collect::<Result<_, Error>>()?,
    ))
}
