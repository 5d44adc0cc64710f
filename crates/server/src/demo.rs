//! The demo: sample organizations and people, and a page that shows the codes they would be sent.

mod fill;
mod page;
mod sample;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::clock::Clock;
use crate::delivery::Mailbox;
use crate::identity::totp::Authenticator;

pub use fill::fill;

/// Where the page is.
pub const MAILBOX: &str = "/mailbox";

/// Who can sign in.
#[derive(Clone)]
pub struct People {
    /// The requesters' addresses.
    pub requesters: Vec<String>,
    /// The technicians' addresses and authenticators.
    pub authenticators: Vec<(String, Arc<Authenticator>)>,
}

/// What the page shows.
#[derive(Clone)]
pub struct Demo {
    /// The letters.
    pub mailbox: Mailbox,
    /// Who can sign in.
    pub people: People,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where the demo is served.
    pub address: SocketAddr,
}

/// The page's route.
pub fn routes(demo: Demo) -> Router {
    Router::new()
        .route(MAILBOX, get(page::show))
        .with_state(Arc::new(demo))
}
