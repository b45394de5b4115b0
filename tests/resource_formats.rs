//! The resources that are rows, in every format: what the server writes as Arrow and Parquet is read again by the engine, and
//! holds the same rows as the lines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use crate::resources::{in_audience, lines, ok};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::warehouse::Warehouse;
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{Duration as Span, OffsetDateTime};
use tokio::time::sleep;
use tower::ServiceExt as _;

const ARROW: &str = "application/vnd.apache.arrow.stream";
const PARQUET: &str = "application/vnd.apache.parquet";
/// Questions about the audience of [`in_audience`] in a window.
const OF_A_WINDOW: [&str; 17] = [
    "/v1/ads?group_by=ad_id",
    "/v1/ads?group_by=cdn,country",
    "/v1/ads?order=start_count",
    "/v1/funnel?limit=1",
    "/v1/funnel?group_by=end_reason",
    "/v1/delivery?group_by=device_class&order=sessions",
    "/v1/errors?limit=5",
    "/v1/usage?group_by=app_version",
    "/v1/usage?group_by=hour,source",
    "/v1/usage?group_by=hour,write_key",
    "/v1/comparison?metrics=plays,rebuffering_ratio,overall_score&group_by=device_class,country",
    "/v1/comparison?metrics=plays",
    "/v1/sessions?limit=2",
    "/v1/dimensions/device_class/values?limit=5",
    "/v1/dimensions/os_name/values?limit=5",
    "/v1/top?dimension=device_class&metric=playing_ms",
    "/v1/top?dimension=app_version&metric=rebuffering_ratio",
];

/// A row with its numbers as such, however they were written: 1 is 1.0.
fn plain(row: Value) -> Value {
    match row {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, plain(value)))
            .collect(),
        Value::Number(number) => number.as_f64().into(),
        other => other,
    }
}

/// An answer in a format that the server writes.
async fn answered(api: &Router, path: &str, media_type: &str) -> Bytes {
    let request = Request::get(path).header("accept", media_type);
    let request = request.body(Body::empty()).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&body);
    assert_eq!(parts.status, StatusCode::OK, "{path}: {text}");
    assert_eq!(parts.headers["content-type"], media_type);
    let views = &parts.headers["playhead-computed-from"];
    assert!(!views.is_empty(), "{path}");
    body
}

/// Its rows, as the engine reads them again.
async fn read_again(
    warehouse: &Warehouse,
    api: &Router,
    path: &str,
    media_type: &str,
) -> Vec<Value> {
    let body = answered(api, path, media_type).await;
    let format = if media_type == PARQUET {
        "Parquet"
    } else {
        "ArrowStream"
    };
    let hex: String = body.iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = format!("SELECT * FROM format({format}, unhex('{hex}'))");
    let query = warehouse
        .query(&sql)
        .with_setting("max_query_size", "10000000")
        .with_setting("output_format_json_quote_64bit_integers", "0")
        .with_setting("date_time_output_format", "iso");
    let bytes = warehouse.bytes(query, "JSONEachRow").await.unwrap();
    let rows = serde_json::Deserializer::from_slice(&bytes).into_iter();
    rows.map(|row| plain(row.unwrap())).collect()
}

async fn assert_same_in_every_format(warehouse: &Warehouse, api: &Router, path: &str) -> usize {
    let ndjson = lines(api, &format!("{path}&format=ndjson")).await;
    let rows = ndjson
        .iter()
        .map(|line| serde_json::from_str(line).unwrap());
    let rows: Vec<Value> = rows.map(plain).collect();
    let csv = lines(api, &format!("{path}&format=csv")).await;
    assert_eq!(csv.len(), rows.len() + 1, "{path}: {csv:?}");
    for media_type in [ARROW, PARQUET] {
        let again = read_again(warehouse, api, path, media_type).await;
        assert_eq!(again, rows, "{path} as {media_type}");
    }
    rows.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_are_the_same_in_every_format() {
    in_audience(|warehouse, api| async move {
        // All three sessions have come through all passes.
        let give_up = Instant::now() + Duration::from_secs(120);
        loop {
            let usage = ok(&api, "/v1/usage?group_by=app_version").await;
            if usage["rows"][0]["metrics"]["attempts"] == 3 {
                break;
            }
            assert!(Instant::now() < give_up, "{usage}");
            sleep(Duration::from_millis(500)).await;
        }
        let now = OffsetDateTime::now_utc();
        let told = |ago: Span| {
            let minute = (now - ago).unix_timestamp().div_euclid(60) * 60;
            let minute = OffsetDateTime::from_unix_timestamp(minute).unwrap();
            minute.format(&Rfc3339).unwrap()
        };
        let window = format!("from={}&to={}", told(Span::HOUR), told(Span::minutes(10)));
        for path in OF_A_WINDOW {
            let path = format!("{path}&{window}");
            let rows = assert_same_in_every_format(&warehouse, &api, &path).await;
            assert!(rows > 0, "{path} tells nothing");
        }
        let left = "/v1/viewers/live?status=finished";
        let rows = assert_same_in_every_format(&warehouse, &api, left).await;
        assert!(rows > 0, "{left} tells nothing");
        // Nobody is there now: an answer without rows, which names its columns nevertheless.
        let now = "/v1/top?dimension=status&metric=viewers_now";
        let nobody = answered(&api, now, ARROW).await;
        assert!(String::from_utf8_lossy(&nobody).contains("number"));
        assert!(answered(&api, now, PARQUET).await.starts_with(b"PAR1"));
        let none = "/v1/comparison?metrics=plays&group_by=cdn&filter=cdn:is:nobody";
        let nothing = answered(&api, none, ARROW).await;
        assert!(String::from_utf8_lossy(&nothing).contains("change_ratio"));
        // The list of sessions is what it is in JSON.
        for columns in ["summary", "all"] {
            let path = format!("/v1/sessions?limit=2&columns={columns}&{window}");
            let listed = ok(&api, &path).await["sessions"].clone();
            let listed = listed.as_array().unwrap().iter().cloned().map(plain);
            let listed: Vec<_> = listed.collect();
            assert_eq!(read_again(&warehouse, &api, &path, PARQUET).await, listed);
        }
    })
    .await;
}
