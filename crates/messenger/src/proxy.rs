//! Which way to the server: the system's proxy, none, or one that was named.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::ClientBuilder;
use url::Url;

use crate::address::ServerAddress;

/// What was decided about proxies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// As the system says.
    System,
    /// None.
    Direct,
    /// This one.
    Named(Url),
}

impl Proxy {
    /// Reads `system`, `none` or a proxy's address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "system" => Some(Self::System),
            "none" => Some(Self::Direct),
            address => {
                let url = Url::parse(address).ok()?;
                let usable = matches!(url.scheme(), "http" | "https") && url.has_host();
                usable.then_some(Self::Named(url))
            }
        }
    }

    /// Lets an HTTP client go this way. Nothing stands between this machine and itself.
    pub(crate) fn apply(&self, builder: ClientBuilder, to: &ServerAddress) -> ClientBuilder {
        match self {
            _ if to.is_loopback() => builder.no_proxy(),
            Self::System => builder,
            Self::Direct => builder.no_proxy(),
            Self::Named(url) => match reqwest::Proxy::all(url.clone()) {
                Ok(proxy) => builder.no_proxy().proxy(proxy),
                Err(_) => builder,
            },
        }
    }

    /// The host and port of the proxy that a call to this server takes; none when it takes none.
    #[must_use]
    pub fn on_the_way_to(&self, to: &ServerAddress) -> Option<String> {
        let place = |host: &str, port: Option<u16>| match port {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        match self {
            _ if to.is_loopback() => None,
            Self::Direct => None,
            Self::Named(url) => Some(place(url.host_str()?, url.port_or_known_default())),
            Self::System => {
                let target = to.at("/").parse().ok()?;
                let proxy = Matcher::from_system().intercept(&target)?;
                Some(place(proxy.uri().host()?, proxy.uri().port_u16()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_the_systems_none_or_an_address() {
        assert_eq!(Proxy::parse("system"), Some(Proxy::System));
        assert_eq!(Proxy::parse(" none "), Some(Proxy::Direct));
        let named = Proxy::parse("http://user:secret@proxy.example.com:8080").unwrap();
        let server = ServerAddress::parse("https://help.example.com").unwrap();
        assert_eq!(
            named.on_the_way_to(&server).as_deref(),
            Some("proxy.example.com:8080"),
            "it is named without its password"
        );
        for odd in ["", "proxy", "ftp://proxy.example.com", "socks5://x"] {
            assert_eq!(Proxy::parse(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn nothing_stands_between_this_machine_and_itself() {
        let here = ServerAddress::parse("http://127.0.0.1:8080").unwrap();
        let named = Proxy::parse("http://proxy.example.com:8080").unwrap();
        assert_eq!(named.on_the_way_to(&here), None);
    }
}
