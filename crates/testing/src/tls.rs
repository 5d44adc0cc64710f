//! HTTPS before a server that speaks HTTP, with a certificate for `localhost` from an authority that
//! nobody trusts yet.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{folder::private_folder, mail::certificate};

/// Passes on what comes over TLS, for its life.
#[derive(Debug)]
pub struct Tls {
    address: SocketAddr,
    authority: Vec<u8>,
    authority_pem: String,
    work: [JoinHandle<()>; 2],
}

impl Tls {
    /// Starts before this server.
    ///
    /// # Errors
    /// When no certificate can be made or nothing can be listened on.
    pub async fn before(server: SocketAddr) -> Result<Self> {
        let folder = private_folder()?;
        let list = TcpListener::bind("127.0.0.1:0").await?;
        let place = format!("http://{}/{}", list.local_addr()?, certificate::REVOKED);
        certificate::make_with_list_at(folder.path(), place)?;
        let file = |name| folder.path().join(name);
        let chain = CertificateDer::pem_file_iter(file(certificate::CHAIN))?;
        let chain: Vec<_> = chain.collect::<Result<_, _>>()?;
        let key = PrivateKeyDer::from_pem_file(file(certificate::KEY))?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        let authority = CertificateDer::from_pem_file(file(certificate::CA))?.to_vec();
        let authority_pem = std::fs::read_to_string(file(certificate::CA))?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let revoked = std::fs::read(file(certificate::REVOKED))?;
        let listing = tokio::spawn(async move {
            while let Ok((connection, _)) = list.accept().await {
                let _ = hand_out(connection, &revoked).await;
            }
        });
        let passing = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(pass_on(acceptor.clone(), connection, server));
            }
        });
        Ok(Self {
            address,
            authority,
            authority_pem,
            work: [listing, passing],
        })
    }

    /// `https://localhost:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority's certificate, PEM.
    #[must_use]
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// The authority's certificate, DER.
    #[must_use]
    pub fn authority(&self) -> &[u8] {
        &self.authority
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.work.iter().for_each(JoinHandle::abort);
    }
}

/// Answers one request, whatever it asks for, with the authority's list of what it has taken back:
/// Windows asks for it before it trusts.
async fn hand_out(mut connection: TcpStream, list: &[u8]) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let _ = connection.read(&mut request).await?;
    let length = list.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await?;
    connection.write_all(list).await?;
    connection.shutdown().await
}

/// A connection that fails has failed for its client too, which tells.
async fn pass_on(acceptor: TlsAcceptor, connection: TcpStream, server: SocketAddr) {
    if let (Ok(mut near), Ok(mut far)) =
        tokio::join!(acceptor.accept(connection), TcpStream::connect(server))
    {
        let _ = copy_bidirectional(&mut near, &mut far).await;
    }
}
