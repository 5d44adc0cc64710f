//! As much IMAP (RFC 9051) over TLS as reading an inbox takes.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::{Context, Result, bail};
use mail_parser::MessageParser;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// A mail as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// Everything, headers included, as it was delivered.
    pub source: String,
}

/// All mails in the inbox, oldest first.
pub async fn inbox(
    server: SocketAddr,
    ca: &Path,
    user: &str,
    password: &str,
) -> Result<Vec<Email>> {
    let mut session = Session::open(server, ca).await?;
    session
        .command(&format!("LOGIN \"{user}\" \"{password}\""))
        .await?;
    session.command("SELECT INBOX").await?;
    let letters = session.command("UID FETCH 1:* (BODY.PEEK[])").await?;
    letters.iter().map(|letter| read(letter)).collect()
}

fn read(letter: &[u8]) -> Result<Email> {
    let mail = MessageParser::default()
        .parse(letter)
        .context("a mail that cannot be read")?;
    Ok(Email {
        subject: mail.subject().unwrap_or_default().to_owned(),
        text: mail.body_text(0).unwrap_or_default().into_owned(),
        source: String::from_utf8_lossy(letter).into_owned(),
    })
}

struct Session {
    stream: BufReader<TlsStream<TcpStream>>,
}

impl Session {
    async fn open(server: SocketAddr, ca: &Path) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(ca).context("the authority's certificate")?)?;
        let tls = ClientConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
        let stream = TcpStream::connect(server).await?;
        let name = ServerName::try_from("localhost")?;
        let stream = TlsConnector::from(Arc::new(tls))
            .connect(name, stream)
            .await?;
        let mut session = Self {
            stream: BufReader::new(stream),
        };
        session.line().await?;
        Ok(session)
    }

    /// Sends a command and gives the literals of its answer.
    async fn command(&mut self, command: &str) -> Result<Vec<Vec<u8>>> {
        self.stream
            .write_all(format!("a {command}\r\n").as_bytes())
            .await?;
        self.stream.flush().await?;
        let mut literals = Vec::new();
        loop {
            let line = self.line().await?;
            if let Some(size) = literal_size(&line) {
                let mut literal = vec![0; size];
                self.stream.read_exact(&mut literal).await?;
                literals.push(literal);
            } else if line.starts_with("a OK") {
                return Ok(literals);
            } else if line.starts_with("a ") {
                bail!("Dovecot answered {line:?}");
            }
        }
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            bail!("Dovecot hung up");
        }
        Ok(line)
    }
}

/// The size announced at the end of a line: `… {123}`.
fn literal_size(line: &str) -> Option<usize> {
    line.trim_end()
        .strip_suffix('}')?
        .rsplit_once('{')?
        .1
        .parse()
        .ok()
}
