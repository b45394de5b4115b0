//! The Snowplow door, fed with what the browser tracker and its media plugin sent:
//! `tests/fixtures/captures/snowplow-smooth`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;

use crate::harness::{Gateway, Topic, answer, brokers, client};
use playhead::beacon::{Beacon, EventKind, PlayState, Source};
use reqwest::Method;
use serde_json::{Value, json};

const CAPTURE: &str = include_str!("fixtures/captures/snowplow-smooth.jsonl");
const TRUTH: &str = include_str!("fixtures/captures/snowplow-smooth.truth.json");
const TP2: &str = "/com.snowplowanalytics.snowplow/tp2";

/// Status and body of an answer to a payload.
async fn post(gateway: &Gateway, body: String) -> (u16, Value) {
    let request = client()
        .post(gateway.url(TP2))
        .header("content-type", "application/json; charset=UTF-8")
        .header("origin", "https://tv.example")
        .header("cookie", "sp=must-not-be-read")
        .body(body);
    let response = request.send().await.unwrap();
    assert!(response.headers().get("set-cookie").is_none());
    // The tracker sends credentials, to which a browser lets no `*` answer.
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("access-control-allow-origin"), "https://tv.example");
    assert_eq!(header("access-control-allow-credentials"), "true");
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
async fn a_session_of_the_media_plugin_comes_out_as_the_page_saw_it() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    let truth: Value = serde_json::from_str(TRUTH).unwrap();
    for body in bodies() {
        assert_eq!(post(&gateway, body).await, (200, json!("ok")));
    }
    let dropped = gateway
        .metric("playhead_beacons_total", "reason=\"no_playback\"")
        .await;
    assert_eq!(dropped, 1, "the page view");
    let mut beacons = topic.beacons();
    assert_eq!(beacons.len(), 22);
    beacons.sort_by_key(Beacon::client_time_ms);
    for beacon in &beacons {
        assert_eq!(
            (beacon.session_id(), beacon.stream(), beacon.source()),
            (truth["sid"].as_str().unwrap(), "snowplow", Source::Snowplow)
        );
        assert_eq!(
            (
                beacon.viewer_id(),
                beacon.content_id(),
                beacon.heartbeat_interval_ms()
            ),
            ("viewer-1", "Test pattern", 5_000)
        );
        assert!(!beacon.seq_is_ordinal());
    }
    let states: Vec<(PlayState, i64)> = beacons
        .iter()
        .filter(|beacon| beacon.event() == EventKind::PlayState)
        .map(|beacon| (beacon.state(), beacon.client_time_ms()))
        .collect();
    let names: Vec<PlayState> = states.iter().map(|(state, _)| *state).collect();
    {
        use PlayState::{Ended, Paused, Playing, Rebuffering, Seeking, Starting};
        assert_eq!(
            names,
            [
                Starting,
                Rebuffering,
                Playing,
                Paused,
                Playing,
                Seeking,
                Rebuffering,
                Playing,
                Playing,
                Ended
            ]
        );
    }
    let close = |index: usize, pointer: &str| {
        let true_ms = truth.pointer(&format!("/summary/{pointer}")).unwrap();
        let off_ms = states[index].1 - true_ms.as_i64().unwrap();
        assert!(off_ms.abs() <= 10, "{pointer}: {off_ms}");
    };
    close(0, "playCallAt");
    close(2, "firstPlayingAt");
    close(3, "pauses/0/from");
    close(4, "pauses/0/to");
    close(5, "seeks/0/from");
    close(8, "seeks/0/playingAt");
    close(9, "endedAt");
    let rendition = beacons
        .iter()
        .rfind(|beacon| beacon.event() == EventKind::BitrateChange)
        .unwrap();
    assert_eq!(
        (
            rendition.bitrate_kbps(),
            rendition.height(),
            rendition.position_ms()
        ),
        (1_019, 360, 2_092)
    );
}

#[tokio::test]
async fn what_a_tracker_sends_again_is_the_same_beacon() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    // A queue that is sent again: all of it at once, backwards, at a later time.
    let mut queue: Vec<Value> = Vec::new();
    for body in bodies() {
        let payload: Value = serde_json::from_str(&body).unwrap();
        queue.extend(payload["data"].as_array().unwrap().clone());
        assert_eq!(post(&gateway, body).await.0, 200);
    }
    queue.reverse();
    for event in &mut queue {
        event["stm"] = json!("1795250599999");
    }
    let again = json!({"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", "data": queue});
    assert_eq!(post(&gateway, again.to_string()).await.0, 200);
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 44);
    let identities: BTreeSet<(u64, i64)> = beacons
        .iter()
        .map(|beacon| (beacon.seq(), beacon.client_time_ms()))
        .collect();
    assert_eq!(identities.len(), 22);
}

#[tokio::test]
async fn an_event_in_an_address_is_answered_with_a_picture() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let payload: Value = serde_json::from_str(&bodies()[1]).unwrap();
    let event = &payload["data"][0];
    let mut parameters = vec![("e".to_owned(), "ue".to_owned())];
    for name in ["eid", "dtm", "stm", "p", "tv", "uid", "duid", "sid"] {
        parameters.push((name.to_owned(), event[name].as_str().unwrap().to_owned()));
    }
    for (plain, encoded) in [("ue_pr", "ue_px"), ("co", "cx")] {
        let text = base64_url(event[plain].as_str().unwrap().as_bytes());
        parameters.push((encoded.to_owned(), text));
    }
    let request = client().get(gateway.url("/i")).query(&parameters);
    let response = request.header("sp-anonymous", "*").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "image/gif");
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 1);
    let beacon = &beacons[0];
    assert_eq!(
        (beacon.event(), beacon.state()),
        (EventKind::PlayState, PlayState::Starting)
    );
    assert_eq!(beacon.session_id(), "7f6ee96e-4e59-4d13-9a2b-d4ef044f362f");
    // The tracker asked that nobody is recognised.
    assert_eq!(
        (&beacon.viewer_id, &beacon.device_id, &beacon.visit_id),
        (&None, &None, &None)
    );
}

#[tokio::test]
async fn a_configured_cookie_knows_a_browser_again_unless_it_must_not() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("SNOWPLOW__COOKIE_DAYS", "365")]);
    let mut payload: Value = serde_json::from_str(&bodies()[1]).unwrap();
    let event = payload["data"][0].as_object_mut().unwrap();
    event.remove("duid");
    event.remove("uid");
    // What `Set-Cookie` answers to an event of this id with these headers.
    let send = async |eid: &str, headers: &[(&'static str, &str)]| {
        let mut payload = payload.clone();
        payload["data"].as_array_mut().unwrap().truncate(1);
        payload["data"][0]["eid"] = json!(eid);
        let mut request = client()
            .post(gateway.url(TP2))
            .header("content-type", "application/json")
            .body(payload.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let cookie = response.headers().get("set-cookie");
        cookie.map(|cookie| cookie.to_str().unwrap().to_owned())
    };
    let cookie = send("1", &[]).await.unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=None"
    );
    let again = send("2", &[("cookie", &format!("theme=dark; {pair}"))]).await;
    assert_eq!(again.as_ref(), Some(&cookie), "the same browser");
    assert_ne!(
        send("3", &[("cookie", "sp=me@example.org")]).await,
        Some(cookie.clone())
    );
    assert_eq!(
        send("4", &[("cookie", pair), ("sp-anonymous", "*")]).await,
        None
    );
    assert_eq!(send("5", &[("cookie", pair), ("sec-gpc", "1")]).await, None);
    let id = pair.strip_prefix("sp=").unwrap();
    let named: Vec<bool> = topic
        .beacons()
        .iter()
        .map(|beacon| {
            assert_eq!(beacon.device_id, beacon.viewer_id);
            beacon.device_id.as_deref() == Some(id)
        })
        .collect();
    assert_eq!(named, [false, true, false, false, false]);
}

#[tokio::test]
async fn nothing_is_answered_so_that_it_comes_again_for_ever() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    // Trackers let go of a request at 400 only, not at 413 or 415.
    for body in ["", "{", "[]", "{\"schema\":\"p\",\"data\":[]}"] {
        assert_eq!(post(&gateway, body.to_owned()).await.0, 400, "{body}");
    }
    let (status, body) = post(&gateway, " ".repeat(2_000_000)).await;
    assert_eq!((status, &body["reason"]), (400, &json!("body_too_large")));
    // A bad event costs only itself.
    let mut payload: Value = serde_json::from_str(&bodies()[1]).unwrap();
    let events = payload["data"].as_array_mut().unwrap();
    events.push(json!({"e": "ue", "eid": "x", "ue_pr": "{"}));
    events.push(json!(5));
    let (status, body) = post(&gateway, payload.to_string()).await;
    assert_eq!(
        (
            status,
            &body["received"],
            &body["accepted"],
            &body["refused"]
        ),
        (200, &json!(4), &json!(2), &json!(2)),
        "{body}"
    );
    assert_eq!(body["results"][0]["reason"], "malformed_json");
    assert_eq!(body["results"][0]["field"], "ue_pr");
}

#[tokio::test]
async fn a_page_may_ask_before_it_sends() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let response = client()
        .request(Method::OPTIONS, gateway.url(TP2))
        .header("origin", "https://tv.example")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,sp-anonymous",
        )
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("access-control-allow-origin"), "https://tv.example");
    assert_eq!(
        header("access-control-allow-headers"),
        "content-type,sp-anonymous"
    );
    assert_eq!(header("access-control-allow-credentials"), "true");
}

fn base64_url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
