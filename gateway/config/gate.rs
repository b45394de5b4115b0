use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Problems;

/// Most samples of what was refused.
const REFUSED_SAMPLES_MAX: usize = 5_000;

/// Who may send, how much, and what is held back first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GateConfig {
    /// What becomes of requests without a valid write key.
    pub mode: GateMode,
    /// The keys, as `playhead keys` writes them.
    pub keys_file: PathBuf,
    /// How often the file is looked at; ms.
    pub keys_reload_ms: u64,
    /// Requests a second that one client address may send to the doors; 0: any number.
    pub client_requests_per_second: u32,
    /// Requests that one client address may send at once; at least those of a second.
    pub client_burst_requests: u32,
    /// Client addresses that are remembered; the one silent for longest is forgotten first.
    pub clients_remembered_max: u64,
    /// How long acknowledged beacons are remembered, so that copies of them are dropped here; 0: not at all.
    pub repeats_remembered_seconds: u64,
    /// Most memory that this takes; bytes. The oldest are forgotten first.
    pub repeats_max_bytes: u64,
    /// Beacons and requests that were refused, as many as are kept as samples for `/refused-samples` on the
    /// operators' port, redacted and in memory; 0: none.
    pub refused_samples_max: usize,
    /// Signs of life are held back once this share of `kafka.beacons_in_flight_max` is taken; percent.
    pub shed_heartbeats_percent: u8,
    /// From here on everything but starts, ends, errors and ads is; percent.
    pub shed_changes_percent: u8,
    /// Signs of life are held back as well when the process gets to run so late; ms. Twice of it counts
    /// as the second level.
    pub shed_lag_ms: u64,
}

/// What becomes of requests without a valid write key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateMode {
    /// Keys are not looked at; all beacons are those of tenant `default`.
    #[default]
    Off,
    /// Valid keys count. What would be refused is counted, told, and taken for tenant `default`.
    DryRun,
    /// They are refused.
    Enforce,
}

impl Default for GateConfig {
    fn default() -> Self {
        Self {
            mode: GateMode::Off,
            keys_file: PathBuf::from("keys.json"),
            keys_reload_ms: 1_000,
            client_requests_per_second: 0,
            client_burst_requests: 0,
            clients_remembered_max: 100_000,
            repeats_remembered_seconds: 0,
            repeats_max_bytes: 64 * 1024 * 1024,
            refused_samples_max: 0,
            shed_heartbeats_percent: 50,
            shed_changes_percent: 80,
            shed_lag_ms: 1_000,
        }
    }
}

impl GateConfig {
    /// See [`Self::keys_reload_ms`].
    pub fn keys_reload(&self) -> Duration {
        Duration::from_millis(self.keys_reload_ms)
    }

    /// See [`Self::shed_lag_ms`].
    pub fn shed_lag(&self) -> Duration {
        Duration::from_millis(self.shed_lag_ms)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.mode == GateMode::Off || !self.keys_file.as_os_str().is_empty(),
            "gate.keys_file",
            "must name a file unless gate.mode is off; `playhead keys make` writes one",
        );
        problems.require(
            self.keys_reload_ms >= 100,
            "gate.keys_reload_ms",
            "must be at least 100, or looking at the file is all the process does",
        );
        problems.require(
            self.clients_remembered_max > 0,
            "gate.clients_remembered_max",
            "must be at least 1",
        );
        problems.require(
            self.repeats_remembered_seconds <= 3_600 && self.repeats_max_bytes >= 64 * 1024,
            "gate.repeats_remembered_seconds, gate.repeats_max_bytes",
            "must be at most 3600 (clients repeat within minutes), and at least 65536",
        );
        problems.require(
            self.refused_samples_max <= REFUSED_SAMPLES_MAX,
            "gate.refused_samples_max",
            "must be at most 5000: each takes some 3 KiB of memory",
        );
        let levels = (self.shed_heartbeats_percent, self.shed_changes_percent);
        problems.require(
            (1..=levels.1).contains(&levels.0) && levels.1 <= 100,
            "gate.shed_heartbeats_percent, gate.shed_changes_percent",
            "must be 1 to 100, the first at most the second",
        );
        problems.require(
            self.shed_lag_ms >= 10,
            "gate.shed_lag_ms",
            "must be at least 10: a task is always woken a little late",
        );
    }
}
