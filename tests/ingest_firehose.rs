//! The Firehose door, fed with requests of the shape that Amazon documents for HTTP endpoint delivery.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, answer, brokers, client, heartbeat};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use playhead::beacon::{Beacon, EventKind, Source};
use prost::Message;
use serde_json::{Value, json};

const REQUEST_ID: &str = "ed4acda5-034f-9f42-bba1-f29aea6d7d8f";
const ARN: &str = "arn:aws:firehose:us-east-1:123456789012:deliverystream/beacons";

fn delivery(records: &[Vec<u8>]) -> String {
    let records: Vec<Value> = records
        .iter()
        .map(|data| json!({"data": STANDARD.encode(data)}))
        .collect();
    json!({"requestId": REQUEST_ID, "timestamp": 1_795_258_402_000_i64, "records": records})
        .to_string()
}

/// Delivers as Firehose does; gives the status and the answer without its time.
async fn deliver(
    gateway: &Gateway,
    key: Option<&str>,
    body: String,
    is_gzip: bool,
) -> (u16, Value) {
    let mut request = client()
        .post(gateway.url("/v1/firehose"))
        .header("user-agent", "Amazon Kinesis Data Firehose Agent/1.0")
        .header("content-type", "application/json")
        .header("x-amz-firehose-protocol-version", "1.0")
        .header("x-amz-firehose-request-id", REQUEST_ID)
        .header("x-amz-firehose-source-arn", ARN)
        .header(
            "x-amz-firehose-common-attributes",
            "{\"commonAttributes\":{\"stage\":\"test\"}}",
        );
    if let Some(key) = key {
        request = request.header("x-amz-firehose-access-key", key);
    }
    let request = if is_gzip {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(body.as_bytes()).unwrap();
        request
            .header("content-encoding", "gzip")
            .body(gzip.finish().unwrap())
    } else {
        request.body(body)
    };
    let (status, content_type, mut body) = answer(request.send().await.unwrap()).await;
    assert_eq!(content_type, "application/json");
    let timestamp = body.as_object_mut().unwrap().remove("timestamp").unwrap();
    assert!(timestamp.as_i64().unwrap() > 1_795_000_000_000);
    (status, body)
}

#[tokio::test]
async fn records_of_every_form_are_taken_and_a_repetition_is_the_same() {
    let topic = Topic::create(brokers(), 3).await;
    let gateway = Gateway::start(&topic, &[]);
    let protobuf = Beacon {
        session_id: Some("s".into()),
        event: Some(EventKind::Heartbeat.into()),
        seq: Some(4),
        ..Beacon::default()
    };
    let records = [
        heartbeat("s", 0).to_string().into_bytes(),
        format!("{}\n{}\n", heartbeat("s", 1), heartbeat("s", 2)).into_bytes(),
        format!("[{}]", heartbeat("s", 3)).into_bytes(),
        protobuf.encode_length_delimited_to_vec(),
        br#"{"session_id":"s","event":"heartbeat"}"#.to_vec(),
    ];
    let taken = (200, json!({"requestId": REQUEST_ID}));
    assert_eq!(
        deliver(&gateway, None, delivery(&records), false).await,
        taken
    );
    assert_eq!(
        deliver(&gateway, None, delivery(&records), true).await,
        taken
    );
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 12);
    let identities: BTreeSet<(u64, bool)> = beacons
        .iter()
        .map(|beacon| (beacon.seq(), beacon.seq_is_ordinal()))
        .collect();
    assert_eq!(identities.len(), 6);
    for beacon in &beacons {
        assert_eq!(
            (beacon.source(), beacon.stream()),
            (Source::Firehose, "firehose")
        );
        assert_eq!(beacon.client_time_ms(), 1_795_258_402_000);
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_counted_and_passed_over() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let records = [
        heartbeat("s", 0).to_string().into_bytes(),
        b"{\"session_id\":".to_vec(),
        br#"{"session_id":"s","event":"heartbeat","state":"nap"}"#.to_vec(),
        heartbeat("s", 3).to_string().into_bytes(),
    ];
    let mut body: Value = serde_json::from_str(&delivery(&records)).unwrap();
    let list = body["records"].as_array_mut().unwrap();
    list.push(json!({"data": "%%%"}));
    let answered = deliver(&gateway, None, body.to_string(), false).await;
    assert_eq!(answered, (200, json!({"requestId": REQUEST_ID})));
    let count = async |label: &str| gateway.metric("playhead_beacons_total", label).await;
    assert_eq!(count("source=\"firehose\"").await, 5);
    assert_eq!(count("reason=\"malformed_record\"").await, 2);
    assert_eq!(count("reason=\"bad_value\"").await, 1);
    assert_eq!(topic.beacons().len(), 2);
}

#[tokio::test]
async fn a_delivery_may_hold_more_beacons_than_a_request_of_a_player() {
    let topic = Topic::create(brokers(), 3).await;
    let gateway = Gateway::start(&topic, &[]);
    let lines = |record: u64| {
        let beacons = (0..300).map(|n| heartbeat("s", record * 300 + n).to_string());
        beacons.collect::<Vec<_>>().join("\n").into_bytes()
    };
    let records: Vec<Vec<u8>> = (0..10).map(lines).collect();
    let answered = deliver(&gateway, None, delivery(&records), true).await;
    assert_eq!(answered, (200, json!({"requestId": REQUEST_ID})));
    let mut seqs: Vec<u64> = topic.beacons().iter().map(Beacon::seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (0..3_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn only_a_configured_key_opens_the_door() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(
        &topic,
        &[("FIREHOSE__ACCESS_KEYS", "[\"new-key\",\"old-key\"]")],
    );
    let body = || delivery(&[heartbeat("s", 0).to_string().into_bytes()]);
    for key in [None, Some("other"), Some("")] {
        let (status, answer) = deliver(&gateway, key, body(), false).await;
        assert_eq!(status, 401, "{key:?}");
        assert_eq!(
            answer,
            json!({"requestId": REQUEST_ID, "errorMessage": "the access key is not known here"})
        );
    }
    for key in ["new-key", "old-key"] {
        assert_eq!(deliver(&gateway, Some(key), body(), false).await.0, 200);
    }
    let refused = gateway
        .metric(
            "playhead_requests_refused_total",
            "reason=\"unknown_access_key\"",
        )
        .await;
    assert_eq!(refused, 3);
}

#[tokio::test]
async fn what_is_no_delivery_is_answered_with_a_message() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("FIREHOSE__BODY_MAX_BYTES", "4096")]);
    let (status, answer) = deliver(&gateway, None, "{}".to_owned(), false).await;
    assert_eq!((status, &answer["requestId"]), (400, &json!(REQUEST_ID)));
    assert!(
        answer["errorMessage"]
            .as_str()
            .unwrap()
            .contains("requestId"),
        "{answer}"
    );
    // Firehose does not repeat a 413, it keeps the records in its backup.
    let (status, _) = deliver(&gateway, None, " ".repeat(5_000), false).await;
    assert_eq!(status, 413);
}

/// Records of so many beacons each: heartbeats, and at the end of each the end of a session of its own.
fn records_with_ends(count: u64, beacons: u64) -> Vec<Vec<u8>> {
    let record = |number: u64| {
        let session = format!("s{number}");
        let mut lines: Vec<String> = (0..beacons - 1)
            .map(|seq| heartbeat(&session, seq).to_string())
            .collect();
        let end = json!({"session_id": session, "event": "session_end", "seq": beacons - 1});
        lines.push(end.to_string());
        lines.join("\n").into_bytes()
    };
    (0..count).map(record).collect()
}

#[tokio::test]
async fn what_stands_behind_a_heartbeat_that_is_shed_is_taken_and_every_record_has_an_outcome() {
    let topic = Topic::create(brokers(), 1).await;
    // A hundredth of 50 is less than one: heartbeats are always too many.
    let settings = [
        ("KAFKA__LINGER_MS", "5"),
        ("KAFKA__BATCH_MAX_ROWS", "50"),
        ("KAFKA__BEACONS_IN_FLIGHT_MAX", "50"),
        ("LIMITS__BEACONS_PER_REQUEST_MAX", "5"),
        ("GATE__SHED_HEARTBEATS_PERCENT", "1"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let mut records = records_with_ends(4, 5);
    records.push(b"no beacon".to_vec());
    let (status, told) = deliver(&gateway, None, delivery(&records), false).await;
    assert_eq!((status, &told["requestId"]), (503, &json!(REQUEST_ID)));
    assert!(told["errorMessage"].as_str().unwrap().contains("go first"));
    let count = async |label: &str| gateway.metric("playhead_beacons_total", label).await;
    assert_eq!(count("reason=\"shed\"").await, 16);
    assert_eq!(count("outcome=\"accepted\"").await, 4);
    assert_eq!(count("reason=\"malformed_record\"").await, 1);
    assert_eq!(count("").await, 21);
    let beacons = topic.beacons();
    let ended: BTreeSet<&str> = beacons.iter().map(Beacon::session_id).collect();
    assert_eq!(ended, BTreeSet::from(["s0", "s1", "s2", "s3"]));
    assert!(beacons.iter().all(|b| b.event() == EventKind::SessionEnd));
}

#[tokio::test]
async fn a_delivery_above_the_burst_of_its_key_is_taken_whole_or_comes_again() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let made = Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(["keys", "make", "--tenant", "acme"])
        .args(["--beacons-per-second", "10", "--burst-beacons", "20"])
        .arg("--file")
        .arg(&file)
        .output()
        .unwrap();
    let key = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let settings = [
        ("GATE__MODE", "enforce"),
        ("GATE__KEYS_FILE", file.to_str().unwrap()),
        ("KAFKA__LINGER_MS", "5"),
        ("LIMITS__BEACONS_PER_REQUEST_MAX", "5"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let count = async |label: &str| gateway.metric("playhead_beacons_total", label).await;

    // Eight batches of five, twice the burst, taken at once.
    let large = || delivery(&records_with_ends(8, 5));
    let taken = (200, json!({"requestId": REQUEST_ID}));
    assert_eq!(deliver(&gateway, Some(&key), large(), false).await, taken);
    assert_eq!(count("outcome=\"accepted\"").await, 40);

    // The bucket is empty. Nothing of the next one goes on, and all of it is counted.
    let (status, told) = deliver(&gateway, Some(&key), large(), false).await;
    assert_eq!(status, 429, "{told}");
    assert!(told["errorMessage"].as_str().unwrap().contains("write key"));
    assert_eq!(count("reason=\"over_quota\"").await, 40);
    assert_eq!(count("").await, 80);
    assert_eq!(topic.beacons().len(), 40);

    // Repeated as Firehose does, it finishes once the bucket is full: two seconds.
    let began = Instant::now();
    while deliver(&gateway, Some(&key), large(), false).await != taken {
        assert!(began.elapsed() < Duration::from_secs(15));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(topic.beacons().len(), 80);
    assert_eq!(
        count("outcome=\"accepted\"").await + count("reason=\"over_quota\"").await,
        count("").await
    );
}
