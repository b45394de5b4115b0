//! `GET /v1/top` on the real engine: who leads, by what, over minutes, over hours, and now.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use crate::landing::{insert, migrate, run};
use crate::record::packed;
use crate::scratch::{in_database, warehouse_at};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::beacon::session_key;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tower::ServiceExt as _;

fn api(warehouse: &Warehouse) -> Router {
    let settings = AnalyticsSettings {
        liveness: Duration::from_secs(180),
        refresh: Duration::from_secs(5),
        frozen_after: Duration::from_secs(192 * 3_600),
        max_concurrent_queries: 8,
        query_timeout: Duration::from_secs(60),
        cache_max_bytes: 16 * 1024 * 1024,
    };
    router(AnalyticsState::new(warehouse.clone(), settings))
}

async fn get(api: &Router, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

/// The rows of an answer, as value and number.
async fn top(api: &Router, query: &str) -> Vec<(String, Value)> {
    let (status, body) = get(api, &format!("/v1/top?{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query}: {body}");
    let rows = body["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        (
            row["value"].as_str().unwrap().to_owned(),
            row["number"].clone(),
        )
    })
    .collect()
}

fn ranks(expected: &[(&str, Value)]) -> Vec<(String, Value)> {
    let owned = expected.iter();
    owned
        .map(|(value, number)| ((*value).to_owned(), number.clone()))
        .collect()
}

/// Rows of a rollup: which set, dimensions and measures.
async fn fill(warehouse: &Warehouse, table: &str, window: &str, at: i64, rows: &[Value]) {
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let mut row = row.clone();
            row["tenant"] = json!("default");
            row[window] = json!(at);
            row["version"] = json!("2026-01-01 00:00:00.000");
            row.to_string()
        })
        .collect();
    run(
        warehouse,
        &format!(
            "INSERT INTO {table} FORMAT JSONEachRow\n{}",
            lines.join("\n")
        ),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_greatest_come_first() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let minute = (OffsetDateTime::now_utc().unix_timestamp() / 60 - 10) * 60;
        let rows = [
            json!({"dimension_set": "audience", "content_id": "film", "cdn": "one", "plays": 7, "playing_ms": 90_000, "stalled_ms": 10_000}),
            json!({"dimension_set": "audience", "content_id": "film", "cdn": "two", "plays": 2, "playing_ms": 40_000}),
            json!({"dimension_set": "audience", "content_id": "final", "cdn": "two", "plays": 9, "playing_ms": 156_000, "stalled_ms": 4_000}),
            json!({"dimension_set": "audience", "content_id": "clip", "cdn": "two", "plays": 1}),
            json!({"dimension_set": "network", "isp": "fibre", "cdn": "two", "plays": 12}),
            json!({"dimension_set": "network", "isp": "cable", "cdn": "one", "plays": 7}),
            json!({"dimension_set": "experiment", "experiment": "button", "variant": "red", "plays": 3}),
        ];
        fill(&warehouse, "quality_by_minute", "minute", minute, &rows).await;
        let api = &api(&warehouse);
        assert_eq!(
            top(api, "dimension=content_id&metric=plays").await,
            ranks(&[("film", json!(9)), ("final", json!(9)), ("clip", json!(1))])
        );
        assert_eq!(
            top(api, "dimension=content_id&metric=playing_ms&limit=1").await,
            ranks(&[("final", json!(156_000))])
        );
        // Of what was neither played nor stalled there is nothing to tell.
        assert_eq!(
            top(api, "dimension=content_id&metric=rebuffering_ratio&definition=conviva").await,
            ranks(&[
                ("film", json!(10_000.0 / 140_000.0)),
                ("final", json!(0.025)),
                ("clip", Value::Null)
            ])
        );
        assert_eq!(top(api, "dimension=cdn&metric=plays").await, ranks(&[("two", json!(12)), ("one", json!(7))]));
        assert_eq!(top(api, "dimension=isp&metric=plays").await, ranks(&[("fibre", json!(12)), ("cable", json!(7))]));
        assert_eq!(top(api, "dimension=variant&metric=plays").await, ranks(&[("button: red", json!(3))]));

        // Of a longer window hours are read, and minutes at its ends: those above are in no hour yet.
        let hour = (OffsetDateTime::now_utc().unix_timestamp() / 3_600 - 30) * 3_600;
        let rows = [json!({"dimension_set": "audience", "content_id": "old", "plays": 5})];
        fill(&warehouse, "quality_by_hour", "hour", hour, &rows).await;
        let from = OffsetDateTime::from_unix_timestamp(hour).unwrap();
        let from = from.format(&time::format_description::well_known::Rfc3339).unwrap();
        assert_eq!(
            top(api, &format!("dimension=content_id&metric=plays&from={from}")).await,
            ranks(&[("film", json!(9)), ("final", json!(9)), ("old", json!(5)), ("clip", json!(1))])
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_there_now_is_counted() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let at_ms = (OffsetDateTime::now_utc().unix_timestamp() - 10) * 1_000;
        let there = [("a", "film", 2), ("b", "film", 5), ("c", "final", 2), ("gone", "final", 8)];
        let beacons = there.map(|(name, content_id, state)| {
            packed(json!({
                "tenant": "default", "session_id": name, "session_key": session_key("default", name), "stream": "json", "seq": 0,
                "seq_is_ordinal": true, "event": 1, "state": state, "client_time_ms": at_ms, "sent_time_ms": at_ms,
                "received_time_ms": at_ms, "event_time_ms": at_ms, "content_id": content_id, "device_class": 2, "country": "NL",
            }))
        });
        insert(&warehouse, &beacons).await;
        let api = &api(&warehouse);
        assert_eq!(
            top(api, "dimension=content_id&metric=viewers_now").await,
            ranks(&[("film", json!(2)), ("final", json!(1))])
        );
        assert_eq!(
            top(api, "dimension=status&metric=viewers_now").await,
            ranks(&[("watching", json!(2)), ("paused", json!(1))])
        );
        assert_eq!(top(api, "dimension=device_class&metric=viewers_now").await, ranks(&[("web", json!(3))]));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_ranked_is_told() {
    // No warehouse is asked.
    let api = api(&warehouse_at("http://127.0.0.1:1", "playhead"));
    for (query, detail) in [
        (
            "metric=plays",
            "parameter `dimension`: must be one of content_id, device_class, country, cdn, region, isp, app_version, source, variant",
        ),
        (
            "dimension=content_id",
            "parameter `metric`: must be one metric, such as playing_ms, or viewers_now",
        ),
        (
            "dimension=isp&metric=viewers_now",
            "parameter `dimension`: must be one of content_id, device_class, country, status",
        ),
        (
            "dimension=cdn&metric=overall_score",
            "parameter `metric`: must be of the grain minute; GET /v1/metrics tells the grain of each",
        ),
        (
            "dimension=cdn&metric=plays&limit=0",
            "parameter `limit`: must be a whole number from 1 to 1000",
        ),
        (
            "dimension=content_id&metric=viewers_now&from=2026-01-01T00:00:00Z",
            "parameter `from`: is not known here",
        ),
    ] {
        let (status, problem) = get(&api, &format!("/v1/top?{query}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(problem["detail"], detail, "{query}");
    }
}
