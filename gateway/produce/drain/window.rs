//! What of the spool has been read and is not in Kafka yet, partition by partition.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use crate::produce::spool::Located;

/// Messages of one partition on their way at the same time: fresh ones wait behind no more.
const IN_FLIGHT_MAX: usize = 2;
/// First and longest pause after a message that Kafka did not take.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// How large a message may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct MessageLimits {
    /// Beacons.
    pub(super) rows: usize,
    /// Bytes.
    pub(super) bytes: usize,
    /// How long a record may wait for others to fill the message; ms.
    pub(super) linger_ms: u64,
}

/// Records that go to Kafka as one message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parcel {
    /// The partition of its beacons.
    pub(super) partition: u32,
    /// Oldest first.
    pub(super) records: Vec<Located>,
}

impl Parcel {
    /// Bytes of its beacons.
    pub(super) fn bytes(&self) -> usize {
        let records = self.records.iter();
        records.map(|record| record.payload_bytes as usize).sum()
    }

    /// Its beacons.
    pub(super) fn rows(&self) -> u64 {
        let records = self.records.iter();
        records.map(|record| u64::from(record.rows)).sum()
    }
}

/// The records in hand.
#[derive(Debug, Default)]
pub(super) struct Window {
    unsettled: BTreeSet<u64>,
    read_to: u64,
    partitions: BTreeMap<u32, Queue>,
    /// The partition that was served last.
    last: u32,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Located>,
    in_flight: usize,
    failures: u32,
    paused_until: Option<Instant>,
}

impl Window {
    /// How many records are in hand.
    pub(super) fn len(&self) -> usize {
        self.unsettled.len()
    }

    /// Takes the next record of the log.
    pub(super) fn add(&mut self, record: Located) {
        self.read_to = record.seq;
        self.unsettled.insert(record.seq);
        let queue = self.partitions.entry(record.partition).or_default();
        queue.waiting.push_back(record);
    }

    /// Up to where everything that was read is in Kafka; 0: nothing was read.
    pub(super) fn settled_to(&self) -> u64 {
        self.unsettled
            .first()
            .map_or(self.read_to, |first| first - 1)
    }

    /// The next message, partition after partition; none: nothing may go now.
    pub(super) fn next(
        &mut self,
        limits: MessageLimits,
        now: Instant,
        now_ms: u64,
    ) -> Option<Parcel> {
        let behind = self.partitions.range(self.last.saturating_add(1)..);
        let order = behind.chain(self.partitions.range(..=self.last));
        let partition = *order
            .into_iter()
            .find(|(_, queue)| queue.may_send(limits, now, now_ms))?
            .0;
        self.last = partition;
        let queue = self.partitions.get_mut(&partition)?;
        let records = queue.take(limits);
        Some(Parcel { partition, records })
    }

    /// A message is in Kafka.
    pub(super) fn settle(&mut self, parcel: &Parcel) {
        for record in &parcel.records {
            self.unsettled.remove(&record.seq);
        }
        let queue = self.partitions.entry(parcel.partition).or_default();
        queue.in_flight = queue.in_flight.saturating_sub(1);
        queue.failures = 0;
        queue.paused_until = None;
    }

    /// A record is to be waited for no longer.
    pub(super) fn forget(&mut self, seq: u64) {
        self.unsettled.remove(&seq);
    }

    /// A message is not: it goes again, before those behind it.
    pub(super) fn put_back(&mut self, parcel: Parcel, now: Instant) {
        let queue = self.partitions.entry(parcel.partition).or_default();
        queue.in_flight = queue.in_flight.saturating_sub(1);
        queue.waiting.extend(parcel.records);
        // Two messages may fail in either order.
        queue
            .waiting
            .make_contiguous()
            .sort_unstable_by_key(|record| record.seq);
        let pause = PAUSE_MIN.saturating_mul(1 << queue.failures.min(10));
        queue.failures += 1;
        queue.paused_until = Some(now + pause.min(PAUSE_MAX));
    }

    /// When the oldest record in hand was written.
    pub(super) fn oldest_ms(&self) -> Option<u64> {
        let heads = self.partitions.values();
        heads
            .filter_map(|queue| queue.waiting.front())
            .map(|record| record.spooled_ms)
            .min()
    }
}

impl Queue {
    fn may_send(&self, limits: MessageLimits, now: Instant, now_ms: u64) -> bool {
        let Some(first) = self.waiting.front() else {
            return false;
        };
        // After a failure one message shows whether Kafka takes them again.
        let in_flight_max = if self.failures > 0 { 1 } else { IN_FLIGHT_MAX };
        let is_paused = self.paused_until.is_some_and(|until| now < until);
        self.in_flight < in_flight_max
            && !is_paused
            && (has_waited(first.spooled_ms, limits.linger_ms, now_ms) || self.fills(limits))
    }

    /// Whether what waits is enough for a full message.
    fn fills(&self, limits: MessageLimits) -> bool {
        let (mut rows, mut bytes) = (0, 0);
        self.waiting.iter().any(|record| {
            rows += record.rows as usize;
            bytes += record.payload_bytes as usize;
            rows >= limits.rows || bytes >= limits.bytes
        })
    }

    fn take(&mut self, limits: MessageLimits) -> Vec<Located> {
        let (mut rows, mut bytes) = (0, 0);
        let mut records = Vec::new();
        while let Some(next) = self.waiting.front() {
            rows += next.rows as usize;
            bytes += next.payload_bytes as usize;
            if !records.is_empty() && (rows > limits.rows || bytes > limits.bytes) {
                break;
            }
            records.extend(self.waiting.pop_front());
        }
        self.in_flight += 1;
        records
    }
}

/// A clock that was set back makes nobody wait.
fn has_waited(since_ms: u64, for_ms: u64, now_ms: u64) -> bool {
    since_ms > now_ms || since_ms + for_ms <= now_ms
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
