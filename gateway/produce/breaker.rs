//! Which partitions Kafka does not take at present.
//!
//! In the mode `kafka_first` a message that Kafka did not acknowledge opens its partition's breaker:
//! what follows goes straight to the spool, instead of waiting for Kafka in vain. The drain, which then
//! has something to bring to that partition, is the probe; its first success closes the breaker.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::metrics;

/// One breaker for each partition.
#[derive(Debug, Default)]
pub(super) struct Breakers {
    /// How many are open; the look of every message while all is well.
    count: AtomicUsize,
    open: Mutex<BTreeSet<u32>>,
}

impl Breakers {
    /// Whether Kafka did not take the partition's last message.
    pub(super) fn is_open(&self, partition: u32) -> bool {
        self.count.load(Ordering::Acquire) > 0 && self.change(|open| open.contains(&partition))
    }

    /// Kafka did not take a message.
    pub(super) fn open(&self, partition: u32) {
        let (is_first, is_new) = self.change(|open| (open.is_empty(), open.insert(partition)));
        if is_new && is_first {
            tracing::warn!(
                partition,
                "Kafka does not acknowledge; its beacons go to the spool"
            );
        }
    }

    /// Kafka took a message.
    pub(super) fn close(&self, partition: u32) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let is_last = self.change(|open| open.remove(&partition) && open.is_empty());
        if is_last {
            tracing::info!("Kafka acknowledges for every partition again");
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut BTreeSet<u32>) -> T) -> T {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut open);
        if self.count.swap(open.len(), Ordering::AcqRel) != open.len() {
            metrics::spool::bypassed(open.len());
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_its_own() {
        let breakers = Breakers::default();
        breakers.open(3);
        breakers.open(3);
        assert!(breakers.is_open(3) && !breakers.is_open(4));
        breakers.close(4);
        assert!(breakers.is_open(3));
        breakers.close(3);
        assert!(!breakers.is_open(3));
    }
}
