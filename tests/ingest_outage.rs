//! Every door while Kafka is away and there is no spool: nothing is acknowledged that is not kept, each client is told in its
//! own protocol to send again, and what it then sends is the same beacon.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use crate::harness::{Gateway, OwnKafka, Topic, client};
use futures_util::future::join_all;
use playhead::beacon::Source;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

const SNOWPLOW: &str = include_str!("fixtures/captures/snowplow-smooth.jsonl");

/// A request of one beacon at every door.
fn requests(gateway: &Gateway) -> Vec<(&'static str, RequestBuilder)> {
    let now = "1795258402000";
    let heartbeat =
        format!(r#"{{"session_id":"s","event":"heartbeat","seq":0,"client_time_ms":{now}}}"#);
    let delivery = json!({
        "requestId": "r", "timestamp": 1_795_258_402_000_i64,
        "records": [{"data": "eyJzZXNzaW9uX2lkIjoicyIsImV2ZW50IjoiaGVhcnRiZWF0Iiwic2VxIjowfQ=="}]
    });
    let queue: Value = SNOWPLOW
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|request: &Value| request["method"] == "POST")
        .nth(2)
        .unwrap();
    let post = |path: &str, body: String| client().post(gateway.url(path)).body(body);
    let get = |path: String| client().get(gateway.url(&path));
    vec![
        ("json", post("/v1/beacons", heartbeat)),
        (
            "pixel",
            get(format!(
                "/v1/pixel.gif?session_id=s&event=heartbeat&seq=0&client_time_ms={now}"
            )),
        ),
        (
            "cmcd",
            post("/v1/cmcd", format!("e=t,sid=\"s\",sn=0,ts={now},v=2\n")),
        ),
        (
            "cmcd request",
            get(format!(
                "/v1/cmcd/request?CMCD=sid%3D%22s%22%2Csn%3D0&ts={now}"
            )),
        ),
        (
            "epas",
            post(
                "/v1/epas",
                format!(r#"{{"event":"heartbeat","sessionId":"s","timestamp":{now}}}"#),
            ),
        ),
        (
            "snowplow",
            post(
                "/com.snowplowanalytics.snowplow/tp2",
                queue["body"].as_str().unwrap().to_owned(),
            ),
        ),
        ("firehose", post("/v1/firehose", delivery.to_string())),
    ]
}

/// Sends all of them at once.
async fn send(gateway: &Gateway) -> Vec<(&'static str, Response)> {
    let sent = requests(gateway)
        .into_iter()
        .map(|(door, request)| async move { (door, request.send().await.unwrap()) });
    join_all(sent).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_asks_to_send_again_and_knows_what_comes_again() {
    let kafka = OwnKafka::start("outage-tests");
    let topic = Topic::create(kafka.brokers.clone(), 1).await;
    let settings = [
        ("SPOOL__MODE", "kafka_only"),
        ("KAFKA__LINGER_MS", "10"),
        ("KAFKA__REQUEST_TIMEOUT_MS", "1000"),
        ("KAFKA__DELIVERY_TIMEOUT_MS", "1500"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    for (door, response) in send(&gateway).await {
        assert!(
            response.status().is_success(),
            "{door}: {}",
            response.status()
        );
    }
    kafka.kill();
    for (door, response) in send(&gateway).await {
        assert_eq!(response.status(), 503, "{door}");
        assert!(response.headers().contains_key("retry-after"), "{door}");
        let content_type = response.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        let body = response.bytes().await.unwrap();
        match door {
            "pixel" => assert!(body.starts_with(b"GIF89a")),
            "firehose" => {
                let answer: Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(answer["requestId"], "r");
                assert!(answer["errorMessage"].is_string(), "{answer}");
            }
            _ => assert_eq!(content_type, "application/problem+json", "{door}"),
        }
    }
    kafka.start_again();
    let ready = format!("{}/readyz", gateway.operations);
    while client().get(&ready).send().await.unwrap().status() != 200 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for (door, response) in send(&gateway).await {
        assert!(
            response.status().is_success(),
            "{door}: {}",
            response.status()
        );
    }
    let beacons = topic.beacons();
    let of = |source: Source| {
        beacons
            .iter()
            .filter(move |beacon| beacon.source() == source)
    };
    for source in [
        Source::NativeJson,
        Source::Pixel,
        Source::CmcdEvent,
        Source::CmcdRequest,
        Source::Epas,
        Source::Snowplow,
        Source::Firehose,
    ] {
        let identities: BTreeSet<_> = of(source)
            .map(|beacon| {
                (
                    beacon.session_id().to_owned(),
                    beacon.stream().to_owned(),
                    beacon.seq(),
                )
            })
            .collect();
        assert_eq!(identities.len(), 1, "{source:?}");
        assert!(of(source).count() >= 2, "{source:?}: before and after");
    }
    let deferred = gateway
        .metric("playhead_beacons_total", "outcome=\"deferred\"")
        .await;
    assert_eq!(deferred, 7);
}
