//! From an acknowledged request to Kafka: nothing acknowledged is missing, whatever happens.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::harness::{Gateway, OwnKafka, Topic, answer, brokers, client, heartbeat};
use futures_util::future::join_all;
use playhead::beacon::{Beacon, BeaconRecord, DeviceClass, session_key};
use playhead::produce::decode_rows;
use prost::Message;
use serde_json::{Value, json};

/// A batch of one session's heartbeats.
fn batch(session_id: &str, seqs: std::ops::Range<u64>) -> String {
    let beacons: Vec<Value> = seqs.map(|seq| heartbeat(session_id, seq)).collect();
    Value::Array(beacons).to_string()
}

async fn post(gateway: &Gateway, body: String) -> (u16, Value) {
    let request = client().post(gateway.url("/v1/beacons")).body(body);
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    (status, body)
}

/// (session, seq) of beacons, and how often each was found.
fn identities(beacons: &[Beacon]) -> BTreeMap<(String, u64), usize> {
    let mut found = BTreeMap::new();
    for beacon in beacons {
        *found
            .entry((beacon.session_id().to_owned(), beacon.seq()))
            .or_default() += 1;
    }
    found
}

#[tokio::test]
async fn every_acknowledged_beacon_is_in_kafka_exactly_once() {
    let topic = Topic::create(brokers(), 6).await;
    let gateway = Gateway::start(&topic, &[]);
    let sessions: Vec<String> = (0..40).map(|n| format!("s-{n}")).collect();
    let posts = sessions
        .iter()
        .map(|session| post(&gateway, batch(session, 0..25)));
    for (status, body) in join_all(posts).await {
        assert_eq!((status, &body["accepted"]), (200, &json!(25)));
    }
    let messages = topic.messages();
    assert!(
        messages.len() < 40,
        "{} messages for 40 requests",
        messages.len()
    );
    let beacons: Vec<Beacon> = messages
        .iter()
        .flat_map(|message| decode_rows(message).unwrap())
        .collect();
    let found = identities(&beacons);
    assert_eq!(found.len(), 1_000);
    assert!(found.values().all(|copies| *copies == 1));
    for message in messages {
        let partitions: BTreeSet<u64> = decode_rows(&message)
            .unwrap()
            .iter()
            .map(|beacon| beacon.session_key() % 5)
            .collect();
        assert_eq!(
            partitions.len(),
            1,
            "a message holds one partition's sessions"
        );
    }
    assert_eq!(
        beacons[0].session_key(),
        session_key("default", beacons[0].session_id())
    );
}

#[tokio::test]
async fn a_message_carries_packed_records() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let body = json!({
        "session_id": "s", "seq": 3, "event": "error", "client_time_ms": 1_795_250_275_830_i64,
        "bitrate_kbps": 6_400, "viewer_id": "viewer-7", "device_class": "smart_tv", "width": 1_920,
        "error": {"code": "E\n1", "fatal": true}, "tags": {},
    });
    assert_eq!(post(&gateway, body.to_string()).await.0, 200);
    let messages = topic.messages();
    let mut payload = messages[0].as_slice();
    let record = BeaconRecord::decode_length_delimited(&mut payload).unwrap();
    assert!(payload.is_empty());
    assert_eq!(
        (messages.len(), record.seq, record.bitrate_kbps),
        (1, Some(3), Some(6_400))
    );
    assert_eq!(
        record.attributes(),
        r#"{"viewer_id":"viewer-7","device_class":3,"source":1}"#
    );
    assert_eq!(
        record.details(),
        r#"{"width":1920,"error":{"code":"E\n1","fatal":"true"}}"#
    );
    let beacon = topic.beacons().remove(0);
    assert_eq!(
        (beacon.device_class(), beacon.width()),
        (DeviceClass::SmartTv, 1_920)
    );
    assert_eq!(beacon.error["code"], "E\n1");
}

#[tokio::test]
async fn a_repeated_request_is_a_copy_with_the_same_identity() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let body = json!([
        {"session_id": "s", "event": "heartbeat", "seq": 3, "client_time_ms": 1_795_250_275_830_i64},
        {"session_id": "s", "event": "custom", "client_time_ms": 1_795_250_275_831_i64, "tags": {"a": "b"}},
    ]);
    for _ in 0..2 {
        assert_eq!(post(&gateway, body.to_string()).await.0, 200);
    }
    let identity = |beacon: &Beacon| {
        (
            beacon.stream().to_owned(),
            beacon.seq(),
            beacon.seq_is_ordinal(),
        )
    };
    let mut identities: Vec<_> = topic.beacons().iter().map(identity).collect();
    identities.sort();
    assert_eq!(identities.len(), 4);
    assert_eq!(identities[0], ("json".to_owned(), 3, true));
    assert_eq!(identities[0], identities[1]);
    assert_eq!(identities[2], identities[3]);
    assert!(!identities[2].2);
}

#[tokio::test]
async fn messages_keep_to_their_limits() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__BATCH_MAX_ROWS", "10")]);
    assert_eq!(post(&gateway, batch("s", 0..25)).await.0, 200);
    let rows: Vec<usize> = topic
        .messages()
        .iter()
        .map(|message| decode_rows(message).unwrap().len())
        .collect();
    assert_eq!(rows, [10, 10, 5]);
}

#[tokio::test]
async fn what_finds_no_room_is_to_be_sent_again() {
    let topic = Topic::create(brokers(), 1).await;
    let settings = [
        ("KAFKA__LINGER_MS", "1000"),
        ("KAFKA__BATCH_MAX_ROWS", "20"),
        ("KAFKA__BEACONS_IN_FLIGHT_MAX", "20"),
        ("LIMITS__BEACONS_PER_REQUEST_MAX", "20"),
        // Nothing is held back for the sake of something else.
        ("GATE__SHED_HEARTBEATS_PERCENT", "100"),
        ("GATE__SHED_CHANGES_PERCENT", "100"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let url = gateway.url("/v1/beacons");
    let first = client().post(&url).body(batch("s", 0..15));
    let first = tokio::spawn(async move { first.send().await.unwrap().status() });
    while gateway
        .metric("playhead_producer_beacons_in_flight", "")
        .await
        < 15
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let second = client().post(&url).body(batch("s", 15..30));
    let response = second.send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "1");
    let (status, content_type, body) = answer(response).await;
    assert_eq!(
        (status, content_type.as_str()),
        (503, "application/problem+json")
    );
    assert_eq!(body["reason"], "producer_full");
    let deferred = "outcome=\"deferred\",reason=\"producer_full\"";
    assert_eq!(gateway.metric("playhead_beacons_total", deferred).await, 15);
    // Once the first is acknowledged there is room for the second.
    assert_eq!(first.await.unwrap(), 200);
    assert_eq!(post(&gateway, batch("s", 15..30)).await.0, 200);
    assert_eq!(identities(&topic.beacons()).len(), 30);
}

#[tokio::test]
async fn a_missing_topic_is_told_at_the_start() {
    let topic = Topic::missing(brokers());
    let (status, log) = Gateway::fail(&topic, &[]);
    assert!(!status.success());
    assert!(log.contains(&topic.name), "{log}");
    assert!(log.contains("create it with `playhead topics`"), "{log}");
}

#[tokio::test]
async fn a_broker_that_does_not_answer_is_told_at_the_start() {
    let topic = Topic::missing("127.0.0.1:1".into());
    let (status, log) = Gateway::fail(
        &topic,
        &[
            ("SPOOL__MODE", "kafka_only"),
            ("KAFKA__START_TIMEOUT_MS", "500"),
        ],
    );
    assert!(!status.success());
    assert!(
        log.contains("Kafka at 127.0.0.1:1 does not answer"),
        "{log}"
    );
}

#[tokio::test]
async fn sigterm_finishes_what_is_in_flight_and_takes_nothing_new() {
    let topic = Topic::create(brokers(), 6).await;
    // A linger so long that every request is still waiting when the signal comes.
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "800")]);
    let in_flight: Vec<_> = (0..20)
        .map(|n| {
            let request = client()
                .post(gateway.url("/v1/beacons"))
                .body(batch(&format!("s-{n}"), 0..10));
            tokio::spawn(async move { request.send().await.unwrap().status() })
        })
        .collect();
    while gateway
        .metric("playhead_producer_beacons_in_flight", "")
        .await
        < 200
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    gateway.terminate();
    for status in join_all(in_flight).await {
        assert_eq!(status.unwrap(), 200);
    }
    let address = gateway.url("/v1/beacons");
    let exit = gateway.wait();
    assert!(exit.status.success(), "{}", exit.log);
    assert!(exit.took < Duration::from_secs(5), "{:?}", exit.took);
    assert!(client().post(address).send().await.is_err());
    assert_eq!(identities(&topic.beacons()).len(), 200);
}

#[tokio::test]
async fn a_broker_that_dies_costs_nothing_that_was_acknowledged() {
    let kafka = OwnKafka::start("gateway-tests");
    let topic = Topic::create(kafka.brokers.clone(), 3).await;
    let settings = [
        ("SPOOL__MODE", "kafka_only"),
        ("KAFKA__LINGER_MS", "10"),
        ("KAFKA__REQUEST_TIMEOUT_MS", "1000"),
        ("KAFKA__DELIVERY_TIMEOUT_MS", "1500"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let ready = format!("{}/readyz", gateway.operations);
    let mut acknowledged = BTreeSet::new();
    let mut refused = 0;
    let mut next = 0;
    // Sends ten beacons of one session; notes what was acknowledged.
    let mut send = async |sends: usize| {
        for _ in 0..sends {
            let seqs = next..next + 10;
            next += 10;
            let (status, body) = post(&gateway, batch("s", seqs.clone())).await;
            match status {
                200 => acknowledged.extend(seqs),
                503 => {
                    assert_eq!(body["reason"], "delivery_failed", "{body}");
                    refused += 1;
                }
                other => panic!("{other}: {body}"),
            }
        }
    };
    send(20).await;
    kafka.kill();
    send(3).await;
    assert_eq!(client().get(&ready).send().await.unwrap().status(), 503);
    kafka.start_again();
    while client().get(&ready).send().await.unwrap().status() != 200 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    send(20).await;
    assert_eq!(
        refused, 3,
        "what was sent while the broker was dead is refused"
    );
    assert_eq!(acknowledged.len(), 400);
    let found: BTreeSet<u64> = topic.beacons().iter().map(Beacon::seq).collect();
    let missing: Vec<_> = acknowledged.difference(&found).collect();
    assert!(
        missing.is_empty(),
        "acknowledged and not in Kafka: {missing:?}"
    );
    assert_eq!(gateway.metric("playhead_beacons_total", "").await, 430);
}
