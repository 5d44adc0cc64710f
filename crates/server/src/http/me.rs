//! Who is signed in.

use axum::extract::State;
use deskbell_protocol::limits::TEXT_BYTES;
use deskbell_protocol::{
    Branding, Features, Hours, Limits, Logo, Me, Organization, OrganizationId,
};

use super::Json;
use super::guard::SignedIn;
use super::openapi::problems::Guarded;
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::{self, Error};

/// An organization as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct OrganizationRow {
    id: String,
    name: String,
    accent_colour: Option<String>,
    logo_media_type: Option<String>,
    logo_base64: Option<String>,
    hours: Option<String>,
    phone: Option<String>,
    typing: i64,
}

/// Who I am, my organization, what is switched on and how much is accepted.
#[utoipa::path(get, path = "/v1/me", tag = "me",
    responses((status = 200, body = Me), Guarded),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn get(State(app): State<App>, who: SignedIn) -> Result<Json<Me>, Refusal> {
    let row = match who.session.organization_id {
        Some(id) => Some(find(&app, id).await?),
        None => None,
    };
    let typing = row.as_ref().is_none_or(|row| row.typing == 1);
    Ok(Json(Me {
        account: who.session.account,
        session_id: who.session.id,
        organization: row.map(organization).transpose()?,
        features: Features {
            attachments: false,
            typing,
        },
        limits: Limits {
            text_bytes: u32::try_from(TEXT_BYTES).unwrap_or(u32::MAX),
            upload_bytes: 0,
        },
    }))
}

async fn find(app: &App, id: OrganizationId) -> Result<OrganizationRow, Error> {
    let row = sqlx::query_as(
        "SELECT id, name, accent_colour, logo_media_type, logo_base64, hours, phone, typing
         FROM organization WHERE id = $1",
    )
    .bind(id.text())
    .fetch_one(app.store.read())
    .await?;
    Ok(row)
}

fn organization(row: OrganizationRow) -> Result<Organization, Error> {
    let logo = row.logo_media_type.zip(row.logo_base64);
    let hours: Option<Hours> = row
        .hours
        .map(|text| serde_json::from_str(&text).map_err(|_| Error::Corrupt { what: "hours" }))
        .transpose()?;
    Ok(Organization {
        id: store::id(&row.id)?,
        name: row.name,
        branding: Branding {
            accent_colour: row.accent_colour,
            logo: logo.map(|(media_type, data_base64)| Logo {
                media_type,
                data_base64,
            }),
        },
        hours,
        phone: row.phone,
    })
}
