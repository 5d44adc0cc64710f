//! What load balancers and monitoring ask; outside the API, and without a word about anybody.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::refusal::Refusal;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How the server does.
#[derive(Debug, Serialize)]
pub struct Report {
    /// `ok` or `degraded`.
    status: &'static str,
    /// What is wrong: `database`, `bus`.
    reasons: Vec<&'static str>,
}

/// 200 while the process lives, with what is wrong.
pub async fn healthz(State(app): State<App>) -> Json<Report> {
    let reasons = app.health().reasons();
    let status = if reasons.is_empty() { "ok" } else { "degraded" };
    Json(Report { status, reasons })
}

/// 204 if requests should be sent here, 503 while the database is gone or the server about to end.
pub async fn readyz(State(app): State<App>) -> StatusCode {
    if app.health().is_ready() {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// Counts and measures, for who has the token; without one configured there is nothing here.
pub async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    let token = app.settings.metrics_token.as_deref();
    if !token.is_some_and(|token| is_shown(&headers, token)) {
        return Err(Refusal::not_found());
    }
    let text = app.metrics.text(&app).await;
    let text = text.map_err(|error| Refusal::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}

fn is_shown(headers: &HeaderMap, token: &str) -> bool {
    let value = headers.get(header::AUTHORIZATION);
    let shown = value.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    shown.is_some_and(|shown| bool::from(shown.ct_eq(token.as_bytes())))
}
