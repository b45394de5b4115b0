//! Beacons that were acknowledged lately, so that their repetition need not travel again.
//!
//! A saving and nothing more: copies fold by their identity in the warehouse, whatever is remembered
//! here. What is remembered was acknowledged, so what is dropped is safe. Two copies at the same time,
//! or at two gateways, both go on.

use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::config::GateConfig;

/// What one remembered beacon takes in memory, the cache's own records included; bytes.
const ENTRY_BYTES: u64 = 192;

/// What was acknowledged lately.
pub(super) struct Repeats(Cache<u128, ()>);

impl Repeats {
    /// None where nothing is to be remembered.
    pub(super) fn of(config: &GateConfig) -> Option<Self> {
        let seconds = config.repeats_remembered_seconds;
        (seconds > 0).then(|| {
            Self(
                Cache::builder()
                    .max_capacity(config.repeats_max_bytes / ENTRY_BYTES)
                    // The oldest go first: frequency says nothing of what is sent again.
                    .eviction_policy(EvictionPolicy::lru())
                    .time_to_live(Duration::from_secs(seconds))
                    .build(),
            )
        })
    }

    /// Whether this one was acknowledged.
    pub(super) fn knows(&self, identity: u128) -> bool {
        self.0.contains_key(&identity)
    }

    /// Notes what was acknowledged.
    pub(super) fn remember(&self, identity: u128) {
        self.0.insert(identity, ());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeats(bytes: u64) -> Repeats {
        let config = GateConfig {
            repeats_remembered_seconds: 60,
            repeats_max_bytes: bytes,
            ..GateConfig::default()
        };
        Repeats::of(&config).unwrap()
    }

    #[test]
    fn only_what_was_acknowledged_is_known() {
        let repeats = repeats(1024 * 1024);
        assert!(!repeats.knows(7));
        repeats.remember(7);
        repeats.remember(8);
        assert!(repeats.knows(7) && repeats.knows(8) && !repeats.knows(9));
        assert!(Repeats::of(&GateConfig::default()).is_none());
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten() {
        let repeats = repeats(100 * ENTRY_BYTES);
        for identity in 0..10_000 {
            repeats.remember(identity);
        }
        repeats.0.run_pending_tasks();
        assert!(repeats.0.entry_count() <= 100);
        assert!(!repeats.knows(0) && repeats.knows(9_999));
    }
}
