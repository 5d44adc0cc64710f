//! The feed over HTTP: the websocket, and catching up without one.

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use deskbell_protocol::limits::FEED_MESSAGE_BYTES;
use deskbell_protocol::{ErrorCode, Sync};
use serde::Deserialize;

use super::guard::{Listener, SignedIn};
use super::openapi::problems::{Asked, Guarded};
use super::{Json, Query};
use crate::app::App;
use crate::conversations::Reader;
use crate::feed;
use crate::refusal::Refusal;

/// What one idle socket costs is mostly this.
const READ_BUFFER_BYTES: usize = 4_096;
const WRITE_BUFFER_BYTES: usize = 256 * 1024;

/// Opens the feed: a websocket. The client says hello with its cursor, then hears what happens.
#[utoipa::path(get, path = "/v1/feed", tag = "feed",
    responses((status = 101, description = "The websocket is open"),
        (status = 400, description = "This is no websocket handshake", body = deskbell_protocol::Problem,
            content_type = "application/problem+json"),
        Guarded),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn open(
    State(app): State<App>,
    who: Listener,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let Ok(upgrade) = upgrade else {
        return Err(Refusal::new(
            ErrorCode::BadRequest,
            "Open this address as a websocket.",
        ));
    };
    let listener = app.feed.listener(&who.session);
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(FEED_MESSAGE_BYTES)
        .max_frame_size(FEED_MESSAGE_BYTES)
        .on_upgrade(move |socket| feed::listen(app, listener, socket)))
}

/// Where to catch up from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct From {
    cursor: Option<String>,
}

/// Everything that changed since the cursor, and the new cursor.
#[utoipa::path(get, path = "/v1/sync", tag = "feed",
    params(("cursor" = Option<String>, Query, description = "Where the client stands; without it the answer says where to begin")),
    responses((status = 200, body = Sync), Guarded, Asked),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn sync(
    State(app): State<App>,
    who: SignedIn,
    Query(from): Query<From>,
) -> Result<Json<Sync>, Refusal> {
    let reader = Reader::of(&who.session);
    Ok(Json(
        feed::sync(&app, reader, from.cursor.as_deref()).await?,
    ))
}
