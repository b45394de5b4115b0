//! From the configuration to what this stage needs.

use std::time::Duration;

use crate::config::Config;

use super::AnalyticsSettings;

/// Memory for stored answers. One answer of the live page is about 100 kB.
const CACHE_MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The pass of the minutes runs every 10 s, and takes a few.
const MINUTES_PASS: Duration = Duration::from_secs(15);

impl AnalyticsSettings {
    /// How long after a moment of play everything about it is computed: silence is waited for, then the passes run.
    pub(super) fn settling(&self) -> Duration {
        self.liveness + self.refresh + MINUTES_PASS
    }
}

impl From<&Config> for AnalyticsSettings {
    fn from(config: &Config) -> Self {
        Self {
            liveness: Duration::from_secs(config.sessions.liveness_seconds.into()),
            refresh: Duration::from_secs(config.sessions.refresh_seconds.into()),
            max_concurrent_queries: config.clickhouse.max_concurrent_queries,
            query_timeout: Duration::from_millis(config.clickhouse.request_timeout_ms),
            cache_max_bytes: CACHE_MAX_BYTES,
        }
    }
}
