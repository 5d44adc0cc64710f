//! TLS as operators switch it on: two files, and nothing in clear beside it.

use anyhow::{Context, Result, ensure};
use deskbell_testing::folder::private_folder;
use deskbell_testing::mail::certificate;
use deskbell_testing::port::Port;
use deskbell_testing::process::{Process, Program};
use reqwest::{Certificate, Client};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A server with a certificate for `localhost`.
struct Secure {
    _server: Process,
    folder: TempDir,
    port: Port,
}

impl Secure {
    async fn start() -> Result<Self> {
        let (folder, port) = (private_folder()?, Port::take()?);
        certificate::make(folder.path())?;
        let path = |name| format!("{:?}", folder.path().join(name).display().to_string());
        let text = format!(
            "listen = \"{}\"\npublic_url = \"https://localhost:{}\"\ndata_dir = {}\n\
             [tls]\ncertificate = {}\nkey = {}\n",
            port.address(),
            port.number(),
            path("data"),
            path(certificate::CHAIN),
            path(certificate::KEY)
        );
        std::fs::write(folder.path().join("server.toml"), text)?;
        let mut server = Program::new(env!("CARGO_BIN_EXE_deskbell-server"), folder.path())
            .args(["serve", "--config"])
            .arg(folder.path().join("server.toml"))
            .env_remove("DESKBELL_CONFIG")
            .start()?;
        let ready = server.ready("the server to answer", async || port.answers().await);
        ready.await?;
        Ok(Self {
            _server: server,
            folder,
            port,
        })
    }

    fn url(&self) -> String {
        format!("https://localhost:{}/v1/server", self.port.number())
    }

    /// What comes back for these bytes until the connection ends.
    async fn answer_to(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.port.address()).await?;
        stream.write_all(bytes).await?;
        let mut answer = Vec::new();
        // A reset is an end as well.
        let _ = stream.read_to_end(&mut answer).await;
        Ok(answer)
    }
}

#[tokio::test]
async fn who_trusts_the_certificate_gets_through_and_nobody_else() -> Result<()> {
    let server = Secure::start().await?;
    let authority = std::fs::read(server.folder.path().join(certificate::CA))?;
    let trusting = Client::builder()
        .no_proxy()
        .add_root_certificate(Certificate::from_pem(&authority)?)
        .build()?;
    let answer = trusting.get(server.url()).send().await?;
    ensure!(answer.status() == 200, "{answer:?}");
    let hsts = answer.headers().get("strict-transport-security");
    ensure!(hsts.is_some(), "browsers are not told to stay with TLS");

    let stranger = Client::builder().no_proxy().build()?;
    let error = stranger.get(server.url()).send().await;
    let error = error.err().context("an unknown authority was believed")?;
    ensure!(error.is_connect(), "{error:?}");
    Ok(())
}

/// WS-03
#[tokio::test]
async fn nothing_is_spoken_in_clear_beside_tls() -> Result<()> {
    let server = Secure::start().await?;
    let answer = server
        .answer_to(b"GET /v1/server HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await?;
    let text = String::from_utf8_lossy(&answer);
    ensure!(!text.contains("HTTP/"), "it answered in clear: {text}");
    Ok(())
}

/// A ClientHello of TLS 1.1 with a cipher suite of its time.
const OLD_HELLO: &[u8] = &[
    0x16, 0x03, 0x01, 0x00, 0x2f, // A handshake record …
    0x01, 0x00, 0x00, 0x2b, // … with a ClientHello
    0x03, 0x02, // of TLS 1.1,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    0x00, // no session,
    0x00, 0x04, 0xc0, 0x13, 0x00, 0x2f, // two cipher suites,
    0x01, 0x00, // no compression.
];

#[tokio::test]
async fn tls_older_than_1_2_is_refused() -> Result<()> {
    let server = Secure::start().await?;
    let answer = server.answer_to(OLD_HELLO).await?;
    // An alert: fatal, protocol version or handshake failure.
    ensure!(answer.first() == Some(&0x15), "{answer:?}");
    ensure!(matches!(answer.last(), Some(70 | 40)), "{answer:?}");
    Ok(())
}
