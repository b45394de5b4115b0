//! `POST /v1/sql` on the real engine: what analysts ask is answered, of their own tenant only, within limits.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use crate::landing::{PATIENCE, insert, migrate, rows, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::beacon::session_key;
use playhead::config::SqlConfig;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

const ACCEPTED: &str = include_str!("fixtures/sql/accepted.sql");
const REFUSED: &str = include_str!("fixtures/sql/refused.sql");

/// Patient with an engine that other tests use too.
fn patient() -> SqlConfig {
    SqlConfig {
        query_timeout_ms: 60_000,
        ..SqlConfig::default()
    }
}

fn api(warehouse: &Warehouse, config: SqlConfig) -> Router {
    let settings = AnalyticsSettings {
        liveness: Duration::from_secs(180),
        refresh: Duration::from_secs(5),
        frozen_after: Duration::from_secs(192 * 3_600),
        max_concurrent_queries: 8,
        query_timeout: Duration::from_secs(60),
        cache_max_bytes: 1024 * 1024,
    };
    let state = AnalyticsState::new(warehouse.clone(), settings);
    router(state.with_sql(warehouse.clone(), config))
}

async fn ask(api: &Router, sql: &str, address: &str, accept: &str) -> (StatusCode, Bytes) {
    let request = Request::post(format!("/v1/sql{address}"))
        .header(CONTENT_TYPE, "text/plain")
        .header(ACCEPT, accept)
        .body(Body::from(sql.to_owned()))
        .unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, body)
}

/// The rows of an answer.
async fn answer(api: &Router, sql: &str) -> Value {
    let (status, body) = ask(api, sql, "", "application/json").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, StatusCode::OK, "{sql}\n{body}");
    body["rows"].clone()
}

/// Status, reason and detail of a refusal.
async fn refusal(api: &Router, sql: &str) -> (u16, String, String) {
    let (status, body) = ask(api, sql, "", "*/*").await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    let told = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (status.as_u16(), told("reason"), told("detail"))
}

/// A viewer of a tenant who waits 800 ms, plays a minute with a stall of two seconds, and ends.
fn viewing(tenant: &str, viewer: &str, content: &str, begin_ms: i64) -> Vec<Value> {
    let session_id = format!("of-{viewer}");
    let told = [
        (0, 1_u8, 0),
        (800, 2, 0),
        (30_800, 4, 30_000),
        (32_800, 2, 30_000),
        (62_800, 6, 60_000),
    ];
    let beacons = told.iter().enumerate().map(|(seq, (after_ms, state, position_ms))| {
        let at_ms = begin_ms + after_ms;
        packed(json!({
            "tenant": tenant, "session_id": session_id, "session_key": session_key(tenant, &session_id),
            "stream": "json", "seq": seq, "seq_is_ordinal": true, "event": 1, "state": state,
            "client_time_ms": at_ms, "sent_time_ms": at_ms, "received_time_ms": at_ms, "event_time_ms": at_ms,
            "position_ms": position_ms, "content_id": content, "content_duration_ms": 120_000, "stream_type": 1,
            "cdn": "one", "viewer_id": viewer, "device_class": 2, "app_version": "4.1.2", "country": "NL",
            "experiments": {"button": "red"},
        }))
    });
    beacons.collect()
}

/// A session of ours and one of another tenant.
async fn two_tenants(warehouse: &Warehouse) {
    migrate(warehouse).await;
    let begin_ms = (OffsetDateTime::now_utc().unix_timestamp() - 600) * 1_000;
    insert(warehouse, &viewing("default", "ann", "film", begin_ms)).await;
    insert(warehouse, &viewing("other", "mallory", "secret", begin_ms)).await;
    wait_for_sessions(warehouse, 2).await;
    let days = "SELECT count()::UInt8 AS days FROM quality_by_day_v WHERE ended_plays = 1";
    let give_up = Instant::now() + PATIENCE;
    while rows(warehouse, days).await[0]["days"] != 2 {
        assert!(Instant::now() < give_up, "the day's rows never came");
        sleep(Duration::from_millis(200)).await;
    }
}

fn cases(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let cases = file.split("--- ").skip(1);
    cases.map(|case| case.split_once('\n').unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_answered_of_one_tenant_only() {
    in_database(|warehouse| async move {
        two_tenants(&warehouse).await;
        let api = api(&warehouse, patient());
        let mut failures = Vec::new();
        for (title, sql) in cases(ACCEPTED) {
            let (status, body) = ask(&api, sql, "", "application/json").await;
            let body = String::from_utf8_lossy(&body).into_owned();
            if status != StatusCode::OK {
                failures.push(format!("{title}: {body}"));
            }
            for foreign in ["mallory", "secret", "other"] {
                assert!(!body.contains(foreign), "{title}: {body}");
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        let seen = answer(
            &api,
            "SELECT tenant, content_id, viewer_id, stall_count FROM sessions_v",
        )
        .await;
        assert_eq!(seen, json!([["default", "film", "ann", 1]]));
        let all = rows(
            &warehouse,
            "SELECT uniqExact(tenant)::UInt8 AS tenants FROM sessions_v",
        )
        .await;
        assert_eq!(all[0]["tenants"], 2, "the other one's rows are there");

        // The window is the views', and a session is read by its key.
        let (_, body) = ask(
            &api,
            "SELECT count() FROM sessions_v",
            "?from=now-5d&to=now-4d",
            "text/csv",
        )
        .await;
        assert_eq!(body, "\"count()\"\n0\n");
        let sql = "SELECT count() AS beacons FROM beacons_v";
        let (status, reason, _) = refusal(&api, sql).await;
        assert_eq!((status, reason.as_str()), (400, "bad_parameter"));
        for (tenant, viewer, beacons) in [("default", "ann", 5), ("other", "mallory", 0)] {
            let key = session_key(tenant, &format!("of-{viewer}"));
            let (_, body) = ask(
                &api,
                sql,
                &format!("?session_key={key}"),
                "application/x-ndjson",
            )
            .await;
            assert_eq!(body, format!("{{\"beacons\":{beacons}}}\n"));
        }

        for (title, sql) in cases(REFUSED) {
            let (status, reason, detail) = refusal(&api, sql).await;
            assert_eq!(status, 400, "{title}: {reason}: {detail}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_bite_and_mistakes_are_told() {
    in_database(|warehouse| async move {
        two_tenants(&warehouse).await;
        let with = |change: fn(&mut SqlConfig)| {
            let mut config = patient();
            change(&mut config);
            api(&warehouse, config)
        };
        let numbers = "SELECT arrayJoin(range(100000)) AS n";

        let few_read = with(|config| config.rows_read_max = 1);
        let (status, reason, detail) = refusal(&few_read, "SELECT count() FROM quality_by_minute_v AS a, sessions_v AS b, content_v AS c, sessions_v AS d").await;
        assert_eq!((status, reason.as_str()), (422, "sql_too_expensive"), "{detail}");
        assert!(detail.contains("1 are allowed"), "{detail}");

        let few_rows = with(|config| config.result_rows_max = 1_000);
        for accept in ["application/json", "application/x-ndjson", "text/csv"] {
            let (status, body) = ask(&few_rows, numbers, "", accept).await;
            assert_eq!(status, 422, "{accept}: {body:?}");
        }

        let few_bytes = with(|config| config.result_max_bytes = 10_000);
        let (status, reason, detail) = refusal(&few_bytes, numbers).await;
        assert_eq!((status, reason.as_str()), (422, "sql_limit"), "{detail}");

        let little_memory = with(|config| config.memory_max_bytes = 20_000_000);
        let much = "SELECT uniqExact(arrayJoin(range(9000000)))";
        let (status, reason, detail) = refusal(&little_memory, much).await;
        assert_eq!((status, reason.as_str()), (422, "sql_limit"), "{detail}");

        let little_time = with(|config| config.query_timeout_ms = 2_000);
        let begun = Instant::now();
        let (status, reason, detail) = refusal(&little_time, LONG).await;
        assert_eq!((status, reason.as_str()), (422, "sql_limit"), "{detail}");
        assert!(begun.elapsed() < Duration::from_secs(10));

        let api = api(&warehouse, patient());
        let (status, reason, detail) = refusal(&api, "SELECT no_such FROM sessions_v").await;
        assert_eq!((status, reason.as_str()), (400, "sql_failed"));
        assert!(detail.contains("code 47") && detail.contains("no_such"), "{detail}");
        assert!(!detail.contains("127.0.0.1") && !detail.contains("sessions_t"), "{detail}");
        let (status, body) = ask(&api, "SELECT 1", "?form=now", "*/*").await;
        assert_eq!(status, 400, "{body:?}");
        let (status, _) = ask(&api, "SELECT 1", "", "image/png").await;
        assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
        let off = with(|config| config.enabled = false);
        assert_eq!(refusal(&off, "SELECT 1").await.0, 403);
        let mut long = "SELECT 1 ".to_owned();
        long.push_str(&" ".repeat(20_000));
        assert_eq!(refusal(&api, &long).await.1, "sql_too_large");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_come_in_the_format_that_is_accepted() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let api = api(&warehouse, patient());
        let sql = "SELECT 1::UInt8 AS one, 'a\"b' AS text, [1, 2]::Array(UInt16) AS list, NULL AS nothing";
        let request = Request::post("/v1/sql")
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(json!({"query": sql, "from": "2026-11-21T00:00:00Z", "to": "2026-11-22T00:00:00Z"}).to_string()))
            .unwrap();
        let response = api.clone().oneshot(request).await.unwrap();
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["from"], "2026-11-21T00:00:00.000Z");
        assert_eq!(body["columns"][2], json!({"name": "list", "type": "Array(UInt16)"}));
        assert_eq!(body["rows"], json!([[1, "a\"b", [1, 2], null]]));
        assert_eq!(body["row_count"], 1);

        let (_, csv) = ask(&api, "SELECT 1 AS one, 'a,b' AS text", "", "text/csv").await;
        assert_eq!(csv, "\"one\",\"text\"\n1,\"a,b\"\n");
        let (_, lines) = ask(&api, "SELECT arrayJoin([1, 2]) AS n", "", "application/x-ndjson").await;
        assert_eq!(lines, "{\"n\":1}\n{\"n\":2}\n");
        let sql = "SELECT 1::UInt8 AS one, 'text' AS text";
        let (_, parquet) = ask(&api, sql, "", "application/vnd.apache.parquet").await;
        assert!(
            parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"),
            "{parquet:?}"
        );
        let (_, arrow) = ask(&api, sql, "", "application/vnd.apache.arrow.stream").await;
        // The marker that begins a message of the stream.
        assert!(arrow.starts_with(&[0xff, 0xff, 0xff, 0xff]), "{arrow:?}");
    })
    .await;
}

/// Runs for minutes if nobody stops it, in little memory.
const LONG: &str = "SELECT count() AS a_long_question FROM (SELECT arrayJoin(range(9000000)) AS a) AS x, \
    (SELECT arrayJoin(range(100000)) AS b) AS y WHERE (a * b) % 1000003 = 7";

#[expect(
    clippy::disallowed_methods,
    reason = "one client, that the test itself is"
)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_ends_its_query() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let api = api(&warehouse, patient());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, api).await });
        let client = reqwest::Client::new();
        let asked = client
            .post(format!("http://{address}/v1/sql"))
            .body(LONG.replace("a_long_question", "abandoned"));
        let asking = tokio::spawn(asked.send());

        wait_for_running(&warehouse, 1).await;
        asking.abort();
        wait_for_running(&warehouse, 0).await;
        server.abort();
    })
    .await;
}

async fn wait_for_running(warehouse: &Warehouse, expected: u64) {
    let running = "SELECT count()::UInt32 AS running FROM system.processes \
        WHERE query LIKE '%abandoned%' AND query NOT LIKE '%system.processes%' AND query NOT LIKE 'EXPLAIN%'";
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = rows(warehouse, running).await;
        if found[0]["running"] == expected {
            return;
        }
        assert!(Instant::now() < give_up, "{found:?}, and not {expected}");
        sleep(Duration::from_millis(100)).await;
    }
}
