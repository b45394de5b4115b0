//! From the configuration to what this stage needs.

use std::time::Duration;

use crate::config::{Config, SessionsConfig};

use super::AnalyticsSettings;
use super::stamp::Horizons;

/// Memory for stored answers. One answer of the live page is about 100 kB.
const CACHE_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The pass of the minutes runs every 10 s, takes a few, and leaves a large minute alone for up to 60 s; those of the curve,
/// the hours and the days take up what it has written within a minute.
const WINDOW_PASSES: Duration = Duration::from_secs(135);

impl AnalyticsSettings {
    /// Silence is waited for, then the passes run.
    pub(super) fn horizons(&self) -> Horizons {
        Horizons {
            settling: self.liveness + self.refresh * SessionsConfig::SLICES + WINDOW_PASSES,
            frozen_after: self.frozen_after,
        }
    }
}

impl From<&Config> for AnalyticsSettings {
    fn from(config: &Config) -> Self {
        Self {
            liveness: Duration::from_secs(config.sessions.liveness_seconds.into()),
            refresh: Duration::from_secs(config.sessions.refresh_seconds.into()),
            frozen_after: Duration::from_secs(
                u64::from(config.limits.frozen_after_hours()) * 3_600,
            ),
            max_concurrent_queries: config.clickhouse.max_concurrent_queries,
            query_timeout: Duration::from_millis(config.clickhouse.request_timeout_ms),
            cache_max_bytes: CACHE_MAX_BYTES,
        }
    }
}
