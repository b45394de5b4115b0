//! What Kafka does not take: each failure has its own answer, metric and way out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, answer, brokers, client, heartbeat};
use playhead::beacon::Beacon;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);
/// No compression, so that sizes are what they seem.
const PLAIN: (&str, &str) = ("KAFKA__COMPRESSION", "none");

async fn post(gateway: &Gateway, beacons: &[Value]) -> (u16, Value) {
    let body = Value::Array(beacons.to_vec()).to_string();
    let request = client().post(gateway.url("/v1/beacons")).body(body);
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    (status, body)
}

/// A heartbeat that carries this many bytes.
fn heavy(session: &str, seq: u64, bytes: usize) -> Value {
    let mut beacon = heartbeat(session, seq);
    let pieces = bytes.div_ceil(500);
    let tags: serde_json::Map<String, Value> = (0..pieces)
        .map(|piece| (format!("t{piece}"), "x".repeat(480).into()))
        .collect();
    beacon["tags"] = tags.into();
    beacon
}

/// Sets what the topic takes.
async fn set_max_message_bytes(topic: &Topic, bytes: &str) {
    let admin: AdminClient<DefaultClientContext> = topic.config().client("tests").create().unwrap();
    let change =
        AlterConfig::new(ResourceSpecifier::Topic(&topic.name)).set("max.message.bytes", bytes);
    let changed = admin
        .alter_configs([&change], &AdminOptions::new())
        .await
        .unwrap();
    assert!(changed[0].is_ok());
}

fn seqs(topic: &Topic) -> BTreeSet<u64> {
    topic.beacons().iter().map(Beacon::seq).collect()
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// `playhead spool` on that folder: whether it ended well, and what it said.
fn spool(topic: &Topic, folder: &Path, action: &str) -> (bool, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(["spool", action])
        .env("PLAYHEAD_SPOOL__FOLDER", folder)
        .env("PLAYHEAD_KAFKA__BROKERS", &topic.brokers)
        .env("PLAYHEAD_KAFKA__COMPRESSION", "none")
        .env("PLAYHEAD_KAFKA__TOPIC", &topic.name)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    (done.status.success(), told)
}

#[tokio::test]
async fn a_message_that_is_too_large_goes_in_parts_and_one_beacon_is_refused_by_name() {
    let topic = Topic::create(brokers(), 1).await;
    set_max_message_bytes(&topic, "4096").await;
    let gateway = Gateway::start(&topic, &[PLAIN, ("SPOOL__MODE", "kafka_only")]);
    assert!(
        gateway
            .logged()
            .contains("max.message.bytes is 4096, wanted 1048576")
    );
    // The other one is that it has fewer partitions than configured.
    assert_eq!(gateway.metric("playhead_topic_findings", "").await, 2);
    let mut beacons: Vec<Value> = (0..60).map(|seq| heartbeat("s", seq)).collect();
    beacons.insert(20, heavy("s", 1_000, 6_000));
    let (status, body) = post(&gateway, &beacons).await;
    assert_eq!(
        (status, &body["accepted"], &body["refused"]),
        (200, &json!(60), &json!(1)),
        "{body}"
    );
    assert_eq!(body["results"][0]["index"], 20);
    assert_eq!(body["results"][0]["reason"], "too_large_for_kafka");
    assert_eq!(seqs(&topic), (0..60).collect());
    assert!(topic.messages().iter().all(|message| message.len() < 4_096));
    let outcome = "outcome=\"refused\",reason=\"too_large_for_kafka\"";
    assert_eq!(gateway.metric("playhead_beacons_total", outcome).await, 1);
    assert_eq!(gateway.metric("playhead_beacons_total", "").await, 61);
    assert!(
        gateway
            .metric("playhead_producer_messages_divided_total", "")
            .await
            >= 1
    );
    assert_eq!(
        gateway
            .metric("playhead_producer_beacons_too_large_total", "")
            .await,
        1
    );
    // The next request is not held up by any of it.
    assert_eq!(post(&gateway, &[heartbeat("s", 60)]).await.0, 200);
}

#[tokio::test]
async fn what_the_spool_promised_and_kafka_finds_too_large_is_set_aside_and_comes_later() {
    let topic = Topic::create(brokers(), 1).await;
    set_max_message_bytes(&topic, "4096").await;
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        PLAIN,
        ("SPOOL__MODE", "spool_always"),
        ("SPOOL__FOLDER", folder.path().to_str().unwrap()),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let mut beacons: Vec<Value> = (0..60).map(|seq| heartbeat("s", seq)).collect();
    beacons.insert(20, heavy("s", 1_000, 6_000));
    let (status, body) = post(&gateway, &beacons).await;
    assert_eq!(
        (status, &body["accepted"]),
        (200, &json!(61)),
        "it is on disk"
    );
    until("the others are in Kafka", async || {
        seqs(&topic) == (0..60).collect()
    })
    .await;
    until("the spool is empty", async || {
        gateway.metric("playhead_spool_records", "").await == 0
    })
    .await;
    let aside = folder.path().join("too-large");
    assert_eq!(std::fs::read_dir(&aside).unwrap().count(), 1);
    assert!(gateway.logged().contains("raise max.message.bytes"));
    let too_large = gateway.metric("playhead_producer_failures_total", "reason=\"too_large\"");
    assert!(too_large.await >= 1);
    gateway.terminate();
    assert!(gateway.wait().status.success());
    // By hand it is seen, and cannot be brought to Kafka either.
    let (is_well, told) = spool(&topic, folder.path(), "verify");
    assert!(
        is_well && told.contains("1 beacons are larger than Kafka takes"),
        "{told}"
    );
    let (is_well, told) = spool(&topic, folder.path(), "drain");
    assert!(
        !is_well && told.contains("1 beacons are larger than Kafka takes"),
        "{told}"
    );
    let file = std::fs::read_dir(&aside)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[1..]).unwrap();
    let (is_well, told) = spool(&topic, folder.path(), "verify");
    assert!(!is_well && told.contains("damaged: 0-"), "{told}");
    std::fs::write(&file, whole).unwrap();

    set_max_message_bytes(&topic, "1048576").await;
    let gateway = Gateway::start(&topic, &settings);
    until("it is in Kafka", async || seqs(&topic).contains(&1_000)).await;
    assert_eq!(std::fs::read_dir(&aside).unwrap().count(), 0);
    until("the spool is empty", async || {
        gateway.metric("playhead_spool_records", "").await == 0
    })
    .await;
}

#[tokio::test]
async fn a_topic_that_vanishes_is_told_and_its_beacons_come_when_it_is_back() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("SPOOL__KAFKA_PATIENCE_MS", "500")]);
    assert_eq!(post(&gateway, &[heartbeat("s", 0)]).await.0, 200);
    let admin: AdminClient<DefaultClientContext> = topic.config().client("tests").create().unwrap();
    let deleted = admin
        .delete_topics(&[&topic.name], &AdminOptions::new())
        .await
        .unwrap();
    assert!(deleted[0].is_ok());
    let ready = format!("{}/readyz", gateway.operations);
    let mut seq = 0;
    until("the topic is told to be missing", async || {
        seq += 1;
        assert_eq!(post(&gateway, &[heartbeat("s", seq)]).await.0, 200);
        let text = client()
            .get(&ready)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        text.contains("by the spool alone") && text.contains("create it with `playhead topics`")
    })
    .await;
    until("it is measured", async || {
        gateway.metric("playhead_producer_failures_total", "").await > 0
    })
    .await;
    // A message that the topic still took while it was being deleted says for a moment that all is well.
    until("somebody is asked to mend it", async || {
        let missing = "reason=\"topic_missing\"";
        let needs_a_hand = gateway.metric("playhead_producer_needs_a_hand", missing);
        needs_a_hand.await == 1
    })
    .await;
    let kept = gateway.metric("playhead_spool_beacons", "").await;
    assert!(kept > 0);
    playhead::produce::topic::create(&topic.config())
        .await
        .unwrap();
    until("the spool is empty", async || {
        gateway.metric("playhead_spool_beacons", "").await == 0
    })
    .await;
    assert!(seqs(&topic).len() as u64 >= kept);
    assert_eq!(post(&gateway, &[heartbeat("s", 9_999)]).await.0, 200);
}

#[tokio::test]
async fn bytes_in_flight_are_bounded_before_beacons_are() {
    let topic = Topic::create(brokers(), 8).await;
    let settings = [
        ("KAFKA__LINGER_MS", "1000"),
        ("KAFKA__CONTROL_PARTITIONS", "0"),
        ("KAFKA__BATCH_MAX_BYTES", "65536"),
        ("KAFKA__BYTES_IN_FLIGHT_MAX", "262144"),
        ("GATE__SHED_HEARTBEATS_PERCENT", "100"),
        ("GATE__SHED_CHANGES_PERCENT", "100"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    // One of each partition, so that all of them wait for the linger.
    let first: Vec<Value> = (0..8)
        .map(|partition| heavy(&session_of(partition, 8), 0, 30_000))
        .collect();
    let second = [
        heavy(&session_of(0, 8), 1, 30_000),
        heavy(&session_of(1, 8), 1, 30_000),
    ];
    let (url, body) = (gateway.url("/v1/beacons"), Value::Array(first).to_string());
    let first = tokio::spawn(async move {
        let sent = client().post(url).body(body).send().await;
        sent.unwrap().status()
    });
    until("the first is on its way", async || {
        let bytes = gateway
            .metric("playhead_producer_bytes_in_flight", "")
            .await;
        bytes > 210_000
    })
    .await;
    let (status, body) = post(&gateway, &second).await;
    assert_eq!(
        (status, &body["reason"]),
        (503, &json!("producer_full")),
        "{body}"
    );
    assert_eq!(first.await.unwrap(), 200);
    assert_eq!(post(&gateway, &second).await.0, 200);
    assert_eq!(topic.beacons().len(), 10);
}

/// A session of this partition.
fn session_of(partition: u64, partitions: u64) -> String {
    let key = |name: &String| playhead::beacon::session_key("default", name);
    let mut names = (0..).map(|n| format!("s-{n}"));
    names
        .find(|name| key(name) % partitions == partition)
        .unwrap()
}
