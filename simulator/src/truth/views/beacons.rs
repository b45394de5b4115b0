//! `beacons_v`: one row per distinct beacon, field by field as the client told it.

use serde_json::{Map, Value, json};

use super::Expectation;
use crate::script::Script;
use crate::script::beacon::Beacon;
use crate::script::told::told;
use crate::truth::cell::{Expected, Found, Row, is, moment, moment_ms};
use crate::truth::{Truth, stream};

/// Texts: empty when not told.
const TEXTS: [&str; 34] = [
    "event",
    "state",
    "content_id",
    "device_class",
    "viewer_id",
    "visit_id",
    "account_id",
    "profile_id",
    "device_id",
    "traceparent",
    "device_model",
    "os_name",
    "os_version",
    "app_version",
    "player_name",
    "player_version",
    "stream_type",
    "audio_language",
    "subtitle_language",
    "cdn",
    "isp",
    "country",
    "region",
    "connection_type",
    "connection_quality",
    "exit_reason",
    "sdk_version",
    "privacy_consent",
    "write_key",
    "stream",
    "source",
    "tenant",
    "seq",
    "session_key",
];

/// Numbers and truths: NULL when not told.
const VALUES: [&str; 19] = [
    "sampling_weight",
    "clock_offset_ms",
    "heartbeat_interval_ms",
    "content_duration_ms",
    "asn",
    "position_ms",
    "bitrate_kbps",
    "width",
    "height",
    "dropped_frames",
    "buffer_ms",
    "playback_rate",
    "throughput_kbps",
    "live_latency_ms",
    "muted",
    "full_screen",
    "picture_in_picture",
    "background",
    "in_ad",
];

/// Groups of texts: everything in them is text in the canonical beacon.
const TEXT_GROUPS: [&str; 8] = [
    "experiments",
    "app_config",
    "content",
    "error",
    "ad",
    "request",
    "engagement",
    "tags",
];

/// Groups of numbers.
const NUMBER_GROUPS: [&str; 2] = ["startup", "counters"];

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let mut keys = Vec::new();
    let mut places = Vec::new();
    for (index, script) in truth.event.scripts.iter().enumerate() {
        let session_key = truth.session_key(script);
        for beacon in script.arriving() {
            keys.push(format!("{session_key} {} {}", stream(beacon), beacon.seq));
            places.push((index, beacon.index));
        }
    }
    Expectation {
        view: "beacons_v",
        key: vec!["session_key", "stream", "seq"],
        is_by_session: true,
        keys,
        row: Box::new(move |index, found| {
            let (script, beacon) = places[index];
            row(truth, script, beacon, found)
        }),
    }
}

fn row(truth: &Truth, index: usize, place: usize, found: &Found) -> Row {
    let script = &truth.event.scripts[index];
    let beacon = &script.beacons[place];
    let mut told = told(&script.viewer, beacon);
    told.insert("tenant".to_owned(), json!(truth.tenant));
    told.insert("session_key".to_owned(), json!(truth.session_key(script)));
    told.insert("stream".to_owned(), json!(stream(beacon)));
    told.insert("source".to_owned(), json!("native_json"));
    let mut row: Row = Vec::with_capacity(75);
    row.extend(TEXTS.map(|name| (name, is(told.get(name).cloned().unwrap_or(json!(""))))));
    row.extend(VALUES.map(|name| (name, is(told.get(name).cloned().unwrap_or(Value::Null)))));
    row.extend(TEXT_GROUPS.map(|name| (name, texts(told.get(name)))));
    row.extend(NUMBER_GROUPS.map(|name| (name, is(told.get(name).cloned().unwrap_or(json!({}))))));
    row.push(("seq_is_ordinal", is(true)));
    row.push(("is_test", is(script.viewer.is_test)));
    row.push(("is_bot", is(false)));
    row.push(("privacy_gpc", is(script.viewer.is_private.then_some(true))));
    row.extend(times(truth, index, script, beacon, found));
    row
}

/// The client's time is exact. Sent and received lie between this run's sending and its answers, since which of
/// several copies came first cannot be known; the event time follows from the row's own times by the rule.
fn times(truth: &Truth, index: usize, script: &Script, beacon: &Beacon, found: &Found) -> Row {
    let clock = script.viewer.clock;
    let client_ms = beacon.at_ms + clock.ahead_ms;
    let (mut sent, mut received) = (Expected::Between(0, -1), Expected::Between(0, -1));
    if let Some(deliveries) = truth.deliveries(index, beacon.index) {
        let (first_ms, last_ms) = (deliveries.first_sent_ms, deliveries.last_sent_ms);
        sent = Expected::Between(first_ms + clock.ahead_ms, last_ms + clock.ahead_ms);
        received = Expected::Between(first_ms, deliveries.last_answer_ms.max(last_ms));
    }
    let time = |name: &str| found.get(name).and_then(moment_ms).unwrap_or_default();
    let (received_ms, transit_ms) = (
        time("received_time"),
        time("received_time") - time("sent_time"),
    );
    let offset_ms = match clock.measured {
        true => -clock.ahead_ms,
        false if transit_ms.abs() > 2_000 => transit_ms,
        false => 0,
    };
    vec![
        ("client_time", moment(client_ms)),
        ("sent_time", sent),
        ("received_time", received),
        (
            "event_time",
            moment((client_ms + offset_ms).min(received_ms)),
        ),
    ]
}

fn texts(group: Option<&Value>) -> Expected {
    let text = |value: &Value| match value {
        Value::String(text) => json!(text),
        other => json!(other.to_string()),
    };
    let entries = group.and_then(Value::as_object).into_iter().flatten();
    is(Value::Object(
        entries
            .map(|(key, value)| (key.clone(), text(value)))
            .collect::<Map<_, _>>(),
    ))
}
