//! What surrounds every request: its id in the log, and an answer even when a handler panics.

use std::future::Future;
use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tokio::time::Instant;
use tracing::Instrument;

use crate::app::App;
use crate::failpoint::{Failpoint, failpoint};
use crate::refusal::Refusal;

/// Runs the request within a span that names its id, method and route; never its path or query,
/// which may hold what is nobody's business.
pub async fn trace(State(app): State<App>, request: Request, next: Next) -> Response {
    failpoint(Failpoint::BeforeParse);
    let id = app.clock.id();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str);
    let (method, route) = (request.method().clone(), route.to_owned());
    let span = tracing::info_span!("request", %id, %method, route);
    let begun = Instant::now();
    let mut response = answer(request, next).instrument(span.clone()).await;
    let status = response.status().as_u16();
    app.metrics
        .answered(method.as_str(), &route, status, begun.elapsed());
    span.in_scope(|| tracing::debug!(status, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Does the work to its end even if the client hangs up meanwhile: what is written must be told.
///
/// # Errors
/// Those of the work.
pub async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(done) => done,
        Err(error) => Err(Refusal::internal(&error)),
    }
}

/// A panic is a fault of ours: it is logged by the panic hook, and ends this request alone.
async fn answer(request: Request, next: Next) -> Response {
    let caught = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    caught.unwrap_or_else(|_| Refusal::internal(&"a handler panicked").into_response())
}
