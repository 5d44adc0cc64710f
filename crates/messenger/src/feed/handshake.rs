//! The websocket's handshake over the HTTP client, which knows the system's proxy and certificates.

use std::time::Duration;

use deskbell_protocol::limits;
use reqwest::{RequestBuilder, Response, StatusCode, Upgraded, header};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::api::{ApiError, Authorized, Proven, answer};
use crate::view::OfflineReason;

/// The stream under a websocket.
pub type Socket = Upgraded;

const HANDSHAKE: Duration = Duration::from_secs(15);
/// A full text of characters that JSON writes in six bytes needs more than the server's own limit.
const LARGEST_MESSAGE_BYTES: usize = 2 * limits::FEED_MESSAGE_BYTES;
const READ_BUFFER_BYTES: usize = 8 * 1024;

/// Opens the feed's websocket.
pub(crate) async fn open(server: &Authorized) -> Result<WebSocketStream<Socket>, ApiError> {
    in_time(shake_hands(server.feed_request())).await
}

/// Finds out how far a websocket comes without a session: to a server that refuses it.
pub(crate) async fn knock(server: &Proven) -> Result<(), ApiError> {
    in_time(shake_hands(server.feed_request())).await.map(drop)
}

async fn in_time<T>(handshake: impl Future<Output = Result<T, ApiError>>) -> Result<T, ApiError> {
    let unheard = Err(ApiError::Unheard(OfflineReason::Unreachable));
    timeout(HANDSHAKE, handshake).await.unwrap_or(unheard)
}

async fn shake_hands(request: RequestBuilder) -> Result<WebSocketStream<Socket>, ApiError> {
    let key = generate_key();
    let request = request
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key);
    let response = request
        .send()
        .await
        .map_err(|e| ApiError::from_transport(&e))?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(answer::refusal(response).await);
    }
    if !accepts(&response, &key) {
        return Err(ApiError::Unheard(OfflineReason::NotDeskbell));
    }
    let stream = response
        .upgrade()
        .await
        .map_err(|e| ApiError::from_transport(&e))?;
    Ok(WebSocketStream::from_raw_socket(stream, Role::Client, Some(limited())).await)
}

fn accepts(response: &Response, key: &str) -> bool {
    let accept = response.headers().get(header::SEC_WEBSOCKET_ACCEPT);
    let unasked = response
        .headers()
        .contains_key(header::SEC_WEBSOCKET_EXTENSIONS);
    accept.is_some_and(|accept| accept.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes())
        && !unasked
}

fn limited() -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(LARGEST_MESSAGE_BYTES))
        .max_frame_size(Some(LARGEST_MESSAGE_BYTES))
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(0)
        .max_write_buffer_size(LARGEST_MESSAGE_BYTES)
}
