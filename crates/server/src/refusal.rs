//! Every error answer: `application/problem+json` with a stable code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use deskbell_protocol::{ErrorCode, Person, Problem};

use crate::store;

/// How long a client waits when the server cannot say better.
const RETRY_SECONDS: u32 = 1;

/// A request that is not served, and why. Becomes the problem that the client gets.
#[derive(Debug, Clone)]
pub struct Refusal(Box<Problem>);

impl Refusal {
    /// A refusal with one sentence that says what to do. The status follows from the code.
    #[must_use]
    pub fn new(code: ErrorCode, detail: &str) -> Self {
        let status = status(code);
        Self(Box::new(Problem {
            problem_type: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code,
            detail: detail.to_owned(),
            field: None,
            attempts_left: None,
            retry_after_seconds: None,
            assignee: None,
        }))
    }

    /// It does not exist, or not for this reader: both look the same.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "There is nothing here for you. Check the address.",
        )
    }

    /// The field at this path is wrong.
    #[must_use]
    pub fn field(field: &str, detail: &str) -> Self {
        let mut refusal = Self::new(ErrorCode::InvalidField, detail);
        refusal.0.field = Some(field.to_owned());
        refusal
    }

    /// Too much was asked for; it can be tried again after so many seconds.
    #[must_use]
    pub fn too_much(seconds: u32) -> Self {
        Self::new(
            ErrorCode::RateLimited,
            "Too much was asked for in a short time. Wait, then try again.",
        )
        .retry_after_seconds(seconds)
    }

    /// The server failed; `reason` is logged and not told.
    #[must_use]
    pub fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!(%reason, "a request failed");
        Self::new(
            ErrorCode::Internal,
            "The server failed. Try again; the operator has the details.",
        )
    }

    /// The server cannot do it now.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(
            ErrorCode::Unavailable,
            "The server is busy. Try again in a moment.",
        )
        .retry_after_seconds(RETRY_SECONDS)
    }

    /// Says how many tries remain.
    #[must_use]
    pub fn attempts_left(mut self, attempts: u32) -> Self {
        self.0.attempts_left = Some(attempts);
        self
    }

    /// Says when to come back.
    #[must_use]
    pub fn retry_after_seconds(mut self, seconds: u32) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// Says who has the conversation.
    #[must_use]
    pub fn assignee(mut self, assignee: Option<Person>) -> Self {
        self.0.assignee = assignee;
        self
    }

    /// What the client is told.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0
    }

    /// The code alone.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }
}

/// The HTTP status that belongs to a code.
fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::InvalidField | ErrorCode::SmsUnavailable => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::NotSignedIn
        | ErrorCode::SessionExpired
        | ErrorCode::SessionEnded
        | ErrorCode::CodeInvalid
        | ErrorCode::CodeUsed
        | ErrorCode::CodeExpired => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::ForeignOrigin
        | ErrorCode::SecondFactorRequired
        | ErrorCode::NotAssigned => StatusCode::FORBIDDEN,
        ErrorCode::ChallengeExhausted | ErrorCode::AccountThrottled | ErrorCode::RateLimited => {
            StatusCode::TOO_MANY_REQUESTS
        }
        ErrorCode::AlreadyAssigned | ErrorCode::ConversationClosed | ErrorCode::IdConflict => {
            StatusCode::CONFLICT
        }
        ErrorCode::ClientTooOld => StatusCode::UPGRADE_REQUIRED,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal | ErrorCode::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        if error.is_transient() {
            Self::unavailable()
        } else {
            Self::internal(&error)
        }
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        store::Error::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(mut self) -> Response {
        let status = status(self.0.code);
        if status == StatusCode::TOO_MANY_REQUESTS {
            self.0.retry_after_seconds.get_or_insert(RETRY_SECONDS);
        }
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.0.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
