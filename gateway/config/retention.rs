use serde::{Deserialize, Serialize};

use super::Problems;
use crate::warehouse::retention::{Keep, Rule};

/// How long the warehouse keeps what it has; `playhead migrate` and `playhead retention --apply` put it in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// What removes raw beacons.
    pub raw_is_dropped_by: RawIsDroppedBy,
    /// Raw beacons, from the day on which they were received; days.
    pub raw_days: u32,
    /// Plays, from when they were last computed, and impressions, from the day on which they were received; days.
    pub sessions_days: u32,
    /// Windows of a second; days.
    pub quality_by_second_days: u32,
    /// Concurrency by second; days.
    pub concurrent_viewers_days: u32,
    /// Windows of ten seconds; days.
    pub quality_by_ten_seconds_days: u32,
    /// Windows of a minute, and their totals; days.
    pub quality_by_minute_days: u32,
    /// Windows of an hour; days.
    pub quality_by_hour_days: u32,
    /// Windows of a day; days.
    pub quality_by_day_days: u32,
    /// Messages that could not be read; days.
    pub dead_letters_days: u32,
}

/// What removes raw beacons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RawIsDroppedBy {
    /// Their age, by [`RetentionConfig::raw_days`].
    Age,
    /// Whoever has copied them elsewhere and compared the copy; until then they stay, whatever their age.
    Export,
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self {
            raw_is_dropped_by: RawIsDroppedBy::Age,
            raw_days: 90,
            sessions_days: 400,
            quality_by_second_days: 10,
            concurrent_viewers_days: 400,
            quality_by_ten_seconds_days: 60,
            quality_by_minute_days: 400,
            quality_by_hour_days: 1_826,
            quality_by_day_days: 3_652,
            dead_letters_days: 90,
        }
    }
}

impl RetentionConfig {
    /// A rule for each table that grows with what is received; the others hold only what is still being computed.
    pub fn rules(&self) -> Vec<Rule> {
        let days = |table, days| Rule {
            table,
            keep: Keep::Days(days),
        };
        let raw = Rule {
            table: "beacons_raw",
            keep: match self.raw_is_dropped_by {
                RawIsDroppedBy::Age => Keep::Days(self.raw_days),
                RawIsDroppedBy::Export => Keep::UntilExported,
            },
        };
        vec![
            raw,
            days("sessions", self.sessions_days),
            days("impressions", self.sessions_days),
            days("quality_by_second", self.quality_by_second_days),
            days("quality_by_ten_seconds", self.quality_by_ten_seconds_days),
            days("quality_by_minute", self.quality_by_minute_days),
            days("quality_totals_by_minute", self.quality_by_minute_days),
            days("concurrent_viewers_by_second", self.concurrent_viewers_days),
            days("quality_by_hour", self.quality_by_hour_days),
            days("quality_by_day", self.quality_by_day_days),
            days("dead_letters", self.dead_letters_days),
            days("dead_letter_redrives", self.dead_letters_days),
        ]
    }

    pub(super) fn validate(&self, frozen_after_hours: u32, problems: &mut Problems) {
        // A window is computed from finer ones, and a copy is folded with the first one, until windows are frozen; a day more
        // for what lies in one part with younger rows.
        let least = frozen_after_hours.div_ceil(24) + 1;
        let must_last = [
            ("retention.raw_days", self.raw_days),
            ("retention.sessions_days", self.sessions_days),
            (
                "retention.quality_by_second_days",
                self.quality_by_second_days,
            ),
            (
                "retention.quality_by_ten_seconds_days",
                self.quality_by_ten_seconds_days,
            ),
            (
                "retention.quality_by_minute_days",
                self.quality_by_minute_days,
            ),
            ("retention.quality_by_hour_days", self.quality_by_hour_days),
            ("retention.quality_by_day_days", self.quality_by_day_days),
        ];
        for (setting, days) in must_last {
            problems.require(
                (least..=36_500).contains(&days),
                setting,
                &format!(
                    "must be at least {least} (limits.late_horizon_hours and two days), or a late beacon finds nothing left to \
                     correct, and at most 36500"
                ),
            );
        }
        problems.require(
            (1..=36_500).contains(&self.dead_letters_days),
            "retention.dead_letters_days",
            "must be at least 1, and at most 36500",
        );
    }
}
