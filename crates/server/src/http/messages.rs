//! Messages over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use deskbell_protocol::{ConversationId, Message, Page, SendMessage};
use serde::Deserialize;

use super::guard::SignedIn;
use super::openapi::problems::{Asked, Bodied, Contested, Guarded, Limited, Named};
use super::page::{self, Linked};
use super::{Json, Path, Query};
use crate::app::App;
use crate::conversations::{self, Reader};
use crate::refusal::Refusal;

/// Which part of a chat.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    before: Option<u64>,
    limit: Option<u32>,
}

/// The lines of a chat: the newest page first, each page oldest line first.
#[utoipa::path(get, path = "/v1/conversations/{id}/messages", tag = "conversations",
    params(("id" = ConversationId, Path),
        ("before" = Option<u64>, Query, minimum = 0, description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "1 to 200 lines, 50 when not said")),
    responses((status = 200, body = Page<Message>), Guarded, Named, Asked),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn list(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<ConversationId>,
    Query(part): Query<Part>,
) -> Result<Linked<Message>, Refusal> {
    let limit = page::limit(part.limit)?;
    if part.before.is_some_and(|seq| i64::try_from(seq).is_err()) {
        return Err(Refusal::field("before", "Send the `next` of a page."));
    }
    let reader = Reader::of(&who.session);
    let page = conversations::history(&app, reader, id, part.before, limit).await?;
    let parameters = vec![("limit".to_owned(), limit.to_string())];
    let path = format!("/v1/conversations/{id}/messages");
    Ok(Linked {
        page,
        path,
        parameters,
        cursor: "before",
    })
}

/// Sends a message, or leaves a note. The same id again answers with what exists.
#[utoipa::path(post, path = "/v1/conversations/{id}/messages", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = SendMessage,
    responses((status = 201, body = Message), Guarded, Named, Bodied, Contested, Limited),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn send(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<ConversationId>,
    Json(wish): Json<SendMessage>,
) -> Result<(StatusCode, Json<Message>), Refusal> {
    let message = conversations::send(&app, &who.session, id, wish).await?;
    Ok((StatusCode::CREATED, Json(message)))
}
