//! An HTTP proxy as companies have them: it tunnels, and it may demand a password.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const REFUSED: &[u8] = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
    Proxy-Authenticate: Basic realm=\"company\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// The proxy. It ends with this value.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    work: JoinHandle<()>,
}

impl Proxy {
    /// One whose tunnels all lead to this server, whatever name they are asked for. With a credential,
    /// `Basic …`, it lets nobody through who does not show it.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn before(server: SocketAddr, credential: Option<&'static str>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let asked = Arc::new(Mutex::new(vec![]));
        let notes = Arc::clone(&asked);
        let work = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, server, credential, Arc::clone(&notes)));
            }
        });
        Ok(Self {
            address,
            asked,
            work,
        })
    }

    /// Its host and port.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The heads of all requests so far.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.work.abort();
    }
}

async fn serve(
    mut client: TcpStream,
    server: SocketAddr,
    credential: Option<&'static str>,
    asked: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    let mut head = vec![];
    while !head.ends_with(b"\r\n\r\n") {
        if client.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let shown = |credential: &str| {
        let wanted = format!("proxy-authorization: {credential}");
        head.lines().any(|line| line.eq_ignore_ascii_case(&wanted))
    };
    let may = credential.is_none_or(shown) && head.starts_with("CONNECT ");
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(head);
    if !may {
        client.write_all(REFUSED).await?;
        return client.shutdown().await;
    }
    let mut server = TcpStream::connect(server).await?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await.map(drop)
}
