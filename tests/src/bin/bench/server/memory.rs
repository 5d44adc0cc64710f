//! What an idle client costs the server, without TLS.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use deskbell_tests::server::Server;
use futures_util::{SinkExt as _, StreamExt as _, TryStreamExt as _, stream};
use tokio::{net::TcpStream, time::sleep};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use super::{
    crowd::{Crowd, Role, SOCKETS_EACH},
    database,
};
use crate::{
    report::{Figure, median},
    usage,
};

/// What is promised at this many is promised in the README.
const PROMISED_AT: usize = 5000;
const RUNS: usize = 3;
const SETTLED: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<TcpStream>;

/// Memory for each client when so many are connected.
pub async fn measure(counts: &[usize]) -> Result<Vec<Figure>> {
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(of_a_new_server(counts).await?);
    }
    let figure = |(place, count): (usize, &usize)| {
        let each: Vec<f64> = runs
            .iter()
            .filter_map(|run| run.get(place).copied())
            .collect();
        let name = format!("server memory per idle client at {count}");
        let figure = Figure::new(name, median(&each), "KiB", RUNS);
        match *count {
            PROMISED_AT => figure.at_most(10.0),
            _ => figure,
        }
    };
    Ok(counts.iter().enumerate().map(figure).collect())
}

/// KiB for each client, at each of the counts.
async fn of_a_new_server(counts: &[usize]) -> Result<Vec<f64>> {
    let server = Server::set_up("connections_per_ip = 20000\n", super::NOBODY, None).await?;
    let most = counts.iter().copied().max().unwrap_or_default();
    let mut crowd = Crowd::at(&database(&server)).await?;
    let tokens = crowd.people(Role::Requester, most / SOCKETS_EACH).await?;
    let address = server.address();
    // What the first connections make the server load is not theirs.
    drop(connect_all(address, tokens.get(..50).context("tokens")?).await?);
    sleep(SETTLED).await;
    let before = usage::pss_kib(server.id())?;
    let (mut sockets, mut each) = (Vec::new(), Vec::new());
    for count in counts.iter().copied() {
        let tokens = tokens.get(sockets.len()..count).context("tokens")?;
        sockets.extend(connect_all(address, tokens).await?);
        sleep(SETTLED).await;
        let taken = usage::pss_kib(server.id())?.saturating_sub(before);
        each.push(f64::from(taken) / f64::from(u32::try_from(count)?));
    }
    Ok(each)
}

/// Clients that have said hello and been greeted.
pub async fn connect_all(address: SocketAddr, tokens: &[String]) -> Result<Vec<Socket>> {
    let connections = tokens.iter().map(|token| connect(address, token));
    stream::iter(connections)
        .buffer_unordered(50)
        .try_collect()
        .await
}

/// A client that has said hello and been greeted.
async fn connect(address: SocketAddr, token: &str) -> Result<Socket> {
    let mut request = format!("ws://{address}/v1/feed").into_client_request()?;
    request
        .headers_mut()
        .insert("authorization", format!("Bearer {token}").parse()?);
    let (mut socket, _) = client_async(request, TcpStream::connect(address).await?)
        .await
        .context("the feed")?;
    socket
        .send(Message::text(r#"{"type":"hello","cursor":null}"#))
        .await?;
    socket.next().await.context("no greeting")??;
    Ok(socket)
}
