use serde::{Deserialize, Serialize};

use super::Problems;

/// The door for Snowplow's trackers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SnowplowConfig {
    /// How long the cookie `sp` knows a browser again, as Snowplow's own collector sets it for 365; days. 0, the default: no
    /// cookie is set and none is read.
    pub cookie_days: u16,
}

impl SnowplowConfig {
    pub(super) fn validate(&self, problems: &mut Problems) {
        problems.require(
            self.cookie_days <= 400,
            "snowplow.cookie_days",
            "must be at most 400, the longest that browsers keep a cookie",
        );
    }
}
