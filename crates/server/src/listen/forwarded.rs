//! Who asks, when a reverse proxy stands between.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Whether this address is one of our proxies.
#[must_use]
pub fn is_trusted(trusted: &[IpNet], ip: IpAddr) -> bool {
    trusted.iter().any(|network| network.contains(&ip))
}

/// The right-most hop that is not a trusted proxy. Everything left of it could be made up.
#[must_use]
pub fn client(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let mut hop = peer;
    for named in hops(headers).rev() {
        if !is_trusted(trusted, hop) {
            break;
        }
        match named {
            Some(ip) => hop = ip,
            None => break,
        }
    }
    hop
}

fn hops(headers: &HeaderMap) -> impl DoubleEndedIterator<Item = Option<IpAddr>> {
    let lines = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .map(|line| line.to_str().unwrap_or("?"));
    let all: Vec<_> = lines
        .flat_map(|line| line.split(','))
        .map(|hop| parse(hop.trim()))
        .collect();
    all.into_iter()
}

/// An address as proxies write it: bare, or with a port.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok();
    let with_port = || {
        hop.parse::<std::net::SocketAddr>()
            .ok()
            .map(|address| address.ip())
    };
    bare.or_else(with_port).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client_of(peer: &str, lines: &[&str]) -> String {
        let trusted = [
            "10.0.0.0/8".parse().unwrap(),
            "2001:db8::/32".parse().unwrap(),
        ];
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        client(&trusted, peer.parse().unwrap(), &headers).to_string()
    }

    /// LOG-13.
    #[test]
    fn what_a_stranger_writes_is_not_believed() {
        assert_eq!(client_of("203.0.113.9", &["1.2.3.4"]), "203.0.113.9");
        assert_eq!(
            client_of("10.0.0.1", &["1.2.3.4, 203.0.113.9"]),
            "203.0.113.9"
        );
        assert_eq!(
            client_of("10.0.0.1", &["1.2.3.4", "203.0.113.9, 10.0.0.2"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_proxy_that_names_nobody_stands_for_itself() {
        assert_eq!(client_of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client_of("10.0.0.1", &["203.0.113.9, unknown"]), "10.0.0.1");
    }

    #[test]
    fn ports_and_mapped_addresses_are_understood() {
        assert_eq!(client_of("10.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(
            client_of("10.0.0.1", &["::ffff:203.0.113.9"]),
            "203.0.113.9"
        );
        assert_eq!(
            client_of("2001:db8::1", &["[2606:4700::1]:443"]),
            "2606:4700::1"
        );
    }
}
