//! HTTPS before a server that speaks HTTP, with a certificate for `localhost` from an authority that
//! nobody trusts yet.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Result;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::copy_bidirectional,
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
    work: JoinHandle<()>,
}

impl Tls {
    /// Starts before this server.
    ///
    /// # Errors
    /// When no certificate can be made or nothing can be listened on.
    pub async fn before(server: SocketAddr) -> Result<Self> {
        let folder = private_folder()?;
        certificate::make(folder.path())?;
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
        let work = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(pass_on(acceptor.clone(), connection, server));
            }
        });
        Ok(Self {
            address,
            authority,
            authority_pem,
            work,
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
        self.work.abort();
    }
}

/// A connection that fails has failed for its client too, which tells.
async fn pass_on(acceptor: TlsAcceptor, connection: TcpStream, server: SocketAddr) {
    if let (Ok(mut near), Ok(mut far)) =
        tokio::join!(acceptor.accept(connection), TcpStream::connect(server))
    {
        let _ = copy_bidirectional(&mut near, &mut far).await;
    }
}
