//! The API's description, OpenAPI 3.1, made from the handlers themselves.

use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::cookie;

/// Title, errors and ways to sign in; the routes come from the router.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Deskbell",
        description = "Support conversations between an organization's employees and its technicians. \
            Errors are `application/problem+json` (RFC 9457); `code` says which. Times are RFC 3339 UTC, \
            ids UUIDv7. Unknown fields in requests are refused.",
        license(name = "Apache-2.0 OR MIT")
    ),
    components(schemas(deskbell_protocol::Problem, deskbell_protocol::ErrorCode)),
    modifiers(&SignIn)
)]
pub(super) struct Description;

struct SignIn;

impl Modify for SignIn {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(cookie::NAME));
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// The problems that routes document, by status.
pub(super) mod problems {
    use utoipa::IntoResponses;

    use deskbell_protocol::Problem;

    /// Any call that needs a session.
    #[derive(IntoResponses)]
    #[expect(dead_code, reason = "describes answers; they are built by Refusal")]
    pub enum Guarded {
        /// Not signed in, or the session is over.
        #[response(status = 401, content_type = "application/problem+json")]
        NotSignedIn(Problem),
        /// The role does not allow it, or the request came from a foreign origin.
        #[response(status = 403, content_type = "application/problem+json")]
        Forbidden(Problem),
    }

    /// Any call that names an object.
    #[derive(IntoResponses)]
    #[expect(dead_code, reason = "describes answers; they are built by Refusal")]
    pub enum Named {
        /// It does not exist, or not for this reader.
        #[response(status = 404, content_type = "application/problem+json")]
        NotFound(Problem),
    }

    /// Any call with parameters in its query.
    #[derive(IntoResponses)]
    #[expect(dead_code, reason = "describes answers; they are built by Refusal")]
    pub enum Asked {
        /// A parameter has a value that is not allowed.
        #[response(status = 422, content_type = "application/problem+json")]
        InvalidField(Problem),
    }

    /// Any call with a body.
    #[derive(IntoResponses)]
    #[expect(dead_code, reason = "describes answers; they are built by Refusal")]
    pub enum Bodied {
        /// The body is not JSON.
        #[response(status = 400, content_type = "application/problem+json")]
        BadRequest(Problem),
        /// The body or its text is too large.
        #[response(status = 413, content_type = "application/problem+json")]
        TooLarge(Problem),
        /// The body is not `application/json`.
        #[response(status = 415, content_type = "application/problem+json")]
        UnsupportedMediaType(Problem),
        /// A field is missing, unknown, or has a value that is not allowed.
        #[response(status = 422, content_type = "application/problem+json")]
        InvalidField(Problem),
    }

    /// Any call that can meet another one.
    #[derive(IntoResponses)]
    #[expect(dead_code, reason = "describes answers; they are built by Refusal")]
    pub enum Contested {
        /// Somebody was faster, the conversation is closed, or the id is taken.
        #[response(status = 409, content_type = "application/problem+json")]
        Conflict(Problem),
    }

    /// Any call that is limited.
    #[derive(IntoResponses)]
    #[expect(dead_code, reason = "describes answers; they are built by Refusal")]
    pub enum Limited {
        /// Too many; `Retry-After` says when to come back.
        #[response(status = 429, content_type = "application/problem+json")]
        TooMany(Problem),
    }
}
