//! Beacons into `beacons_in`, below Kafka, and questions to what comes out.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(dead_code, reason = "no test uses all of it")]

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures_util::FutureExt as _;
use playhead::warehouse::{Migrator, Warehouse};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::scratch::placeholders;

/// How long the passes may take to compute what was inserted; they run every few seconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// What a query answers, a value a row.
pub(crate) async fn rows(warehouse: &Warehouse, sql: &str) -> Vec<Value> {
    let answer = warehouse.bytes(warehouse.query(sql), "JSONEachRow").await;
    let answer = answer.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let answer = String::from_utf8(answer).unwrap();
    answer
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Runs a statement.
pub(crate) async fn run(warehouse: &Warehouse, sql: &str) {
    let done = warehouse.execute(warehouse.query(sql), PATIENCE).await;
    done.unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

/// Applies every migration.
pub(crate) async fn migrate(warehouse: &Warehouse) {
    let placeholders = placeholders();
    let migrator = Migrator::embedded(warehouse, &placeholders);
    migrator.run(|_| {}).await.unwrap();
}

/// Inserts rows as the tap does.
pub(crate) async fn insert(warehouse: &Warehouse, beacons: &[Value]) {
    let lines: Vec<_> = beacons.iter().map(Value::to_string).collect();
    run(
        warehouse,
        &format!(
            "INSERT INTO beacons_in FORMAT JSONEachRow\n{}",
            lines.join("\n")
        ),
    )
    .await;
}

/// Waits for as many sessions as were inserted.
pub(crate) async fn wait_for_sessions(warehouse: &Warehouse, count: usize) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = rows(
            warehouse,
            "SELECT count()::UInt32 AS sessions FROM sessions_v",
        )
        .await;
        if found[0]["sessions"] == count {
            return;
        }
        assert!(
            Instant::now() < give_up,
            "{count} sessions were inserted, the warehouse has {found:?}"
        );
        sleep(Duration::from_millis(200)).await;
    }
}

/// Makes the assertions of `check` until all of them hold; each table is computed by a pass of its own, so that for some
/// seconds one tells what another does not know yet. When patience ends, the last failure is the test's.
pub(crate) async fn eventually<Checked: Future<Output = ()>>(check: impl Fn() -> Checked) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        match AssertUnwindSafe(check()).catch_unwind().await {
            Ok(()) => return,
            Err(failure) if Instant::now() > give_up => resume_unwind(failure),
            // An answer about now is told again for a second.
            Err(_) => sleep(Duration::from_millis(1_100)).await,
        }
    }
}

/// What computes sessions and minutes.
const PASSES: [&str; 3] = [
    "sessions_fast_pass",
    "sessions_slow_pass",
    "quality_minutes_pass",
];

/// What computes the rollups that follow from minutes.
const ROLLUP_PASSES: [&str; 4] = [
    "quality_ten_seconds_pass",
    "quality_totals_pass",
    "quality_hours_pass",
    "quality_days_pass",
];

/// None of the passes that compute sessions and minutes goes on, and none begins: two that begin together may both compute a
/// session.
pub(crate) async fn stop_passes(warehouse: &Warehouse) {
    stop(warehouse, &PASSES).await;
}

/// For a test that writes minutes and the rollups itself: a pass that began between two of its inserts would publish what was
/// there by then as the newer numbers.
pub(crate) async fn stop_rollup_passes(warehouse: &Warehouse) {
    stop(warehouse, &ROLLUP_PASSES).await;
}

async fn stop(warehouse: &Warehouse, passes: &[&str]) {
    for pass in passes {
        run(warehouse, &format!("SYSTEM STOP VIEW {pass}")).await;
        // A refresh that was under way is cancelled, which waiting for it tells as its failure.
        let waited = warehouse.query(&format!("SYSTEM WAIT VIEW {pass}"));
        if let Err(error) = warehouse.execute(waited, PATIENCE).await {
            assert!(error.to_string().contains("REFRESH_FAILED"), "{error}");
        }
    }
}

/// Lets them go on.
pub(crate) async fn start_passes(warehouse: &Warehouse) {
    for pass in PASSES {
        run(warehouse, &format!("SYSTEM START VIEW {pass}")).await;
    }
}
