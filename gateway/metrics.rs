//! Every metric of the gateway: its name, what it means, its labels. Nothing else names one.
//!
//! Counters move once per request or message, never once per beacon.

pub(crate) mod api;
pub(crate) mod producer;
pub(crate) mod spool;

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{
    Gauge, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::beacon::Source;
use crate::ingest::{Outcome, RequestRefusal, Unpublished};
use crate::produce::Ticket;

const BEACONS: &str = "playhead_beacons_total";
const BEACONS_UNPUBLISHED: &str = "playhead_beacons_unpublished_total";
const REQUESTS_REFUSED: &str = "playhead_requests_refused_total";
const MESSAGES: &str = "playhead_producer_messages_total";
const MESSAGE_ROWS: &str = "playhead_producer_message_rows";
const MESSAGE_BYTES: &str = "playhead_producer_message_bytes";
const DELIVERY_SECONDS: &str = "playhead_producer_delivery_seconds";
const RETRIES: &str = "playhead_producer_retries_total";
const IN_FLIGHT: &str = "playhead_producer_beacons_in_flight";
const WOULD_REFUSE: &str = "playhead_requests_would_be_refused_total";
const KEYS: &str = "playhead_write_keys";
const RELOADS: &str = "playhead_file_reloads_total";
const CONNECTIONS_CLOSED: &str = "playhead_http_connections_closed_total";
const CONNECTIONS: &str = "playhead_http_connections";

/// How often what histograms have observed is put into their buckets: until then each observation
/// takes memory of its own, and nobody may be asking for the page.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts counting for the whole process and gives the page of `/metrics`.
///
/// # Errors
/// Bucket settings that the exporter refuses.
pub fn start() -> Result<PrometheusHandle, BuildError> {
    static STARTED: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = STARTED.get() {
        return Ok(handle.clone());
    }
    let seconds = [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    ];
    let rows = [1.0, 10.0, 50.0, 100.0, 250.0, 500.0, 1_000.0];
    let bytes = [1e3, 4e3, 16e3, 64e3, 128e3, 262_144.0];
    let sync_seconds = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0,
    ];
    let answer_seconds = [
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 5.0,
    ];
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(api::ANSWER_SECONDS.into()), &answer_seconds)?
        .set_buckets_for_metric(Matcher::Full(spool::SYNC_SECONDS.into()), &sync_seconds)?
        .set_buckets_for_metric(Matcher::Full(spool::WRITE_RECORDS.into()), &rows)?
        .set_buckets_for_metric(Matcher::Full(DELIVERY_SECONDS.into()), &seconds)?
        .set_buckets_for_metric(Matcher::Full(MESSAGE_ROWS.into()), &rows)?
        .set_buckets_for_metric(Matcher::Full(MESSAGE_BYTES.into()), &bytes)?
        .install_recorder()?;
    describe();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(STARTED.get_or_init(|| handle).clone())
}

fn describe() {
    describe_counter!(
        BEACONS,
        "Beacons received, each in exactly one outcome; docs/outcomes.md. Labels: outcome, reason, source"
    );
    describe_counter!(
        BEACONS_UNPUBLISHED,
        "Beacons accepted and left out of published numbers, each once. Labels: why (test: of a test device or with a key of tests; bot: of a known robot)"
    );
    describe_counter!(
        REQUESTS_REFUSED,
        "Requests refused before any beacon was told apart. Labels: reason"
    );
    describe_counter!(
        WOULD_REFUSE,
        "Requests that gate.mode = enforce would have refused or deferred. Labels: reason"
    );
    describe_gauge!(KEYS, "Write keys in force");
    describe_counter!(
        RELOADS,
        "Files read again because they changed. Labels: file (keys, read_keys, certificate, places, hash_keys), outcome (used, unusable)"
    );
    describe_counter!(
        CONNECTIONS_CLOSED,
        "Connections that the gateway closed. Labels: port, reason (idle, per_address, handshake)"
    );
    describe_counter!(
        MESSAGES,
        "Kafka messages settled. Labels: outcome (acknowledged, failed)"
    );
    describe_histogram!(MESSAGE_ROWS, "Beacons in one Kafka message");
    describe_histogram!(
        MESSAGE_BYTES,
        Unit::Bytes,
        "Kafka message before compression"
    );
    describe_histogram!(
        DELIVERY_SECONDS,
        Unit::Seconds,
        "From a message's first beacon to its acknowledgement, linger included"
    );
    describe_counter!(RETRIES, "Produce requests that librdkafka sent again");
    describe_gauge!(
        IN_FLIGHT,
        "Beacons accepted and not yet durable; at most kafka.beacons_in_flight_max"
    );
    api::describe();
    producer::describe();
    spool::describe();
    describe_gauge!(
        CONNECTIONS,
        "Open connections. Labels: port (public, tls, operations)"
    );
}

/// Counts beacons of one request that ended in the same way.
pub fn beacons(outcome: Outcome, source: Source, count: usize) {
    if count > 0 {
        counter!(
            BEACONS,
            "outcome" => outcome.as_str(),
            "reason" => outcome.reason(),
            "source" => source_label(source),
        )
        .increment(count as u64);
    }
}

/// Counts beacons of one request that were accepted and enter no published number.
pub fn beacons_unpublished(why: Unpublished, count: usize) {
    if count > 0 {
        counter!(BEACONS_UNPUBLISHED, "why" => why.as_str()).increment(count as u64);
    }
}

/// Counts a request that was refused as a whole.
pub fn request_refused(refusal: &RequestRefusal) {
    counter!(REQUESTS_REFUSED, "reason" => refusal.as_str()).increment(1);
}

/// Counts a request that is only taken because refusals are not in force.
pub fn request_would_be_refused(reason: &'static str) {
    counter!(WOULD_REFUSE, "reason" => reason).increment(1);
}

/// Sets how many write keys are in force.
pub fn keys_in_force(count: usize) {
    gauge!(KEYS).set(count as f64);
}

/// Counts a file that was read again because it had changed.
pub fn file_reloaded(file: &'static str, is_used: bool) {
    let outcome = if is_used { "used" } else { "unusable" };
    counter!(RELOADS, "file" => file, "outcome" => outcome).increment(1);
}

/// Counts a connection that the gateway closed, and why.
pub fn connection_closed(port: &'static str, reason: &'static str) {
    counter!(CONNECTIONS_CLOSED, "port" => port, "reason" => reason).increment(1);
}

/// Observes a message that goes to Kafka.
pub fn message_sent(rows: usize, bytes: usize) {
    histogram!(MESSAGE_ROWS).record(rows as f64);
    histogram!(MESSAGE_BYTES).record(bytes as f64);
}

/// Counts a message that was acknowledged or lost.
pub(crate) fn message_settled(ticket: &Ticket, is_acknowledged: bool) {
    let outcome = if is_acknowledged {
        "acknowledged"
    } else {
        "failed"
    };
    counter!(MESSAGES, "outcome" => outcome).increment(1);
    if is_acknowledged {
        histogram!(DELIVERY_SECONDS).record(ticket.opened_at.elapsed());
    }
}

/// Sets how often librdkafka has sent a produce request again since it started.
pub fn producer_retries(total: u64) {
    counter!(RETRIES).absolute(total);
}

/// Sets how many beacons wait for their acknowledgement.
pub fn beacons_in_flight(count: usize) {
    gauge!(IN_FLIGHT).set(count as f64);
}

/// Counts a connection of this port until the guard is dropped.
pub fn connection(port: &'static str) -> OpenConnection {
    let open = gauge!(CONNECTIONS, "port" => port);
    open.increment(1.0);
    OpenConnection(open)
}

/// A connection that is counted as open.
#[must_use]
pub struct OpenConnection(Gauge);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

fn source_label(source: Source) -> &'static str {
    match source {
        // A message of another gateway holds beacons of all its doors.
        Source::Unspecified => "forwarded",
        Source::NativeJson => "native_json",
        Source::NativeProtobuf => "native_protobuf",
        Source::Pixel => "pixel",
        Source::CmcdEvent => "cmcd_event",
        Source::CmcdRequest => "cmcd_request",
        Source::Epas => "epas",
        Source::Snowplow => "snowplow",
        Source::Firehose => "firehose",
    }
}
