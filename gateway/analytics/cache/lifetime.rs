//! How long an answer holds.

use std::time::Duration;

use time::OffsetDateTime;

/// How long an answer may be told again, and what ends it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// How long.
    pub fresh_for: Duration,
    /// Of a closed window: what it covers.
    pub closed: Option<ClosedWindow>,
}

/// A window that is complete, in which only late beacons can change something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedWindow {
    /// Its begin; none: the beginning of all.
    pub from: Option<OffsetDateTime>,
    /// Its end, which does not belong to it.
    pub to: OffsetDateTime,
}

impl From<Duration> for Lifetime {
    fn from(fresh_for: Duration) -> Self {
        Self {
            fresh_for,
            closed: None,
        }
    }
}

impl Lifetime {
    /// The same for a window that begins there, so that changes before it count for nothing.
    #[must_use]
    pub fn since(mut self, from: OffsetDateTime) -> Self {
        if let Some(closed) = &mut self.closed {
            closed.from = Some(from);
        }
        self
    }
}

impl ClosedWindow {
    /// Whether the minute that begins at `minute` (Unix seconds) touches it.
    pub(super) fn covers(&self, minute: i64) -> bool {
        let is_before = |from: OffsetDateTime| minute + 60 <= from.unix_timestamp();
        minute < self.to.unix_timestamp() && !self.from.is_some_and(is_before)
    }
}
