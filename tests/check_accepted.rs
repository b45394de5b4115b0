//! Accepted = raw + dead letters, on the real path: what the gateway acknowledged lies in Kafka, and Kafka is asked.

#![expect(
    clippy::unwrap_used,
    reason = "a test's set-up that fails is a failed test"
)]

use crate::scratch;
use crate::viewers;

use std::process::Command;
use std::time::Duration;

use crate::harness::{Gateway, Topic, brokers, client, heartbeat};
use crate::viewers::run;
use playhead::warehouse::Warehouse;
use rdkafka::ClientConfig;
use rdkafka::producer::{FutureProducer, FutureRecord};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(60);

async fn wait_for(warehouse: &Warehouse, sql: &str, expected: u64) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = warehouse.rows::<u64>(warehouse.query(sql)).await.unwrap();
        if found == [expected] {
            return;
        }
        assert!(Instant::now() < give_up, "{found:?}, not {expected}: {sql}");
        sleep(Duration::from_millis(200)).await;
    }
}

/// What `playhead check --only accepted` says of the last hour: whether it is violated, and the rows.
fn accepted(warehouse: &Warehouse, topic: &Topic) -> (bool, Vec<Value>) {
    let until = OffsetDateTime::now_utc() + Duration::from_secs(120);
    let since = until - Duration::from_secs(3_600);
    let output = Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(["check", "--only", "accepted", "--json", "--again", "1"])
        .args(["--since", &since.format(&Rfc3339).unwrap()])
        .args(["--until", &until.format(&Rfc3339).unwrap()])
        .env("PLAYHEAD_CLICKHOUSE__URL", scratch::url())
        .env("PLAYHEAD_CLICKHOUSE__DATABASE", warehouse.database())
        .env("PLAYHEAD_KAFKA__BROKERS", &topic.brokers)
        .env("PLAYHEAD_KAFKA__TOPIC", &topic.name)
        .output()
        .unwrap();
    let failed = String::from_utf8_lossy(&output.stderr);
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| unreachable!("{error}: {failed}"));
    let check = &told["checks"][0];
    assert_eq!(check["name"], "accepted");
    assert_eq!(output.status.success(), check["is_violated"] == false);
    (
        check["is_violated"] == true,
        check["rows"].as_array().unwrap().clone(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_is_in_raw_or_a_dead_letter() {
    let topic = Topic::create(brokers(), 3).await;
    scratch::in_database(|warehouse| async move {
        viewers::migrate(&warehouse, &topic).await;
        let gateway = Gateway::start(&topic, &[]);
        for session in 0..20 {
            let id = format!("it's \\{session}");
            let beacons: Vec<Value> = (0..5).map(|seq| heartbeat(&id, seq)).collect();
            let sent = client().post(gateway.url("/v1/beacons")).json(&beacons);
            assert!(sent.send().await.unwrap().status().is_success());
        }
        let stored = "SELECT uniqExact(session_key, stream, seq) FROM beacons_raw";
        wait_for(&warehouse, stored, 100).await;
        assert_eq!(accepted(&warehouse, &topic), (false, vec![]));

        // Something that is no batch of beacons ends as a dead letter, which is where it belongs.
        let producer: FutureProducer = ClientConfig::new()
            .set("bootstrap.servers", &topic.brokers)
            .create()
            .unwrap();
        let message = FutureRecord::<(), _>::to(&topic.name)
            .payload("no beacon")
            .partition(1);
        let delivery = producer.send(message, PATIENCE).await.unwrap();
        wait_for(&warehouse, "SELECT count() FROM dead_letters FINAL", 1).await;
        assert_eq!(accepted(&warehouse, &topic), (false, vec![]));
        run(&warehouse, "TRUNCATE TABLE dead_letters").await;
        let (is_violated, rows) = accepted(&warehouse, &topic);
        assert!(is_violated);
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0]["partition"], 1);
        assert_eq!(rows[0]["offset"], delivery.offset);
        run(
            &warehouse,
            &format!("INSERT INTO dead_letters VALUES (now64(3), '{}', 1, {}, 'no beacon', 'x')", topic.name, delivery.offset),
        )
        .await;
        assert_eq!(accepted(&warehouse, &topic), (false, vec![]));

        // A beacon that raw lost.
        run(&warehouse, "ALTER TABLE beacons_raw DELETE WHERE session_key = (SELECT max(session_key) FROM beacons_raw) AND seq = 3 SETTINGS mutations_sync = 2").await;
        wait_for(&warehouse, stored, 99).await;
        let (is_violated, rows) = accepted(&warehouse, &topic);
        assert!(is_violated);
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0]["problem"], "1 beacons are not in raw");
    })
    .await;
}
