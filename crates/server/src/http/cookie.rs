//! The cookie that carries a technician's token.

use axum::http::HeaderValue;
use deskbell_protocol::limits::KNOWN_DEVICE_SECONDS;

use crate::identity::Token;
use crate::store::Error;

/// Its name.
pub const NAME: &str = "__Host-sid";

/// Carries this token. It outlives the session, by which the browser is known when they sign in again.
///
/// # Errors
/// Never for a token of ours.
pub fn carrying(token: &Token) -> Result<HeaderValue, Error> {
    let text = format!(
        "{NAME}={}; Path=/; Max-Age={KNOWN_DEVICE_SECONDS}; Secure; HttpOnly; SameSite=Strict",
        token.0
    );
    let mut value = HeaderValue::try_from(text).map_err(|_| Error::Corrupt { what: "token" })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Takes it back.
#[must_use]
pub fn taken_back() -> HeaderValue {
    HeaderValue::from_static("__Host-sid=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SES-08.
    #[test]
    fn the_cookie_is_for_this_host_and_no_script() {
        let token = Token("abc".to_owned());
        let value = carrying(&token).unwrap();
        assert_eq!(
            value.to_str().unwrap(),
            "__Host-sid=abc; Path=/; Max-Age=2592000; Secure; HttpOnly; SameSite=Strict"
        );
        assert!(!format!("{token:?}{value:?}").contains("abc"));
        let gone = taken_back();
        assert!(gone.to_str().unwrap().starts_with(&format!("{NAME}=;")));
    }
}
