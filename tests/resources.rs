//! Ads, funnel, engagement, retention, delivery, errors, freshness, usage, one viewer and raw beacons, on the real engine: each
//! is asked over a small known audience, and told numbers that were worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use crate::landing::{insert, migrate, rows, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::beacon::session_key;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

const STARTING: u8 = 1;
const PLAYING: u8 = 2;
const SEEKING: u8 = 3;
const ENDED: u8 = 6;
const FAILED: u8 = 7;
const SMART_TV: u8 = 3;
const WEB: u8 = 2;

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

/// The lines of an answer that is no JSON object.
pub(crate) async fn lines(api: &Router, path: &str) -> Vec<String> {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8(body.to_vec()).unwrap();
    text.lines().map(str::to_owned).collect()
}

pub(crate) async fn ok(api: &Router, path: &str) -> Value {
    let (status, body) = get(api, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

/// The rows of a table as group and some of its metrics.
async fn told(api: &Router, path: &str, names: &[&str]) -> Value {
    let answer = ok(api, path).await;
    let rows = answer["rows"].as_array().unwrap().iter().map(|row| {
        let values = names.iter().map(|name| row["metrics"][name].clone());
        let group = row["group"].as_object().unwrap().values().cloned();
        group.chain(values).collect::<Value>()
    });
    rows.collect()
}

fn play_state(at_ms: i64, state: u8, position_ms: i64) -> Value {
    json!({"at": at_ms, "event": 1, "state": state, "position_ms": position_ms})
}

/// Beacons of a session; `about` is on each of them. Those of `lost` never come, and each comes as often as `copies` says.
fn session(
    name: &str,
    begins_ms: i64,
    about: Value,
    told: &[Value],
    lost: &[usize],
    copies: i64,
) -> Vec<Value> {
    let mut rows = Vec::new();
    for (seq, told) in told
        .iter()
        .enumerate()
        .filter(|(seq, _)| !lost.contains(seq))
    {
        for copy in 0..copies {
            let at_ms = begins_ms + told["at"].as_i64().unwrap();
            let mut row = json!({
                "tenant": "default", "session_id": name, "session_key": session_key("default", name),
                "stream": "json", "seq": seq, "seq_is_ordinal": true, "client_time_ms": at_ms, "sent_time_ms": at_ms,
                "received_time_ms": at_ms + 100 + copy * 500, "event_time_ms": at_ms, "content_id": "film", "cdn": "one",
                "device_class": WEB, "country": "NL", "app_version": "4.1",
            });
            let fields = row.as_object_mut().unwrap();
            fields.extend(about.as_object().unwrap().clone());
            fields.extend(told.as_object().unwrap().clone());
            fields.remove("at");
            rows.push(packed(row));
        }
    }
    rows
}

/// Three sessions of the last hour: one watched to the end with a leap and ads, one whose beacons are partly lost, one that failed.
fn audience(begins_ms: i64) -> Vec<Value> {
    let ad = |at_ms: i64, event: u8, ad: Value| json!({"at": at_ms, "event": event, "ad": ad});
    let duration = json!({"content_duration_ms": 60_000, "viewer_id": "anna"});
    let watched = [
        json!({"at": -5_000, "event": 25}),
        play_state(0, STARTING, 0),
        play_state(1_000, PLAYING, 0),
        ad(11_000, 16, json!({"break_id": "mid"})),
        ad(11_000, 18, json!({"ad_id": "car", "break_id": "mid"})),
        ad(11_000, 24, json!({"ad_id": "car", "break_id": "mid"})),
        ad(16_000, 22, json!({"ad_id": "car", "break_id": "mid"})),
        ad(21_000, 19, json!({"ad_id": "car", "break_id": "mid"})),
        ad(21_000, 18, json!({"ad_id": "tea", "break_id": "mid"})),
        ad(
            23_000,
            23,
            json!({"ad_id": "tea", "break_id": "mid", "error_code": "303"}),
        ),
        ad(23_000, 17, json!({"break_id": "mid"})),
        play_state(23_000, PLAYING, 10_000),
        play_state(33_000, SEEKING, 20_000),
        play_state(34_000, PLAYING, 40_000),
        play_state(54_000, ENDED, 60_000),
    ];
    let lossy = [
        play_state(0, STARTING, 0),
        play_state(2_000, PLAYING, 0),
        json!({"at": 4_000, "event": 2, "state": PLAYING}),
        json!({"at": 5_000, "event": 2, "state": PLAYING}),
        json!({"at": 6_000, "event": 6, "error": {"code": "net", "fatal": "false"}}),
        play_state(22_000, ENDED, 20_000),
    ];
    let failed = [
        play_state(0, STARTING, 0),
        json!({"at": 3_000, "event": 6, "error": {"code": "drm", "fatal": "true"}}),
        play_state(3_000, FAILED, 0),
    ];
    let of_ben = json!({"device_class": SMART_TV, "viewer_id": "ben", "cdn": "two", "content_duration_ms": 60_000});
    [
        session("watched", begins_ms, duration, &watched, &[], 2),
        session(
            "lossy",
            begins_ms + 60_000,
            of_ben.clone(),
            &lossy,
            &[2, 3],
            1,
        ),
        session("failed", begins_ms + 120_000, of_ben, &failed, &[], 1),
    ]
    .concat()
}

pub(crate) async fn in_audience<F, Fut>(test: F)
where
    F: FnOnce(Warehouse, Router) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send,
{
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begins_ms = (OffsetDateTime::now_utc().unix_timestamp() - 1_500) * 1_000;
        insert(&warehouse, &audience(begins_ms)).await;
        wait_for_sessions(&warehouse, 3).await;
        let api = api(&warehouse);
        test(warehouse, api).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_tell_what_was_planted() {
    in_audience(|_, api| async move {
        let api = &api;
        // Ads, by ad, and with the breaks.
        let ads = ["start_count", "complete_count", "click_count", "error_count", "ad_ms", "break_count"];
        assert_eq!(
            told(api, "/v1/ads?group_by=ad_id", &ads).await,
            json!([["car", 1, 1, 1, 0, 10_000, 0], ["tea", 1, 0, 0, 1, 2_000, 0]])
        );
        let all = ["start_count", "break_count", "filled_break_count", "fill_ratio", "completion_ratio", "error_ratio"];
        assert_eq!(told(api, "/v1/ads", &all).await, json!([[2, 1, 1, 1.0, 0.5, 0.333333]]));
        assert_eq!(
            told(api, "/v1/ads?group_by=ad_id&ad_id=tea&filter=cdn:is:one", &ads[..1]).await,
            json!([["tea", 1]])
        );
        assert_eq!(told(api, "/v1/ads?filter=cdn:is:two", &ads[..1]).await, json!([]));

        // The same as lines.
        let csv = lines(api, "/v1/ads?group_by=ad_id&format=csv").await;
        assert!(csv[0].starts_with("ad_id,") && csv[1].starts_with("car,") && csv.len() == 3, "{csv:?}");
        let ndjson = lines(api, "/v1/ads?group_by=ad_id&format=ndjson").await;
        let tea: Value = serde_json::from_str(&ndjson[1]).unwrap();
        assert_eq!((&tea["ad_id"], &tea["error_count"]), (&json!("tea"), &json!(1)));

        // The funnel: impressions where they are told, sessions where only they know.
        let steps = ["impressions", "attempts", "first_frames", "reached_25", "reached_100"];
        assert_eq!(told(api, "/v1/funnel", &steps).await, json!([[1, 3, 2, 2, 2]]));
        assert_eq!(
            told(api, "/v1/funnel?group_by=end_reason", &steps).await,
            json!([
                ["finished", null, 2, 2, 2, 2],
                ["failed_before_start", null, 1, 0, 0, 0]
            ])
        );
        let funnel = ok(api, "/v1/funnel").await;
        assert_eq!(funnel["computed_from"], json!(["funnel_steps_t"]));
        let steps = funnel["rows"][0]["metrics"]["steps"].as_array().unwrap();
        assert_eq!(steps[2], json!({"step": "first_frames", "count": 2, "dropped": 1, "kept_ratio": 0.666667, "kept_of_first_ratio": 2.0}));

        // Delivery: two of six beacons of `lossy` never came, all of `watched` came twice.
        let delivery = ["sessions", "beacons_sent", "beacons_received", "beacons_lost", "beacons_duplicated", "loss_ratio"];
        assert_eq!(
            told(api, "/v1/delivery?group_by=device_class", &delivery).await,
            json!([["smart_tv", 2, 9, 7, 2, 0, 0.222222], ["web", 1, 15, 15, 0, 15, 0.0]])
        );

        // Errors by code, with who had them.
        let errors = ["error_count", "fatal_error_count", "sessions", "viewers"];
        assert_eq!(
            told(api, "/v1/errors", &errors).await,
            json!([["drm", 1, 1, 1, 1], ["net", 1, 0, 1, 1]])
        );
        let fatal = ok(api, "/v1/errors?kind=fatal&group_by=app_version,error_code").await;
        assert_eq!(fatal["rows"][0]["group"], json!({"app_version": "4.1", "error_code": "drm"}));
        assert_eq!(fatal["rows"].as_array().unwrap().len(), 1);
        let example = &fatal["rows"][0]["metrics"]["examples"][0];
        assert_eq!((&example["session_id"], &example["viewer_id"]), (&json!("failed"), &json!("ben")));
        assert_eq!(example["at"], fatal["rows"][0]["metrics"]["last_seen_at"]);
        assert_eq!(told(api, "/v1/errors?error_code=none", &errors).await, json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_tell_each_row_once() {
    in_audience(|_, api| async move {
        let whole = ok(&api, "/v1/delivery?group_by=end_reason,cdn&order=beacons_lost&from=now-2h").await;
        let whole = whole["rows"].as_array().unwrap();
        assert_eq!(whole.len(), 3);
        let mut path = "/v1/delivery?group_by=end_reason,cdn&order=beacons_lost&from=now-2h&limit=1".to_owned();
        for row in whole {
            let page = ok(&api, &path).await;
            assert_eq!(page["rows"], json!([row]));
            if let Some(cursor) = page["next_cursor"].as_str() {
                path = format!("/v1/delivery?group_by=end_reason,cdn&order=beacons_lost&from=now-2h&limit=1&cursor={cursor}");
                let (status, problem) = get(&api, &format!("/v1/delivery?cursor={cursor}")).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{problem}");
            } else {
                assert_eq!(row, whole.last().unwrap());
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn curves_tell_seconds_and_weeks() {
    in_audience(|_, api| async move {
        let answer = ok(&api, "/v1/engagement?content_id=film").await;
        let curve = |name: &str| answer["curve"][name].as_array().unwrap().clone();
        // Both saw the first four seconds, until one told no more; the other leapt from the twentieth to the fortieth.
        assert_eq!(curve("plays_watched").len(), 60);
        let watched = [0, 3, 4, 19, 20, 40, 59]
            .map(|second| curve("plays_watched")[second].as_f64().unwrap());
        assert_eq!(watched, [2.0, 2.0, 1.0, 1.0, 0.0, 1.0, 1.0]);
        assert_eq!(
            (&curve("plays_skipped")[30], &curve("plays_skipped")[40]),
            (&json!(1.0), &json!(0.0))
        );
        assert_eq!(
            (&curve("plays_ended")[3], &curve("plays_ended")[59]),
            (&json!(1), &json!(1))
        );
        let completion = &answer["completion"];
        assert_eq!(
            (&completion["plays"], &completion["completion_ratio"]),
            (&json!(2), &json!(1.0))
        );
        // In stretches, the means of their seconds.
        let answer = ok(&api, "/v1/engagement?content_id=film&step=15s").await;
        assert_eq!(
            answer["curve"]["plays_watched"],
            json!([1.267, 0.333, 0.333, 1.0])
        );
        let (status, _) = get(&api, "/v1/engagement").await;
        assert_eq!(status, StatusCode::BAD_REQUEST);

        let answer = ok(&api, "/v1/retention").await;
        let cohorts = answer["cohorts"].as_array().unwrap();
        assert_eq!(cohorts.len(), 1, "{answer}");
        assert_eq!(cohorts[0]["viewers"], 2);
        assert_eq!(cohorts[0]["weeks"][0]["retention_ratio"], 1.0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_viewer_and_each_beacon_are_shown() {
    in_audience(|warehouse, api| async move {
        // Ben comes back, and is there now.
        let now_ms = (OffsetDateTime::now_utc().unix_timestamp() - 20) * 1_000;
        let back = [play_state(0, STARTING, 0), play_state(1_000, PLAYING, 0)];
        insert(
            &warehouse,
            &session("back", now_ms, json!({"viewer_id": "ben"}), &back, &[], 1),
        )
        .await;
        wait_for_sessions(&warehouse, 4).await;
        let ben = ok(&api, "/v1/viewers/ben").await;
        assert_eq!(ben["now"][0]["status"], "watching", "{ben}");
        assert_eq!(ben["now"][0]["session_id"], "back");
        assert_eq!(
            (&ben["totals"]["plays"], &ben["totals"]["failures"]),
            (&json!(3), &json!(1))
        );
        assert_eq!(ben["totals"]["beacons_lost"], 2);
        let ids: Vec<_> = ben["plays"]
            .as_array()
            .unwrap()
            .iter()
            .map(|play| play["session_id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, ["back", "failed", "lossy"]);
        let nobody = ok(&api, "/v1/viewers/nobody").await;
        assert_eq!(
            (&nobody["now"], &nobody["totals"]["plays"]),
            (&json!([]), &json!(0))
        );

        let answer = ok(&api, "/v1/sessions/lossy/beacons").await;
        let kinds: Vec<_> = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["kind"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["beacon", "beacon", "gap", "beacon", "beacon"]);
        assert_eq!(
            answer["items"][2],
            json!({"kind": "gap", "stream": "json", "first_seq": 2, "last_seq": 3, "count": 2})
        );
        assert_eq!(
            answer["items"][3]["error"],
            json!({"code": "net", "fatal": "false"})
        );
        assert_eq!(answer["items"][0]["state"], "starting");
        assert_eq!(answer["delivery"]["beacons_lost"], 2);
        assert_eq!(answer["next_cursor"], Value::Null);
        let told: Vec<Value> = lines(&api, "/v1/sessions/lossy/beacons?format=ndjson")
            .await
            .iter()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(Value::Array(told), answer["items"]);
        let twice = ok(&api, "/v1/sessions/watched/beacons").await;
        assert_eq!(twice["delivery"]["beacons_duplicated"], 15);
        assert_eq!(twice["items"].as_array().unwrap().len(), 15);

        // Page by page: each beacon once, and the gap with the beacon after it.
        let (mut path, mut items) = ("/v1/sessions/lossy/beacons?limit=1".to_owned(), Vec::new());
        loop {
            let page = ok(&api, &path).await;
            items.extend(page["items"].as_array().unwrap().clone());
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            path = format!("/v1/sessions/lossy/beacons?limit=1&cursor={cursor}");
        }
        assert_eq!(Value::Array(items), answer["items"]);
        let (status, problem) = get(&api, "/v1/sessions/nobody/beacons").await;
        assert_eq!(
            (status, &problem["reason"]),
            (StatusCode::NOT_FOUND, &json!("unknown_session"))
        );
    })
    .await;
}

/// The gateway opens what a record holds as JSON; the columns of the view do it one by one, for whoever writes SQL.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_beacon_of_a_session_is_told_as_its_view_tells_it() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let at_ms = OffsetDateTime::now_utc().unix_timestamp() * 1_000 - 600_000;
        let mut beacon: Value = serde_json::from_str(include_str!("fixtures/beacons/every_field.json")).unwrap();
        let name = beacon["session_id"].as_str().unwrap().to_owned();
        let key = session_key("default", &name);
        let set = json!({
            "tenant": "default", "session_key": key, "seq_is_ordinal": true, "event": 1, "state": 2, "exit_reason": 2,
            "client_time_ms": at_ms, "sent_time_ms": at_ms + 5, "received_time_ms": at_ms + 100, "event_time_ms": at_ms + 7,
            "device_class": 3, "stream_type": 3, "source": 6, "privacy_gpc": true, "write_key": "of-a-test", "is_test": false, "is_bot": false,
        });
        beacon.as_object_mut().unwrap().extend(set.as_object().unwrap().clone());
        insert(&warehouse, &[packed(beacon)]).await;
        wait_for_sessions(&warehouse, 1).await;

        let sql = format!("SELECT * EXCEPT (tenant, session_key) FROM beacons_t(tenant = 'default', session_key = {key}) \
            SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0");
        let mut row = rows(&warehouse, &sql).await.remove(0);
        // Nothing is left out: each column has a value that tells something.
        for (column, value) in row.as_object().unwrap() {
            assert!(![json!(null), json!(""), json!({})].contains(value), "{column}");
        }
        row["kind"] = json!("beacon");
        let answer = ok(&api(&warehouse), &format!("/v1/sessions/{name}/beacons")).await;
        let items = answer["items"].as_array().unwrap();
        assert_eq!(items.iter().filter(|item| item["kind"] == "beacon").collect::<Vec<_>>(), [&row]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stages_and_usage_are_told() {
    in_audience(|warehouse, api| async move {
        let freshness = ok(&api, "/v1/freshness").await;
        let stages = freshness["stages"].as_array().unwrap();
        let names: Vec<_> = stages.iter().map(|stage| stage["stage"].as_str().unwrap()).collect();
        assert_eq!(names[..2], ["beacons", "sessions"], "{freshness}");
        assert!(names.len() > 2, "{freshness}");
        assert!(stages[0]["age_ms"].as_u64().unwrap() < 600_000, "{freshness}");
        assert_eq!(freshness["dead_letters"], json!({"count": 0, "newest_at": null}));

        // Usage equals what the sessions say.
        let sessions = rows(
            &warehouse,
            "SELECT count()::UInt32 AS attempts, sum(beacons_received)::UInt32 AS received, sum(playing_ms)::UInt32 AS playing FROM sessions_v WHERE ended_at IS NOT NULL",
        )
        .await;
        let expected = [&sessions[0]["attempts"], &sessions[0]["playing"], &sessions[0]["received"]].map(Clone::clone);
        let give_up = Instant::now() + Duration::from_secs(120);
        loop {
            let usage = told(&api, "/v1/usage?group_by=app_version", &["attempts", "playing_ms", "beacons_received"]).await;
            if usage.get(0).is_some_and(|row| row.as_array().unwrap()[1..] == expected) {
                break;
            }
            assert!(Instant::now() < give_up, "{usage} is not {expected:?}");
            sleep(Duration::from_millis(500)).await;
        }
        let by_day = ok(&api, "/v1/usage").await;
        assert_eq!(by_day["group_by"], json!(["day", "source"]));
        assert_eq!(by_day["rows"][0]["group"]["day"].as_str().unwrap().len(), 10, "{by_day}");
    })
    .await;
}
