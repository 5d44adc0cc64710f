//! A requester's machines.

use axum::extract::State;
use deskbell_protocol::{Device, Page};

use super::guard::Requester;
use super::openapi::problems::Guarded;
use super::{Json, page};
use crate::app::App;
use crate::refusal::Refusal;
use crate::store::{self, Error};

/// A device as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct DeviceRow {
    id: String,
    name: String,
    kind: String,
    model: Option<String>,
    serial: Option<String>,
}

/// My devices, by name.
#[utoipa::path(get, path = "/v1/devices", tag = "me",
    responses((status = 200, body = Page<Device>), Guarded), security(("bearer" = [])))]
pub async fn list(State(app): State<App>, who: Requester) -> Result<Json<Page<Device>>, Refusal> {
    let rows: Vec<DeviceRow> = sqlx::query_as(
        "SELECT id, name, kind, model, serial FROM device WHERE account_id = $1 ORDER BY name, id",
    )
    .bind(who.account_id().text())
    .fetch_all(app.store.read())
    .await?;
    let devices = rows.into_iter().map(device).collect::<Result<_, Error>>()?;
    Ok(page::whole(devices))
}

fn device(row: DeviceRow) -> Result<Device, Error> {
    Ok(Device {
        id: store::id(&row.id)?,
        name: row.name,
        kind: store::name(&row.kind)?,
        model: row.model,
        serial: row.serial,
    })
}
