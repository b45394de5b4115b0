//! Samples of what was refused: they show the mistake, and none of what is planted beside it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::harness::{Gateway, Topic, brokers, client, heartbeat};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

const EMAIL: &str = "jo.planted@mail.example";
const TOKEN: &str = "tok-planted-4711";
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ";
const VIEWER: &str = "viewer-planted-4711";
const DEVICE: &str = "device-planted-4711";
const ADDRESS: &str = "198.51.100.77";

/// What a player says of a failed request.
fn message() -> String {
    format!(
        "403 for {EMAIL} at {ADDRESS}: https://u:{TOKEN}@cdn.example/a.m4s?x={TOKEN}#{TOKEN} authorization: Bearer {TOKEN}x {JWT} password={TOKEN}"
    )
}

/// A beacon full of secrets, changed so that it is refused.
fn native(change: impl FnOnce(&mut Value)) -> Value {
    let mut beacon = json!({
        "session_id": "refused", "event": "error", "seq": 0, "viewer_id": VIEWER, "device_id": DEVICE,
        "account_id": VIEWER, "profile_id": VIEWER,
        "error": {"code": "E1", "message": message(), "fatal": true},
        "tags": {"page": format!("https://tv.example/?token={TOKEN}"), "note": message(), EMAIL: "x",
            "access_token": TOKEN, "nested": json!({"viewer_id": VIEWER, "mail": EMAIL}).to_string()},
    });
    change(&mut beacon);
    beacon
}

/// Percent-encoded for a query.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Requests of every door, each refused by its reason, some of them in more than one way.
fn requests(gateway: &Gateway) -> Vec<(&'static str, RequestBuilder)> {
    let post = |path: &str, body: String| client().post(gateway.url(path)).body(body);
    let wrong_type = native(|beacon| beacon["seq"] = "first".into());
    let bad_time = native(|beacon| beacon["client_time_ms"] = (-1).into());
    let wrong_id = native(|beacon| beacon["viewer_id"] = json!({"a": [VIEWER]}));
    let broken = wrong_type.to_string().replace("\"seq\"", "seq");
    let escaped = format!(
        "{{\"session_id\":\"s\",\"event\":1,\"tags\":{{\"a\":\"{}\"}}}}",
        EMAIL.replace('@', "\\u0040").replace('.', "\\u002e")
    );
    let lines = [heartbeat("taken", 0).to_string(), broken.clone()].join("\n");
    let snowplow = json!({
        "schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
        "data": [{
            "e": "ue", "uid": VIEWER, "duid": DEVICE, "url": message(), "ue_pr": format!("{{\"mail\":\"{EMAIL}\", "),
            "cx": URL_SAFE_NO_PAD.encode(EMAIL),
        }],
    });
    let record = STANDARD.encode(&broken);
    let delivery = json!({"requestId": "r", "timestamp": 1_795_258_402_000_i64, "records": [{"data": record}]});
    let pixel = format!(
        "/v1/pixel.gif?session_id=refused&event=error&seq=first&viewer_id={VIEWER}&error.message={}&key={TOKEN}&tags.password={TOKEN}",
        encoded(&message())
    );
    let epas = json!({
        "event": "error", "timestamp": 1_795_258_402_000_i64,
        "payload": {"code": "E1", "message": message(), "userId": VIEWER, "deviceId": DEVICE},
    });
    vec![
        (
            "bad_type",
            post("/v1/beacons", json!([wrong_type]).to_string()),
        ),
        ("bad_time", post("/v1/beacons", bad_time.to_string())),
        ("bad_type", post("/v1/beacons", wrong_id.to_string())),
        ("bad_type", post("/v1/beacons", escaped)),
        ("malformed_json", post("/v1/beacons", lines)),
        ("malformed_json", post("/v1/beacons", broken)),
        (
            "unsupported_content_type",
            post("/v1/beacons", native(|_| ()).to_string()).header("content-type", "image/png"),
        ),
        ("bad_type", client().get(gateway.url(&pixel))),
        (
            "malformed_cmcd",
            post(
                "/v1/cmcd",
                format!("e=t,sid=\"refused\",url=\"{}\",(", message()),
            ),
        ),
        ("missing_session_id", post("/v1/epas", epas.to_string())),
        ("malformed_json", post("/v1/epas", format!("{epas},"))),
        (
            "malformed_json",
            post("/com.snowplowanalytics.snowplow/tp2", snowplow.to_string()),
        ),
        (
            "malformed_record",
            post("/v1/firehose", delivery.to_string()),
        ),
    ]
}

async fn samples(gateway: &Gateway, query: &str) -> (u16, String) {
    let url = format!("{}/refused-samples{query}", gateway.operations);
    let response = client().get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn lines(page: &str) -> Vec<Value> {
    let lines = page.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn nothing_that_was_planted_in_refused_beacons_is_shown() {
    let topic = Topic::create(brokers(), 1).await;
    let settings = [
        ("KAFKA__LINGER_MS", "5"),
        ("GATE__REFUSED_SAMPLES_MAX", "100"),
        ("PRIVACY__IDS", "drop"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    for (reason, request) in requests(&gateway) {
        request.send().await.unwrap();
        let (status, page) = samples(&gateway, "?limit=1").await;
        assert_eq!(status, 200);
        let sample = &lines(&page)[0];
        assert_eq!(
            (&sample["outcome"], &sample["reason"], &sample["tenant"]),
            (&json!("refused"), &json!(reason), &json!("default")),
            "{sample}"
        );
        assert!(
            sample["text"].as_str().is_some_and(|text| !text.is_empty()),
            "{sample}"
        );
    }
    let (_, page) = samples(&gateway, "").await;
    let kept = lines(&page);
    assert_eq!(kept.len(), requests(&gateway).len());
    for secret in [
        EMAIL,
        "jo.planted",
        "jo\\u002eplanted",
        TOKEN,
        "planted",
        JWT,
        "c2lnbmF0dXJlLXBsYW50ZWQ",
        VIEWER,
        DEVICE,
        ADDRESS,
        &URL_SAFE_NO_PAD.encode(EMAIL),
    ] {
        let found = kept
            .iter()
            .find(|sample| sample.to_string().contains(secret));
        assert!(found.is_none(), "{secret}: {found:?}");
    }
    // The mistakes are to be seen all the same.
    let wrong_type = kept.last().unwrap();
    assert_eq!(
        (
            &wrong_type["field"],
            &wrong_type["scope"],
            &wrong_type["index"]
        ),
        (&json!("seq"), &json!("beacon"), &json!(0))
    );
    let text = wrong_type["text"].as_str().unwrap();
    assert!(
        text.contains(r#""seq":"first""#) && text.contains(r#""session_id":"refused""#),
        "{text}"
    );
    assert!(
        wrong_type["message"]
            .as_str()
            .unwrap()
            .contains("expected u64")
    );
}

#[tokio::test]
async fn samples_are_chosen_by_tenant_and_reason_and_the_oldest_go_first() {
    let topic = Topic::create(brokers(), 1).await;
    let settings = [
        ("KAFKA__LINGER_MS", "5"),
        ("GATE__REFUSED_SAMPLES_MAX", "4"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let batch = |from: u64| {
        let beacons = (from..from + 3)
            .map(|n| json!({"session_id": "s", "event": "heartbeat", "seq": -1, "position_ms": n}));
        json!(beacons.collect::<Vec<_>>()).to_string()
    };
    for body in [batch(0), batch(3), r#"{"session_id":"s"}"#.to_owned()] {
        let sent = client().post(gateway.url("/v1/beacons")).body(body).send();
        assert_eq!(sent.await.unwrap().status(), 200);
    }
    let reasons = async |query: &str| {
        let page = samples(&gateway, query).await.1;
        let kept = lines(&page);
        let reasons = kept
            .iter()
            .map(|sample| sample["reason"].as_str().unwrap().to_owned());
        reasons.collect::<Vec<_>>()
    };
    assert_eq!(
        reasons("").await,
        ["missing_event", "bad_type", "bad_type", "bad_type"]
    );
    assert_eq!(
        reasons("?reason=missing_event&tenant=default").await.len(),
        1
    );
    assert_eq!(reasons("?tenant=acme").await.len(), 0);
    assert_eq!(reasons("?limit=2").await.len(), 2);
    assert_eq!(samples(&gateway, "?reasons=x").await.0, 400);
    // What is counted is all that was refused, not what is kept of it.
    let refused = gateway
        .metric("playhead_beacons_total", "outcome=\"refused\"")
        .await;
    assert_eq!(refused, 7);
}

#[tokio::test]
async fn none_are_kept_unless_it_is_asked_for_and_never_on_the_public_port() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let (status, told) = samples(&gateway, "").await;
    assert_eq!(status, 404);
    assert!(told.contains("samples_off"), "{told}");
    let public = client().get(gateway.url("/refused-samples"));
    assert_eq!(public.send().await.unwrap().status(), 404);
}
