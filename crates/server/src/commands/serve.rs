//! `serve`: the server of a configuration file.

use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;

use super::workplace::Workplace;
use crate::app::{App, Settings};
use crate::bus;
use crate::config::{self, Config};
use crate::delivery::{Carriers, secret};
use crate::feed::FeedSettings;
use crate::identity::{Identity, TextMessages};
use crate::listen::{self, Door, tls};
use crate::log;
use crate::site::{Site, asked_to_end};
use crate::store::Purpose;

pub async fn run(config: &Config) -> Result<()> {
    log::start(&config.log);
    let carriers = Carriers::configured(config)?;
    let door = door(config)?;
    let settings = settings(config)?;
    let Workplace { store, key, clock } = Workplace::open(config, Purpose::Serve).await?;
    let identity = Identity::new(key, config.sms.as_ref().map(TextMessages::from_settings));
    let app = App::new(store, clock, settings, identity);
    let listener = listen::bind(config.listen)
        .with_context(|| format!("cannot listen on {}: is it taken?", config.listen))?;
    let stop = asked_to_end();
    tracing::info!(address = %listener.local_addr()?, url = %config.public_url, "serving");
    let site = Site {
        app,
        carriers,
        listener,
        door,
        beside: Router::new(),
    };
    site.run(stop).await;
    Ok(())
}

/// How connections are taken.
pub fn door(config: &Config) -> Result<Door> {
    Ok(Door {
        tls: config.tls.as_ref().map(tls::acceptor).transpose()?,
        trusted: config.trusted_proxies().to_vec(),
        connections_per_ip: Some(config.connections_per_ip),
    })
}

fn settings(config: &Config) -> Result<Settings> {
    let metrics = config.metrics.as_ref();
    let token =
        metrics.map(|metrics| secret(metrics.token.as_ref(), metrics.token_file.as_deref()));
    Ok(Settings {
        origins: vec![config.public_url.origin().ascii_serialization()],
        tls: config.public_url.scheme() == "https",
        sms: config.sms.is_some(),
        feed: FeedSettings::default(),
        bus: config.bus.as_ref().map(bus_servers).transpose()?,
        metrics_token: token.transpose()?.flatten(),
        drain: Duration::from_secs(config.drain_seconds),
    })
}

fn bus_servers(bus: &config::Bus) -> Result<bus::Servers> {
    let password = secret(bus.password.as_ref(), bus.password_file.as_deref())?;
    Ok(bus::Servers {
        addresses: bus.servers.clone(),
        user: bus.user.clone().zip(password),
        credentials: secret(None, bus.credentials_file.as_deref())?,
        ca_file: bus.ca_file.clone(),
    })
}
