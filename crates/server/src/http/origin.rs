//! Where a request comes from, as far as a browser tells, and whether that may act for the user.

use axum::http::{HeaderMap, Method, header};
use deskbell_protocol::ErrorCode;

use crate::app::Settings;
use crate::refusal::Refusal;

/// The header that only a script of our own origin can set.
pub const REQUEST_HEADER: &str = "x-deskbell-request";

/// How a request proves who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A token in the `Authorization` header: no browser adds it by itself.
    Bearer,
    /// A cookie, which a browser adds whoever asks.
    Cookie,
}

/// What a request is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// To read.
    Read,
    /// To change something.
    Change,
    /// To open the feed. A browser lets any page try.
    Feed,
}

impl Intent {
    /// What a request with this method does.
    #[must_use]
    pub fn of(method: &Method) -> Self {
        if method.is_safe() {
            Self::Read
        } else {
            Self::Change
        }
    }
}

/// Refuses what another site's page could have sent in the user's name.
///
/// # Errors
/// 403 `foreign_origin`.
pub fn check(
    settings: &Settings,
    headers: &HeaderMap,
    credential: Credential,
    intent: Intent,
) -> Result<(), Refusal> {
    let origin = headers.get(header::ORIGIN);
    let own = origin.is_some_and(|origin| {
        settings
            .origins
            .iter()
            .any(|known| known.as_bytes() == origin.as_bytes())
    });
    let allowed = match (credential, intent) {
        (_, Intent::Read) => true,
        (Credential::Bearer, _) => origin.is_none() || own,
        (Credential::Cookie, Intent::Feed) => own,
        (Credential::Cookie, Intent::Change) => {
            own && headers
                .get(REQUEST_HEADER)
                .is_some_and(|value| value == "1")
        }
    };
    if allowed {
        return Ok(());
    }
    tracing::warn!("a request from a foreign origin was refused");
    let detail = "Send this from the console itself, with X-Deskbell-Request: 1.";
    Err(Refusal::new(ErrorCode::ForeignOrigin, detail))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn outcome(credential: Credential, intent: Intent, pairs: &[(&'static str, &str)]) -> bool {
        let settings = Settings::local("127.0.0.1:8080".parse().unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        check(&settings, &headers, credential, intent).is_ok()
    }

    #[test]
    fn a_cookie_acts_only_from_our_own_pages() {
        let own = ("origin", "http://127.0.0.1:8080");
        let proof = (REQUEST_HEADER, "1");
        assert!(outcome(Credential::Cookie, Intent::Change, &[own, proof]));
        assert!(!outcome(Credential::Cookie, Intent::Change, &[own]));
        assert!(!outcome(Credential::Cookie, Intent::Change, &[proof]));
        assert!(outcome(Credential::Cookie, Intent::Read, &[]));
        assert!(outcome(Credential::Cookie, Intent::Feed, &[own]));
        for foreign in [
            "null",
            "https://evil.example",
            "http://127.0.0.1:8081",
            "http://127.0.0.1",
        ] {
            let foreign = ("origin", foreign);
            assert!(
                !outcome(Credential::Cookie, Intent::Change, &[foreign, proof]),
                "{foreign:?}"
            );
            assert!(
                !outcome(Credential::Cookie, Intent::Feed, &[foreign]),
                "{foreign:?}"
            );
            assert!(
                !outcome(Credential::Bearer, Intent::Feed, &[foreign]),
                "{foreign:?}"
            );
        }
        assert!(!outcome(Credential::Cookie, Intent::Feed, &[]));
    }

    #[test]
    fn a_token_needs_no_origin() {
        assert!(outcome(Credential::Bearer, Intent::Change, &[]));
        assert!(outcome(Credential::Bearer, Intent::Feed, &[]));
    }
}
