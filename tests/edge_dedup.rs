//! Copies of acknowledged beacons, dropped at the edge where that is asked for.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::time::Duration;

use crate::harness::{Gateway, OwnKafka, Topic, answer, brokers, client};
use serde_json::{Value, json};

const REMEMBER: (&str, &str) = ("GATE__REPEATS_REMEMBERED_SECONDS", "300");

fn beacon(seq: u64) -> Value {
    json!({
        "session_id": "s", "event": "heartbeat", "state": "playing", "seq": seq,
        "client_time_ms": 1_795_258_402_000_u64 + seq, "sent_time_ms": 1_795_258_402_000_u64 + seq,
    })
}

/// Status, accepted, dropped and the reasons of the rest.
async fn send(gateway: &Gateway, beacons: &[Value]) -> (u16, u64, u64, Vec<String>) {
    let request = client().post(gateway.url("/v1/beacons"));
    let sent = request
        .body(json!(beacons).to_string())
        .send()
        .await
        .unwrap();
    let (status, _, body) = answer(sent).await;
    let reasons = body["results"].as_array().into_iter().flatten();
    (
        status,
        body["accepted"].as_u64().unwrap_or(0),
        body["dropped"].as_u64().unwrap_or(0),
        reasons
            .map(|line| line["reason"].as_str().unwrap().to_owned())
            .collect(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_what_was_acknowledged_is_dropped_and_counted() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[REMEMBER, ("KAFKA__LINGER_MS", "5")]);
    let none: Vec<String> = Vec::new();
    assert_eq!(
        send(&gateway, &[beacon(0), beacon(1)]).await,
        (200, 2, 0, none.clone())
    );
    // A retry that was merged with what came since, sent at another time.
    let mut again = beacon(1);
    again["sent_time_ms"] = json!(1_795_258_409_000_u64);
    let duplicate = vec!["duplicate".to_owned()];
    assert_eq!(
        send(&gateway, &[again, beacon(2)]).await,
        (200, 1, 1, duplicate)
    );
    // The same ordinal at another time is another beacon, or a client's mistake: the warehouse decides.
    let mut other = beacon(1);
    other["client_time_ms"] = json!(1_795_258_402_500_u64);
    assert_eq!(send(&gateway, &[other]).await, (200, 1, 0, none));
    assert_eq!(topic.beacons().len(), 4);
    let counted = async |label: &str| gateway.metric("playhead_beacons_total", label).await;
    assert_eq!(counted("reason=\"duplicate\"").await, 1);
    assert_eq!(counted("outcome=\"accepted\"").await, 4);
    assert_eq!(counted("").await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn by_default_every_copy_travels() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    for _ in 0..2 {
        assert_eq!(send(&gateway, &[beacon(0)]).await.1, 1);
    }
    assert_eq!(topic.beacons().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_outage_kept_from_being_acknowledged_is_never_dropped() {
    let kafka = OwnKafka::start("dedup-tests");
    let topic = Topic::create(kafka.brokers.clone(), 1).await;
    let settings = [
        REMEMBER,
        ("SPOOL__MODE", "kafka_only"),
        ("KAFKA__LINGER_MS", "5"),
        ("KAFKA__REQUEST_TIMEOUT_MS", "1000"),
        ("KAFKA__DELIVERY_TIMEOUT_MS", "1500"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    assert_eq!(send(&gateway, &[beacon(0)]).await.1, 1);
    kafka.kill();
    // The acknowledged one is known all the same; the other one is not kept, and so must come again.
    assert_eq!(send(&gateway, &[beacon(0)]).await.2, 1);
    for _ in 0..2 {
        assert_eq!(send(&gateway, &[beacon(0), beacon(1)]).await.0, 503);
    }
    kafka.start_again();
    let ready = format!("{}/readyz", gateway.operations);
    while client().get(&ready).send().await.unwrap().status() != 200 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (status, accepted, dropped, _) = send(&gateway, &[beacon(0), beacon(1)]).await;
    assert_eq!((status, accepted, dropped), (200, 1, 1));
    let (_, accepted, dropped, _) = send(&gateway, &[beacon(0), beacon(1)]).await;
    assert_eq!((accepted, dropped), (0, 2));
    let beacons = topic.beacons();
    for seq in 0..2 {
        assert!(
            beacons.iter().any(|beacon| beacon.seq() == seq),
            "{seq} is lost"
        );
    }
}
