//! A database of its own for each test, on the running ClickHouse.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(dead_code, reason = "no group of tests uses all of it")]

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use playhead::warehouse::{Connection, PlaceholderValues, Placeholders, Warehouse};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Address of the server under test.
pub(crate) fn url() -> String {
    std::env::var("PLAYHEAD_CLICKHOUSE__URL").unwrap_or_else(|_| "http://127.0.0.1:8123".into())
}

/// A warehouse at any address.
pub(crate) fn warehouse_at(url: &str, database: &str) -> Warehouse {
    let connection = Connection {
        url: url.to_owned(),
        database: database.to_owned(),
        user: "default".into(),
        password: String::new(),
        request_timeout: Duration::from_secs(60),
    };
    Warehouse::new(connection).expect("the name is plain")
}

/// Values whose Kafka table reaches no broker, with a liveness window of 180 s and heartbeats of 10 s.
pub(crate) fn placeholders() -> Placeholders {
    Placeholders::new(PlaceholderValues {
        kafka_brokers: "127.0.0.1:1".into(),
        kafka_topic: "no.topic".into(),
        kafka_group: "no.group".into(),
        kafka_consumers: 1,
        liveness_seconds: 180,
        heartbeat_ms: 10_000,
        refresh_seconds: 5,
        frozen_after_hours: 192,
        replicated: false,
        all: String::new(),
    })
    .expect("the values are harmless")
}

/// Runs `test` with the name of a database that does not exist yet, and drops the database after
/// it, however it ends.
pub(crate) async fn in_database<F, Fut>(test: F)
where
    F: FnOnce(Warehouse) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let warehouse = warehouse_at(
        &url(),
        &format!("playhead_test_{}_{number}", std::process::id()),
    );
    if let Err(error) = warehouse.check_server().await {
        panic!("these tests need the embedded stack: run `stack/stack up` ({error})");
    }
    let outcome = tokio::spawn(test(warehouse.clone())).await;
    execute(
        &warehouse,
        &format!("DROP DATABASE IF EXISTS {}", warehouse.database()),
    )
    .await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// Runs a statement outside any database.
pub(crate) async fn execute(warehouse: &Warehouse, sql: &str) {
    let limit = Duration::from_secs(120);
    warehouse
        .execute(warehouse.server_query(sql), limit)
        .await
        .expect("the server runs it");
}
