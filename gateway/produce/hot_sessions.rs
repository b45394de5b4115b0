//! Sessions that send far more than a player does: a broken device, or many that share one session id. All of their
//! beacons in one partition would hold up everybody else's there.
//!
//! Bounded: a fixed number of counters, several sessions to each. A session that shares the counter of a hot one is
//! spread as well, which does it no harm.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Counters; a power of two.
const COUNTERS: usize = 4_096;
/// How long a session that was hot is spread; seconds.
const HOT_FOR_SECONDS: u64 = 30;

/// Counts beacons by session and second.
#[derive(Debug)]
pub(super) struct HotSessions {
    /// Beacons in a second from which on a session is hot.
    limit: u32,
    started: Instant,
    counters: Vec<Counter>,
}

#[derive(Debug, Default)]
struct Counter {
    /// The second, and in the lower half the beacons in it.
    count: AtomicU64,
    hot_until: AtomicU64,
}

impl HotSessions {
    /// None when sessions may send as much as they like.
    pub(super) fn new(beacons_per_second: u32) -> Option<Self> {
        (beacons_per_second > 0).then(|| Self {
            limit: beacons_per_second,
            started: Instant::now(),
            counters: std::iter::repeat_with(Counter::default)
                .take(COUNTERS)
                .collect(),
        })
    }

    /// Takes note of beacons, and says whether their session is hot.
    pub(super) fn count(&self, session_key: u64, beacons: u32) -> bool {
        self.count_at(self.started.elapsed().as_secs(), session_key, beacons)
    }

    fn count_at(&self, second: u64, session_key: u64, beacons: u32) -> bool {
        // Other bits than those that choose the partition.
        let place = (session_key >> 40) as usize % COUNTERS;
        let Some(counter) = self.counters.get(place) else {
            return false;
        };
        let added = |packed: u64| {
            let before = if packed >> 32 == second {
                packed & u64::from(u32::MAX)
            } else {
                0
            };
            let now = (before + u64::from(beacons)).min(u32::MAX.into());
            second << 32 | now
        };
        let before = counter
            .count
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |packed| {
                Some(added(packed))
            });
        let count = added(before.unwrap_or_default()) & u64::from(u32::MAX);
        if count > self.limit.into() {
            let was_until = counter
                .hot_until
                .swap(second + HOT_FOR_SECONDS, Ordering::Relaxed);
            if was_until <= second {
                tracing::warn!(
                    session_key,
                    beacons = count,
                    "a session sends too much and is spread over the partitions; many devices may share its id"
                );
            }
            return true;
        }
        counter.hot_until.load(Ordering::Relaxed) > second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_hot_from_the_limit_on_and_for_a_while() {
        let hot = HotSessions::new(100).unwrap();
        assert!(!hot.count_at(5, 1 << 50, 60));
        assert!(!hot.count_at(6, 1 << 50, 60), "another second");
        assert!(hot.count_at(6, 1 << 50, 60));
        assert!(hot.count_at(6 + HOT_FOR_SECONDS - 1, 1 << 50, 1));
        assert!(!hot.count_at(6 + HOT_FOR_SECONDS, 1 << 50, 1));
        assert!(!hot.count_at(6, 1 << 51, 60), "another session");
        assert!(HotSessions::new(0).is_none());
    }
}
