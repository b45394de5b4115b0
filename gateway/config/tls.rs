use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Problems;

/// A port of its own for TLS 1.2 and 1.3, with the same addresses and limits as the public one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsConfig {
    /// Address and port; port 0 takes a free one, which the log names.
    pub listen: SocketAddr,
    /// The certificate and those that lead to a known root, in PEM; empty: no TLS.
    pub certificate_file: PathBuf,
    /// Its private key in PEM.
    pub key_file: PathBuf,
    /// How often both are looked at; a new certificate is used without a restart; ms.
    pub reload_ms: u64,
    /// How long a handshake may take; ms.
    pub handshake_timeout_ms: u64,
}

impl Default for TlsConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8443)),
            certificate_file: PathBuf::new(),
            key_file: PathBuf::new(),
            reload_ms: 5_000,
            handshake_timeout_ms: 10_000,
        }
    }
}

impl TlsConfig {
    /// Whether there is to be such a port.
    pub fn is_asked_for(&self) -> bool {
        !self.certificate_file.as_os_str().is_empty()
    }

    /// See [`Self::reload_ms`].
    pub fn reload(&self) -> Duration {
        Duration::from_millis(self.reload_ms)
    }

    /// See [`Self::handshake_timeout_ms`].
    pub fn handshake_timeout(&self) -> Duration {
        Duration::from_millis(self.handshake_timeout_ms)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.is_asked_for() != self.key_file.as_os_str().is_empty(),
            "tls.certificate_file, tls.key_file",
            "must both be set, or neither",
        );
        problems.require(
            self.reload_ms >= 100,
            "tls.reload_ms",
            "must be at least 100, or looking at the files is all the process does",
        );
        problems.require(
            self.handshake_timeout_ms > 0,
            "tls.handshake_timeout_ms",
            "must be above 0, or a slow client holds its connection for ever",
        );
    }
}
