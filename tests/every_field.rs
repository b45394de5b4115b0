//! Every field of the beacon, set by JSON, taken by the gateway, carried by Kafka, read back from `beacons_v`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use crate::scratch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use crate::harness::{Gateway, Topic, answer, brokers, client};
use playhead::warehouse::{Migrator, PlaceholderValues, Placeholders, Warehouse};
use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::format_description;
use tokio::time::{Instant, sleep};

/// From the 2xx answer to the row; generous, for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// Maps whose keys the platform chooses.
const FREE_MAPS: [&str; 3] = ["experiments", "app_config", "tags"];

const SESSION: &str = "6f1c0c1e-9d2b-4a53-8c55-0d6b6b1f7a10";
/// What ClickHouse itself makes of it: `xxh3(concat('default', char(0), session_id))`.
const SESSION_KEY: u64 = 5_418_835_447_981_520_358;

#[tokio::test(flavor = "multi_thread")]
async fn every_field_set_by_json_is_read_back_from_the_raw_view() {
    let topic = Topic::create(brokers(), 2).await;
    scratch::in_database(|warehouse| async move {
        migrate(&warehouse, &topic).await;
        let gateway = Gateway::start(
            &topic,
            &[
                ("CLICKHOUSE__URL", &scratch::url()),
                ("CLICKHOUSE__DATABASE", warehouse.database()),
            ],
        );
        let sent = beacon(now_ms() - 60_000);
        let before_ms = now_ms();
        let response = client()
            .post(gateway.url("/v1/beacons"))
            .header("content-type", "application/json")
            .header("sec-gpc", "1")
            .body(sent.to_string())
            .send()
            .await
            .unwrap();
        let (status, _, body) = answer(response).await;
        let after_ms = now_ms();
        assert_eq!((status, &body["accepted"]), (200, &json!(1)), "{body}");

        let row = the_row(&warehouse, "beacons_v").await;
        let received = row["received_time"].as_str().unwrap().to_owned();
        assert!(
            (moment(before_ms)..=moment(after_ms)).contains(&received),
            "received at {received}, outside of the request's time"
        );
        let mut expected = expected(&sent);
        expected.insert("received_time".into(), json!(received));
        // Listed by the server: a column that nothing above expects is a failure.
        for column in columns(&warehouse).await {
            let expected = expected.remove(&column);
            assert_eq!(Some(&row[&column]), expected.as_ref(), "beacons_v.{column}");
        }
        assert!(expected.is_empty(), "not in beacons_v: {expected:?}");

        let found = the_row(&warehouse, "session_ids_v").await;
        let id = json!({"tenant": "default", "session_key": SESSION_KEY, "session_id": SESSION});
        assert_eq!(found, id);
    })
    .await;
}

/// Sets every field of the .proto, those of the gateway too, with values that it must not believe.
fn beacon(client_time_ms: i64) -> Value {
    let mut beacon: Value =
        serde_json::from_str(include_str!("fixtures/beacons/every_field.json")).unwrap();
    assert_eq!(beacon["session_id"], SESSION);
    let fields = beacon.as_object_mut().unwrap();
    fields.insert("client_time_ms".into(), json!(client_time_ms));
    fields.insert("sent_time_ms".into(), json!(client_time_ms + 59_000));
    let lies = json!({
        "tenant": "another", "session_key": 1, "seq_is_ordinal": false, "received_time_ms": 1,
        "event_time_ms": 1, "source": "epas", "privacy_gpc": false, "is_bot": true, "write_key": "phw_notmykey",
    });
    fields.extend(lies.as_object().unwrap().clone());

    let schema = schema();
    let known: BTreeSet<_> = schema
        .fields()
        .map(|field| field.name().to_owned())
        .collect();
    assert_eq!(fields.keys().cloned().collect::<BTreeSet<_>>(), known);
    for field in schema.fields().filter(FieldDescriptor::is_map) {
        let entries = fields[field.name()].as_object().unwrap();
        let documented = documented_keys(&field);
        if FREE_MAPS.contains(&field.name()) {
            assert!(documented.is_empty(), "{}: {documented:?}", field.name());
        } else {
            let set: BTreeSet<_> = entries.keys().cloned().collect();
            assert_eq!(set, documented, "keys of {}", field.name());
        }
        assert!(!entries.is_empty(), "{} is empty", field.name());
    }
    beacon
}

fn schema() -> MessageDescriptor {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("proto");
    let mut compiler = protox::Compiler::new([folder]).unwrap();
    compiler
        .include_source_info(true)
        .open_file("playhead/v1/beacon.proto")
        .unwrap();
    compiler
        .descriptor_pool()
        .get_message_by_name("playhead.v1.Beacon")
        .unwrap()
}

/// What a map's comment lists after `Keys:`, without what stands in parentheses.
fn documented_keys(field: &FieldDescriptor) -> BTreeSet<String> {
    let file = field.parent_file();
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    let comment: String = info
        .unwrap()
        .location
        .iter()
        .filter(|location| location.path == field.path())
        .map(|location| location.leading_comments())
        .collect();
    let Some((_, keys)) = comment.split_once("Keys: ") else {
        return BTreeSet::new();
    };
    let mut depth = 0;
    let plain: String = keys
        .chars()
        .filter(|letter| {
            depth += i32::from(*letter == '(') - i32::from(*letter == ')');
            depth == 0 && *letter != ')'
        })
        .take_while(|letter| *letter != '.')
        .collect();
    plain.split(',').map(|key| key.trim().to_owned()).collect()
}

/// What the view must show, by column; `received_time` apart.
fn expected(sent: &Value) -> BTreeMap<String, Value> {
    let mut expected = BTreeMap::new();
    for field in schema().fields() {
        let name = field.name();
        let value = &sent[name];
        let (column, value) = match (name, field.kind()) {
            // Kept once per session, in session_ids_v.
            ("session_id", _) | ("received_time_ms", _) => continue,
            ("tenant", _) => (name, json!("default")),
            ("session_key", _) => (name, json!(SESSION_KEY)),
            ("stream", _) => (name, json!("json:main")),
            ("seq_is_ordinal", _) => (name, json!(true)),
            ("source", _) => (name, json!("native_json")),
            ("privacy_gpc", _) => (name, json!(true)),
            ("is_bot", _) => (name, json!(false)),
            // No key was asked for.
            ("write_key", _) => (name, json!("")),
            // The client has measured its own clock: that offset is believed.
            ("event_time_ms", _) => {
                let offset_ms = sent["clock_offset_ms"].as_i64().unwrap();
                let client_time_ms = sent["client_time_ms"].as_i64().unwrap();
                ("event_time", json!(moment(client_time_ms + offset_ms)))
            }
            ("client_time_ms", _) => ("client_time", json!(moment(value.as_i64().unwrap()))),
            ("sent_time_ms", _) => ("sent_time", json!(moment(value.as_i64().unwrap()))),
            (_, Kind::Message(entry)) => {
                let is_text = entry.map_entry_value_field().kind() == Kind::String;
                (
                    name,
                    if is_text {
                        as_texts(value)
                    } else {
                        value.clone()
                    },
                )
            }
            _ => (name, value.clone()),
        };
        expected.insert(column.to_owned(), value);
    }
    expected
}

/// Text maps hold every value as it was written.
fn as_texts(entries: &Value) -> Value {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let entries = entries.as_object().unwrap().iter();
    let texts: Map<_, _> = entries
        .map(|(key, value)| (key.clone(), json!(text(value))))
        .collect();
    Value::Object(texts)
}

fn now_ms() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap()
}

/// Unix ms as the server prints a `DateTime64(3)`.
fn moment(unix_ms: i64) -> String {
    let format =
        format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000)
        .unwrap()
        .format(&format)
        .unwrap()
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

async fn rows(warehouse: &Warehouse, sql: &str) -> Vec<Value> {
    let bytes = warehouse.bytes(warehouse.query(sql), "JSONEachRow").await;
    let text = String::from_utf8(bytes.unwrap()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn columns(warehouse: &Warehouse) -> Vec<String> {
    let sql = "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'beacons_v'";
    let found = rows(warehouse, sql).await;
    found
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The one row of a view, once the beacon has come through to it: views fill at moments of their own.
async fn the_row(warehouse: &Warehouse, view: &str) -> Value {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = rows(warehouse, &format!("SELECT * FROM {view}")).await;
        assert!(found.len() < 2, "one beacon was sent: {found:?}");
        if let Some(row) = found.into_iter().next() {
            return row;
        }
        assert!(
            Instant::now() < give_up,
            "the beacon is not in {view} after {PATIENCE:?}"
        );
        sleep(Duration::from_millis(200)).await;
    }
}
