//! All routes in one place, and what surrounds them.

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use deskbell_protocol::ErrorCode;
use utoipa::OpenApi;
use utoipa::openapi::schema::{AdditionalProperties, Schema};
use utoipa::openapi::{OpenApi as Document, RefOr};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::openapi::Description;
use super::{
    articles, console, conversations, devices, feed, headers, health, me, messages, organizations,
    request, server_info, sign_in, technicians,
};
use crate::app::App;
use crate::refusal::Refusal;

/// The API's routes with their description.
#[must_use]
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(sign_in::start))
        .routes(routes!(sign_in::send_code))
        .routes(routes!(sign_in::verify))
        .routes(routes!(sign_in::second_factor))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(sign_in::list_sessions))
        .routes(routes!(sign_in::end_session))
        .routes(routes!(server_info::get))
        .routes(routes!(me::get))
        .routes(routes!(devices::list))
        .routes(routes!(articles::list))
        .routes(routes!(technicians::list))
        .routes(routes!(organizations::list))
        .routes(routes!(conversations::list, conversations::create))
        .routes(routes!(conversations::get))
        .routes(routes!(conversations::read))
        .routes(routes!(conversations::assign))
        .routes(routes!(conversations::close))
        .routes(routes!(messages::list, messages::send))
        .routes(routes!(feed::open))
        .routes(routes!(feed::sync))
}

/// The whole description.
#[must_use]
pub fn openapi() -> Document {
    let mut document = routes().split_for_parts().1;
    refuse_unknown_fields(&mut document, "SendCode");
    document
}

/// utoipa says that a struct refuses unknown fields, and forgets it for the shapes of an enum.
fn refuse_unknown_fields(document: &mut Document, name: &str) {
    let schemas = document.components.as_mut().map(|all| &mut all.schemas);
    let schema = schemas.and_then(|schemas| schemas.get_mut(name));
    let Some(RefOr::T(Schema::OneOf(shapes))) = schema else {
        return;
    };
    for shape in &mut shapes.items {
        if let RefOr::T(Schema::Object(object)) = shape {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
        }
    }
}

/// Everything this server answers.
pub fn router(app: App) -> Router {
    let document = openapi().to_json().unwrap_or_default();
    let description = move || async move {
        ([(header::CONTENT_TYPE, "application/json")], document).into_response()
    };
    Router::from(routes())
        .route("/v1/openapi.json", get(description))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .fallback(console::serve)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(from_fn_with_state(app.clone(), request::trace))
        .with_state(app)
}

async fn method_not_allowed() -> Refusal {
    let detail = "The path exists, the method does not. See the Allow header.";
    Refusal::new(ErrorCode::MethodNotAllowed, detail)
}
