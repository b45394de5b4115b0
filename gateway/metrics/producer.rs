//! Metrics of messages that Kafka did not take at once, and of partitions.

use metrics::{counter, describe_counter, describe_gauge, gauge};

use crate::produce::Failure;

const FAILURES: &str = "playhead_producer_failures_total";
const DIVIDED: &str = "playhead_producer_messages_divided_total";
const TOO_LARGE: &str = "playhead_producer_beacons_too_large_total";
const REPLACED: &str = "playhead_producer_replaced_total";
const TROUBLE: &str = "playhead_producer_needs_a_hand";
const UNFIT: &str = "playhead_topic_findings";
const SPREAD: &str = "playhead_producer_beacons_spread_total";
const BYTES_IN_FLIGHT: &str = "playhead_producer_bytes_in_flight";
const PARTITIONS: &str = "playhead_producer_partitions";

pub(super) fn describe() {
    describe_counter!(
        FAILURES,
        "Messages that Kafka did not take, parts and repetitions of the drain included. Labels: reason (too_large, queue_full, timed_out, topic_missing, denied, login_refused, fatal, other)"
    );
    describe_counter!(
        DIVIDED,
        "Messages that were too large for the topic and went in two parts"
    );
    describe_counter!(
        TOO_LARGE,
        "Single beacons that are too large for the topic: refused, or set aside if they were acknowledged"
    );
    describe_counter!(
        REPLACED,
        "Times that the producer failed for good and was replaced"
    );
    describe_gauge!(
        TROUBLE,
        "1 while Kafka takes nothing until somebody changes something. Labels: reason (topic_missing, denied, login_refused)"
    );
    describe_gauge!(
        UNFIT,
        "Settings of the topic that differ from the configuration; `playhead topics --check` lists them"
    );
    describe_counter!(
        SPREAD,
        "Beacons of hot sessions, spread over the partitions"
    );
    describe_gauge!(
        BYTES_IN_FLIGHT,
        "Bytes of beacons accepted and not yet durable; at most kafka.bytes_in_flight_max"
    );
    describe_gauge!(PARTITIONS, "Partitions of the beacon topic");
}

/// Counts a message that Kafka did not take.
pub(crate) fn message_failed(failure: Failure) {
    counter!(FAILURES, "reason" => failure.as_str()).increment(1);
}

/// Counts a message that goes in two parts.
pub(crate) fn message_divided() {
    counter!(DIVIDED).increment(1);
}

/// Counts a beacon that fits in no message.
pub(crate) fn beacon_too_large() {
    counter!(TOO_LARGE).increment(1);
}

/// Counts a new producer in the place of one that failed.
pub(crate) fn replaced() {
    counter!(REPLACED).increment(1);
}

/// Sets whether this has to be mended.
pub(crate) fn needs_a_hand(failure: Failure, is_so: bool) {
    gauge!(TROUBLE, "reason" => failure.as_str()).set(f64::from(u8::from(is_so)));
}

/// Sets how many settings of the topic are not as they should be.
pub(crate) fn topic_findings(count: usize) {
    gauge!(UNFIT).set(count as f64);
}

/// Counts beacons that did not go to their session's partition.
pub(crate) fn spread(beacons: usize) {
    counter!(SPREAD).increment(beacons as u64);
}

/// Sets how many bytes wait to be durable.
pub(crate) fn bytes_in_flight(bytes: usize) {
    gauge!(BYTES_IN_FLIGHT).set(bytes as f64);
}

/// Sets how many partitions the topic has.
pub(crate) fn partitions(count: usize) {
    gauge!(PARTITIONS).set(count as f64);
}
