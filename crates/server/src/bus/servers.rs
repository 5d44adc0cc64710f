//! Where the NATS servers are, and how this server proves that it belongs there.

use std::path::PathBuf;
use std::time::Duration;

use async_nats::{ConnectOptions, Event};
use tokio::sync::mpsc::UnboundedSender;

/// A connection that answers no ping is given up after three of these.
const PING: Duration = Duration::from_secs(2);
const CONNECT: Duration = Duration::from_secs(3);
const LONGEST_PAUSE_MILLIS: u64 = 2_000;

/// The NATS servers of one cluster.
#[derive(Clone)]
pub struct Servers {
    /// Their addresses, `nats://host:4222` or `tls://host:4222`.
    pub addresses: Vec<String>,
    /// Name and password, if they ask for them.
    pub user: Option<(String, String)>,
    /// The text of a `.creds` file, if they ask for one.
    pub credentials: Option<String>,
    /// A PEM file with the authority that signed their certificates, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl std::fmt::Debug for Servers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Servers").finish_non_exhaustive()
    }
}

impl Servers {
    /// How to connect: now or later, again and again, with `events` told of what happens.
    ///
    /// # Errors
    /// When the credentials make no sense.
    pub(super) fn options(
        &self,
        events: UnboundedSender<Event>,
    ) -> std::io::Result<ConnectOptions> {
        let mut options = ConnectOptions::new()
            .name("deskbell-server")
            .no_echo()
            .ping_interval(PING)
            .connection_timeout(CONNECT)
            .retry_on_initial_connect()
            .reconnect_delay_callback(pause)
            .event_callback(move |event| {
                // Who listens has ended when this fails.
                let _ = events.send(event);
                std::future::ready(())
            });
        if let Some((user, password)) = &self.user {
            options = options.user_and_password(user.clone(), password.clone());
        }
        if let Some(credentials) = &self.credentials {
            options = options.credentials(credentials)?;
        }
        if let Some(file) = &self.ca_file {
            options = options.add_root_certificates(file.clone());
        }
        Ok(options)
    }
}

fn pause(attempts: usize) -> Duration {
    let attempts = u64::try_from(attempts).unwrap_or(u64::MAX);
    let millis = attempts.saturating_sub(1).saturating_mul(100);
    Duration::from_millis(millis.min(LONGEST_PAUSE_MILLIS))
}
