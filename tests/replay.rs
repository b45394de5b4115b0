//! History that is loaded in bulk, by the statements of docs/replay.md: it adds up, and loading it again changes nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::landing::{migrate, rows, run};
use crate::scratch;
use crate::scratch::in_database;
use clap::Parser;
use playhead::warehouse::Warehouse;
use playhead_simulator::SimulateArgs;
use serde_json::Value;
use time::OffsetDateTime;

const DOCUMENT: &str = include_str!("../docs/replay.md");

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: SimulateArgs,
}

/// Runs the statements under `-- step`, with values in place of parameters.
async fn follow(warehouse: &Warehouse, step: &str, values: &[(&str, &str)]) {
    let (_, rest) = DOCUMENT
        .split_once(&format!("```sql\n-- {step}\n"))
        .unwrap();
    let (block, _) = rest.split_once("```").unwrap();
    for statement in block.split(";\n").filter(|text| !text.trim().is_empty()) {
        let filled = values
            .iter()
            .fold(statement.to_owned(), |sql, (parameter, value)| {
                sql.replace(parameter, value)
            });
        run(warehouse, &filled).await;
    }
}

/// Loads some hours up to `ends_s`, and computes everything that follows from them but the tens of seconds, hours and days.
async fn load(warehouse: &Warehouse, ends_s: i64) {
    let since = rows(warehouse, "SELECT toString(now64(3, 'UTC')) AS now").await;
    let since = format!(
        "toDateTime64('{}', 3, 'UTC')",
        since[0]["now"].as_str().unwrap()
    );
    let line = format!(
        "simulate --clickhouse {} --database {} --bulk-beacons 20000 --bulk-sessions 200 --bulk-titles 50 --bulk-hours 3 \
         --bulk-ends-at {ends_s} --duplicates-percent 5",
        scratch::url(),
        warehouse.database(),
    );
    let args = Line::parse_from(line.split_whitespace()).args;
    playhead_simulator::run(args).await.unwrap();
    follow(
        warehouse,
        "sessions",
        &[("{since:DateTime64(3, 'UTC')}", &since)],
    )
    .await;
    let (from, to) = (
        format!("toDateTime({})", ends_s - 4 * 3_600),
        format!("toDateTime({})", ends_s + 3_600),
    );
    let values = [
        ("{since:DateTime64(3, 'UTC')}", since.as_str()),
        ("{from:DateTime('UTC')}", &from),
        ("{to:DateTime('UTC')}", &to),
    ];
    follow(warehouse, "minutes", &values).await;
}

/// Sums that every later view is made of.
async fn sums(warehouse: &Warehouse) -> Value {
    let mut found = rows(
        warehouse,
        "SELECT
            (SELECT toUInt32(count()) FROM beacons_v WHERE NOT is_test) AS beacons,
            toUInt32(sum(beacons_received)) AS received,
            toUInt32(sum(beacons_lost)) AS lost,
            toUInt32(sum(beacons_duplicated)) AS duplicated,
            toUInt32(uniqExact(session_key)) AS sessions,
            toUInt32(count()) AS plays,
            toUInt32(countIf(end_reason = 'running')) AS running,
            toUInt32(sum(playing_ms)) AS playing_ms,
            (SELECT toUInt32(sum(attempts)) FROM quality_by_minute_v) AS attempts,
            (SELECT toUInt32(sum(playing_ms)) FROM quality_by_minute_v) AS minutes_playing_ms,
            (SELECT toUInt32(sum(playing_ms)) FROM quality_by_second_v) AS seconds_playing_ms
        FROM sessions_v",
    )
    .await;
    found.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn history_adds_up_and_loading_it_again_changes_nothing() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        follow(&warehouse, "stop", &[]).await;
        // Everybody has been silent for longer than the liveness window.
        let now_s = OffsetDateTime::now_utc().unix_timestamp();
        let ends_s = now_s - now_s % 60 - 600;
        load(&warehouse, ends_s).await;
        let once = sums(&warehouse).await;
        assert!(once["beacons"].as_u64().unwrap() > 10_000, "{once}");
        assert!(once["sessions"].as_u64().unwrap() > 180, "{once}");
        assert_eq!(once["received"], once["beacons"], "{once}");
        assert_eq!(once["lost"], 0, "{once}");
        assert!(once["duplicated"].as_u64().unwrap() > 300, "{once}");
        assert_eq!(once["running"], 0, "{once}");
        assert_eq!(once["attempts"], once["plays"], "{once}");
        assert_eq!(once["minutes_playing_ms"], once["playing_ms"], "{once}");
        assert_eq!(once["seconds_playing_ms"], once["playing_ms"], "{once}");

        load(&warehouse, ends_s).await;
        assert_eq!(sums(&warehouse).await, once);
    })
    .await;
}
