use serde::{Deserialize, Serialize};

use super::Problems;

/// Rules of sessions that the warehouse applies; `docs/sessions.md` says how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionsConfig {
    /// A session that is silent for longer is over; seconds.
    pub liveness_seconds: u32,
    /// Heartbeat interval assumed of a client that does not tell its own; ms.
    pub heartbeat_ms: u32,
    /// How often running sessions are computed anew, and silent ones closed; seconds. With every 15,000 that run a turn
    /// takes fewer of them, an eighth at least. Sessions that begin or end do not wait for it. A value takes effect when the schema is created.
    pub refresh_seconds: u32,
}

impl Default for SessionsConfig {
    fn default() -> Self {
        Self {
            liveness_seconds: 90,
            heartbeat_ms: 30_000,
            refresh_seconds: 15,
        }
    }
}

impl SessionsConfig {
    /// Slices of the sessions: with very many that run, a turn of `sessions_slow_pass` computes one of them.
    pub const SLICES: u32 = 8;

    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            u64::from(self.liveness_seconds) * 1_000 > u64::from(self.heartbeat_ms),
            "sessions.liveness_seconds",
            "must be longer than sessions.heartbeat_ms, or running sessions count as silent",
        );
        problems.require(
            (5..=self.liveness_seconds).contains(&self.refresh_seconds),
            "sessions.refresh_seconds",
            "must be at least 5 and at most sessions.liveness_seconds",
        );
    }
}
