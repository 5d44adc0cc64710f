//! Reading the server's answers, with a bound on their size.

use deskbell_protocol::Page;
use reqwest::{RequestBuilder, Response, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::api::ApiError;
use crate::view::OfflineReason;

/// A page of the longest messages, escaped, with room.
const LARGEST_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// Sends and reads JSON.
pub(crate) async fn json<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ApiError> {
    let body = success(request).await?;
    serde_json::from_slice(&body).map_err(|_| ApiError::Unheard(OfflineReason::NotDeskbell))
}

/// Sends; of a success nothing is read but that it is one.
pub(crate) async fn nothing(request: RequestBuilder) -> Result<(), ApiError> {
    success(request).await.map(drop)
}

/// Sends; the answer must name what was sent. A filter in between that answers for the server does not.
pub(crate) async fn acknowledged(request: RequestBuilder, id: Uuid) -> Result<(), ApiError> {
    let named: Named = json(request).await?;
    if named.id == id {
        Ok(())
    } else {
        Err(ApiError::Unheard(OfflineReason::NotDeskbell))
    }
}

#[derive(Deserialize)]
struct Named {
    id: Uuid,
}

async fn success(request: RequestBuilder) -> Result<Vec<u8>, ApiError> {
    let response = request
        .send()
        .await
        .map_err(|e| ApiError::from_transport(&e))?;
    let status = response.status();
    if status.is_success() {
        return body(response).await;
    }
    Err(refusal(response).await)
}

/// What an answer that is no success says.
pub(crate) async fn refusal(response: Response) -> ApiError {
    let status = response.status().as_u16();
    let retry_after = retry_after_seconds(&response);
    let body = body(response).await.unwrap_or_default();
    ApiError::from_answer(status, retry_after, &body)
}

async fn body(mut response: Response) -> Result<Vec<u8>, ApiError> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|e| ApiError::from_transport(&e))?
    {
        if body.len() + chunk.len() > LARGEST_ANSWER_BYTES {
            return Err(ApiError::Unheard(OfflineReason::NotDeskbell));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn retry_after_seconds(response: &Response) -> Option<u32> {
    response
        .headers()
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
}

/// A list, as a page or bare.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Items<T> {
    /// As a page.
    Page(Page<T>),
    /// Bare.
    List(Vec<T>),
}

impl<T> Items<T> {
    /// The items.
    pub(crate) fn into_vec(self) -> Vec<T> {
        match self {
            Self::Page(page) => page.items,
            Self::List(items) => items,
        }
    }
}
