use serde_json::{Value as Json, json};

use super::*;

fn decoded(event: &Json) -> EpasEvent {
    let context = Context {
        version: Some("0.3.1"),
        unit: None,
        new_session_id: || "new".to_owned(),
    };
    decode(event.to_string().as_bytes(), &context).unwrap_or_else(|error| panic!("{error}"))
}

/// The beacon without what every one has.
fn beacon(event: &Json) -> Json {
    let decoded = decoded(event);
    let mut beacon = serde_json::to_value(&decoded.batch.beacons[0].beacon).unwrap();
    let fields = beacon.as_object_mut().unwrap();
    assert_eq!(fields.remove("sdk_version"), Some(json!("0.3.1")));
    fields.remove("session_id");
    beacon
}

fn event(name: &str, payload: Json) -> Json {
    json!({"event": name, "sessionId": "s", "timestamp": -1, "playhead": -1, "duration": -1, "payload": payload})
}

#[test]
fn moments_are_milliseconds_and_positions_seconds() {
    assert_eq!(
        beacon(
            &json!({"event": "paused", "sessionId": "s", "timestamp": 1_795_250_462_461_i64, "playhead": 8.213_076, "duration": 20.08})
        ),
        json!({
            "event": "play_state", "state": "paused", "client_time_ms": 1_795_250_462_461_i64,
            "position_ms": 8_213, "content_duration_ms": 20_080
        })
    );
}

#[test]
fn minus_one_is_not_told() {
    assert_eq!(
        beacon(&event("heartbeat", json!({"contentId": -1, "width": null}))),
        json!({"event": "heartbeat"})
    );
}

#[test]
fn every_event_of_the_specification_has_its_meaning() {
    for (name, kind, state) in [
        ("init", "metadata", Json::Null),
        ("metadata", "metadata", Json::Null),
        ("loaded", "metadata", Json::Null),
        ("heartbeat", "heartbeat", Json::Null),
        ("loading", "play_state", json!("starting")),
        ("playing", "play_state", json!("playing")),
        ("resume", "play_state", json!("playing")),
        ("paused", "play_state", json!("paused")),
        ("buffering", "play_state", json!("rebuffering")),
        ("buffered", "play_state", json!("playing")),
        ("seeking", "play_state", json!("seeking")),
        ("seeked", "play_state", json!("playing")),
        ("bitrate_changed", "bitrate_change", Json::Null),
        ("error", "error", Json::Null),
        ("warning", "error", Json::Null),
        ("stopped", "session_end", json!("quit")),
    ] {
        let beacon = beacon(&event(name, Json::Null));
        assert_eq!(
            (&beacon["event"], &beacon["state"]),
            (&json!(kind), &state),
            "{name}"
        );
    }
    assert_eq!(
        beacon(&event("chapter", json!({"n": 3}))),
        json!({"event": "custom", "tags": {"event": "chapter", "n": "3"}})
    );
}

#[test]
fn metadata_fills_the_fields_and_keeps_the_rest_as_tags() {
    assert_eq!(
        beacon(&event(
            "metadata",
            json!({
                "live": true, "contentId": "c1", "contentTitle": "Final", "drmType": "widevine",
                "contentUrl": "https://u:p@cdn.example/a/b.m3u8?token=secret", "userId": 42, "deviceId": "d",
                "deviceModel": "X1", "deviceType": "smart-tv", "league": {"name": "First"}
            })
        )),
        json!({
            "event": "content_change", "stream_type": "live", "content_id": "c1",
            "content": {"title": "Final", "drm": "widevine"}, "viewer_id": "42", "device_id": "d",
            "device_model": "X1", "device_class": "smart_tv",
            "tags": {"content_host": "cdn.example", "league.name": "First"}
        })
    );
    assert_eq!(
        beacon(&event("metadata", json!({"deviceType": "fridge"})))["tags"],
        json!({"deviceType": "fridge"})
    );
}

#[test]
fn a_rendition_an_error_and_an_end_are_told() {
    assert_eq!(
        beacon(&event(
            "bitrate_changed",
            json!({"bitrate": 391.316, "width": 320, "height": 180})
        )),
        json!({"event": "bitrate_change", "bitrate_kbps": 391, "width": 320, "height": 180})
    );
    assert_eq!(
        beacon(&event(
            "warning",
            json!({"code": 7, "message": "slow", "category": "NETWORK"})
        )),
        json!({
            "event": "error", "error": {"code": "7", "message": "slow", "fatal": false},
            "tags": {"category": "NETWORK"}
        })
    );
    assert_eq!(
        beacon(&event("error", json!({"code": "E1"})))["error"],
        json!({"code": "E1", "fatal": true})
    );
    for (reason, exit, state) in [
        ("ended", json!("finished"), "ended"),
        ("aborted", json!("exited"), "quit"),
        ("error", json!("failed"), "failed"),
        ("bored", Json::Null, "quit"),
    ] {
        let beacon = beacon(&event("stopped", json!({"reason": reason})));
        assert_eq!(
            (&beacon["exit_reason"], &beacon["state"]),
            (&exit, &json!(state)),
            "{reason}"
        );
    }
}

#[test]
fn a_session_that_begins_without_an_id_gets_one() {
    let init = decoded(&json!({"event": "init", "timestamp": -1}));
    assert_eq!(
        (init.session_id.as_deref(), init.is_init),
        (Some("new"), true)
    );
    assert_eq!(init.batch.beacons[0].beacon.session_id(), "new");
    let other = decoded(&json!({"event": "playing"}));
    assert_eq!((other.session_id, other.is_init), (None, false));
}

#[test]
fn what_is_no_object_is_refused_as_a_whole() {
    let context = Context {
        version: None,
        unit: None,
        new_session_id: String::new,
    };
    for (body, reason) in [
        ("", "empty_batch"),
        ("[]", "malformed_json"),
        ("{", "malformed_json"),
    ] {
        let refusal = decode(body.as_bytes(), &context).err().unwrap();
        assert_eq!(refusal.as_str(), reason, "{body}");
    }
}
