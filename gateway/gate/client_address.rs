//! Whose request it is: the address of the connection, or what a trusted proxy says of it.

use std::net::IpAddr;

use axum::http::request::Parts;
use ipnet::IpNet;

use crate::config::{HttpConfig, ProxyHeader};

/// The other end of the connection; the server notes it on each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Proxies whose word on the client's address counts.
#[derive(Clone, Debug)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ProxyHeader,
}

impl TrustedProxies {
    /// Those that are configured.
    pub fn new(config: &HttpConfig) -> Self {
        Self {
            networks: config.trusted_proxies.clone(),
            header: config.proxy_header,
        }
    }

    /// Whether this is one of them.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// The client of a request: from the end of the header, the first address that is no trusted
    /// proxy. What stands before it, anyone may have written.
    pub fn client_of(&self, head: &Parts) -> Option<IpAddr> {
        let Peer(peer) = *head.extensions.get::<Peer>()?;
        if !self.trusts(peer) {
            return Some(peer);
        }
        let name = self.header.name();
        let lines: Vec<&str> = head
            .headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
        let mut client = peer;
        for hop in hops {
            let Some(address) = self.header.address_in(hop) else {
                // Hidden or unreadable: the last one that is known.
                break;
            };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        Some(client)
    }
}

impl ProxyHeader {
    fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }

    /// The address that one hop names.
    fn address_in(self, hop: &str) -> Option<IpAddr> {
        let node = match self {
            Self::XForwardedFor => hop.trim(),
            Self::Forwarded => hop.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                let is_for = name.trim().eq_ignore_ascii_case("for");
                is_for.then(|| value.trim().trim_matches('"'))
            })?,
        };
        address_of(node)
    }
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:443`.
fn address_of(node: &str) -> Option<IpAddr> {
    if let Ok(address) = node.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let host = match node.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => node.split_once(':')?.0,
    };
    host.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn client(header: ProxyHeader, peer: &str, lines: &[&str]) -> String {
        let config = HttpConfig {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
            proxy_header: header,
            ..HttpConfig::default()
        };
        let mut request = Request::builder().extension(Peer(peer.parse().unwrap()));
        for line in lines {
            request = request.header(header.name(), *line);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let client = TrustedProxies::new(&config).client_of(&head);
        client.unwrap().to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let of = |peer, lines: &[&str]| client(ProxyHeader::XForwardedFor, peer, lines);
        assert_eq!(of("192.0.2.9", &["198.51.100.1"]), "192.0.2.9");
        assert_eq!(of("10.1.1.1", &["198.51.100.1"]), "198.51.100.1");
        // The client wrote the first one itself.
        assert_eq!(
            of("10.1.1.1", &["203.0.113.7, 198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(
            of("10.1.1.1", &["203.0.113.7", "198.51.100.1, 10.2.2.2"]),
            "198.51.100.1"
        );
        assert_eq!(of("fd00::1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(of("10.1.1.1", &["::ffff:198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn what_is_hidden_or_missing_leaves_the_last_known_one() {
        let of = |lines: &[&str]| client(ProxyHeader::XForwardedFor, "10.1.1.1", lines);
        assert_eq!(of(&[]), "10.1.1.1");
        assert_eq!(of(&["unknown"]), "10.1.1.1");
        assert_eq!(of(&["198.51.100.1, unknown, 10.2.2.2"]), "10.2.2.2");
        assert_eq!(of(&["10.3.3.3, 10.2.2.2"]), "10.3.3.3");
    }

    #[test]
    fn the_standard_header_is_read_where_it_is_chosen() {
        let of = |lines: &[&str]| client(ProxyHeader::Forwarded, "10.1.1.1", lines);
        assert_eq!(of(&["for=198.51.100.1;proto=https"]), "198.51.100.1");
        assert_eq!(
            of(&["for=203.0.113.7, proto=https;For=\"[2001:db8::1]:80\""]),
            "2001:db8::1"
        );
        assert_eq!(of(&["for=_hidden"]), "10.1.1.1");
    }
}
