//! Whose certificate a server shows.

use std::time::Duration;

use reqwest::redirect;
use reqwest::tls::TlsInfo;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::address::ServerAddress;
use crate::clean;
use crate::proxy::Proxy;

const PATIENCE: Duration = Duration::from_secs(10);
const NAME_CHARS: usize = 120;

/// The name of who issued the certificate that is shown on the way to this server, trusted or not.
///
/// Nothing is sent over this connection but a request without a token, and of the answer nothing
/// is read: it is the one connection that does not check whom it speaks to.
pub(crate) async fn issuer(server: &ServerAddress, proxy: &Proxy) -> Option<String> {
    let builder = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .http1_only()
        .tls_info(true)
        .tls_danger_accept_invalid_certs(true)
        .timeout(PATIENCE);
    let client = proxy.apply(builder, server).build().ok()?;
    let answer = client.head(server.at("/v1/server")).send().await.ok()?;
    let shown = answer.extensions().get::<TlsInfo>()?.peer_certificate()?;
    issuer_in(shown)
}

fn issuer_in(der: &[u8]) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let issuer = certificate.issuer();
    let common = issuer
        .iter_common_name()
        .find_map(|name| name.as_str().ok());
    let name = common.map_or_else(|| issuer.to_string(), str::to_owned);
    Some(clean::one_line(&name, NAME_CHARS))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, Issuer, KeyPair};

    use super::issuer_in;

    #[test]
    fn the_issuer_is_named() {
        let mut authority = CertificateParams::default();
        let name = &mut authority.distinguished_name;
        name.push(DnType::CommonName, "Harbour & Finch Inspection CA");
        let issuer = Issuer::new(authority, KeyPair::generate().unwrap());
        let shown = CertificateParams::new(vec!["help.example.com".to_owned()]).unwrap();
        let shown = shown
            .signed_by(&KeyPair::generate().unwrap(), &issuer)
            .unwrap();
        assert_eq!(
            issuer_in(shown.der()).as_deref(),
            Some("Harbour & Finch Inspection CA")
        );
        assert_eq!(issuer_in(b"no certificate"), None);
    }
}
