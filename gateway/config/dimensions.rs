use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Problems;

/// Loading of content, programmes and viewers, on the operators' port.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DimensionsConfig {
    /// Largest file; bytes.
    pub body_max_bytes: u64,
    /// How long a file may stop arriving; ms.
    pub body_idle_timeout_ms: u64,
    /// How long one statement of a load may take in the warehouse; ms.
    pub statement_timeout_ms: u64,
    /// Most files that one gateway loads at the same time.
    pub loads_max: usize,
}

impl Default for DimensionsConfig {
    fn default() -> Self {
        Self {
            body_max_bytes: 1024 * 1024 * 1024,
            body_idle_timeout_ms: 30_000,
            statement_timeout_ms: 600_000,
            loads_max: 2,
        }
    }
}

impl DimensionsConfig {
    /// See [`Self::body_idle_timeout_ms`].
    pub fn body_idle_timeout(&self) -> Duration {
        Duration::from_millis(self.body_idle_timeout_ms)
    }

    /// See [`Self::statement_timeout_ms`].
    pub fn statement_timeout(&self) -> Duration {
        Duration::from_millis(self.statement_timeout_ms)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.body_max_bytes > 0 && self.loads_max > 0,
            "dimensions.body_max_bytes, loads_max",
            "must be at least 1",
        );
        problems.require(
            self.body_idle_timeout_ms > 0 && self.statement_timeout_ms > 0,
            "dimensions.body_idle_timeout_ms, statement_timeout_ms",
            "must be above 0, or a slow client or server holds a load for ever",
        );
    }
}
