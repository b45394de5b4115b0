use serde::{Deserialize, Serialize};

use super::Problems;
use crate::beacon::SizeLimits;

/// What one request and one beacon may contain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsConfig {
    /// Most beacons in one request.
    pub beacons_per_request_max: usize,
    /// Longest text of one field, or of a key or value in a map; bytes.
    pub text_max_bytes: usize,
    /// Most entries in one map (tags, experiments, ...).
    pub entries_max: usize,
    /// All texts of one beacon together; bytes as JSON writes them (an escaped character is more
    /// than one).
    pub beacon_max_bytes: usize,
    /// A beacon that happened longer ago is refused as `too_late`; hours.
    pub late_horizon_hours: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            beacons_per_request_max: 1_000,
            text_max_bytes: 1_024,
            entries_max: 64,
            beacon_max_bytes: 32 * 1024,
            late_horizon_hours: 7 * 24,
        }
    }
}

impl LimitsConfig {
    /// The part that the size check of a beacon needs.
    pub fn sizes(&self) -> SizeLimits {
        SizeLimits {
            text_max_bytes: self.text_max_bytes,
            entries_max: self.entries_max,
            beacon_max_bytes: self.beacon_max_bytes,
        }
    }

    /// The late horizon; ms.
    pub fn late_horizon_ms(&self) -> i64 {
        i64::from(self.late_horizon_hours) * 3_600_000
    }

    /// Age at which a window can no longer change: the late horizon, and a day that a spool or a backlog may hold a
    /// beacon back; hours.
    pub fn frozen_after_hours(&self) -> u32 {
        self.late_horizon_hours.saturating_add(24)
    }

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.beacons_per_request_max > 0,
            "limits.beacons_per_request_max",
            "must be at least 1",
        );
        problems.require(
            self.text_max_bytes >= 128,
            "limits.text_max_bytes",
            "must be at least 128, the longest session id",
        );
        problems.require(
            self.beacon_max_bytes >= self.text_max_bytes,
            "limits.beacon_max_bytes",
            "must be at least limits.text_max_bytes",
        );
        problems.require(
            (1..=8_760).contains(&self.late_horizon_hours),
            "limits.late_horizon_hours",
            "must be at least 1, or every beacon is too late, and at most 8760 (a year)",
        );
    }
}
