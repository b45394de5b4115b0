//! What a beacon tells, field by field: the JSON that is sent, and what the raw view must show.

use serde_json::{Map, Value, json};

use crate::cast::Viewer;

use super::beacon::{Beacon, Entry, Playback};

/// Fields of the native JSON beacon, `sent_time_ms` left out: it belongs to the copy, not to the beacon.
pub(crate) fn told(viewer: &Viewer, beacon: &Beacon) -> Map<String, Value> {
    let mut fields = Map::new();
    identity(&mut fields, viewer, beacon);
    network(&mut fields, viewer, beacon);
    playback(&mut fields, &beacon.playback);
    if beacon.is_portrait {
        portrait(&mut fields, viewer, beacon);
    }
    for group in &beacon.groups {
        let entries = group
            .entries
            .iter()
            .map(|(key, entry)| ((*key).to_owned(), natural(entry)));
        put(&mut fields, group.field, Value::Object(entries.collect()));
    }
    fields
}

fn identity(fields: &mut Map<String, Value>, viewer: &Viewer, beacon: &Beacon) {
    put(fields, "session_id", json!(viewer.session_id));
    maybe(fields, "stream", beacon.stream);
    put(fields, "seq", json!(beacon.seq));
    put(fields, "event", json!(beacon.event.name()));
    put(
        fields,
        "client_time_ms",
        json!(beacon.at_ms + viewer.clock.ahead_ms),
    );
    let content_id = &beacon.title.content_id;
    maybe(
        fields,
        "content_id",
        beacon.names_content.then_some(content_id.as_str()),
    );
    put(fields, "device_class", json!(viewer.device.class));
    put(fields, "visit_id", json!(viewer.visit_id));
    put(fields, "device_id", json!(viewer.device_id));
    maybe(fields, "state", beacon.state.map(|state| state.name()));
    maybe(fields, "viewer_id", viewer.viewer_id.as_deref());
    maybe(fields, "exit_reason", beacon.exit_reason);
    maybe(fields, "traceparent", beacon.traceparent.as_deref());
    maybe(fields, "sampling_weight", beacon.sampling_weight);
    maybe(
        fields,
        "heartbeat_interval_ms",
        beacon.heartbeat_interval_ms,
    );
    maybe(
        fields,
        "clock_offset_ms",
        viewer.clock.measured.then_some(-viewer.clock.ahead_ms),
    );
    maybe(fields, "is_test", viewer.is_test.then_some(true));
}

fn network(fields: &mut Map<String, Value>, viewer: &Viewer, beacon: &Beacon) {
    put(fields, "app_version", json!(viewer.device.app_version));
    put(fields, "player_name", json!(viewer.device.player_name));
    put(fields, "cdn", json!(beacon.cdn));
    put(fields, "country", json!(viewer.network.country));
    put(fields, "connection_type", json!(beacon.connection_type));
}

fn playback(fields: &mut Map<String, Value>, playback: &Playback) {
    maybe(fields, "position_ms", playback.position_ms);
    maybe(fields, "bitrate_kbps", playback.bitrate_kbps);
    maybe(fields, "width", playback.width);
    maybe(fields, "height", playback.height);
    maybe(fields, "dropped_frames", playback.dropped_frames);
    maybe(fields, "buffer_ms", playback.buffer_ms);
    maybe(fields, "playback_rate", playback.playback_rate);
    maybe(fields, "throughput_kbps", playback.throughput_kbps);
    maybe(fields, "live_latency_ms", playback.live_latency_ms);
    maybe(fields, "muted", playback.muted);
    maybe(fields, "full_screen", playback.full_screen);
    maybe(fields, "picture_in_picture", playback.picture_in_picture);
    maybe(fields, "background", playback.background);
    maybe(fields, "in_ad", playback.in_ad);
}

fn portrait(fields: &mut Map<String, Value>, viewer: &Viewer, beacon: &Beacon) {
    maybe(fields, "account_id", viewer.account_id.as_deref());
    maybe(fields, "profile_id", viewer.profile_id.as_deref());
    put(fields, "experiments", texts(&viewer.experiments));
    put(fields, "app_config", texts(&viewer.app_config));
    put(fields, "device_model", json!(viewer.device.model));
    put(fields, "os_name", json!(viewer.device.os_name));
    put(fields, "os_version", json!(viewer.device.os_version));
    put(
        fields,
        "player_version",
        json!(viewer.device.player_version),
    );
    put(fields, "stream_type", json!(beacon.title.stream_type));
    maybe(fields, "content_duration_ms", beacon.title.duration_ms);
    let mut content = beacon.title.details.clone();
    content.push(("title", beacon.title.title.clone()));
    put(fields, "content", texts(&content));
    put(fields, "audio_language", json!(beacon.audio_language));
    maybe(fields, "subtitle_language", beacon.subtitle_language);
    put(fields, "isp", json!(viewer.network.isp));
    put(fields, "asn", json!(viewer.network.asn));
    put(fields, "region", json!(viewer.network.region));
    maybe(
        fields,
        "connection_quality",
        viewer.network.connection_quality,
    );
    put(fields, "sdk_version", json!("1.2.0"));
    maybe(fields, "privacy_consent", viewer.privacy_consent);
}

fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    fields.insert(name.to_owned(), value);
}

fn maybe<T: Into<Value>>(fields: &mut Map<String, Value>, name: &str, value: Option<T>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value.into());
    }
}

fn texts(pairs: &[(&'static str, String)]) -> Value {
    Value::Object(
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), json!(value)))
            .collect(),
    )
}

fn natural(entry: &Entry) -> Value {
    match entry {
        Entry::Text(text) => json!(text),
        Entry::Number(number) => json!(number),
        Entry::Truth(truth) => json!(truth),
    }
}
