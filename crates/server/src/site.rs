//! A server at work: the accept loop, the postman and the sweeper, until it is told to stop.

use std::future::Future;

use axum::Router;
use tokio::net::TcpListener;

use crate::app::App;
use crate::delivery::{self, Carriers};
use crate::http;
use crate::identity::sweep;
use crate::listen::{self, Door};

/// Everything that runs.
pub struct Site {
    /// What every part shares.
    pub app: App,
    /// What brings codes to people.
    pub carriers: Carriers,
    /// Where connections come in.
    pub listener: TcpListener,
    /// How they are taken.
    pub door: Door,
    /// Routes beside the app's own.
    pub beside: Router,
}

impl Site {
    /// Serves until `stop` resolves; then goes on for a moment as not ready, so that a proxy finds
    /// another server; then feeds are let go (1012), requests under way finish, and the database is
    /// closed.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self {
            app,
            carriers,
            listener,
            door,
            beside,
        } = self;
        let postman = tokio::spawn(delivery::worker::run(app.clone(), carriers));
        let sweeper = tokio::spawn(sweep::run(app.clone()));
        let ending = app.clone();
        let stop = async move {
            stop.await;
            tracing::info!("stopping");
            ending.draining.begin();
            tokio::time::sleep(ending.settings.drain).await;
            ending.feed.shut_down().await;
        };
        listen::serve(
            listener,
            beside.merge(http::router(app.clone())),
            door,
            stop,
        )
        .await;
        postman.abort();
        sweeper.abort();
        app.shut_down().await;
    }
}

/// Listens from now on for the wish that the process ends, SIGTERM or Ctrl-C; resolves when it comes.
pub fn asked_to_end() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())
    };
    async move {
        #[cfg(unix)]
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}
