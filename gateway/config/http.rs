use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::Problems;

/// The public HTTP port: beacons, the analytics API and the pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// Address and port; port 0 takes a free one, which the log names.
    pub listen: SocketAddr,
    /// Largest request body, also after decompression; bytes.
    pub body_max_bytes: usize,
    /// Most request bodies held at the same time; bytes. Beyond it the answer is 503.
    pub bodies_in_flight_max_bytes: usize,
    /// Most open connections; further ones wait to be accepted.
    pub connections_max: usize,
    /// Most open connections of one address, trusted proxies excepted; 0: any number. Further ones are
    /// closed at once.
    pub connections_per_address_max: usize,
    /// Largest request line and headers together; bytes. Larger: 431.
    pub headers_max_bytes: usize,
    /// How long a connection may take to send a request's headers, idle time between two requests
    /// included; ms. Keep it above the players' heartbeat interval.
    pub header_read_timeout_ms: u64,
    /// How long a request's body may take to arrive; ms.
    pub body_read_timeout_ms: u64,
    /// How long a door may take from a request's headers to its answer, Kafka included; ms.
    pub request_timeout_ms: u64,
    /// How long requests in flight may take to finish after SIGTERM; ms.
    pub drain_timeout_ms: u64,
    /// How long browsers may remember a CORS preflight; seconds.
    pub cors_max_age_seconds: u64,
    /// Networks of proxies whose word on the client's address counts (`10.0.0.0/8`).
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they say it. They must overwrite or extend what a client sends in it.
    pub proxy_header: ProxyHeader,
}

/// The header in which a proxy names the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            body_max_bytes: 1024 * 1024,
            bodies_in_flight_max_bytes: 256 * 1024 * 1024,
            connections_max: 10_000,
            connections_per_address_max: 0,
            headers_max_bytes: 64 * 1024,
            header_read_timeout_ms: 75_000,
            body_read_timeout_ms: 10_000,
            request_timeout_ms: 30_000,
            drain_timeout_ms: 20_000,
            cors_max_age_seconds: 86_400,
            trusted_proxies: Vec::new(),
            proxy_header: ProxyHeader::default(),
        }
    }
}

impl HttpConfig {
    /// See [`Self::header_read_timeout_ms`].
    pub fn header_read_timeout(&self) -> Duration {
        Duration::from_millis(self.header_read_timeout_ms)
    }

    /// See [`Self::body_read_timeout_ms`].
    pub fn body_read_timeout(&self) -> Duration {
        Duration::from_millis(self.body_read_timeout_ms)
    }

    /// See [`Self::request_timeout_ms`].
    pub fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    /// See [`Self::drain_timeout_ms`].
    pub fn drain_timeout(&self) -> Duration {
        Duration::from_millis(self.drain_timeout_ms)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.body_max_bytes >= 1024,
            "http.body_max_bytes",
            "must be at least 1024, the size of one beacon",
        );
        problems.require(
            self.bodies_in_flight_max_bytes >= self.body_max_bytes,
            "http.bodies_in_flight_max_bytes",
            "must hold at least one body of http.body_max_bytes",
        );
        problems.require(
            u32::try_from(self.bodies_in_flight_max_bytes).is_ok(),
            "http.bodies_in_flight_max_bytes",
            "must be below 4 GiB",
        );
        problems.require(
            self.connections_max > 0,
            "http.connections_max",
            "must be at least 1",
        );
        problems.require(
            self.header_read_timeout_ms > 0 && self.body_read_timeout_ms > 0,
            "http.header_read_timeout_ms, http.body_read_timeout_ms",
            "must be above 0, or a slow client holds its connection for ever",
        );
        problems.require(
            self.request_timeout_ms > self.body_read_timeout_ms,
            "http.request_timeout_ms",
            "must be above http.body_read_timeout_ms, which is a part of it",
        );
        problems.require(
            (8_192..=1024 * 1024).contains(&self.headers_max_bytes),
            "http.headers_max_bytes",
            "must be 8192 to 1048576; addresses of trackers alone reach 20 KB",
        );
    }
}
