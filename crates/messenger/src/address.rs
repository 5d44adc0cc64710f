//! Which addresses a server may have.

use std::fmt;

use url::{Host, Url};

/// A server's address: `https`, or `http` on this very machine; nothing but scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress(Url);

/// The text is not the address of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address is https:// and a host name")]
pub struct AddressInvalid;

impl ServerAddress {
    /// Reads what a person or a policy wrote; `https://` may be left out.
    ///
    /// # Errors
    /// It is not an address, or not one that keeps a token safe.
    pub fn parse(text: &str) -> Result<Self, AddressInvalid> {
        let text = text.trim();
        if text.is_empty() || text.len() > 2_048 || text.contains('\\') {
            return Err(AddressInvalid);
        }
        let full = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&full).map_err(|_| AddressInvalid)?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.path() == "/";
        let safe = match url.scheme() {
            "https" => url.host().is_some(),
            "http" => is_loopback(&url),
            _ => false,
        };
        if bare && safe {
            Ok(Self(url))
        } else {
            Err(AddressInvalid)
        }
    }

    /// The address of one of the server's resources; `path` starts with a slash.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.text())
    }

    /// Scheme, host and port, without a slash at the end.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// Its host, without the port.
    #[must_use]
    pub fn host(&self) -> String {
        self.0.host_str().unwrap_or_default().to_owned()
    }

    /// What goes there is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// It is on this machine: no proxy stands between.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_alone_means_https() {
        let address = ServerAddress::parse(" help.example.com ").unwrap();
        assert_eq!(address.text(), "https://help.example.com");
        assert_eq!(
            address.at("/v1/server"),
            "https://help.example.com/v1/server"
        );
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in [
            "http://127.0.0.1:8080",
            "http://localhost:1",
            "http://[::1]:9/",
        ] {
            assert!(
                ServerAddress::parse(good).is_ok(),
                "{good} is on this machine"
            );
        }
        for bad in [
            "http://help.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://128.0.0.1",
            "ws://127.0.0.1",
            "ftp://help.example.com",
            "file:///etc/passwd",
            "https://user@help.example.com",
            "https://help.example.com/path",
            "https://help.example.com?x=1",
            "https:\\\\help.example.com",
            "https://",
            "",
        ] {
            assert_eq!(
                ServerAddress::parse(bad),
                Err(AddressInvalid),
                "{bad} must be refused"
            );
        }
    }
}
