//! Measures that add up, and the ratios of their sums; `docs/sessions.md`, section 7.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The additive measures of a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QualitySums {
    /// Sessions that began; by their begin.
    pub attempts: u64,
    /// Sessions that showed their first frame; by that.
    pub plays: u64,
    /// Sum of the known start-up times, by the first frame; ms.
    pub startup_ms_sum: u64,
    /// Start-up times in that sum.
    pub startup_count: u64,
    /// Started sessions that ended; by their end.
    pub ended_plays: u64,
    /// Sessions left before the first frame; by their end.
    pub exits_before_start: u64,
    /// Sessions failed before the first frame; by their end.
    pub failures_before_start: u64,
    /// Started sessions that failed; by their end.
    pub failures: u64,
    /// Sessions closed for silence; by their end.
    pub timeouts: u64,
    /// Stalls; by their begin.
    pub stall_count: u64,
    /// Time in starting; ms.
    pub starting_ms: u64,
    /// Time in playing; ms.
    pub playing_ms: u64,
    /// Time in stalled; ms.
    pub stalled_ms: u64,
    /// Time in seeking; ms.
    pub seeking_ms: u64,
    /// Time in paused; ms.
    pub paused_ms: u64,
    /// Time in ad breaks; ms.
    pub ad_ms: u64,
    /// Playing time with a known bitrate, times that bitrate; ms x kbit/s.
    pub bitrate_kbit_ms: u64,
    /// Playing time with a known bitrate; ms.
    pub bitrate_known_ms: u64,
    /// Errors.
    pub error_count: u64,
    /// Ads begun.
    pub ad_start_count: u64,
    /// Ads played to their end.
    pub ad_end_count: u64,
    /// Ads skipped.
    pub ad_skip_count: u64,
    /// Ads clicked.
    pub ad_click_count: u64,
}

impl AddAssign<&Self> for QualitySums {
    fn add_assign(&mut self, other: &Self) {
        self.attempts += other.attempts;
        self.plays += other.plays;
        self.startup_ms_sum += other.startup_ms_sum;
        self.startup_count += other.startup_count;
        self.ended_plays += other.ended_plays;
        self.exits_before_start += other.exits_before_start;
        self.failures_before_start += other.failures_before_start;
        self.failures += other.failures;
        self.timeouts += other.timeouts;
        self.stall_count += other.stall_count;
        self.starting_ms += other.starting_ms;
        self.playing_ms += other.playing_ms;
        self.stalled_ms += other.stalled_ms;
        self.seeking_ms += other.seeking_ms;
        self.paused_ms += other.paused_ms;
        self.ad_ms += other.ad_ms;
        self.bitrate_kbit_ms += other.bitrate_kbit_ms;
        self.bitrate_known_ms += other.bitrate_known_ms;
        self.error_count += other.error_count;
        self.ad_start_count += other.ad_start_count;
        self.ad_end_count += other.ad_end_count;
        self.ad_skip_count += other.ad_skip_count;
        self.ad_click_count += other.ad_click_count;
    }
}

/// The measures with the ratios that everybody asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quality {
    /// The measures.
    #[serde(flatten)]
    pub sums: QualitySums,
    /// Watched time: starting, playing, stalled, seeking and ads; ms.
    pub watch_ms: u64,
    /// Mean of the known start-up times; ms; null when none is known.
    pub startup_ms_mean: Option<f64>,
    /// CTA-2066 rebuffering ratio: stalled / watched; null when nothing was watched.
    pub rebuffering_ratio: Option<f64>,
    /// Time-weighted bitrate of what was played; kbit/s; null when not known.
    pub average_bitrate_kbps: Option<f64>,
}

impl From<QualitySums> for Quality {
    fn from(sums: QualitySums) -> Self {
        let watch_ms =
            sums.starting_ms + sums.playing_ms + sums.stalled_ms + sums.seeking_ms + sums.ad_ms;
        Self {
            sums,
            watch_ms,
            startup_ms_mean: ratio(sums.startup_ms_sum, sums.startup_count),
            rebuffering_ratio: ratio(sums.stalled_ms, watch_ms),
            average_bitrate_kbps: ratio(sums.bitrate_kbit_ms, sums.bitrate_known_ms),
        }
    }
}

/// A ratio of sums; nothing divided by nothing is not known.
fn ratio(sum: u64, of: u64) -> Option<f64> {
    // Sums of a window stay far below 2^53, where f64 is exact.
    (of > 0).then(|| sum as f64 / of as f64)
}
