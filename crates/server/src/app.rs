//! What every part of the server shares, and how it is put together and started.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::feed::{Feed, FeedSettings};
use crate::http;
use crate::identity::Identity;
use crate::store::Store;

/// What every part of the server shares. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who listens, and how they are woken.
    pub feed: Feed,
    /// What sign-in shares.
    pub identity: Arc<Identity>,
    /// Whose turn it is to search through texts.
    pub searches: Arc<Semaphore>,
    /// What the operator chose.
    pub settings: Arc<Settings>,
}

/// What the core needs to know of the operator's configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The origins under which browsers reach this server, `https://support.example`; requests that
    /// carry a cookie must come from one of them.
    pub origins: Vec<String>,
    /// Whether people reach it over TLS, here or at the proxy in front.
    pub tls: bool,
    /// Whether codes can be sent by text message.
    pub sms: bool,
    /// The feed's times and sizes.
    pub feed: FeedSettings,
}

impl Settings {
    /// For a server that only this machine reaches, at this address.
    #[must_use]
    pub fn local(address: SocketAddr) -> Self {
        let port = address.port();
        Self {
            origins: vec![
                format!("http://{address}"),
                format!("http://localhost:{port}"),
                format!("http://127.0.0.1:{port}"),
            ],
            tls: false,
            sms: true,
            feed: FeedSettings::default(),
        }
    }
}

impl App {
    /// Puts the parts together and starts what runs beside the requests: the feed's watch over
    /// sessions, silence and old events.
    #[must_use]
    pub fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        settings: Settings,
        identity: Identity,
    ) -> Self {
        let feed = Feed::start(store.clone(), Arc::clone(&clock), settings.feed.clone());
        Self {
            store,
            clock,
            feed,
            identity: Arc::new(identity),
            searches: Arc::new(Semaphore::new(1)),
            settings: Arc::new(settings),
        }
    }

    /// Everything this server answers, ready to be served.
    pub fn router(&self) -> Router {
        http::router(self.clone())
    }

    /// Lets every feed go (close code 1012) and closes the database.
    pub async fn shut_down(&self) {
        self.feed.shut_down().await;
        self.store.close().await;
    }
}
