use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Problems, Secret};

/// Another gateway, to which beacons go in place of Kafka; `docs/forwarding.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForwardConfig {
    /// Its address (`https://gateway.example`); empty: beacons go to Kafka.
    pub url: String,
    /// A write key of that gateway which opens the door `forward`.
    pub key: Secret,
    /// How long one request may take; ms.
    pub request_timeout_ms: u64,
    /// Requests at the same time.
    pub requests_in_flight_max: usize,
}

impl Default for ForwardConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            key: Secret::default(),
            request_timeout_ms: 5_000,
            requests_in_flight_max: 32,
        }
    }
}

impl ForwardConfig {
    /// Whether beacons go to another gateway.
    pub fn is_asked_for(&self) -> bool {
        !self.url.is_empty()
    }

    /// See [`Self::request_timeout_ms`].
    pub fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            !self.is_asked_for()
                || self.url.starts_with("http://")
                || self.url.starts_with("https://"),
            "forward.url",
            "must begin with http:// or https://",
        );
        problems.require(
            !self.is_asked_for() || !self.key.reveal().is_empty(),
            "forward.key",
            "must be a write key of the other gateway: `playhead keys make --tenant '*' --door forward` there",
        );
        problems.require(
            self.request_timeout_ms > 0,
            "forward.request_timeout_ms",
            "must be above 0",
        );
        problems.require(
            self.requests_in_flight_max > 0,
            "forward.requests_in_flight_max",
            "must be at least 1",
        );
    }
}
