//! What every part of the server shares, and how it is put together and started.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::bus::{self, Bus};
use crate::clock::Clock;
use crate::conversations::Writer;
use crate::feed::{Feed, FeedSettings};
use crate::health::{Draining, Health};
use crate::identity::Identity;
use crate::metrics::Metrics;
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
    /// Writes messages down.
    pub writer: Writer,
    /// What sign-in shares.
    pub identity: Arc<Identity>,
    /// Whose turn it is to search through texts.
    pub searches: Arc<Semaphore>,
    /// What is counted as it happens.
    pub metrics: Metrics,
    /// Whether the server is about to end.
    pub draining: Arc<Draining>,
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
    /// What other servers on the same database are reached through, if there are any.
    pub bus: Option<bus::Servers>,
    /// What who reads `/metrics` must show; nobody may without.
    pub metrics_token: Option<String>,
    /// How long the server goes on, not ready, after it was told to end.
    pub drain: Duration,
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
            bus: None,
            metrics_token: None,
            drain: Duration::ZERO,
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
        let bus = match &settings.bus {
            None => (Bus::Alone, None),
            Some(servers) => {
                let (bus, heard) = Bus::through(servers.clone(), store.epoch(), clock.id());
                (bus, Some(heard))
            }
        };
        let feed = Feed::start(
            store.clone(),
            Arc::clone(&clock),
            settings.feed.clone(),
            bus,
        );
        let writer = Writer::start(store.clone(), Arc::clone(&clock), feed.clone());
        Self {
            store,
            clock,
            feed,
            writer,
            identity: Arc::new(identity),
            searches: Arc::new(Semaphore::new(1)),
            metrics: Metrics::default(),
            draining: Arc::default(),
            settings: Arc::new(settings),
        }
    }

    /// How this server does.
    #[must_use]
    pub fn health(&self) -> Health {
        Health::of(&self.feed, &self.draining)
    }

    /// Lets every feed go (close code 1012) and closes the database.
    pub async fn shut_down(&self) {
        self.feed.shut_down().await;
        self.store.close().await;
    }
}
