//! What an idle client costs the server, at 5,000 of them without TLS.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use deskbell_tests::server::Server;
use futures_util::{SinkExt as _, StreamExt as _, TryStreamExt as _, stream};
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;
use tokio::{net::TcpStream, time::sleep};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{report::Figure, usage};

const CLIENTS: u32 = 5000;
/// One person may have five; the sixth ends the first.
const CLIENTS_EACH: u32 = 5;
const SETTLED: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<TcpStream>;

pub async fn measure() -> Result<Vec<Figure>> {
    let server = Server::set_up("connections_per_ip = 10000\n", &people(), None).await?;
    let tokens = sessions(&server).await?;
    let address = server.address();
    // What the first connections make the server load is not theirs.
    drop(connect_all(address, tokens.get(..50).context("tokens")?).await?);
    sleep(SETTLED).await;
    let before = usage::pss_kib(server.id())?;
    let sockets = connect_all(address, &tokens).await?;
    sleep(SETTLED).await;
    let after = usage::pss_kib(server.id())?;
    drop(sockets);
    let each = f64::from(after.saturating_sub(before)) / f64::from(CLIENTS);
    Ok(vec![Figure::promised(
        "server memory per idle client at 5,000",
        each,
        "KiB",
        10.0,
        1,
    )])
}

/// As many people as it takes, each with as many clients as one may have.
fn people() -> String {
    let people = CLIENTS / CLIENTS_EACH;
    let lines =
        (0..people).map(|number| format!("Crowd,Person {number},person{number}@crowd.example\n"));
    "organization,name,email\n".to_owned() + &lines.collect::<String>()
}

/// Signed-in sessions, put where signing in would have put them, and their tokens.
async fn sessions(server: &Server) -> Result<Vec<String>> {
    let database = format!("sqlite:{}", server.data().join("deskbell.db").display());
    let mut database = sqlx::SqliteConnection::connect(&database).await?;
    let accounts: Vec<(String, i64)> =
        sqlx::query_as("SELECT id, created_at FROM account WHERE role = 'requester'")
            .fetch_all(&mut database)
            .await?;
    let mut transaction = database.begin().await?;
    let mut tokens = Vec::new();
    for (account, now) in &accounts {
        for number in 0..CLIENTS_EACH {
            let token = format!("{account}-{number}");
            let hash: String = Sha256::digest(&token)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            sqlx::query(
                "INSERT INTO session (id, account_id, token_hash, client, ip, created_at, last_used_at, expires_at)
                 VALUES ($1, $2, $3, 'bench', '127.0.0.1', $4, $4, $4 + 86400000)",
            )
            .bind(uuid::Uuid::from_u64_pair(u64::from(number), tokens.len() as u64).to_string())
            .bind(account)
            .bind(hash)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            tokens.push(token);
        }
    }
    transaction.commit().await?;
    Ok(tokens)
}

async fn connect_all(address: SocketAddr, tokens: &[String]) -> Result<Vec<Socket>> {
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
