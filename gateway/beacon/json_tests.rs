use serde_json::{Value, json};

use super::*;
use crate::beacon::{EventKind, PlayState};

fn read(text: &str) -> (Result<Beacon, serde_json::Error>, Notes) {
    let mut notes = Notes::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let result = BeaconSeed { notes: &mut notes }.deserialize(&mut deserializer);
    (result.map(|beacon| *beacon), notes)
}

fn blamed(text: &str) -> (String, bool) {
    let (result, notes) = read(text);
    assert!(result.is_err(), "{text} was read");
    let fault = notes.fault.expect("a field to blame");
    (fault.field, fault.is_unknown_name)
}

#[test]
fn a_beacon_comes_back_as_it_was_written() {
    let sent = json!({
        "session_id": "s", "event": "play_state", "state": "rebuffering", "seq": 7,
        "client_time_ms": 1_795_250_275_830_i64, "device_class": "smart_tv", "stream_type": "low_latency_live",
        "session_key": u64::MAX, "playback_rate": 1.5, "muted": false, "subtitle_language": "",
        "startup": {"drm_ms": 120}, "counters": {"stall_count": 2},
        "error": {"code": "x", "fatal": true, "business": false},
        "ad": {"quartile": 25, "ad_id": "a", "pod_position": 1},
        "request": {"status": 404, "cache_hit": true, "host": "h"},
        "content": {"title": "t", "season": "1"}, "engagement": {"rating": "5"},
        "experiments": {"e": "b"}, "app_config": {"k": "v"}, "tags": {"free": "text"},
        "exit_reason": "finished", "source": "cmcd_event"
    });
    let (beacon, notes) = read(&sent.to_string());
    let beacon = beacon.unwrap();
    assert_eq!(beacon.event(), EventKind::PlayState);
    assert_eq!(beacon.state(), PlayState::Rebuffering);
    assert_eq!(beacon.error["fatal"], "true");
    assert_eq!(beacon.request["status"], "404");
    assert_eq!(serde_json::to_value(&beacon).unwrap(), sent);
    assert_eq!(notes.ignored_fields, Vec::<String>::new());
}

#[test]
fn null_means_absent() {
    let (beacon, _) = read(
        r#"{"cdn":null,"event":null,"tags":null,"startup":{"drm_ms":null},"error":{"code":null}}"#,
    );
    assert_eq!(beacon.unwrap(), Beacon::default());
}

#[test]
fn a_wrong_type_names_its_field() {
    for (text, field) in [
        (r#"{"seq":"7"}"#, "seq"),
        (r#"{"seq":-1}"#, "seq"),
        (r#"{"seq":1.5}"#, "seq"),
        (r#"{"session_id":5}"#, "session_id"),
        (r#"{"muted":"yes"}"#, "muted"),
        (r#"{"event":4}"#, "event"),
        (r#"{"bitrate_kbps":4294967296}"#, "bitrate_kbps"),
        (r#"{"tags":[1]}"#, "tags"),
        (r#"{"tags":{"a":[1]}}"#, "tags.a"),
        (r#"{"error":{"fatal":"true"}}"#, "error.fatal"),
        (r#"{"ad":{"quartile":"25"}}"#, "ad.quartile"),
        (r#"{"ad":{"quartile":2.5}}"#, "ad.quartile"),
        (r#"{"content":{"title":true}}"#, "content.title"),
        (r#"{"startup":{"drm_ms":-1}}"#, "startup.drm_ms"),
        (r#"{"startup":3}"#, "startup"),
    ] {
        assert_eq!(blamed(text), (field.to_owned(), false), "{text}");
    }
}

#[test]
fn an_unknown_name_is_told_from_a_wrong_type() {
    assert_eq!(blamed(r#"{"state":"plays"}"#), ("state".to_owned(), true));
    assert_eq!(
        blamed(r#"{"state":"unspecified"}"#),
        ("state".to_owned(), true)
    );
}

#[test]
fn an_unknown_event_is_kept_with_its_name() {
    let kept = |text: &str| {
        let beacon = read(text).0.unwrap();
        (beacon.event, beacon.tags.get("event").cloned())
    };
    let custom = |name: &str| (Some(EventKind::Custom.into()), Some(name.to_owned()));
    assert_eq!(kept(r#"{"event":"chapter"}"#), custom("chapter"));
    // Wherever the tags stand, the name of the event is the event's.
    assert_eq!(
        kept(r#"{"event":"PLAY_STATE","tags":{"event":"x","b":1}}"#),
        custom("PLAY_STATE")
    );
    assert_eq!(
        kept(r#"{"tags":{"event":"x"},"event":"chapter"}"#),
        custom("chapter")
    );
    // The last one counts, as for every field.
    let heartbeat = (Some(EventKind::Heartbeat.into()), None);
    assert_eq!(
        kept(r#"{"event":"chapter","event":"heartbeat"}"#),
        heartbeat
    );
    let long = format!("{}é", "x".repeat(127));
    assert_eq!(
        kept(&json!({ "event": long }).to_string()),
        custom(&"x".repeat(127))
    );
    assert_eq!(kept(r#"{"event":""}"#), (None, None));
}

#[test]
fn unknown_fields_are_listed_once_and_bounded() {
    let (beacon, notes) = read(r#"{"b\u0041":{"c":[1]},"bA":1,"cdn":"x"}"#);
    assert_eq!(beacon.unwrap().cdn(), "x");
    assert_eq!(notes.ignored_fields, ["bA"]);
    let many: serde_json::Map<String, Value> =
        (0..100).map(|n| (format!("f{n}"), Value::Null)).collect();
    assert_eq!(
        read(&Value::Object(many).to_string())
            .1
            .ignored_fields
            .len(),
        IGNORED_MAX
    );
}

#[test]
fn a_deep_value_in_an_unknown_field_is_skipped_without_recursion() {
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(read(&deep).1.ignored_fields, ["x"]);
    assert_eq!(
        blamed(&format!(
            r#"{{"tags":{{"a":{}{}}}}}"#,
            "[".repeat(200_000),
            "]".repeat(200_000)
        ))
        .0,
        "tags.a"
    );
}

#[test]
fn keys_of_the_platform_keep_any_scalar_as_text() {
    let (beacon, _) = read(r#"{"tags":{"a":"x","b":5,"c":true,"d":-2,"e":0.5}}"#);
    let tags: Vec<_> = beacon.unwrap().tags.into_values().collect();
    assert_eq!(tags, ["x", "5", "true", "-2", "0.5"]);
}
