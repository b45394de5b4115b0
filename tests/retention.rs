//! How long the warehouse keeps its rows: what is configured comes into force, old rows go, younger ones stay, and a longer
//! lifetime can follow a shorter one.

#![expect(
    clippy::unwrap_used,
    reason = "a test's set-up that fails is a failed test"
)]

use std::process::{Command, Output};

use crate::landing::{PATIENCE, insert, migrate, rows, run, stop_passes};
use crate::record::packed;
use crate::scratch::{in_database, placeholders, url};
use playhead::beacon::session_key;
use playhead::config::{Config, RawIsDroppedBy, RetentionConfig};
use playhead::warehouse::{Placeholders, Warehouse, retention, schema};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

const DAY_MS: i64 = 86_400_000;

/// One beacon received that many days ago.
fn beacon(days_ago: i64) -> Value {
    let now_ms = OffsetDateTime::now_utc().unix_timestamp() * 1_000;
    let (at_ms, id) = (now_ms - days_ago * DAY_MS, format!("{days_ago} days ago"));
    packed(json!({
        "tenant": "default", "session_id": id, "session_key": session_key("default", &id), "stream": "json", "seq": 0,
        "seq_is_ordinal": true, "event": 2, "client_time_ms": at_ms, "received_time_ms": at_ms, "event_time_ms": at_ms,
    }))
}

/// Has the engine merge until a query answers so.
async fn until(warehouse: &Warehouse, table: &str, sql: &str, expected: &[Value]) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        run(warehouse, &format!("OPTIMIZE TABLE {table} FINAL")).await;
        let found = rows(warehouse, sql).await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < give_up, "{found:?}, not {expected:?}");
        sleep(std::time::Duration::from_millis(300)).await;
    }
}

fn playhead(warehouse: &Warehouse, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(arguments)
        .env("PLAYHEAD_CLICKHOUSE__URL", url())
        .env("PLAYHEAD_CLICKHOUSE__DATABASE", warehouse.database())
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{failed}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

const RAW_DAYS: &str = "PLAYHEAD_RETENTION__RAW_DAYS";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_rows_go_and_younger_ones_stay() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        stop_passes(&warehouse).await;
        let raw = "SELECT toInt32(round((toUnixTimestamp64Milli(now64(3)) - client_time_ms) / 86400000)) AS days FROM beacons_raw ORDER BY days";
        let kept = |days: &[i64]| days.iter().map(|days| json!({"days": days})).collect::<Vec<_>>();
        insert(&warehouse, &[2, 20, 60].map(beacon)).await;
        let minutes = "SELECT toInt32(count()) AS minutes FROM quality_by_minute";
        run(
            &warehouse,
            "INSERT INTO quality_by_minute (tenant, dimension_set, minute) SELECT 'default', 'audience', toStartOfMinute(now()) - INTERVAL number DAY
             FROM numbers(60)",
        )
        .await;

        // As the migrations made it.
        assert_eq!(rows(&warehouse, raw).await, kept(&[2, 20, 60]));
        let shown = out(&playhead(&warehouse, &[(RAW_DAYS, "30")], &["retention"]));
        assert!(shown.contains("not in force"), "{shown}");
        let planned = out(&playhead(&warehouse, &[(RAW_DAYS, "30")], &["retention", "--dry-run"]));
        let raw_changes = planned.lines().filter(|line| line.contains("beacons_raw MODIFY TTL"));
        assert_eq!(raw_changes.count(), 1, "{planned}");

        // Shorter: a month of raw beacons, twenty days of minutes.
        let shorter = [(RAW_DAYS, "30"), ("PLAYHEAD_RETENTION__QUALITY_BY_MINUTE_DAYS", "20")];
        let applied = out(&playhead(&warehouse, &shorter, &["retention", "--apply"]));
        assert!(applied.contains("beacons_raw now keeps its rows until"), "{applied}");
        until(&warehouse, "beacons_raw", raw, &kept(&[2, 20])).await;
        until(&warehouse, "quality_by_minute", minutes, &[json!({"minutes": 20})]).await;
        assert_eq!(out(&playhead(&warehouse, &shorter, &["retention", "--dry-run"])), "");

        // Longer again, by the migrator: what comes from now on stays longer.
        let migrated = out(&playhead(&warehouse, &[(RAW_DAYS, "90")], &["migrate"]));
        assert!(migrated.contains("beacons_raw now keeps its rows until"), "{migrated}");
        insert(&warehouse, &[60, 100].map(beacon)).await;
        until(&warehouse, "beacons_raw", raw, &kept(&[2, 20, 60])).await;

        // How long rows are kept is no difference of the schema.
        let found = schema::of_database(&warehouse, &Placeholders::cleared()).await.unwrap();
        let expected = schema::parse(&placeholders().fill("schema", schema::EXPECTED).unwrap());
        let about = ["beacons_raw", "quality_by_minute", "sessions"];
        let told = schema::differences(&expected, &found);
        assert!(
            !told.iter().any(|line| about.iter().any(|table| line.starts_with(&format!("{table}:")))),
            "{told:?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_an_archive_raw_beacons_stay_until_they_are_dropped() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        stop_passes(&warehouse).await;
        let config = RetentionConfig {
            raw_is_dropped_by: RawIsDroppedBy::Export,
            ..RetentionConfig::default()
        };
        for lifetime in retention::lifetimes(&warehouse, &config.rules())
            .await
            .unwrap()
        {
            retention::apply(&warehouse, &lifetime).await.unwrap();
        }
        insert(&warehouse, &[2, 400].map(beacon)).await;
        run(&warehouse, "OPTIMIZE TABLE beacons_raw FINAL").await;
        let count = "SELECT toInt32(count()) AS beacons FROM beacons_raw";
        assert_eq!(rows(&warehouse, count).await, [json!({"beacons": 2})]);
        // And back: age counts again, for what had been received before as well.
        for lifetime in retention::lifetimes(&warehouse, &Config::default().retention.rules())
            .await
            .unwrap()
        {
            retention::apply(&warehouse, &lifetime).await.unwrap();
        }
        until(&warehouse, "beacons_raw", count, &[json!({"beacons": 1})]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_kept_is_told() {
    in_database(|warehouse| async move {
        let failed = |settings: &[(&str, &str)], arguments: &[&str]| {
            let output = playhead(&warehouse, settings, arguments);
            assert!(!output.status.success());
            String::from_utf8(output.stderr).unwrap()
        };
        let short = failed(&[(RAW_DAYS, "3")], &["retention"]);
        assert!(
            short.contains("retention.raw_days: must be at least 9"),
            "{short}"
        );
        let empty = failed(&[], &["retention"]);
        assert!(empty.contains("run `playhead migrate` first"), "{empty}");
    })
    .await;
}
