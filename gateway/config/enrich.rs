use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Problems;

/// What the gateway adds to beacons; `docs/enrichment.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnrichConfig {
    /// Whether user agents and client hints are read.
    pub user_agent: bool,
    /// User agents that are remembered with what they tell; at most 1 KiB each.
    pub user_agents_remembered_max: u64,
    /// Databases of countries and networks in MaxMind's format; held in memory.
    pub place_files: Vec<PathBuf>,
    /// How often the files are looked at; ms.
    pub place_reload_ms: u64,
}

impl Default for EnrichConfig {
    fn default() -> Self {
        Self {
            user_agent: true,
            user_agents_remembered_max: 10_000,
            place_files: Vec::new(),
            place_reload_ms: 10_000,
        }
    }
}

impl EnrichConfig {
    /// See [`Self::place_reload_ms`].
    pub fn place_reload(&self) -> Duration {
        Duration::from_millis(self.place_reload_ms)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.user_agents_remembered_max > 0,
            "enrich.user_agents_remembered_max",
            "must be at least 1; enrich.user_agent = false reads none",
        );
        problems.require(
            self.place_reload_ms >= 100,
            "enrich.place_reload_ms",
            "must be at least 100, or looking at the files is all the process does",
        );
    }
}
