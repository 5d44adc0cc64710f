//! Conversations over HTTP.

mod filter;

use axum::extract::State;
use axum::http::StatusCode;
use deskbell_protocol::{
    Assign, Conversation, ConversationId, ConversationItem, CreateConversation, MarkRead,
    OrganizationId, Page,
};

use super::guard::{Requester, SignedIn, Technician, Unattended};
use super::openapi::problems::{Asked, Bodied, Contested, Guarded, Limited, Named};
use super::page::Linked;
use super::request::to_the_end;
use super::{Json, Path, Query};
use crate::app::App;
use crate::conversations::{self, Reader};
use crate::refusal::Refusal;
use filter::Wish;

/// Conversations, newest activity first: a requester's own, or every one for a technician.
#[utoipa::path(get, path = "/v1/conversations", tag = "conversations",
    params(
        ("status" = Option<String>, Query, pattern = "^(new|open|waiting|closed)(,(new|open|waiting|closed))*$", description = "Only these: `new`, `open`, `waiting`, `closed`; repeated or with commas"),
        ("assignee" = Option<String>, Query, pattern = "^(me|none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", description = "Only those of `me`, of `none`, or of this technician's id"),
        ("organization" = Option<OrganizationId>, Query, description = "Only those of this organization's id"),
        ("text" = Option<String>, Query, pattern = "^[^\u{0}]*$", description = "Only those with this in subject, ticket number, requester or messages"),
        ("after" = Option<String>, Query, pattern = r"^[0-9]{1,15}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", description = "The `next` of the page before"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 200, description = "1 to 200 items, 50 when not said")),
    responses((status = 200, body = Page<ConversationItem>), Guarded, Asked),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn list(
    State(app): State<App>,
    who: SignedIn,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Linked<ConversationItem>, Refusal> {
    let reader = Reader::of(&who.session);
    let wish = Wish::parse(&pairs, reader.account_id)?;
    let page = conversations::list(&app, reader, &wish.filter, wish.limit).await?;
    let parameters = pairs
        .into_iter()
        .filter(|(name, _)| name != "after")
        .collect();
    Ok(Linked {
        page,
        path: "/v1/conversations".to_owned(),
        parameters,
        cursor: "after",
    })
}

/// One conversation, with what is unread in it.
#[utoipa::path(get, path = "/v1/conversations/{id}", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, body = ConversationItem), Guarded, Named),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<ConversationId>,
) -> Result<Json<ConversationItem>, Refusal> {
    Ok(Json(
        conversations::find_item(&app.store, Reader::of(&who.session), id).await?,
    ))
}

/// Asks for help. The same id again answers with what exists.
#[utoipa::path(post, path = "/v1/conversations", tag = "conversations",
    request_body = CreateConversation,
    responses((status = 201, body = Conversation),
        (status = 200, body = Conversation, description = "It exists already"),
        Guarded, Bodied, Contested, Limited),
    security(("bearer" = [])))]
pub async fn create(
    State(app): State<App>,
    who: Requester,
    Json(wish): Json<CreateConversation>,
) -> Result<(StatusCode, Json<Conversation>), Refusal> {
    let work = async move { conversations::create(&app, &who.session, wish).await };
    let created = to_the_end(work).await?;
    let status = if created.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(created.conversation)))
}

/// Everything up to here has been read.
#[utoipa::path(post, path = "/v1/conversations/{id}/read", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = MarkRead,
    responses((status = 204), Guarded, Named, Bodied),
    security(("bearer" = []), ("cookie" = [])))]
pub async fn read(
    State(app): State<App>,
    who: Unattended,
    Path(id): Path<ConversationId>,
    Json(wish): Json<MarkRead>,
) -> Result<StatusCode, Refusal> {
    let reader = Reader::of(&who.session);
    to_the_end(async move { conversations::mark_read(&app, reader, id, wish.seq).await }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes the conversation, or gives it to a colleague.
#[utoipa::path(post, path = "/v1/conversations/{id}/assign", tag = "conversations",
    params(("id" = ConversationId, Path)), request_body = Assign,
    responses((status = 200, body = Conversation), Guarded, Named, Bodied, Contested),
    security(("cookie" = [])))]
pub async fn assign(
    State(app): State<App>,
    who: Technician,
    Path(id): Path<ConversationId>,
    Json(wish): Json<Assign>,
) -> Result<Json<Conversation>, Refusal> {
    Ok(Json(
        conversations::assign(&app, &who.session, id, wish).await?,
    ))
}

/// Closes the conversation: from then on it can only be read.
#[utoipa::path(post, path = "/v1/conversations/{id}/close", tag = "conversations",
    params(("id" = ConversationId, Path)),
    responses((status = 200, body = Conversation), Guarded, Named, Contested),
    security(("cookie" = [])))]
pub async fn close(
    State(app): State<App>,
    who: Technician,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, Refusal> {
    let work = async move { conversations::close(&app, &who.session, id).await };
    to_the_end(work).await.map(Json)
}
