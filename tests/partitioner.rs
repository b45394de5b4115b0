//! Which partition a beacon goes to: sessions stay together, control events go by themselves, hot sessions are spread,
//! and the number of partitions may grow while all of it runs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, brokers, client, heartbeat};
use playhead::beacon::Beacon;
use playhead::config::KafkaConfig;
use playhead::produce::topic;
use serde_json::{Value, json};

async fn post(gateway: &Gateway, beacons: Vec<Value>) {
    let body = Value::Array(beacons).to_string();
    let request = client().post(gateway.url("/v1/beacons")).body(body);
    assert_eq!(request.send().await.unwrap().status(), 200);
}

/// The partitions in which beacons of each session are.
fn partitions_of(topic: &Topic) -> BTreeMap<String, BTreeSet<i32>> {
    let mut found: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
    for (partition, beacons) in topic.beacons_by_partition() {
        for beacon in beacons {
            found
                .entry(beacon.session_id().to_owned())
                .or_default()
                .insert(partition);
        }
    }
    found
}

#[tokio::test]
async fn control_events_have_partitions_of_their_own() {
    let topic = Topic::create(brokers(), 8).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__CONTROL_PARTITIONS", "2")]);
    for session in 0..20 {
        let id = format!("s-{session}");
        let mut beacons = vec![
            json!({"session_id": id, "event": "play_state", "state": "starting", "seq": 0}),
            json!({"session_id": id, "event": "error", "error": {"code": "E1"}, "seq": 6}),
            json!({"session_id": id, "event": "ad_start", "seq": 7}),
            json!({"session_id": id, "event": "session_end", "exit_reason": "ended", "seq": 8}),
        ];
        beacons.extend((1..6).map(|seq| heartbeat(&id, seq)));
        post(&gateway, beacons).await;
    }
    let by_partition = topic.beacons_by_partition();
    let is_heartbeat = |beacon: &Beacon| (1..6).contains(&beacon.seq());
    for (partition, beacons) in &by_partition {
        assert_eq!(
            beacons.iter().any(is_heartbeat),
            *partition >= 2,
            "{partition}"
        );
        assert_eq!(
            beacons.iter().any(|beacon| !is_heartbeat(beacon)),
            *partition < 2,
            "{partition}"
        );
    }
    assert!(by_partition.contains_key(&0) && by_partition.contains_key(&1));
    assert!(
        partitions_of(&topic)
            .values()
            .all(|partitions| partitions.len() == 2)
    );
}

#[tokio::test]
async fn without_control_partitions_a_session_has_one() {
    let topic = Topic::create(brokers(), 8).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__CONTROL_PARTITIONS", "0")]);
    for session in 0..20 {
        let id = format!("s-{session}");
        let end = json!({"session_id": id, "event": "session_end", "seq": 9});
        post(&gateway, vec![heartbeat(&id, 0), end]).await;
    }
    let found = partitions_of(&topic);
    assert!(
        found.values().all(|partitions| partitions.len() == 1),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_hot_session_is_spread_and_the_others_stay_together() {
    let topic = Topic::create(brokers(), 8).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__HOT_SESSION_BEACONS_PER_SECOND", "50")]);
    for round in 0..5 {
        post(
            &gateway,
            (0..100)
                .map(|n| heartbeat("everybody", round * 100 + n))
                .collect(),
        )
        .await;
        post(&gateway, vec![heartbeat("somebody", round)]).await;
    }
    let found = partitions_of(&topic);
    assert_eq!(
        found["everybody"],
        (1..8).collect(),
        "all but the one for control events"
    );
    assert_eq!(found["somebody"].len(), 1);
    assert_eq!(topic.beacons().len(), 505);
    assert!(
        gateway
            .metric("playhead_producer_beacons_spread_total", "")
            .await
            >= 300
    );
    assert!(gateway.logged().contains("many devices may share its id"));
}

#[tokio::test]
async fn partitions_are_added_while_beacons_flow() {
    let topic = Topic::create(brokers(), 2).await;
    let gateway = Gateway::start(&topic, &[]);
    let mut sent = BTreeSet::new();
    let mut round = 0;
    let grown = KafkaConfig {
        partitions: 6,
        ..topic.config()
    };
    let began = Instant::now();
    // Until the gateway has learned of them, and some time more.
    let mut left = 10;
    while left > 0 {
        let beacons: Vec<Value> = (0..20)
            .map(|n| heartbeat(&format!("s-{n}"), round))
            .collect();
        post(&gateway, beacons).await;
        sent.extend((0..20).map(|n| (format!("s-{n}"), round)));
        if round == 10 {
            topic::grow(&grown).await.unwrap();
        }
        round += 1;
        if gateway.metric("playhead_producer_partitions", "").await == 6 {
            left -= 1;
        }
        assert!(
            began.elapsed() < Duration::from_secs(40),
            "{}",
            gateway.logged()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let by_partition = topic.beacons_by_partition();
    let used: BTreeSet<i32> = by_partition.keys().copied().collect();
    assert!(used.len() >= 5, "{used:?}");
    let found: Vec<(String, u64)> = by_partition
        .into_values()
        .flatten()
        .map(|beacon| (beacon.session_id().to_owned(), beacon.seq()))
        .collect();
    assert_eq!(found.len(), sent.len(), "none twice");
    assert_eq!(BTreeSet::from_iter(found), sent, "none missing");
}
