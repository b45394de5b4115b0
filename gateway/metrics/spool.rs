//! Metrics of the spool and of its drain.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

use crate::produce::spool::{Backlog, Entry, SyncPoint};

pub(super) const SYNC_SECONDS: &str = "playhead_spool_sync_seconds";
pub(super) const WRITE_RECORDS: &str = "playhead_spool_write_records";
const ACCEPTING: &str = "playhead_spool_accepting";
const BYTES: &str = "playhead_spool_bytes";
const RECORDS: &str = "playhead_spool_records";
const BEACONS: &str = "playhead_spool_beacons";
const OLDEST_SECONDS: &str = "playhead_spool_oldest_seconds";
const WRITTEN: &str = "playhead_spool_written_beacons_total";
const DRAINED: &str = "playhead_spool_drained_beacons_total";
const DRAIN_FAILURES: &str = "playhead_spool_drain_failures_total";
const DISK_FAILURES: &str = "playhead_spool_disk_failures_total";
const LOST: &str = "playhead_spool_lost_records_total";
const BYPASSED: &str = "playhead_producer_partitions_bypassed";

pub(super) fn describe() {
    describe_histogram!(
        SYNC_SECONDS,
        Unit::Seconds,
        "One sync of the disk. Labels: point (records, cursor, folder, aside)"
    );
    describe_histogram!(WRITE_RECORDS, "Records that shared one write and one sync");
    describe_gauge!(
        ACCEPTING,
        "1 while the spool takes beacons; 0 while it is full or its disk fails; absent without a spool"
    );
    describe_gauge!(
        BYTES,
        Unit::Bytes,
        "Bytes of the spool's files; at most spool.max_bytes and one write"
    );
    describe_gauge!(RECORDS, "Records of the spool that are not in Kafka yet");
    describe_gauge!(BEACONS, "Beacons of the spool that are not in Kafka yet");
    describe_gauge!(
        OLDEST_SECONDS,
        Unit::Seconds,
        "How long the oldest beacon of the spool has waited for Kafka; 0: none waits"
    );
    describe_counter!(WRITTEN, "Beacons acknowledged from the spool");
    describe_counter!(DRAINED, "Beacons of the spool that Kafka has acknowledged");
    describe_counter!(
        DRAIN_FAILURES,
        "Messages of the drain that Kafka did not acknowledge; they are sent again"
    );
    describe_counter!(DISK_FAILURES, "Writes and syncs of the spool that failed");
    describe_counter!(
        LOST,
        "Acknowledged records that cannot be read: the disk lost them"
    );
    describe_gauge!(
        BYPASSED,
        "Partitions whose beacons go to the spool, because Kafka does not take them"
    );
}

/// Observes a sync.
pub(crate) fn synced(point: SyncPoint, took: Duration) {
    let point = match point {
        SyncPoint::Records | SyncPoint::EndFound => "records",
        SyncPoint::CursorWritten | SyncPoint::CursorFound => "cursor",
        SyncPoint::FolderMade | SyncPoint::SegmentMade => "folder",
        SyncPoint::AsideWritten | SyncPoint::AsideNamed => "aside",
    };
    histogram!(SYNC_SECONDS, "point" => point).record(took);
}

/// Counts what one write has made durable.
pub(crate) fn written(group: &[Entry]) {
    let beacons: usize = group.iter().map(|entry| entry.ticket.rows).sum();
    histogram!(WRITE_RECORDS).record(group.len() as f64);
    counter!(WRITTEN).increment(beacons as u64);
}

/// Counts a write or sync that failed.
pub(crate) fn failed() {
    counter!(DISK_FAILURES).increment(1);
}

/// Counts records that were found lost.
pub(crate) fn lost(records: u64) {
    counter!(LOST).increment(records);
}

/// Counts beacons that the drain has brought to Kafka.
pub(crate) fn drained(beacons: u64) {
    counter!(DRAINED).increment(beacons);
}

/// Counts a message of the drain that failed.
pub(crate) fn drain_failed() {
    counter!(DRAIN_FAILURES).increment(1);
}

/// Sets what the spool holds.
pub(crate) fn backlog(backlog: Backlog, is_accepting: bool, now_ms: u64) {
    let waited_ms = backlog
        .oldest_ms
        .map_or(0, |oldest_ms| now_ms.saturating_sub(oldest_ms));
    gauge!(ACCEPTING).set(f64::from(u8::from(is_accepting)));
    gauge!(BYTES).set(backlog.bytes as f64);
    gauge!(RECORDS).set(backlog.records as f64);
    gauge!(BEACONS).set(backlog.rows as f64);
    gauge!(OLDEST_SECONDS).set(Duration::from_millis(waited_ms).as_secs_f64());
}

/// Sets how many partitions are bypassed.
pub(crate) fn bypassed(partitions: usize) {
    gauge!(BYPASSED).set(partitions as f64);
}
