//! What answers here, without signing in.

use axum::extract::State;
use deskbell_protocol::{API, ServerInfo};

use super::Json;
use crate::app::App;

/// The oldest client this server serves.
const OLDEST_CLIENT: &str = "0.1.0";

/// What answers here: a captive portal does not.
#[utoipa::path(get, path = "/v1/server", tag = "server", responses((status = 200, body = ServerInfo)))]
pub async fn get(State(app): State<App>) -> Json<ServerInfo> {
    Json(ServerInfo {
        product: "deskbell".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        api: API,
        oldest_client: OLDEST_CLIENT.to_owned(),
        time: app.clock.now(),
        sms: app.settings.sms,
    })
}
