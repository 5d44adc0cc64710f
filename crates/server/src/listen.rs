//! The accept loop: connections in, requests to the router, with a limit on everything a stranger
//! could make us wait for or hold.

pub mod forwarded;
mod slots;
pub mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{Request, Response, StatusCode};
use deskbell_protocol::limits::REQUEST_HEAD_SECONDS;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use axum::response::IntoResponse as _;
use slots::{Counted, Slot, Slots};

use crate::refusal::Refusal;

/// The IP address of whoever asks, seen through the trusted proxies. An extension of every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// How connections are taken.
#[derive(Clone, Default)]
pub struct Door {
    /// TLS, unless a proxy does it or only this machine can reach us.
    pub tls: Option<TlsAcceptor>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted: Vec<IpNet>,
    /// Connections one address may have open at a time; `None` for any number.
    pub connections_per_ip: Option<usize>,
}

impl Door {
    /// Without TLS only this machine and the proxy, which does TLS, are let in (WS-03).
    fn admits(&self, ip: IpAddr, trusted: bool) -> bool {
        self.tls.is_some() || trusted || ip.is_loopback()
    }
}

const BACKLOG: u32 = 4096;
const HEAD: Duration = Duration::from_secs(REQUEST_HEAD_SECONDS);
const ANSWER: Duration = Duration::from_secs(60);
const DRAIN: Duration = Duration::from_secs(10);
const HEAD_BYTES: usize = 32 * 1024;
const HEADERS: usize = 64;

/// Listens at this address; port 0 for any.
///
/// # Errors
/// When the address cannot be had.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop` resolves, then lets requests under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    door: Door,
    stop: impl Future<Output = ()>,
) {
    let slots = Slots::new(door.connections_per_ip);
    let entrance = Arc::new(Entrance {
        door,
        router: TowerToHyperService::new(router),
        slots,
    });
    let end = watch::Sender::new(());
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => entrance.admit(stream, peer, end.subscribe()),
                Err(error) => pause(&error).await,
            },
        }
    }
    drop(listener);
    let _ = end.send(());
    if timeout(DRAIN, end.closed()).await.is_err() {
        tracing::warn!("some requests were cut off by the end of the server");
    }
}

/// Out of file handles: time lets some go. Anything else concerns that one connection.
async fn pause(error: &io::Error) {
    if error.kind() != io::ErrorKind::ConnectionAborted {
        tracing::error!(%error, "connections cannot be accepted");
        sleep(Duration::from_millis(100)).await;
    }
}

struct Entrance {
    door: Door,
    router: TowerToHyperService<Router>,
    slots: Slots,
}

impl Entrance {
    fn admit(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr, end: watch::Receiver<()>) {
        let ip = peer.ip().to_canonical();
        let trusted = forwarded::is_trusted(&self.door.trusted, ip);
        if !self.door.admits(ip, trusted) {
            tracing::warn!("a connection in clear that did not come through the proxy was refused");
            return;
        }
        let Some(slot) = self.slots.take(ip, trusted).map(Arc::new) else {
            tracing::warn!("a connection was refused: too many from its address");
            return;
        };
        let entrance = Arc::clone(self);
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            match entrance.door.tls.clone() {
                None => entrance.talk(stream, slot, ip, end).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(HEAD, Box::pin(tls.accept(stream))).await {
                        entrance.talk(stream, slot, ip, end).await;
                    }
                }
            }
        });
    }

    /// One connection's requests, until it is closed or taken over by a feed.
    async fn talk<S>(
        self: &Arc<Self>,
        stream: S,
        slot: Arc<Slot>,
        peer: IpAddr,
        mut end: watch::Receiver<()>,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let entrance = Arc::clone(self);
        let stream = Counted::new(stream, Arc::clone(&slot));
        let service = service_fn(move |request| {
            Arc::clone(&entrance).answer(request, peer, Arc::clone(&slot))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_headers(HEADERS)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = Box::pin(connection);
        // Broken connections are the other side's business.
        tokio::select! {
            _ = connection.as_mut() => {}
            _ = end.changed() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }

    async fn answer(
        self: Arc<Self>,
        mut request: Request<Incoming>,
        peer: IpAddr,
        slot: Arc<Slot>,
    ) -> Result<Response<axum::body::Body>, Infallible> {
        let ip = forwarded::client(&self.door.trusted, peer, request.headers());
        request.extensions_mut().insert(ClientIp(ip));
        let answered = timeout(ANSWER, self.router.call(request)).await;
        let response = answered.unwrap_or_else(|_| Ok(Refusal::unavailable().into_response()))?;
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            // From here on the limit of sockets per account holds.
            slot.give_back();
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests;
