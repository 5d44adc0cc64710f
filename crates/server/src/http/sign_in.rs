//! The calls of sign-in and sessions.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use deskbell_protocol::{
    ChallengeId, Page, Problem, Role, SendCode, Session, SessionId, SignInStarted, SignedIn,
    StartSignIn, VerifyCode, VerifySecondFactor,
};

use super::guard::{SignedIn as Guard, credential};
use super::openapi::problems::{Bodied, Guarded, Limited, Named};
use super::{Json, Path, cookie};
use crate::app::App;
use crate::identity::{Begun, Place, sessions, sign_in, verification};
use crate::refusal::Refusal;

/// Open a sign-in challenge.
///
/// The answer is the same for every address, whether somebody has it or not.
#[utoipa::path(
    post, path = "/v1/sign-in", tag = "sign-in", request_body = StartSignIn,
    responses(
        (status = 202, body = SignInStarted),
        Bodied, Limited,
    )
)]
pub async fn start(
    State(app): State<App>,
    place: Place,
    Json(body): Json<StartSignIn>,
) -> Result<Response, Refusal> {
    let challenge_id = sign_in::start(&app, &place, &body.email).await?;
    Ok((StatusCode::ACCEPTED, Json(SignInStarted { challenge_id })).into_response())
}

/// Send a code, by e-mail or by text message.
///
/// It is sent in the background, if the challenge belongs to somebody and the number is theirs.
#[utoipa::path(
    post, path = "/v1/sign-in/{challenge}/code", tag = "sign-in", request_body = SendCode,
    params(("challenge" = ChallengeId, Path)),
    responses(
        (status = 202, description = "The code is on its way, if there is somebody to send it to."),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
        Named, Bodied, Limited,
    )
)]
pub async fn send_code(
    State(app): State<App>,
    place: Place,
    Path(challenge): Path<ChallengeId>,
    Json(body): Json<SendCode>,
) -> Result<StatusCode, Refusal> {
    sign_in::send_code(&app, &place, challenge, &body).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Prove the challenge with its code.
///
/// Requesters get their token; technicians go on to the second factor.
#[utoipa::path(
    post, path = "/v1/sign-in/{challenge}/verify", tag = "sign-in", request_body = VerifyCode,
    params(("challenge" = ChallengeId, Path)),
    responses(
        (status = 200, body = SignedIn),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        Named, Bodied, Limited,
    )
)]
pub async fn verify(
    State(app): State<App>,
    place: Place,
    headers: HeaderMap,
    Path(challenge): Path<ChallengeId>,
    Json(body): Json<VerifyCode>,
) -> Result<Response, Refusal> {
    let earlier = earlier(&headers);
    signed_in(verification::verify(&app, &place, challenge, &body.code, earlier).await?)
}

/// Prove the second factor with an authenticator's digits.
///
/// Technicians get their session as a cookie, never in the body.
#[utoipa::path(
    post, path = "/v1/sign-in/{challenge}/second-factor", tag = "sign-in",
    request_body = VerifySecondFactor, params(("challenge" = ChallengeId, Path)),
    responses(
        (status = 200, body = SignedIn),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        Named, Bodied, Limited,
    )
)]
pub async fn second_factor(
    State(app): State<App>,
    place: Place,
    headers: HeaderMap,
    Path(challenge): Path<ChallengeId>,
    Json(body): Json<VerifySecondFactor>,
) -> Result<Response, Refusal> {
    let earlier = earlier(&headers);
    let begun =
        verification::verify_second_factor(&app, &place, challenge, &body.totp, earlier).await?;
    signed_in(begun)
}

/// The token of a session that was: who shows it signs in on a device that is known.
fn earlier(headers: &HeaderMap) -> Option<&str> {
    credential(headers).map(|(_, token)| token)
}

/// Sign out.
#[utoipa::path(
    delete, path = "/v1/session", tag = "sign-in", security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "The session is over."),
        Guarded,
    )
)]
pub async fn sign_out(State(app): State<App>, guard: Guard) -> Result<Response, Refusal> {
    sessions::end(&app, guard.account_id(), guard.session.id).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::taken_back())]).into_response())
}

/// My sessions, the newest first.
#[utoipa::path(
    get, path = "/v1/sessions", tag = "sign-in", security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, body = Page<Session>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_sessions(
    State(app): State<App>,
    guard: Guard,
) -> Result<Json<Page<Session>>, Refusal> {
    let items = sessions::list(&app, guard.account_id(), guard.session.id).await?;
    Ok(Json(Page { items, next: None }))
}

/// End one of my sessions.
#[utoipa::path(
    delete, path = "/v1/sessions/{session}", tag = "sign-in",
    security(("bearer" = []), ("cookie" = [])), params(("session" = SessionId, Path)),
    responses(
        (status = 204, description = "The session is over, its sockets are closed."),
        Guarded, Named,
    )
)]
pub async fn end_session(
    State(app): State<App>,
    guard: Guard,
    Path(session): Path<SessionId>,
) -> Result<StatusCode, Refusal> {
    sessions::end(&app, guard.account_id(), session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A requester's token goes into the body, a technician's into the cookie alone.
fn signed_in(begun: Begun) -> Result<Response, Refusal> {
    let role = begun.account.role;
    let requester = role == Role::Requester;
    let cookie = if requester {
        None
    } else {
        Some(cookie::carrying(&begun.token)?)
    };
    let answer = SignedIn {
        token: requester.then_some(begun.token.0),
        session_id: begun.session_id,
        expires_at: begun.expires_at,
        account: begun.account,
    };
    let set_cookie = AppendHeaders(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok((set_cookie, Json(answer)).into_response())
}
