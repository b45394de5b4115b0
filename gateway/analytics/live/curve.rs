//! The concurrency curve as columns of equal length.

use serde::{Deserialize, Serialize};
use time::{Duration as Span, OffsetDateTime};
use utoipa::ToSchema;

use crate::analytics::stamp::rfc3339;

/// More steps than a screen has pixels help nobody.
const STEPS_MAX: i64 = 1000;
const STEPS_SECONDS: [u32; 5] = [1, 5, 10, 15, 30];

/// The concurrency curve: step i stands at `from` + i x `step_seconds`, and tells how many sessions
/// were in each state at that instant. `sessions` counts all of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Concurrency {
    /// First step; event time, RFC 3339.
    pub from: String,
    /// Distance of the steps; s.
    pub step_seconds: u32,
    /// Sessions there.
    pub sessions: Vec<u64>,
    /// Of these in starting.
    pub starting: Vec<u64>,
    /// Of these in playing.
    pub playing: Vec<u64>,
    /// Of these in stalled.
    pub stalled: Vec<u64>,
    /// Of these in seeking.
    pub seeking: Vec<u64>,
    /// Of these paused.
    pub paused: Vec<u64>,
    /// Of these in an ad break.
    pub in_ad: Vec<u64>,
    /// The newest step up to which the states of running sessions were computed: one refresh ago. After it
    /// they are taken to go on as they were.
    pub latest: Option<ConcurrencyAt>,
    /// Most sessions at one second of the window, each second looked at; the first such second.
    pub peak: Option<Peak>,
}

/// The curve at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConcurrencyAt {
    /// The instant; event time, RFC 3339.
    pub second: String,
    /// Sessions there.
    pub sessions: u64,
    /// Of these in starting.
    pub starting: u64,
    /// Of these in playing.
    pub playing: u64,
    /// Of these in stalled.
    pub stalled: u64,
    /// Of these in seeking.
    pub seeking: u64,
    /// Of these paused.
    pub paused: u64,
    /// Of these in an ad break.
    pub in_ad: u64,
}

/// The highest point of the curve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Peak {
    /// The instant; event time, RFC 3339.
    pub second: String,
    /// Sessions there.
    pub sessions: u64,
}

/// Second, sessions, and of these: starting, playing, stalled, seeking, paused, in an ad break.
type Step = (i64, u64, u64, u64, u64, u64, u64, u64);

/// Row of `sql/queries/live/concurrency.sql`: the steps at which somebody was there.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Curve {
    steps: Vec<Step>,
    peak_sessions: u64,
    peak_second: i64,
}

/// The smallest distance that keeps a window within the number of steps.
pub(super) fn step_seconds(window: Span) -> u32 {
    let fits = |step: &&u32| window.whole_seconds() / i64::from(**step) <= STEPS_MAX;
    STEPS_SECONDS.iter().find(fits).copied().unwrap_or(60)
}

impl Curve {
    /// Fills in the steps at which nobody was there; up to `reported_to` the states of running sessions
    /// have been computed.
    pub(super) fn dense(
        self,
        from: OffsetDateTime,
        to: OffsetDateTime,
        step_seconds: u32,
        reported_to: OffsetDateTime,
    ) -> Concurrency {
        let step = i64::from(step_seconds);
        let (first, count) = (
            from.unix_timestamp(),
            ((to - from).whole_seconds() + step - 1) / step,
        );
        let length = usize::try_from(count).unwrap_or(0);
        let mut curve = Concurrency::of_zeros(from, step_seconds, length);
        for (second, sessions, starting, playing, stalled, seeking, paused, in_ad) in self.steps {
            let Some(at) = usize::try_from((second - first) / step)
                .ok()
                .filter(|at| *at < length)
            else {
                continue;
            };
            curve.sessions[at] = sessions;
            curve.starting[at] = starting;
            curve.playing[at] = playing;
            curve.stalled[at] = stalled;
            curve.seeking[at] = seeking;
            curve.paused[at] = paused;
            curve.in_ad[at] = in_ad;
        }
        let settled = (reported_to - from).whole_seconds() / step;
        curve.latest = usize::try_from(settled)
            .ok()
            .filter(|at| *at < length)
            .map(|at| curve.at(at, from));
        let peak_second = OffsetDateTime::from_unix_timestamp(self.peak_second)
            .ok()
            .filter(|_| self.peak_sessions > 0);
        curve.peak = peak_second.map(|second| Peak {
            second: rfc3339(second),
            sessions: self.peak_sessions,
        });
        curve
    }
}

impl Concurrency {
    fn of_zeros(from: OffsetDateTime, step_seconds: u32, length: usize) -> Self {
        let zeros = || vec![0; length];
        Self {
            from: rfc3339(from),
            step_seconds,
            sessions: zeros(),
            starting: zeros(),
            playing: zeros(),
            stalled: zeros(),
            seeking: zeros(),
            paused: zeros(),
            in_ad: zeros(),
            latest: None,
            peak: None,
        }
    }

    /// Step number `at`, which exists.
    fn at(&self, at: usize, from: OffsetDateTime) -> ConcurrencyAt {
        let seconds = i64::try_from(at).unwrap_or(0) * i64::from(self.step_seconds);
        ConcurrencyAt {
            second: rfc3339(from + Span::seconds(seconds)),
            sessions: self.sessions[at],
            starting: self.starting[at],
            playing: self.playing[at],
            stalled: self.stalled[at],
            seeking: self.seeking[at],
            paused: self.paused[at],
            in_ad: self.in_ad[at],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn steps_grow_with_the_window() {
        let steps = [15, 60, 180, 360].map(|minutes| step_seconds(Span::minutes(minutes)));
        assert_eq!(steps, [1, 5, 15, 30]);
    }

    #[test]
    fn seconds_with_nobody_are_zero_and_the_open_edge_is_not_the_latest() {
        let from = datetime!(2026-11-21 12:00 UTC);
        let first = from.unix_timestamp();
        let curve = Curve {
            steps: vec![(first + 2, 3, 0, 2, 1, 0, 0, 0)],
            peak_sessions: 3,
            peak_second: first + 2,
        };
        let dense = curve.dense(from, from + Span::seconds(60), 1, from + Span::seconds(2));
        assert_eq!(dense.sessions.len(), 60);
        assert_eq!(
            (dense.sessions[1], dense.sessions[2], dense.stalled[2]),
            (0, 3, 1)
        );
        let latest = dense.latest.map(|latest| (latest.second, latest.playing));
        assert_eq!(latest, Some(("2026-11-21T12:00:02.000Z".to_owned(), 2)));
        assert_eq!(dense.peak.map(|peak| peak.sessions), Some(3));
    }
}
