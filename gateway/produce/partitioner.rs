//! Which partition a beacon goes to. Nothing depends on it but load: order does not matter to the warehouse.
//!
//! The beacons of a session go to one partition, by its key, so that they share messages; what begins, ends,
//! fails or sells something goes to a few partitions of its own, where no heartbeats are before it; and a session
//! that sends far too much is spread.

use std::sync::Arc;

use super::hot_sessions::HotSessions;
use crate::beacon::Priority;

/// Partitions for each one that control events may take.
const PARTITIONS_PER_CONTROL: usize = 4;

/// The partitions of a topic at one moment.
#[derive(Clone, Debug)]
pub struct Partitioner {
    partitions: u64,
    /// The first ones; 0: there are none.
    control: u64,
    hot: Option<Arc<HotSessions>>,
}

impl Partitioner {
    /// For a topic of so many partitions, of which at most this many, and at most a quarter, are for control events.
    pub fn new(partitions: usize, control_partitions: usize) -> Self {
        let partitions = partitions.max(1);
        Self {
            partitions: partitions as u64,
            control: control_partitions.min(partitions / PARTITIONS_PER_CONTROL) as u64,
            hot: None,
        }
    }

    /// Spreads sessions that send too much.
    pub(super) fn spreading(self, hot: Option<Arc<HotSessions>>) -> Self {
        Self { hot, ..self }
    }

    /// Takes note of beacons of a session, and says whether it sends too much.
    pub(super) fn count(&self, session_key: u64, beacons: u32) -> bool {
        self.hot
            .as_ref()
            .is_some_and(|hot| hot.count(session_key, beacons))
    }

    /// The partition of a beacon, from 0.
    pub(super) fn partition(
        &self,
        session_key: u64,
        seq: u64,
        priority: Priority,
        is_hot: bool,
    ) -> usize {
        let others = self.partitions - self.control;
        let partition = if is_hot {
            // Fibonacci hashing: neighbours in seq go to different partitions.
            let spread = (session_key ^ seq).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
            self.control + spread % others
        } else if priority == Priority::Conversion && self.control > 0 {
            session_key % self.control
        } else {
            self.control + session_key % others
        };
        // It is below `partitions`, which came as a usize.
        partition as usize
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_session_has_one_partition_and_its_control_events_another() {
        let partitioner = Partitioner::new(12, 2);
        for session_key in 0..1_000 {
            let of = |priority, seq| partitioner.partition(session_key, seq, priority, false);
            assert!(of(Priority::Conversion, 1) < 2);
            assert!((2..12).contains(&of(Priority::SignOfLife, 1)));
            assert_eq!(of(Priority::SignOfLife, 1), of(Priority::Change, 99));
        }
    }

    #[test]
    fn a_small_topic_keeps_no_partition_for_control_events() {
        for (partitions, wanted, kept) in [
            (1, 1, 0),
            (3, 1, 0),
            (4, 1, 1),
            (6, 3, 1),
            (24, 3, 3),
            (24, 0, 0),
        ] {
            assert_eq!(
                Partitioner::new(partitions, wanted).control,
                kept,
                "{partitions}"
            );
        }
        assert_eq!(
            Partitioner::new(1, 1).partition(7, 0, Priority::Conversion, false),
            0
        );
    }

    #[test]
    fn a_hot_session_is_everywhere_but_before_control_events() {
        let partitioner = Partitioner::new(12, 2);
        let of = |seq| partitioner.partition(77, seq, Priority::Conversion, true);
        let found: BTreeSet<usize> = (0..200).map(of).collect();
        assert_eq!(found, (2..12).collect());
    }
}
