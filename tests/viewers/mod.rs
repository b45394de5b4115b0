//! Simulated viewers against a database of their own.

#![expect(
    clippy::unwrap_used,
    reason = "a test's set-up that fails is a failed test"
)]
#![allow(dead_code, reason = "no group of tests uses all of it")]

use std::time::Duration;

use clap::Parser;
use playhead::warehouse::{Migrator, PlaceholderValues, Placeholders, Warehouse};
use playhead_simulator::SimulateArgs;

use crate::harness::{Gateway, Topic};
use crate::scratch;

/// Silence that closes a session here; seconds. Short, because the simulated event is long over.
const LIVENESS_SECONDS: u32 = 3;
/// Heartbeat of clients that tell none; ms.
const HEARTBEAT_MS: u32 = 2_500;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: SimulateArgs,
}

/// What `playhead simulate --verify` would be given.
pub(crate) fn arguments(gateway: &Gateway, warehouse: &Warehouse, more: &str) -> SimulateArgs {
    let line = format!(
        "simulate --gateway {} --clickhouse {} --database {} --liveness-seconds {LIVENESS_SECONDS} \
         --heartbeat-ms {HEARTBEAT_MS} --verify {more}",
        gateway.http,
        scratch::url(),
        warehouse.database(),
    );
    Line::parse_from(line.split_whitespace()).args
}

/// Applies every migration; the engine then reads that topic.
pub(crate) async fn migrate(warehouse: &Warehouse, topic: &Topic) {
    let placeholders = Placeholders::new(PlaceholderValues {
        kafka_brokers: topic.brokers.clone(),
        kafka_topic: topic.name.clone(),
        kafka_group: topic.name.clone(),
        kafka_consumers: 1,
        liveness_seconds: LIVENESS_SECONDS,
        heartbeat_ms: HEARTBEAT_MS,
        refresh_seconds: 5,
        frozen_after_hours: 192,
        replicated: false,
        all: String::new(),
    });
    Migrator::embedded(warehouse, &placeholders.unwrap())
        .run(|_| {})
        .await
        .unwrap();
}

/// Runs a statement.
pub(crate) async fn run(warehouse: &Warehouse, sql: &str) {
    let done = warehouse.execute(warehouse.query(sql), Duration::from_secs(60));
    done.await.unwrap();
}
