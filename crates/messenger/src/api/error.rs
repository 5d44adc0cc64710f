//! Why a call did not do what it should.

use std::error::Error;
use std::time::Duration;

use deskbell_protocol::{ErrorCode, Problem};

use crate::view::{ClientFailure, Failure, FailureCode, OfflineReason};

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// Deskbell was not heard.
    #[error("the server was not heard: {0:?}")]
    Unheard(OfflineReason),
    /// Deskbell, or what stands before it, said no.
    #[error("the server refused with {} ({:?})", .0.status, .0.code)]
    Refused(Refusal),
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Why.
    pub code: ErrorCode,
    /// Tries that remain, with `code_invalid`.
    pub attempts_left: Option<u32>,
    /// Seconds to wait, if it said so.
    pub retry_after_seconds: Option<u32>,
}

/// What a failed call means for something that is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Try again later, not before so long.
    Again(Option<Duration>),
    /// The session is over: wait until somebody is signed in again.
    SignInFirst(ErrorCode),
    /// It will never be taken.
    Never(ErrorCode),
}

impl ApiError {
    /// What it means for something that is to be sent.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match self {
            Self::Unheard(_) => Fate::Again(None),
            Self::Refused(refusal) => refusal.fate(),
        }
    }

    /// The session is over, and why.
    #[must_use]
    pub fn session_over(&self) -> Option<ErrorCode> {
        match self.fate() {
            Fate::SignInFirst(code) => Some(code),
            _ => None,
        }
    }

    /// Why the server counts as not heard.
    #[must_use]
    pub fn offline_reason(&self) -> OfflineReason {
        match self {
            Self::Unheard(reason) => *reason,
            Self::Refused(Refusal {
                code: ErrorCode::ClientTooOld,
                ..
            }) => OfflineReason::VersionMismatch,
            Self::Refused(_) => OfflineReason::ServerUnavailable,
        }
    }

    /// How long the server wishes to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after(),
            Self::Unheard(_) => None,
        }
    }

    /// For the window.
    #[must_use]
    pub fn failure(&self) -> Failure {
        match self {
            Self::Unheard(reason) => failure(FailureCode::from_reason(*reason)),
            Self::Refused(refusal) => Failure {
                code: FailureCode::Server(refusal.code),
                attempts_left: refusal.attempts_left,
                retry_after_seconds: refusal.retry_after_seconds,
            },
        }
    }

    /// From what the HTTP client reports: nothing came back that could be read.
    #[must_use]
    pub(crate) fn from_transport(error: &reqwest::Error) -> Self {
        Self::Unheard(transport_reason(error))
    }

    /// From an answer that is not a success.
    #[must_use]
    pub(crate) fn from_answer(status: u16, retry_after: Option<u32>, body: &[u8]) -> Self {
        if let Ok(problem) = serde_json::from_slice::<Problem>(body) {
            return Self::Refused(Refusal {
                status,
                code: problem.code,
                attempts_left: problem.attempts_left,
                retry_after_seconds: problem.retry_after_seconds.or(retry_after),
            });
        }
        let refused = |code| {
            Self::Refused(Refusal {
                status,
                code,
                attempts_left: None,
                retry_after_seconds: retry_after,
            })
        };
        match status {
            407 => Self::Unheard(OfflineReason::ProxyPassword),
            413 => refused(ErrorCode::TooLarge),
            429 => refused(ErrorCode::RateLimited),
            500..=599 => refused(ErrorCode::Unavailable),
            _ => Self::Unheard(OfflineReason::NotDeskbell),
        }
    }
}

impl Refusal {
    fn fate(&self) -> Fate {
        match self.status {
            401 => Fate::SignInFirst(self.code),
            408 | 425 | 426 | 429 | 500..=599 => Fate::Again(self.retry_after()),
            _ => Fate::Never(self.code),
        }
    }

    /// How long to wait, if it said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after_seconds
            .map(|seconds| Duration::from_secs(seconds.into()))
    }
}

impl FailureCode {
    fn from_reason(reason: OfflineReason) -> Self {
        Self::Client(match reason {
            OfflineReason::Unreachable => ClientFailure::Unreachable,
            OfflineReason::NotDeskbell => ClientFailure::NotDeskbell,
            OfflineReason::Certificate => ClientFailure::Certificate,
            OfflineReason::Proxy => ClientFailure::Proxy,
            OfflineReason::ProxyPassword => ClientFailure::ProxyPassword,
            OfflineReason::ServerUnavailable => return Self::Server(ErrorCode::Unavailable),
            OfflineReason::VersionMismatch => return Self::Server(ErrorCode::ClientTooOld),
        })
    }
}

/// A failure without numbers.
#[must_use]
pub fn failure(code: FailureCode) -> Failure {
    Failure {
        code,
        attempts_left: None,
        retry_after_seconds: None,
    }
}

impl From<ClientFailure> for Failure {
    fn from(code: ClientFailure) -> Self {
        failure(FailureCode::Client(code))
    }
}

/// The HTTP client tells only in words what went wrong below it.
fn transport_reason(error: &reqwest::Error) -> OfflineReason {
    let mut words = String::new();
    let mut source: Option<&dyn Error> = Some(error);
    while let Some(error) = source {
        words.push_str(&format!("{error} {error:?} ").to_ascii_lowercase());
        source = error.source();
    }
    if [
        "certificate",
        "unknownissuer",
        "handshakefailure",
        "alertreceived",
    ]
    .iter()
    .any(|word| words.contains(word))
    {
        OfflineReason::Certificate
    } else if words.contains("proxy authorization") {
        OfflineReason::ProxyPassword
    } else if words.contains("tunnel") {
        OfflineReason::Proxy
    } else if error.is_decode()
        || words.contains("invalid http")
        || words.contains("invalidmessage")
        || words.contains("parse(")
    {
        OfflineReason::NotDeskbell
    } else {
        OfflineReason::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REC-11: what is refused for good, what is tried again, what waits for a sign-in.
    #[test]
    fn refusals_are_told_apart_from_what_passes() {
        let fate = |status| {
            let code = ErrorCode::Unknown;
            let refusal = Refusal {
                status,
                code,
                attempts_left: None,
                retry_after_seconds: Some(7),
            };
            ApiError::Refused(refusal).fate()
        };
        for status in [403, 404, 409, 413, 415, 422] {
            assert_eq!(fate(status), Fate::Never(ErrorCode::Unknown), "{status}");
        }
        for status in [408, 429, 500, 502, 503, 504] {
            assert_eq!(
                fate(status),
                Fate::Again(Some(Duration::from_secs(7))),
                "{status}"
            );
        }
        assert_eq!(fate(401), Fate::SignInFirst(ErrorCode::Unknown));
        assert_eq!(
            ApiError::Unheard(OfflineReason::Unreachable).fate(),
            Fate::Again(None)
        );
    }

    #[test]
    fn a_portals_page_is_not_deskbell_and_a_proxys_503_is_an_unavailable_server() {
        let page = b"<html>Log in to the Wi-Fi</html>";
        let reason = |status| ApiError::from_answer(status, None, page).offline_reason();
        assert_eq!(reason(302), OfflineReason::NotDeskbell);
        assert_eq!(reason(403), OfflineReason::NotDeskbell);
        assert_eq!(reason(511), OfflineReason::ServerUnavailable);
        assert_eq!(reason(503), OfflineReason::ServerUnavailable);
        assert_eq!(reason(407), OfflineReason::ProxyPassword);
    }
}
