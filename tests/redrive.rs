//! Dead letters on the real path: what ClickHouse could not read is listed, looked into and driven again, and nothing is
//! counted twice.

#![expect(
    clippy::unwrap_used,
    reason = "a test's set-up that fails is a failed test"
)]

use crate::scratch;
use crate::viewers;

use std::process::{Command, Output};
use std::time::Duration;

use crate::harness::{Gateway, Topic, brokers, client, heartbeat};
use playhead::warehouse::Warehouse;
use serde_json::Value;
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(60);
const STORED: &str = "SELECT uniqExact(session_key, stream, seq) FROM beacons_raw";
const LETTERS: &str = "SELECT count() FROM dead_letters FINAL";

async fn ask(warehouse: &Warehouse, sql: &str) -> u64 {
    warehouse.rows::<u64>(warehouse.query(sql)).await.unwrap()[0]
}

async fn wait_for(warehouse: &Warehouse, sql: &str, expected: u64) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = ask(warehouse, sql).await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < give_up, "{found}, not {expected}: {sql}");
        sleep(Duration::from_millis(200)).await;
    }
}

fn redrive(warehouse: &Warehouse, topic: &Topic, arguments: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_playhead"))
        .arg("redrive")
        .args(arguments)
        .env("PLAYHEAD_CLICKHOUSE__URL", scratch::url())
        .env("PLAYHEAD_CLICKHOUSE__DATABASE", warehouse.database())
        .env("PLAYHEAD_KAFKA__BROKERS", &topic.brokers)
        .env("PLAYHEAD_KAFKA__TOPIC", &topic.name)
        .output()
        .unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_saved_of_a_dead_letter_is_counted_once() {
    let topic = Topic::create(brokers(), 1).await;
    // Another topic is where the beacons to be broken come from.
    let source = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&source, &[]);
    let beacons: Vec<Value> = (0..5).map(|seq| heartbeat("s", seq)).collect();
    let sent = client().post(gateway.url("/v1/beacons")).json(&beacons);
    assert!(sent.send().await.unwrap().status().is_success());
    let whole = source.messages().remove(0);
    scratch::in_database(|warehouse| async move {
        viewers::migrate(&warehouse, &topic).await;
        assert_eq!(
            redrive(&warehouse, &topic, &["list"]),
            format!("0 letters of {}\n", topic.name)
        );
        // Five beacons and a row that is none; and something that was never a beacon.
        topic
            .put(&[whole.as_slice(), &[3, 0xFF, 0xFF, 0xFF]].concat())
            .await;
        topic.put(b"\x05never").await;
        wait_for(&warehouse, LETTERS, 2).await;
        assert_eq!(
            ask(&warehouse, STORED).await,
            0,
            "a message is read as a whole or not at all"
        );

        let listed = redrive(&warehouse, &topic, &["list", "--waiting"]);
        assert!(
            listed.contains("0:0 ") && listed.contains("waits") && listed.contains("2 letters"),
            "{listed}"
        );
        let shown = redrive(&warehouse, &topic, &["show", "0:0"]);
        assert_eq!(shown.matches("\"session_id\":\"s\"").count(), 5, "{shown}");
        assert!(
            shown.contains("row 5 is no beacon") && shown.contains("5 beacons, 1 rows"),
            "{shown}"
        );
        let dry = redrive(&warehouse, &topic, &["run", "--all", "--dry-run"]);
        assert!(dry.contains("0:0: 5 beacons would be sent"), "{dry}");
        assert_eq!(topic.messages().len(), 2);

        let ran = redrive(&warehouse, &topic, &["run", "--all"]);
        assert!(
            ran.ends_with("2 letters, 5 beacons, 2 rows that are none\n"),
            "{ran}"
        );
        wait_for(&warehouse, STORED, 5).await;
        let listed = redrive(&warehouse, &topic, &["list"]);
        assert!(
            listed.contains("redriven in part") && listed.contains("unreadable"),
            "{listed}"
        );

        // A second time sends nothing; when it is asked to, the copies fold.
        assert!(redrive(&warehouse, &topic, &["run", "--all"]).contains("no letter waits"));
        assert!(redrive(&warehouse, &topic, &["run", "0:0"]).contains("no letter waits"));
        assert_eq!(topic.messages().len(), 3);
        assert!(
            redrive(&warehouse, &topic, &["run", "0:0", "--again"]).contains("0:0: 5 beacons sent")
        );
        assert_eq!(topic.messages().len(), 4);
        // One more, behind the copies, shows that they have come.
        let gateway = Gateway::start(&topic, &[]);
        let sent = client()
            .post(gateway.url("/v1/beacons"))
            .json(&heartbeat("s", 5));
        assert!(sent.send().await.unwrap().status().is_success());
        wait_for(&warehouse, STORED, 6).await;
        assert_eq!(
            ask(&warehouse, "SELECT count() FROM beacons_raw FINAL").await,
            6
        );
        assert_eq!(ask(&warehouse, LETTERS).await, 2);
        assert_eq!(
            ask(&warehouse, "SELECT count() FROM dead_letter_redrives FINAL").await,
            2
        );
    })
    .await;
}
