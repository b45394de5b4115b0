use std::net::{Ipv4Addr, SocketAddr};

use serde::{Deserialize, Serialize};

/// The operators' HTTP port: `/healthz`, `/readyz`, `/metrics`, `/refused-samples`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperationsConfig {
    /// Address and port; not for the public. Port 0 takes a free one, which the log names.
    pub listen: SocketAddr,
}

impl Default for OperationsConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)),
        }
    }
}
