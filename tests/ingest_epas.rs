//! The EPAS door, fed with what Eyevinn's web SDK sent: `tests/fixtures/captures/epas-smooth`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::harness::{Gateway, Topic, answer, brokers, client};
use playhead::beacon::{Beacon, EventKind, PlayState, Source};
use serde_json::{Value, json};

const CAPTURE: &str = include_str!("fixtures/captures/epas-smooth.jsonl");
const TRUTH: &str = include_str!("fixtures/captures/epas-smooth.truth.json");

/// Sends one event as the SDK does.
async fn post(gateway: &Gateway, path: &str, body: &str) -> (u16, Value) {
    let request = client()
        .post(gateway.url(path))
        .header("content-type", "application/json; charset=utf-8")
        .header("x-epas-version", "0.3.1")
        .header("origin", "https://tv.example")
        .body(body.to_owned());
    let response = request.send().await.unwrap();
    let origin = &response.headers()["access-control-allow-origin"];
    assert_eq!(origin, "https://tv.example");
    let (status, _, body) = answer(response).await;
    (status, body)
}

fn bodies() -> Vec<String> {
    CAPTURE
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|request: &Value| request["method"] == "POST")
        .map(|request| request["body"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_session_of_the_web_sdk_comes_out_as_the_page_saw_it() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    let truth: Value = serde_json::from_str(TRUTH).unwrap();
    let session = truth["sid"].as_str().unwrap();
    let bodies = bodies();
    for body in &bodies {
        let (status, answer) = post(&gateway, "/v1/epas?key=later", body).await;
        let expected = if body.contains("\"init\"") {
            json!({"sessionId": session, "heartbeatInterval": 30_000})
        } else {
            json!({"sessionId": session, "valid": true})
        };
        assert_eq!((status, answer), (200, expected), "{body}");
    }
    let mut beacons = topic.beacons();
    assert_eq!(beacons.len(), bodies.len());
    beacons.sort_by_key(Beacon::client_time_ms);
    for beacon in &beacons {
        assert_eq!(
            (
                beacon.session_id(),
                beacon.stream(),
                beacon.source(),
                beacon.seq_is_ordinal()
            ),
            (session, "epas", Source::Epas, false)
        );
    }
    let states: Vec<(PlayState, i64)> = beacons
        .iter()
        .filter(|beacon| beacon.state.is_some())
        .map(|beacon| (beacon.state(), beacon.client_time_ms()))
        .collect();
    let names: Vec<PlayState> = states.iter().map(|(state, _)| *state).collect();
    {
        use PlayState::{Ended, Paused, Playing, Quit, Seeking, Starting};
        assert_eq!(
            names,
            [
                Starting, Playing, Paused, Playing, Seeking, Playing, Ended, Quit
            ]
        );
    }
    let close = |index: usize, pointer: &str| {
        let true_ms = truth.pointer(&format!("/summary/{pointer}")).unwrap();
        let off_ms = states[index].1 - true_ms.as_i64().unwrap();
        assert!(off_ms.abs() <= 5, "{pointer}: {off_ms}");
    };
    close(1, "firstPlayingAt");
    close(2, "pauses/0/from");
    close(3, "pauses/0/to");
    close(4, "seeks/0/from");
    close(5, "seeks/0/playingAt");
    close(6, "endedAt");
    let rendition = beacons
        .iter()
        .find(|beacon| beacon.event() == EventKind::BitrateChange && beacon.position_ms.is_some())
        .unwrap();
    assert_eq!(
        (
            rendition.bitrate_kbps(),
            rendition.width(),
            rendition.height(),
            rendition.position_ms()
        ),
        (1_019, 640, 360, 2_156)
    );
    assert_eq!(rendition.content_duration_ms(), 20_080);
}

#[tokio::test]
async fn the_same_event_again_is_the_same_beacon() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    let bodies = bodies();
    for body in bodies.iter().chain(bodies.iter().rev()) {
        assert_eq!(post(&gateway, "/v1/epas", body).await.0, 200);
    }
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 2 * bodies.len());
    let mut seqs: Vec<u64> = beacons.iter().map(Beacon::seq).collect();
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), bodies.len());
}

#[tokio::test]
async fn what_is_no_event_is_answered_in_the_specifications_words() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let (status, body) = post(&gateway, "/v1/epas", "{\"event\":\"playing\"}").await;
    assert_eq!(status, 400);
    assert_eq!(
        body,
        json!({
            "sessionId": -1, "valid": false, "reason": "missing_session_id",
            "message": "Invalid player event: session_id is required"
        })
    );
    let (status, body) = post(&gateway, "/v1/epas", "{\"sessionId\":\"s\"}").await;
    assert_eq!(
        (status, &body["sessionId"], &body["reason"]),
        (400, &json!("s"), &json!("missing_event"))
    );
    let (status, body) = post(&gateway, "/v1/epas", "[1]").await;
    assert_eq!(
        (status, &body["valid"], &body["reason"]),
        (400, &json!(false), &json!("malformed_json"))
    );
    let too_large = format!("{{\"x\":\"{}\"}}", "x".repeat(2_000_000));
    let (status, body) = post(&gateway, "/v1/epas", &too_large).await;
    assert_eq!((status, &body["reason"]), (413, &json!("body_too_large")));
    assert!(topic.beacons().is_empty());
}

#[tokio::test]
async fn unknown_events_and_unknown_times_are_taken() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let (status, init) = post(
        &gateway,
        "/v1/epas",
        "{\"event\":\"init\",\"timestamp\":-1}",
    )
    .await;
    assert_eq!((status, &init["heartbeatInterval"]), (200, &json!(30_000)));
    // The interval is the client's own, unless its session would count as silent, or the gateway be flooded.
    for (told, answered) in [
        (json!(5_000), 5_000),
        (json!("10000"), 10_000),
        (json!(1_000), 1_000),
        (json!(999), 30_000),
        (json!(0), 30_000),
        (json!(-1), 30_000),
        (json!(89_999), 89_999),
        (json!(90_000), 30_000),
        (json!(1e300), 30_000),
        (json!("often"), 30_000),
    ] {
        let event = json!({"event": "init", "sessionId": "own", "heartbeatInterval": told});
        let (status, answer) = post(&gateway, "/v1/epas", &event.to_string()).await;
        assert_eq!(
            (status, &answer["heartbeatInterval"]),
            (200, &json!(answered)),
            "{told}"
        );
    }
    let session = init["sessionId"].as_str().unwrap();
    let event = json!({
        "event": "chapter", "sessionId": session, "timestamp": -1, "playhead": 3_600_000,
        "duration": 7_200_000, "payload": {"name": "x".repeat(5_000)}
    });
    assert_eq!(
        post(&gateway, "/v1/epas?unit=ms", &event.to_string())
            .await
            .0,
        200
    );
    let beacons = topic.beacons();
    let chapter = beacons
        .iter()
        .find(|beacon| beacon.event() == EventKind::Custom)
        .unwrap();
    assert_eq!(chapter.session_id(), session);
    assert_eq!(chapter.client_time_ms(), chapter.received_time_ms());
    assert_eq!(
        (chapter.position_ms(), chapter.content_duration_ms()),
        (3_600_000, 7_200_000)
    );
    assert_eq!(
        (&*chapter.tags["event"], chapter.tags["name"].len()),
        ("chapter", 256)
    );
}
