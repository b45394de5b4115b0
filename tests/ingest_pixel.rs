//! The pixel and the clock, as a set-top box uses them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use crate::harness::{Gateway, Topic, answer, brokers, client};
use playhead::beacon::{EventKind, PlayState, Source};
use serde_json::json;

fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

/// Status and reason; the body is a picture whatever they are.
async fn load(gateway: &Gateway, query: &str) -> (u16, Option<String>) {
    let url = gateway.url(&format!("/v1/pixel.gif?{query}"));
    let request = client().get(url).header("origin", "https://tv.example");
    let response = request.send().await.unwrap();
    let header = |name: &str| {
        let value = response.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    assert_eq!(header("content-type").unwrap(), "image/gif");
    assert_eq!(header("cache-control").unwrap(), "no-store");
    assert_eq!(
        header("cross-origin-resource-policy").unwrap(),
        "cross-origin"
    );
    assert_eq!(
        header("access-control-allow-origin").unwrap(),
        "https://tv.example"
    );
    let (status, reason) = (response.status().as_u16(), header("x-playhead-reason"));
    let body = response.bytes().await.unwrap();
    assert!(body.starts_with(b"GIF89a") && body.ends_with(b";"));
    (status, reason)
}

#[tokio::test]
async fn a_beacon_in_an_address_is_taken() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let query = format!(
        "session_id=stb-1&event=play_state&state=playing&seq=4&client_time_ms={}&position_ms=90000\
         &device_class=set_top_box&tags.firmware=007&key=later&_=17",
        now_ms()
    );
    assert_eq!(load(&gateway, &query).await, (200, None));
    // A repetition is the same beacon.
    assert_eq!(load(&gateway, &query).await, (200, None));
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 2);
    for beacon in beacons {
        assert_eq!(
            (
                beacon.session_id(),
                beacon.stream(),
                beacon.seq(),
                beacon.seq_is_ordinal()
            ),
            ("stb-1", "pixel", 4, true)
        );
        assert_eq!(
            (
                beacon.event(),
                beacon.state(),
                beacon.source(),
                beacon.position_ms()
            ),
            (
                EventKind::PlayState,
                PlayState::Playing,
                Source::Pixel,
                90_000
            )
        );
        assert_eq!(beacon.tags["firmware"], "007");
    }
}

#[tokio::test]
async fn the_status_tells_what_became_of_it() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    for (query, reason) in [
        ("", "missing_session_id"),
        ("session_id=s", "missing_event"),
        ("session_id=s&event=heartbeat&state=nap", "bad_value"),
        ("session_id=s&event=heartbeat&seq=first", "bad_type"),
    ] {
        assert_eq!(
            load(&gateway, query).await,
            (400, Some(reason.to_owned())),
            "{query}"
        );
    }
    assert_eq!(
        gateway
            .metric("playhead_beacons_total", "source=\"pixel\"")
            .await,
        4
    );
}

#[tokio::test]
async fn a_client_measures_how_far_its_clock_is_off() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    // A device that is 90 s behind.
    let behind_ms = 90_000;
    let device_ms = || now_ms() - behind_ms;
    let asked_ms = device_ms();
    let response = client().get(gateway.url("/v1/time")).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    let (status, _, body) = answer(response).await;
    let heard_ms = device_ms();
    let offset_ms = body["time_ms"].as_i64().unwrap() - i64::midpoint(asked_ms, heard_ms);
    assert_eq!(status, 200);
    assert!(
        (offset_ms - behind_ms).abs() <= heard_ms - asked_ms + 1,
        "{offset_ms}"
    );

    let beacon = json!({
        "session_id": "s", "event": "heartbeat", "seq": 0, "client_time_ms": device_ms(),
        "clock_offset_ms": offset_ms
    });
    let sent_ms = now_ms();
    let request = client()
        .post(gateway.url("/v1/beacons"))
        .body(beacon.to_string());
    assert_eq!(request.send().await.unwrap().status(), 200);
    let estimate_ms = topic.beacons()[0].event_time_ms();
    assert!(
        (estimate_ms - sent_ms).abs() < 1_000,
        "{estimate_ms} {sent_ms}"
    );
}
