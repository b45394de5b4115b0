//! Metrics of the analytics API: its cache, its keys, its streams, its alerts.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

pub(super) const ANSWER_SECONDS: &str = "playhead_api_answer_seconds";
const ANSWERS: &str = "playhead_api_answers_total";
const CACHE_BYTES: &str = "playhead_api_cache_bytes";
const CACHE_ANSWERS: &str = "playhead_api_cache_answers";
const INVALIDATED: &str = "playhead_api_cache_invalidated_total";
const REFUSED: &str = "playhead_api_refused_total";
const LISTENERS: &str = "playhead_api_stream_listeners";
const LISTENERS_DROPPED: &str = "playhead_api_stream_listeners_dropped_total";
const STREAM_QUERIES: &str = "playhead_api_stream_queries_total";
const ALERTS_FIRING: &str = "playhead_api_alerts_firing";

pub(super) fn describe() {
    describe_counter!(
        ANSWERS,
        "Answers by where they came from. Labels: outcome (fresh: stored and still true, told at once, shared: waited for a computation that somebody else began, computed, stale: the warehouse was away or slow, failed)"
    );
    describe_histogram!(
        ANSWER_SECONDS,
        Unit::Seconds,
        "From a question that was understood to its answer, before compression. Labels: outcome, as above"
    );
    describe_gauge!(CACHE_BYTES, Unit::Bytes, "Stored answers, with their names");
    describe_gauge!(CACHE_ANSWERS, "Stored answers");
    describe_counter!(
        INVALIDATED,
        "Stored answers about closed windows that late beacons changed"
    );
    describe_counter!(
        REFUSED,
        "Requests that read keys did not let in. Labels: reason"
    );
    describe_gauge!(LISTENERS, "Open streams. Labels: stream");
    describe_counter!(
        LISTENERS_DROPPED,
        "Streams that were ended because their listener read too slowly. Labels: stream"
    );
    describe_counter!(
        STREAM_QUERIES,
        "Answers computed for streams, however many listened. Labels: stream"
    );
    describe_gauge!(ALERTS_FIRING, "Alerts that are firing");
}

/// Counts an answer and how long it took.
pub(crate) fn answered(outcome: &'static str, took: Duration) {
    counter!(ANSWERS, "outcome" => outcome).increment(1);
    histogram!(ANSWER_SECONDS, "outcome" => outcome).record(took);
}

/// Sets how much is stored.
pub(crate) fn cached(bytes: u64, answers: u64) {
    gauge!(CACHE_BYTES).set(bytes as f64);
    gauge!(CACHE_ANSWERS).set(answers as f64);
}

/// Counts stored answers that a late beacon changed.
pub(crate) fn invalidated(answers: u64) {
    counter!(INVALIDATED).increment(answers);
}

/// Counts a request that was not let in.
pub(crate) fn refused(reason: &'static str) {
    counter!(REFUSED, "reason" => reason).increment(1);
}

/// Counts one more, or one less, who listens.
pub(crate) fn listeners(stream: &'static str, change: f64) {
    gauge!(LISTENERS, "stream" => stream).increment(change);
}

/// Counts a listener who read too slowly.
pub(crate) fn listener_dropped(stream: &'static str) {
    counter!(LISTENERS_DROPPED, "stream" => stream).increment(1);
}

/// Counts an answer computed for all who listen.
pub(crate) fn stream_computed(stream: &'static str) {
    counter!(STREAM_QUERIES, "stream" => stream).increment(1);
}

/// Sets how many alerts are firing.
pub(crate) fn alerts_firing(count: usize) {
    gauge!(ALERTS_FIRING).set(count as f64);
}
