//! From the start of the process to its icon and to its live feed, and what a bare tray icon takes.

use std::time::Instant;

use anyhow::{Context, Result};
use deskbell_testing::{
    desktop::{Desktop, Setup},
    port::Port,
    process::{Process, Program},
};
use deskbell_tests::{programs, server::Server};
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
const ICON: &str = "start to icon in the tray";
pub const LIVE: &str = "start to live feed";
/// How the example of the client's package is called in the figures.
pub const BARE: &str = "a bare Tauri tray";

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
        icon.push(seconds_to_icon(&stage.desktop, begin)?);
        if let Some(at) = hellos.recv().await {
            live.push(at.duration_since(begin).as_secs_f64());
        }
        client.end().await?;
        stage.wait_for_end().await?;
    }
    passing.abort();
    let bare = bare(&stage.desktop).await?;
    Ok(vec![
        Figure::new(ICON, median(&icon), "s", RUNS).at_most(0.25),
        Figure::new(BARE, bare, "s", RUNS).beside(ICON),
        Figure::new(LIVE, median(&live), "s", RUNS).at_most(0.5),
    ])
}

fn seconds_to_icon(desktop: &Desktop, begin: Instant) -> Result<f64> {
    let at = desktop.tray.newest_at().context("no icon")?;
    Ok(at.duration_since(begin).as_secs_f64())
}

async fn bare(desktop: &Desktop) -> Result<f64> {
    let mut icon = Vec::new();
    for _ in 0..RUNS {
        let begin = Instant::now();
        let _running = start_bare(desktop).await?;
        icon.push(seconds_to_icon(desktop, begin)?);
    }
    Ok(median(&icon))
}

/// Starts the bare tray and waits for its icon.
pub async fn start_bare(desktop: &Desktop) -> Result<Process> {
    start(desktop, desktop.program(&programs::bare_tray()?)).await
}

/// Starts a program and waits for its icon.
pub async fn start(desktop: &Desktop, program: Program) -> Result<Process> {
    let before = desktop.tray.count();
    let mut process = program.start()?;
    process
        .ready("an icon", async || {
            let registered = desktop.tray.count() > before;
            registered.then_some(()).context("not registered")
        })
        .await?;
    Ok(process)
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
