//! A warehouse with two known days of windows, and questions to the API over it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "no test uses all of it")]

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::warehouse::Warehouse;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tower::ServiceExt as _;

use crate::landing::{rows, run, stop_rollup_passes};

pub(crate) const DAY: i64 = 86_400;

/// The API over a warehouse, which need not answer.
pub(crate) fn api(warehouse: &Warehouse) -> Router {
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

/// Status, headers and body of an answer.
pub(crate) async fn answer(api: &Router, path: &str) -> (StatusCode, HeaderMap, Bytes) {
    let path = path.replace(' ', "%20").replace('\\', "%5C");
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (parts.status, parts.headers, body)
}

/// An answer that is one.
pub(crate) async fn get(api: &Router, path: &str) -> Value {
    let (status, _, body) = answer(api, path).await;
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

/// Why there is none.
pub(crate) async fn refusal(api: &Router, path: &str) -> String {
    let (status, _, body) = answer(api, path).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
    let problem: Value = serde_json::from_slice(&body).unwrap();
    problem["detail"].as_str().unwrap().to_owned()
}

pub(crate) fn rfc3339(seconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    moment.format(&Rfc3339).unwrap()
}

/// The first of the two days.
pub(crate) fn begin() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp() / DAY * DAY - 3 * DAY
}

/// The window that holds both days.
pub(crate) fn both_days() -> String {
    format!(
        "from={}&to={}",
        rfc3339(begin()),
        rfc3339(begin() + 2 * DAY)
    )
}

/// Two days of minutes in each set of dimensions, and the hours, seconds and totals that follow from them.
pub(crate) async fn fill(warehouse: &Warehouse) {
    stop_rollup_passes(warehouse).await;
    let begin = begin();
    let measures =
        "attempts, plays, ended_plays, failures, starting_ms, playing_ms, stalled_ms, error_count";
    let numbers = "1 + h % 7, h % 5, h % 4, h % 3 = 0, (h % 13) * 100, (h % 50) * 1000, (h % 11) * 100, h % 2";
    run(warehouse, &format!(
        "INSERT INTO quality_by_minute (tenant, dimension_set, minute, content_id, device_class, country, cdn, {measures}, version)
         SELECT 'default', 'audience', toDateTime({begin} + 60 * number, 'UTC'), c, d, k, n, {numbers}, '2026-01-01 00:00:00.000'
         FROM (SELECT number, c, d, k, n, cityHash64(number, c, d, k, n) AS h FROM numbers(2880)
               ARRAY JOIN ['film', 'final', 'it''s, \"new\"'] AS c ARRAY JOIN ['web', 'mobile'] AS d ARRAY JOIN ['NL', 'DE', 'AT'] AS k ARRAY JOIN ['one', 'two'] AS n)
         WHERE number % 5 = 0"
    )).await;
    let sums = "sum(attempts), sum(plays), sum(ended_plays), sum(failures), sum(starting_ms), sum(playing_ms), sum(stalled_ms), sum(error_count), '2026-01-01 00:00:00.000'";
    run(warehouse, &format!(
        "INSERT INTO quality_by_minute (tenant, dimension_set, minute, country, cdn, {measures}, version)
         SELECT tenant, 'network', minute, country, cdn, {sums} FROM quality_by_minute WHERE dimension_set = 'audience' GROUP BY tenant, minute, country, cdn"
    )).await;
    run(warehouse, &format!(
        "INSERT INTO quality_by_minute (tenant, dimension_set, minute, device_class, app_version, source, {measures}, version)
         SELECT 'default', 'application', toDateTime({begin} + 60 * number, 'UTC'), d, v, 'native_json', {numbers}, '2026-01-01 00:00:00.000'
         FROM (SELECT number, d, v, cityHash64(number, d, v) AS h FROM numbers(2880) ARRAY JOIN ['web', 'mobile'] AS d ARRAY JOIN ['7.0', '7.1'] AS v)
         WHERE number % 5 = 0"
    )).await;
    let keys = "content_id, device_class, country, cdn, app_version, source";
    run(warehouse, &format!(
        "INSERT INTO quality_by_hour (tenant, dimension_set, hour, {keys}, {measures}, version)
         SELECT tenant, dimension_set, toStartOfHour(minute) AS hour, {keys}, {sums} FROM quality_by_minute GROUP BY tenant, dimension_set, hour, {keys}"
    )).await;
    run(warehouse, &format!(
        "INSERT INTO quality_totals_by_minute (tenant, minute, device_class, {measures}, version)
         SELECT tenant, minute, device_class, {sums} FROM quality_by_minute WHERE dimension_set = 'audience' GROUP BY tenant, minute, device_class"
    )).await;
}

/// What a slow and obvious query says: one number a row, by the name in its first column.
pub(crate) async fn oracle(warehouse: &Warehouse, sql: &str) -> Vec<(String, f64)> {
    let told = rows(warehouse, sql).await;
    let pair = |row: &Value| {
        let name = row["name"].as_str().unwrap().to_owned();
        (name, row["number"].as_f64().unwrap())
    };
    told.iter().map(pair).collect()
}
