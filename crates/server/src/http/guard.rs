//! Who may call a handler: taken as an argument, these let only the right ones in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use deskbell_protocol::{AccountId, ErrorCode, Role};

use super::cookie;
use super::origin::{self, Credential, Intent};
use crate::app::App;
use crate::identity::Place;
use crate::identity::session::{self, Session};
use crate::refusal::Refusal;

/// Anyone who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session that asks.
    pub session: Session,
}

/// An employee of an organization.
#[derive(Debug, Clone)]
pub struct Requester {
    /// The session that asks.
    pub session: Session,
}

/// A technician or admin.
#[derive(Debug, Clone)]
pub struct Technician {
    /// The session that asks.
    pub session: Session,
}

/// An admin.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The session that asks.
    pub session: Session,
}

/// Anyone who is signed in, in a call that a page makes by itself: no sign that somebody is there.
#[derive(Debug, Clone)]
pub struct Unattended {
    /// The session that asks.
    pub session: Session,
}

/// Who opens the feed; the origin is held to the stricter rule of an upgrade.
#[derive(Debug, Clone)]
pub struct Listener {
    /// The session that asks.
    pub session: Session,
}

macro_rules! guards {
    ($($guard:ident { $($allowed:path)|+ })*) => {$(
        impl $guard {
            /// Whose session it is.
            #[must_use]
            pub fn account_id(&self) -> AccountId {
                self.session.account.id
            }
        }

        impl FromRequestParts<App> for $guard {
            type Rejection = Refusal;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
                let intent = Intent::of(&parts.method);
                let session = signed_in(parts, app, intent).await?;
                if intent == Intent::Change {
                    session::touch(app, &session, Some(&Place::of(parts))).await?;
                } else {
                    used_by_itself(parts, app, &session).await?;
                }
                if matches!(session.account.role, $($allowed)|+) {
                    return Ok(Self { session });
                }
                Err(Refusal::new(ErrorCode::Forbidden, "Your role does not allow this."))
            }
        }
    )*};
}

guards! {
    SignedIn { Role::Requester | Role::Technician | Role::Admin }
    Requester { Role::Requester }
    Technician { Role::Technician | Role::Admin }
    Admin { Role::Admin }
}

macro_rules! unattended {
    ($($guard:ident: $intent:expr)*) => {$(
        impl FromRequestParts<App> for $guard {
            type Rejection = Refusal;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
                let session = signed_in(parts, app, $intent).await?;
                used_by_itself(parts, app, &session).await?;
                Ok(Self { session })
            }
        }
    )*};
}

unattended! {
    Unattended: Intent::Change
    Listener: Intent::Feed
}

async fn signed_in(parts: &Parts, app: &App, intent: Intent) -> Result<Session, Refusal> {
    let Some((credential, token)) = credential(&parts.headers) else {
        return Err(Refusal::new(ErrorCode::NotSignedIn, "Sign in first."));
    };
    let session = session::find(app, token).await?;
    origin::check(&app.settings, &parts.headers, credential, intent)?;
    Ok(session)
}

/// A client in the tray is in use while it runs; a technician's session lives from what they do, not
/// from a console that was left open.
async fn used_by_itself(parts: &Parts, app: &App, session: &Session) -> Result<(), Refusal> {
    if session.account.role == Role::Requester {
        session::touch(app, session, Some(&Place::of(parts))).await?;
    }
    Ok(())
}

/// The token a request carries, and how.
#[must_use]
pub fn credential(headers: &HeaderMap) -> Option<(Credential, &str)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        let bearer = scheme.eq_ignore_ascii_case("Bearer");
        return bearer.then_some((Credential::Bearer, token.trim()));
    }
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == cookie::NAME).then_some(value)
    });
    pairs.next().map(|token| (Credential::Cookie, token))
}
