//! Rows of `beacons_in`, for tests that insert below Kafka.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "no group of tests uses all of it")]

use serde_json::Value;

/// Keys of a record's `attributes` that tests tell (proto/playhead/v1/record.proto).
const ATTRIBUTES: [&str; 32] = [
    "viewer_id",
    "device_class",
    "app_version",
    "player_name",
    "heartbeat_interval_ms",
    "clock_offset_ms",
    "stream_type",
    "content_duration_ms",
    "content",
    "country",
    "region",
    "experiments",
    "visit_id",
    "account_id",
    "profile_id",
    "device_id",
    "device_model",
    "os_name",
    "os_version",
    "player_version",
    "sdk_version",
    "source",
    "audio_language",
    "subtitle_language",
    "isp",
    "asn",
    "connection_type",
    "connection_quality",
    "app_config",
    "privacy_gpc",
    "privacy_consent",
    "write_key",
];

/// The same for `details`.
const DETAILS: [&str; 17] = [
    "height",
    "playback_rate",
    "background",
    "startup",
    "error",
    "ad",
    "counters",
    "traceparent",
    "sampling_weight",
    "width",
    "live_latency_ms",
    "muted",
    "full_screen",
    "picture_in_picture",
    "request",
    "engagement",
    "tags",
];

/// A row of `beacons_in` from a beacon's fields: what has no column of its own goes into the two JSON texts.
pub(crate) fn packed(mut beacon: Value) -> Value {
    let fields = beacon.as_object_mut().expect("it is an object");
    let mut take = |keys: &[&str]| {
        let told = keys.iter().filter_map(|key| fields.remove_entry(*key));
        Value::Object(told.collect()).to_string()
    };
    let (attributes, details) = (take(&ATTRIBUTES), take(&DETAILS));
    fields.insert("attributes".into(), attributes.into());
    fields.insert("details".into(), details.into());
    beacon
}
