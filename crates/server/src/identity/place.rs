//! Where a request comes from, as far as limits and the list of sessions are concerned.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use ipnet::Ipv6Net;

use crate::listen::ClientIp;

const CLIENT_CHARS: usize = 200;

/// The IP address and the client's name for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The IP address.
    pub ip: IpAddr,
    /// Its `User-Agent`, shortened.
    pub client: String,
}

impl Place {
    /// What limits are counted by: the address, of IPv6 the /64, for that is what one person has.
    #[must_use]
    pub fn key(&self) -> String {
        match self.ip.to_canonical() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => Ipv6Net::new_assert(ip, 64).trunc().to_string(),
        }
    }
}

impl Place {
    /// Where this request comes from.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let ip = parts.extensions.get::<ClientIp>();
        let ip = ip.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ClientIp(ip)| {
            ip.to_canonical()
        });
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok());
        let shown = agent
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control());
        Self {
            ip,
            client: shown.take(CLIENT_CHARS).collect(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Place {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(ip: &str) -> String {
        Place {
            ip: ip.parse().unwrap(),
            client: String::new(),
        }
        .key()
    }

    #[test]
    fn one_network_of_ipv6_counts_as_one_place() {
        assert_eq!(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::1"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_ne!(key("192.0.2.1"), key("192.0.2.2"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}
