//! From the start of the process to its icon and to its live feed.

use std::time::Instant;

use anyhow::Result;
use deskbell_testing::{desktop::Setup, port::Port};
use deskbell_tests::server::Server;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
};

use crate::{
    report::{Figure, median},
    stage::Stage,
};

const RUNS: usize = 11;

pub async fn measure() -> Result<Vec<Figure>> {
    let server = Server::demo().await?;
    let (listener, port) = (Port::take()?, server.address());
    let address = listener.address();
    let (hello, mut hellos) = mpsc::unbounded_channel();
    let window = TcpListener::bind(address).await?;
    let passing = tokio::spawn(pass_on(window, port, hello));
    let stage = Stage::set_before(Setup::default(), server, format!("http://{address}")).await?;
    let (mut icon, mut live) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        while hellos.try_recv().is_ok() {}
        let begin = Instant::now();
        let mut client = stage.start_client().await?;
        icon.push(begin.elapsed().as_secs_f64());
        if let Some(at) = hellos.recv().await {
            live.push(at.duration_since(begin).as_secs_f64());
        }
        client.end().await?;
    }
    passing.abort();
    Ok(vec![
        Figure::promised("start to icon in the tray", median(&icon), "s", 0.25, RUNS),
        Figure::promised("start to live feed", median(&live), "s", 0.5, RUNS),
    ])
}

/// Passes bytes between client and server, and tells when the server greets a feed.
async fn pass_on(
    window: TcpListener,
    server: std::net::SocketAddr,
    hello: mpsc::UnboundedSender<Instant>,
) {
    while let Ok((client, _)) = window.accept().await {
        let Ok(server) = TcpStream::connect(server).await else {
            continue;
        };
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::spawn(copy(from_client, to_server, None));
        tokio::spawn(copy(from_server, to_client, Some(hello.clone())));
    }
}

async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    hello: Option<mpsc::UnboundedSender<Instant>>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer).await {
        let bytes = buffer.get(..length).unwrap_or_default();
        if bytes.is_empty() || to.write_all(bytes).await.is_err() {
            return;
        }
        let greets = String::from_utf8_lossy(bytes).contains("\"type\":\"hello\"");
        if let Some(hello) = hello.as_ref().filter(|_| greets) {
            let _ = hello.send(Instant::now());
        }
    }
}
