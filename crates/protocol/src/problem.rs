//! Errors on the wire: `application/problem+json` (RFC 9457) with a stable code.

use crate::Person;

wire! {
    /// Says what went wrong, stably. Clients branch on these and turn them into text.
    #[derive(Copy, Hash)]
    #[serde(rename_all = "snake_case")]
    pub enum ErrorCode {
        /// 400: the request is not what HTTP or JSON allow.
        BadRequest,
        /// 422: a field is missing, unknown, or has a value that is not allowed.
        InvalidField,
        /// 413: the text or body is larger than allowed.
        TooLarge,
        /// 415: the body is not `application/json`.
        UnsupportedMediaType,
        /// 405: the path exists, the method does not.
        MethodNotAllowed,
        /// 404: it does not exist, or not for you.
        NotFound,
        /// 401: sign in first.
        NotSignedIn,
        /// 401: the session is over by age or idleness.
        SessionExpired,
        /// 401: the session was ended.
        SessionEnded,
        /// 403: this role may not do that.
        Forbidden,
        /// 403: the request came from another origin, or lacks the header that proves it did not.
        ForeignOrigin,
        /// 403: the code was right; the second factor is still to come.
        SecondFactorRequired,
        /// 401: the code is wrong; `attempts_left` says how many tries remain.
        CodeInvalid,
        /// 401: the code was right once and is used up.
        CodeUsed,
        /// 401: the code is too old.
        CodeExpired,
        /// 429: too many wrong codes; start again.
        ChallengeExhausted,
        /// 429: too many wrong codes in a row for this account.
        AccountThrottled,
        /// 429: too many requests; `Retry-After` says when to come back.
        RateLimited,
        /// 422: text messages are not available for this number or on this server.
        SmsUnavailable,
        /// 403: only who has taken the conversation writes in it.
        NotAssigned,
        /// 409: somebody else has it; `assignee` says who.
        AlreadyAssigned,
        /// 409: the conversation is closed.
        ConversationClosed,
        /// 409: the id is taken by something else.
        IdConflict,
        /// 426: this client is too old for the server.
        ClientTooOld,
        /// 500: the server failed; it has been logged.
        Internal,
        /// 503: the server cannot do it now; try again.
        Unavailable,
        /// From a newer peer.
        #[serde(other)]
        Unknown,
    }

    /// The body of every error answer.
    pub struct Problem {
        /// Always `about:blank`: `code` says more.
        #[serde(rename = "type")]
        pub problem_type: String,
        /// The status in words.
        pub title: String,
        /// The HTTP status.
        pub status: u16,
        /// Says what went wrong, stably.
        pub code: ErrorCode,
        /// One sentence with what to do, in English, for developers and logs.
        pub detail: String,
        /// The field that is wrong, as a path (`description`), with `invalid_field`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub field: Option<String>,
        /// Tries that remain, with `code_invalid`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub attempts_left: Option<u32>,
        /// When to come back, with every 429; the same as the `Retry-After` header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub retry_after_seconds: Option<u32>,
        /// Who has the conversation, with `already_assigned`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub assignee: Option<Person>,
    }
}
