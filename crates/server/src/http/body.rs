//! What goes in and out of a handler, with every rejection as a problem of ours.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use deskbell_protocol::ErrorCode;
use deskbell_protocol::limits::REQUEST_BODY_BYTES;
use futures_util::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;

/// How much of a body is taken at all, most of it only to be thrown away.
const TAKEN_BYTES: usize = 1024 * 1024;

/// A JSON body. Going in it must be `application/json`, complete and without unknown fields.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        if !is_json(request.headers()) {
            let detail = "Send the body as application/json.";
            return Err(Refusal::new(ErrorCode::UnsupportedMediaType, detail));
        }
        parse(&whole(request.into_body()).await?).map(Json)
    }
}

/// The body, if it is not too long. What is too long is read and thrown away first, within reason:
/// a connection that is closed with something unread in it takes the answer along.
async fn whole(body: Body) -> Result<Vec<u8>, Refusal> {
    let mut parts = body.into_data_stream();
    let (mut bytes, mut taken) = (Vec::new(), 0);
    while let Some(part) = parts.next().await {
        let part = part
            .map_err(|_| Refusal::new(ErrorCode::BadRequest, "The body did not arrive whole."))?;
        taken += part.len();
        if taken > TAKEN_BYTES {
            break;
        }
        if taken <= REQUEST_BODY_BYTES {
            bytes.extend_from_slice(&part);
        }
    }
    if taken > REQUEST_BODY_BYTES {
        let detail = format!("The body must be at most {REQUEST_BODY_BYTES} bytes long.");
        return Err(Refusal::new(ErrorCode::TooLarge, &detail));
    }
    Ok(bytes)
}

/// Reads `T` from JSON text.
///
/// # Errors
/// 400 when it is no JSON, 422 with the field when it is JSON of another shape.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refused(error.inner(), &path)
    })?;
    reader.end().map_err(|error| refused(&error, ""))?;
    Ok(value)
}

fn refused(error: &serde_json::Error, path: &str) -> Refusal {
    match error.classify() {
        serde_json::error::Category::Data => wrong_shape(&error.to_string(), path),
        _ => Refusal::new(ErrorCode::BadRequest, "The body is not JSON."),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// serde names an unknown, missing or doubled field between back-quotes and a wrong value by its path;
/// the rest of what it says may quote the request and stays here.
fn wrong_shape(message: &str, path: &str) -> Refusal {
    let named = message.split('`').nth(1).filter(|_| {
        ["unknown field", "missing field", "duplicate field"]
            .iter()
            .any(|start| message.starts_with(start))
    });
    let kind = message.split(" field").next().unwrap_or_default();
    match named.filter(|name| name.len() <= 64 && name.chars().all(|c| c.is_ascii_graphic())) {
        Some(name) => Refusal::field(name, &format!("There is a field {kind}: correct it.")),
        None => Refusal::field(
            path.trim_matches('.'),
            "A field has a value of the wrong kind.",
        ),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => Refusal::internal(&error).into_response(),
        }
    }
}

/// What the path names. A path that cannot name anything answers as one that names nothing.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Refusal::not_found()),
        }
    }
}

/// The query string, without unknown parameters.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(wrong_query(&rejection.body_text())),
        }
    }
}

fn wrong_query(message: &str) -> Refusal {
    let message = message.trim_start_matches("Failed to deserialize query string: ");
    let name = message.split(':').next().filter(|name| !name.contains(' '));
    match name {
        Some(name) if name.len() <= 64 => {
            Refusal::field(name, "This parameter has a value that is not allowed.")
        }
        _ => wrong_shape(message, ""),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::body::Bytes;

    use super::*;

    const PART: usize = 10_000;

    /// What became of a body of so many parts, and how many of them were taken.
    async fn sent(parts: usize) -> (Result<Vec<u8>, Refusal>, usize) {
        let taken = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&taken);
        let parts = (0..parts).map(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(Bytes::from_static(&[b'x'; PART]))
        });
        let ended = whole(Body::from_stream(futures_util::stream::iter(parts))).await;
        (ended, taken.load(Ordering::Relaxed))
    }

    /// INP-06: with nothing left unread, the connection is not reset and the refusal arrives.
    #[tokio::test]
    async fn a_body_that_is_too_long_is_taken_to_its_end_before_it_is_refused() {
        let (ended, taken) = sent(90).await;
        assert_eq!(ended.unwrap_err().code(), ErrorCode::TooLarge);
        assert_eq!(taken, 90, "parts taken");
    }

    #[tokio::test]
    async fn a_body_without_end_is_taken_no_further_than_is_decent() {
        let (ended, taken) = sent(1_000_000).await;
        assert_eq!(ended.unwrap_err().code(), ErrorCode::TooLarge);
        assert_eq!(taken, TAKEN_BYTES / PART + 1, "parts taken");
    }

    #[tokio::test]
    async fn a_body_that_fits_is_read_whole() {
        let (ended, _) = sent(REQUEST_BODY_BYTES / PART).await;
        assert_eq!(ended.unwrap().len(), REQUEST_BODY_BYTES / PART * PART);
    }
}
