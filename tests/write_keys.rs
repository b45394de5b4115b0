//! With which write key beacons came: from the doors through Kafka to the sessions, and in `GET /v1/usage`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use crate::harness::{Gateway, Topic, answer, brokers, client};
use crate::landing::rows;
use crate::scratch::{self, in_database};
use playhead::warehouse::{Migrator, PlaceholderValues, Placeholders, Warehouse};
use serde_json::{Value, json};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::{Instant, sleep};

/// From the 2xx answers to the numbers; generous, for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many first letters of a key are its id.
const ID_LENGTH: usize = 12;

/// A new key of the tenant that is read without a read key.
fn make_key(folder: &TempDir, name: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(["keys", "make", "--tenant", "default", "--name", name])
        .arg("--file")
        .arg(folder.path().join("keys.json"))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn id_of(key: &str) -> &str {
    &key[..ID_LENGTH]
}

async fn migrate(warehouse: &Warehouse, topic: &Topic) {
    let placeholders = Placeholders::new(PlaceholderValues {
        kafka_brokers: topic.brokers.clone(),
        kafka_topic: topic.name.clone(),
        kafka_group: topic.name.clone(),
        kafka_consumers: 1,
        liveness_seconds: 90,
        heartbeat_ms: 30_000,
        refresh_seconds: 5,
        frozen_after_hours: 192,
        replicated: false,
        all: String::new(),
    })
    .unwrap();
    let migrator = Migrator::embedded(warehouse, &placeholders);
    migrator.run(|_| {}).await.unwrap();
}

/// One viewing: 20 seconds of playing, and the end. It claims a key that it does not have.
fn viewing(session: &str, begins_ms: i64) -> Vec<Value> {
    let told = [
        (0, "play_state", "starting"),
        (1_000, "play_state", "playing"),
        (21_000, "session_end", "quit"),
    ];
    let beacons = told.iter().enumerate().map(|(seq, (after_ms, event, state))| {
        json!({
            "session_id": session, "seq": seq, "event": event, "state": state, "client_time_ms": begins_ms + after_ms,
            "write_key": "phw_notmykey",
        })
    });
    beacons.collect()
}

async fn send(gateway: &Gateway, key: &str, beacons: &[Value]) {
    let request = client()
        .post(gateway.url("/v1/beacons"))
        .header("x-playhead-key", key)
        .header("content-type", "application/json")
        .body(json!(beacons).to_string());
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    assert_eq!((status, &body["accepted"]), (200, &json!(beacons.len())));
}

async fn send_as_pictures(gateway: &Gateway, key: &str, beacons: &[Value]) {
    for beacon in beacons {
        let pairs = beacon.as_object().unwrap().iter().map(|(name, value)| {
            let text = value.as_str().map_or(value.to_string(), str::to_owned);
            format!("{name}={text}&")
        });
        let query: String = pairs.collect();
        let url = gateway.url(&format!("/v1/pixel.gif?{query}key={key}"));
        assert_eq!(client().get(url).send().await.unwrap().status(), 200);
    }
}

/// The answer, once the warehouse gives one: on a busy machine it may let a question wait for too long.
async fn get(gateway: &Gateway, address: &str) -> (u16, Value) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let request = client().get(gateway.url(address));
        let (status, _, body) = answer(request.send().await.unwrap()).await;
        if status != 503 || Instant::now() > give_up {
            return (status, body);
        }
        sleep(Duration::from_millis(500)).await;
    }
}

/// What a row tells, without the names.
fn told(row: &Value) -> [&Value; 4] {
    ["attempts", "plays", "playing_ms", "beacons_received"].map(|name| &row["metrics"][name])
}

/// A window of both days that a test may touch.
fn window() -> String {
    let now = OffsetDateTime::now_utc();
    let text = |moment: OffsetDateTime| moment.format(&Rfc3339).unwrap();
    let (from, to) = (now - time::Duration::hours(24), now);
    let (from, to) = (text(from), text(to));
    let bytes = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("from={}&to={}", bytes(&from), bytes(&to))
}

#[tokio::test(flavor = "multi_thread")]
async fn usage_is_told_by_the_key_with_which_beacons_came() {
    let topic = Topic::create(brokers(), 2).await;
    let folder = tempfile::tempdir().unwrap();
    let (television, web) = (make_key(&folder, "tv"), make_key(&folder, "web"));
    in_database(|warehouse| async move {
        migrate(&warehouse, &topic).await;
        let keys = folder.path().join("keys.json");
        let gateway = Gateway::start(
            &topic,
            &[
                ("GATE__MODE", "enforce"),
                ("GATE__KEYS_FILE", keys.to_str().unwrap()),
                ("KAFKA__LINGER_MS", "5"),
                ("CLICKHOUSE__URL", &scratch::url()),
                ("CLICKHOUSE__DATABASE", warehouse.database()),
            ],
        );
        let begins_ms = (OffsetDateTime::now_utc().unix_timestamp() - 60) * 1_000;
        send(&gateway, &television, &viewing("one", begins_ms)).await;
        send(&gateway, &television, &viewing("two", begins_ms)).await;
        send_as_pictures(&gateway, &television, &viewing("three", begins_ms)).await;
        send_as_pictures(&gateway, &web, &viewing("four", begins_ms)).await;
        // A session that shows both counts for the greater.
        let both = viewing("five", begins_ms);
        send(&gateway, &television, &both[..1]).await;
        send(&gateway, &web, &both[1..]).await;

        let greater = id_of(&television).max(id_of(&web));
        let expected: BTreeMap<&str, i64> = [&television, &web]
            .map(|key| {
                let alone = if *key == television { 3 } else { 1 };
                (id_of(key), alone + i64::from(id_of(key) == greater))
            })
            .into();
        let window = window();
        let by_key = format!("/v1/usage?group_by=write_key&{window}");
        let give_up = Instant::now() + PATIENCE;
        let body = loop {
            let (status, body) = get(&gateway, &by_key).await;
            assert_eq!(status, 200, "{body}");
            let found: i64 = body["rows"].as_array().unwrap().iter().map(|row| row["metrics"]["beacons_received"].as_i64().unwrap()).sum();
            if found == 15 {
                break body;
            }
            assert!(Instant::now() < give_up, "{body}");
            sleep(Duration::from_millis(500)).await;
        };
        assert_eq!(body["computed_from"], json!(["sessions_t"]), "{body}");
        let found: BTreeMap<_, _> = body["rows"].as_array().unwrap().iter().map(|row| {
            (row["group"]["write_key"].as_str().unwrap(), told(row).map(|number| number.as_i64().unwrap()))
        }).collect();
        let numbers: BTreeMap<_, _> = expected.iter().map(|(id, count)| (*id, [*count, *count, count * 20_000, count * 3])).collect();
        assert_eq!(found, numbers, "{body}");

        // Over all keys it is what the rollups have, day by day and door by door.
        let give_up = Instant::now() + PATIENCE;
        loop {
            let (_, rollup) = get(&gateway, &format!("/v1/usage?group_by=hour,source&order=attempts&{window}")).await;
            let (_, sessions) = get(&gateway, &format!("/v1/usage?group_by=hour,source&order=attempts&filter=write_key:matches:phw_&{window}")).await;
            if rollup["rows"] == sessions["rows"] {
                assert!(rollup["rows"].as_array().unwrap().len() >= 2, "{rollup}");
                break;
            }
            assert!(Instant::now() < give_up, "{rollup} is not {sessions}");
            sleep(Duration::from_millis(500)).await;
        }
        let of_web = format!("/v1/usage?group_by=day,write_key,source&filter=write_key:is:{}&{window}", id_of(&web));
        let (_, body) = get(&gateway, &of_web).await;
        let groups = body["rows"].as_array().unwrap();
        assert!(!groups.is_empty() && groups.iter().all(|row| row["group"]["write_key"] == id_of(&web)), "{body}");

        let (status, body) = get(&gateway, "/v1/usage?group_by=write_key&from=now-32d").await;
        assert_eq!(status, 400, "{body}");
        assert!(body["detail"].as_str().unwrap().contains("31 days"), "{body}");
        // It is a dimension like the others.
        let by_quality = format!("/v1/breakdown?metrics=attempts&group_by=write_key&{window}");
        let (status, body) = get(&gateway, &by_quality).await;
        let found: BTreeMap<_, _> = body["rows"].as_array().unwrap().iter().map(|row| {
            (row["group"]["write_key"].as_str().unwrap(), row["metrics"]["attempts"].as_f64().unwrap())
        }).collect();
        let attempts: BTreeMap<_, _> = expected.iter().map(|(id, count)| (*id, f64::from(i32::try_from(*count).unwrap()))).collect();
        assert_eq!((status, found), (200, attempts), "{body}");

        no_whole_key(&topic, &warehouse, &[&television, &web]).await;
    })
    .await;
}

/// What follows the id of a key is nowhere: not in Kafka, and in no table.
async fn no_whole_key(topic: &Topic, warehouse: &Warehouse, keys: &[&String]) {
    let messages = topic.messages();
    let has = |bytes: &[u8], text: &str| {
        bytes
            .windows(text.len())
            .any(|found| found == text.as_bytes())
    };
    for key in keys {
        let (id, secret) = key.split_at(ID_LENGTH);
        assert!(messages.iter().any(|message| has(message, id)));
        assert!(!messages.iter().any(|message| has(message, secret)));
    }
    for message in &messages {
        assert!(!has(message, "phw_notmykey"), "a client is not believed");
    }
    let stored = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'";
    let mut holders = 0;
    for table in rows(warehouse, stored).await {
        let name = table["name"].as_str().unwrap();
        let count = |text: &str| {
            format!(
                "SELECT countIf(position(formatRow('TSV', *), '{text}') > 0)::UInt32 AS found FROM {name}"
            )
        };
        for key in keys {
            let (id, secret) = key.split_at(ID_LENGTH);
            let found = rows(warehouse, &count(secret)).await;
            assert_eq!(found[0]["found"], 0, "{name} holds a key");
            let found = rows(warehouse, &count(id)).await;
            holders += u32::from(found[0]["found"] != 0);
        }
    }
    assert!(holders >= 6, "raw, states and sessions hold the ids");
}
