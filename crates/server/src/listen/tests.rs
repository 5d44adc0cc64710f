use axum::extract::Extension;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

use super::*;

async fn open(door: Door) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let whoami = |Extension(ClientIp(ip)): Extension<ClientIp>| async move { ip.to_string() };
    let router = Router::new().route("/", get(whoami));
    let (stop, stopped) = oneshot::channel();
    let stopped = async move { drop(stopped.await) };
    (
        address,
        stop,
        tokio::spawn(serve(listener, router, door, stopped)),
    )
}

async fn ask(address: SocketAddr, head: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_client_behind_a_trusted_proxy_is_seen() {
    let door = Door {
        trusted: vec!["127.0.0.0/8".parse().unwrap()],
        ..Door::default()
    };
    let (address, _stop, _serving) = open(door).await;
    let head =
        "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n";
    assert!(ask(address, head).await.ends_with("203.0.113.9"));
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    let (address, _stop, _serving) = open(Door::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost:").await.unwrap();
    let mut rest = Vec::new();
    let within = Duration::from_secs(REQUEST_HEAD_SECONDS + 5);
    let closed = timeout(within, stream.read_to_end(&mut rest)).await;
    assert!(
        closed.is_ok(),
        "the connection with half a head is still open after {within:?}"
    );
}

#[tokio::test]
async fn one_connection_too_many_is_closed_at_once() {
    let door = Door {
        connections_per_ip: Some(1),
        ..Door::default()
    };
    let (address, _stop, _serving) = open(door).await;
    let _held = TcpStream::connect(address).await.unwrap();
    let mut refused = TcpStream::connect(address).await.unwrap();
    assert_eq!(refused.read(&mut [0; 8]).await.unwrap_or(0), 0);
}

#[tokio::test]
async fn stopping_ends_idle_connections() {
    let (address, stop, serving) = open(Door::default()).await;
    let mut idle = TcpStream::connect(address).await.unwrap();
    let head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    idle.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 512];
    assert!(idle.read(&mut answer).await.unwrap() > 0);
    stop.send(()).unwrap();
    timeout(Duration::from_secs(5), serving)
        .await
        .expect("the server does not end")
        .unwrap();
}

/// WS-03.
#[test]
fn without_tls_only_this_machine_and_the_proxy_are_let_in() {
    let door = Door::default();
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    assert!(door.admits(ip("127.0.0.1"), false) && door.admits(ip("::1"), false));
    assert!(door.admits(ip("10.0.0.5"), true));
    assert!(!door.admits(ip("10.0.0.6"), false));
}
