//! The analytics API on the real engine: beacons go into the tap, the answers are numbers that were
//! worked out by hand from docs/sessions.md.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use crate::landing::eventually;
use crate::record::packed;
use crate::scratch::{in_database, placeholders, url, warehouse_at};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::warehouse::{Migrator, Warehouse};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration as Span, OffsetDateTime};
use tokio::time::sleep;
use tower::ServiceExt as _;
use xxhash_rust::xxh3::xxh3_64;

const PLAY_STATE: u8 = 1;
const HEARTBEAT: u8 = 2;
const ERROR: u8 = 6;
const STARTING: u8 = 1;
const PLAYING: u8 = 2;
const REBUFFERING: u8 = 4;
const ENDED: u8 = 6;
const QUIT: u8 = 8;
const MOBILE: u8 = 1;
const WEB: u8 = 2;
const SMART_TV: u8 = 3;

/// Beacons of one session, in order.
struct Story {
    tenant: &'static str,
    session_id: &'static str,
    begin: OffsetDateTime,
    every_beacon: Value,
    rows: Vec<Value>,
}

impl Story {
    fn new(session_id: &'static str, begin: OffsetDateTime, every_beacon: Value) -> Self {
        Self {
            tenant: "default",
            session_id,
            begin,
            every_beacon,
            rows: Vec::new(),
        }
    }

    /// Adds a beacon `at_ms` after the begin; the gateway gets it 40 ms later.
    fn then(mut self, at_ms: i64, event: u8, state: u8, more: Value) -> Self {
        let client_time_ms = unix_ms(self.begin) + at_ms;
        let key = xxh3_64(&[self.tenant.as_bytes(), &[0], self.session_id.as_bytes()].concat());
        let mut row = json!({
            "tenant": self.tenant, "session_id": self.session_id, "session_key": key, "stream": "native",
            "seq": self.rows.len(), "seq_is_ordinal": true, "event": event, "state": state,
            "client_time_ms": client_time_ms, "sent_time_ms": client_time_ms,
            "received_time_ms": client_time_ms + 40, "event_time_ms": client_time_ms,
        });
        let fields = row.as_object_mut().expect("it is an object");
        for extra in [&self.every_beacon, &more] {
            fields.extend(extra.as_object().expect("it is an object").clone());
        }
        self.rows.push(row);
        self
    }
}

fn unix_ms(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).expect("this age")
}

/// A moment as the API writes it.
fn told(moment: OffsetDateTime) -> String {
    let text = moment.format(&Rfc3339).expect("it can be written");
    let (seconds, _) = text.split_at(19);
    format!("{seconds}.{:03}Z", moment.millisecond())
}

/// The full minute ten minutes ago: past, and inside the default window of the live page.
fn ten_minutes_ago() -> OffsetDateTime {
    let past = OffsetDateTime::now_utc() - Span::minutes(10);
    past.replace_time(time::Time::from_hms(past.hour(), past.minute(), 0).expect("a full minute"))
}

async fn insert(warehouse: &Warehouse, stories: &[&Story]) {
    let rows: Vec<_> = stories
        .iter()
        .flat_map(|story| &story.rows)
        .map(|row| packed(row.clone()).to_string())
        .collect();
    let sql = format!(
        "INSERT INTO beacons_in FORMAT JSONEachRow\n{}",
        rows.join("\n")
    );
    warehouse
        .execute(warehouse.query(&sql), Duration::from_secs(60))
        .await
        .expect("the tap takes them");
}

fn api(warehouse: &Warehouse) -> Router {
    api_with(warehouse, 8, Duration::from_secs(60))
}

fn api_with(
    warehouse: &Warehouse,
    max_concurrent_queries: usize,
    query_timeout: Duration,
) -> Router {
    let settings = AnalyticsSettings {
        liveness: Duration::from_secs(180),
        refresh: Duration::from_secs(5),
        frozen_after: Duration::from_secs(8 * 86_400),
        max_concurrent_queries,
        query_timeout,
        cache_max_bytes: 16 * 1024 * 1024,
    };
    router(AnalyticsState::new(warehouse.clone(), settings))
}

async fn get(api: &Router, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = api.clone().oneshot(request).await.expect("it answers");
    let status = response.status();
    let body = response
        .into_body()
        .collect()
        .await
        .expect("it ends")
        .to_bytes();
    (status, serde_json::from_slice(&body).expect("JSON"))
}

async fn get_ok(api: &Router, path: &str) -> Value {
    let (status, body) = get(api, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

/// Creates the schema, with Kafka out of reach.
async fn migrated(warehouse: &Warehouse) {
    Migrator::embedded(warehouse, &placeholders())
        .run(|_| {})
        .await
        .expect("the migrations apply");
}

/// The numbers that `expected` names, out of `found`; ratios may differ in the last digit, which
/// reading JSON does not keep.
fn assert_numbers(what: &str, found: &Value, expected: Value) {
    for (name, value) in expected.as_object().expect("it is an object") {
        let found = &found[name];
        let is_same = match (found, value) {
            (Value::Number(found), Value::Number(value)) if value.is_f64() => {
                let (found, value) = (
                    found.as_f64().expect("a number"),
                    value.as_f64().expect("a number"),
                );
                (found - value).abs() <= value.abs() * 1e-12
            }
            _ => found == value,
        };
        assert!(is_same, "{what}: {name} is {found}, not {value}");
    }
}

/// Three past sessions that began at `t0`, `t0` + 10 s and `t0` + 20 s, and one that plays now.
fn stories(t0: OffsetDateTime, now: OffsetDateTime) -> [Story; 4] {
    let one = |class: u8| json!({"content_id": "film-1", "content": {"title": "One"}, "device_class": class});
    let two = json!({"content_id": "film-2", "content": {"title": "Two"}, "device_class": WEB, "heartbeat_interval_ms": 10_000});
    let finished = Story::new("a-finished", t0, one(SMART_TV))
        .then(0, PLAY_STATE, STARTING, json!({}))
        .then(1_200, PLAY_STATE, PLAYING, json!({"bitrate_kbps": 3_000}))
        .then(31_200, PLAY_STATE, REBUFFERING, json!({}))
        .then(33_200, PLAY_STATE, PLAYING, json!({"bitrate_kbps": 3_000}))
        .then(63_200, PLAY_STATE, ENDED, json!({"position_ms": 60_000}));
    let left = Story::new("b-left", t0 + Span::seconds(10), one(MOBILE))
        .then(0, PLAY_STATE, STARTING, json!({}))
        .then(4_000, PLAY_STATE, QUIT, json!({}));
    let mut of_anna = two.clone();
    of_anna["viewer_id"] = json!("anna");
    let silent = Story::new("c-silent", t0 + Span::seconds(20), of_anna)
        .then(0, PLAY_STATE, STARTING, json!({}))
        .then(500, PLAY_STATE, PLAYING, json!({"bitrate_kbps": 5_000}))
        .then(
            30_000,
            ERROR,
            PLAYING,
            json!({"error": {"code": "drm_renewal"}}),
        )
        .then(60_500, HEARTBEAT, PLAYING, json!({}));
    let live = Story::new("d-live", now - Span::seconds(3), two)
        .then(0, PLAY_STATE, STARTING, json!({}))
        .then(
            1_000,
            PLAY_STATE,
            PLAYING,
            json!({"bitrate_kbps": 4_000, "position_ms": 0}),
        )
        .then(
            2_000,
            HEARTBEAT,
            PLAYING,
            json!({"bitrate_kbps": 4_000, "position_ms": 1_000, "buffer_ms": 9_000}),
        );
    [finished, left, silent, live]
}

/// Deliveries again, a minute later, shuffled; a stranger's session; a test device.
fn noise(stories: &[Story; 4], t0: OffsetDateTime) -> Vec<Story> {
    let again = |story: &Story| {
        let mut copy = Story::new(story.session_id, story.begin, json!({}));
        copy.rows = story.rows.iter().rev().cloned().collect();
        for row in &mut copy.rows {
            row["received_time_ms"] =
                json!(row["received_time_ms"].as_i64().expect("a number") + 60_000);
        }
        copy
    };
    let mut stranger = Story::new(
        "x-stranger",
        t0,
        json!({"content_id": "film-1", "device_class": WEB}),
    );
    stranger.tenant = "other";
    let stranger = stranger
        .then(0, PLAY_STATE, PLAYING, json!({"bitrate_kbps": 9_000}))
        .then(50_000, PLAY_STATE, QUIT, json!({}));
    let robot =
        Story::new("y-robot", t0, json!({"is_test": true})).then(0, PLAY_STATE, PLAYING, json!({}));
    vec![again(&stories[0]), again(&stories[2]), stranger, robot]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_page_shows_the_numbers_of_the_rules() {
    in_database(|warehouse| async move {
        migrated(&warehouse).await;
        let api = api(&warehouse);
        let t0 = ten_minutes_ago();
        let all = stories(t0, OffsetDateTime::now_utc());
        insert(&warehouse, &all.iter().collect::<Vec<_>>()).await;
        insert(&warehouse, &noise(&all, t0).iter().collect::<Vec<_>>()).await;

        eventually(|| async {
            let live = get_ok(&api, "/v1/live?window=15m").await;
            // 130 s of past play, and one second of the running session.
            assert_numbers(
                "totals",
                &live["totals"],
                json!({
                    "attempts": 4, "plays": 3, "startup_ms_sum": 2_700, "startup_count": 3, "startup_ms_mean": 900.0,
                    "ended_plays": 2, "exits_before_start": 1, "failures": 0, "failures_before_start": 0, "timeouts": 1,
                    "stall_count": 1, "starting_ms": 6_700, "playing_ms": 131_000, "stalled_ms": 2_000, "seeking_ms": 0,
                    "paused_ms": 0, "ad_ms": 0, "watch_ms": 139_700, "rebuffering_ratio": 2_000.0 / 139_700.0,
                    "bitrate_kbit_ms": 534_000_000, "bitrate_known_ms": 131_000,
                    "average_bitrate_kbps": 534_000_000.0 / 131_000.0, "error_count": 1,
                }),
            );
            check_minutes(&live, t0);
            check_curve(&live["concurrency"], &live, t0);
            check_groups(&live);
            check_stamp(&live);
            check_sessions(&api, t0).await;
            check_live_viewers(&api).await;
        })
        .await;
    })
    .await;
}

fn check_minutes(live: &Value, t0: OffsetDateTime) {
    let minutes = live["minutes"].as_array().expect("a list");
    assert!(
        (15..=16).contains(&minutes.len()),
        "{} minutes, none left out",
        minutes.len()
    );
    let at = |moment: OffsetDateTime| {
        minutes
            .iter()
            .find(|minute| minute["minute"] == told(moment))
            .expect("the minute is there")
    };
    let first = json!({
        "attempts": 3, "plays": 2, "startup_ms_sum": 1_700, "startup_count": 2, "startup_ms_mean": 850.0,
        "exits_before_start": 1, "ended_plays": 0, "stall_count": 1, "starting_ms": 5_700, "playing_ms": 96_300,
        "stalled_ms": 2_000, "rebuffering_ratio": 2_000.0 / 104_000.0, "bitrate_kbit_ms": 367_900_000,
        "bitrate_known_ms": 96_300, "error_count": 1,
    });
    assert_numbers("first minute", at(t0), first);
    let second = json!({
        "attempts": 0, "plays": 0, "startup_ms_mean": null, "ended_plays": 2, "timeouts": 1, "playing_ms": 33_700,
        "stalled_ms": 0, "rebuffering_ratio": 0.0, "bitrate_kbit_ms": 162_100_000, "error_count": 0,
    });
    assert_numbers("second minute", at(t0 + Span::MINUTE), second);
    let empty = json!({"attempts": 0, "watch_ms": 0, "rebuffering_ratio": null, "average_bitrate_kbps": null});
    assert_numbers("empty minute", at(t0 + Span::minutes(3)), empty);
}

fn check_curve(curve: &Value, live: &Value, t0: OffsetDateTime) {
    assert_eq!(curve["step_seconds"], 1);
    assert_eq!(curve["from"], live["from"]);
    let from =
        OffsetDateTime::parse(curve["from"].as_str().expect("a time"), &Rfc3339).expect("RFC 3339");
    let column = |name: &str, second: i64| {
        let index = usize::try_from((t0 - from).whole_seconds() + second).expect("inside");
        curve[name][index].as_u64().expect("a number")
    };
    for (second, sessions, starting, playing, stalled) in [
        (0, 1, 1, 0, 0),
        (1, 1, 1, 0, 0),
        (2, 1, 0, 1, 0),
        (12, 2, 1, 1, 0),
        (14, 1, 0, 1, 0),
        (30, 2, 0, 2, 0),
        (32, 2, 0, 1, 1),
        (63, 2, 0, 2, 0),
        (64, 1, 0, 1, 0),
        (90, 1, 0, 1, 0),
        (91, 0, 0, 0, 0),
    ] {
        let found = ["sessions", "starting", "playing", "stalled"].map(|name| column(name, second));
        assert_eq!(
            found,
            [sessions, starting, playing, stalled],
            "second {second}"
        );
    }
    assert_eq!(
        curve["peak"],
        json!({"second": told(t0 + Span::seconds(10)), "sessions": 2})
    );
    let moment = |text: &Value| {
        OffsetDateTime::parse(text.as_str().expect("a time"), &Rfc3339).expect("RFC 3339")
    };
    // States of running sessions are as the last refresh, every 5 s, found them.
    let behind = moment(&live["computed_at"]) - moment(&curve["latest"]["second"]);
    assert!(
        behind >= Span::seconds(5) && behind < Span::seconds(7),
        "{behind}"
    );
}

fn check_groups(live: &Value) {
    assert_eq!(live["viewers_now"], 1);
    let statuses = json!({"watching": 1, "paused": 0, "in_ad": 0, "starting": 0, "buffering": 0, "finished": 1, "gone": 2});
    assert_eq!(live["statuses"], statuses);
    let contents = live["top_content"].as_array().expect("a list");
    assert_eq!(contents.len(), 2);
    let two = json!({"content_id": "film-2", "title": "Two", "viewers": 1, "attempts": 2, "plays": 2, "timeouts": 1, "startup_ms_mean": 750.0});
    assert_numbers("film-2", &contents[0], two);
    let one = json!({"content_id": "film-1", "title": "One", "viewers": 0, "attempts": 2, "plays": 1, "stalled_ms": 2_000});
    assert_numbers("film-1", &contents[1], one);
    let classes = live["device_classes"].as_array().expect("a list");
    assert_eq!(classes.len(), 3);
    assert_numbers(
        "web",
        &classes[0],
        json!({"device_class": "web", "viewers": 1, "attempts": 2, "plays": 2}),
    );
    assert_numbers(
        "smart_tv",
        &classes[1],
        json!({"device_class": "smart_tv", "viewers": 0, "attempts": 1, "plays": 1}),
    );
    assert_numbers(
        "mobile",
        &classes[2],
        json!({"device_class": "mobile", "viewers": 0, "attempts": 1, "plays": 0}),
    );
}

fn check_stamp(live: &Value) {
    let moment = |name: &str| {
        OffsetDateTime::parse(live[name].as_str().expect("a time"), &Rfc3339).expect("RFC 3339")
    };
    let age = moment("computed_at") - moment("complete_to");
    // The newest beacon came within the last minute; before it lie 180 s of liveness and 175 s of passes.
    assert!(
        age >= Span::seconds(355) && age < Span::seconds(455),
        "complete_to is {age} behind"
    );
    assert_eq!(
        moment("computed_at") - moment("final_before"),
        Span::days(8)
    );
    assert!(live["from_cache"].is_boolean());
}

async fn check_sessions(api: &Router, t0: OffsetDateTime) {
    let window = format!("from={}&to={}", told(t0), told(t0 + Span::minutes(2)));
    let list = get_ok(api, &format!("/v1/sessions?{window}&limit=2")).await;
    let ids_of = |list: &Value| -> Vec<_> {
        let sessions = list["sessions"].as_array().expect("a list").iter();
        sessions
            .map(|session| session["session_id"].clone())
            .collect()
    };
    let ids = ids_of(&list);
    assert_eq!(
        (ids, &list["has_more"]),
        (vec![json!("c-silent"), json!("b-left")], &json!(true))
    );
    assert!(
        list["sessions"][0]["intervals"].is_null(),
        "timelines are left out"
    );
    assert_columns(api, &window).await;
    for (of, expected) in [
        ("viewer_id=anna", vec![json!("c-silent")]),
        (
            "content_id=film-1",
            vec![json!("b-left"), json!("a-finished")],
        ),
        ("viewer_id=anna&content_id=film-1", vec![]),
        ("filter=end_reason:is:finished", vec![json!("a-finished")]),
        (
            "filter=device_class:in:smart_tv,mobile",
            vec![json!("b-left"), json!("a-finished")],
        ),
        (
            "filter=content_id:matches:1$&filter=device_class:is_not:mobile",
            vec![json!("a-finished")],
        ),
        ("viewer_id=anna&filter=device_class:is:mobile", vec![]),
    ] {
        let list = get_ok(api, &format!("/v1/sessions?{window}&{of}")).await;
        assert_eq!(ids_of(&list), expected, "{of}");
    }
    // The third is the first in other words: the cursors of one must not be told to whoever asks the other.
    for of in ["", "&filter=content_id:matches:film", "&columns=summary"] {
        let mut pages = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = format!("/v1/sessions?{window}{of}&limit=1{cursor}");
            let page = get_ok(api, &page).await;
            pages.push(ids_of(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let expected = ["c-silent", "b-left", "a-finished"].map(|id| vec![json!(id)]);
        assert_eq!(pages, expected, "{of}");
    }

    let session = get_ok(api, "/v1/sessions/a-finished").await["plays"][0].clone();
    let numbers = json!({
        "session_id": "a-finished", "started_at": told(t0), "first_frame_at": told(t0 + Span::milliseconds(1_200)),
        "ended_at": told(t0 + Span::milliseconds(63_200)), "end_reason": "finished", "is_started": true, "startup_ms": 1_200,
        "playing_ms": 60_000, "stalled_ms": 2_000, "stall_count": 1, "watch_ms": 63_200, "bitrate_kbit": 180_000,
        "average_bitrate_kbps": 3_000.0, "beacons_received": 5, "beacons_lost": 0, "furthest_position_ms": 60_000,
        "dropped_frames": null, "content_title": "One", "device_class": "smart_tv", "clock_offset_ms": 0,
    });
    assert_numbers("a-finished", &session, numbers);
    let at = |ms: i64| told(t0 + Span::milliseconds(ms));
    let intervals = json!([
        {"state": "starting", "from": at(0), "to": at(1_200)},
        {"state": "playing", "from": at(1_200), "to": at(31_200)},
        {"state": "stalled", "from": at(31_200), "to": at(33_200)},
        {"state": "playing", "from": at(33_200), "to": at(63_200)},
    ]);
    assert_eq!(session["intervals"], intervals);
    let key = xxh3_64(b"default\0a-finished").to_string();
    assert_eq!(session["session_key"], key);

    let silent = get_ok(api, "/v1/sessions/c-silent").await["plays"][0].clone();
    let numbers = json!({
        "end_reason": "timed_out", "ended_at": told(t0 + Span::milliseconds(90_500)), "playing_ms": 70_000, "startup_ms": 500,
        "error_count": 1, "fatal_error_count": 0, "last_error_code": "drm_renewal",
        "events": [{"at": told(t0 + Span::seconds(50)), "code": 30, "quartile": 0, "error_code": "drm_renewal", "ad_id": "", "break_id": ""}],
    });
    assert_numbers("c-silent", &silent, numbers);
    let left = get_ok(api, "/v1/sessions/b-left").await["plays"][0].clone();
    assert_numbers(
        "b-left",
        &left,
        json!({"end_reason": "exited_before_start", "startup_ms": null, "watch_ms": 0, "starting_ms": 4_000}),
    );

    for stranger in ["x-stranger", "y-robot", "nobody"] {
        let (status, problem) = get(api, &format!("/v1/sessions/{stranger}")).await;
        assert_eq!(
            (status, &problem["reason"]),
            (StatusCode::NOT_FOUND, &json!("unknown_session")),
            "{stranger}"
        );
    }
}

/// What lists show is what the play itself says, in either list.
async fn assert_columns(api: &Router, window: &str) {
    let play = get_ok(api, "/v1/sessions/c-silent").await["plays"][0].clone();
    let play = play.as_object().expect("an object");
    let timelines = ["intervals", "renditions", "watched", "events"];
    for (columns, count) in [("summary", 26), ("all", play.len() - timelines.len())] {
        let path = format!("/v1/sessions?{window}&limit=1&columns={columns}");
        let listed = get_ok(api, &path).await["sessions"][0].clone();
        let listed = listed.as_object().expect("an object");
        assert_eq!(listed.len(), count, "{columns}");
        for (column, value) in listed {
            assert_eq!(play.get(column), Some(value), "{columns}: {column}");
        }
    }
}

async fn check_live_viewers(api: &Router) {
    let answer = get_ok(api, "/v1/viewers/live").await;
    let viewers = answer["viewers"].as_array().expect("a list");
    assert_eq!(viewers.len(), 1);
    let playing = json!({
        "session_id": "d-live", "status": "watching", "state": "playing", "position_ms": 1_000, "bitrate_kbps": 4_000,
        "buffer_ms": 9_000, "content_id": "film-2", "device_class": "web", "in_ad": false,
    });
    assert_numbers("d-live", &viewers[0], playing);
    let gone = get_ok(api, "/v1/viewers/live?status=gone&limit=1").await;
    assert_eq!(
        gone["viewers"][0]["session_id"], "c-silent",
        "the one that left last"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_warehouse_answers_and_one_computation_serves_all() {
    in_database(|warehouse| async move {
        migrated(&warehouse).await;
        let api = api(&warehouse);
        let answers = futures_util::future::join_all((0..20).map(|_| get_ok(&api, "/v1/live"))).await;
        let computed = answers.iter().filter(|answer| answer["from_cache"] == false).count();
        assert_eq!(computed, 1, "one of twenty is computed");
        let live = &answers[0];
        assert!(live["complete_to"].is_null(), "nobody ever came");
        let nothing = json!({"attempts": 0, "startup_ms_mean": null, "rebuffering_ratio": null, "average_bitrate_kbps": null});
        assert_numbers("totals", &live["totals"], nothing);
        assert_eq!((&live["viewers_now"], &live["top_content"], &live["device_classes"]), (&json!(0), &json!([]), &json!([])));
        assert!(live["concurrency"]["peak"].is_null());
        let seconds = live["concurrency"]["sessions"].as_array().expect("a list");
        assert!(seconds.len() >= 900 && seconds.iter().all(|sessions| sessions == 0));
        let list = get_ok(&api, "/v1/sessions").await;
        assert_eq!((&list["sessions"], &list["has_more"]), (&json!([]), &json!(false)));
        // Who asks again within a minute asks the same, whatever the second.
        sleep(Duration::from_millis(1_500)).await;
        let again = get_ok(&api, "/v1/sessions?from=now-1h&to=now").await;
        for name in ["from", "to"] {
            assert!(list[name].as_str().is_some_and(|moment| moment.ends_with(":00.000Z")), "{list}");
        }
        let computed = list["computed_at"].as_str().expect("a moment");
        if again["computed_at"].as_str().is_some_and(|moment| moment[..16] == computed[..16]) {
            assert_eq!((&list["from"], &list["to"]), (&again["from"], &again["to"]));
        }

        // A window that is frozen is computed once an hour.
        let past = "/v1/sessions?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z";
        assert_eq!(get_ok(&api, past).await["from_cache"], false);
        sleep(Duration::from_millis(1_500)).await;
        assert_eq!(get_ok(&api, past).await["from_cache"], true);
    })
    .await;
}

#[tokio::test]
async fn bad_parameters_are_named() {
    let api = api(&warehouse_at("http://127.0.0.1:1", "playhead"));
    for (path, detail) in [
        (
            "/v1/live?window=15",
            "parameter `window`: must be a number with a unit, such as 90s, 15m or 6h",
        ),
        (
            "/v1/live?window=7h",
            "parameter `window`: must be from 60 s to 21600 s",
        ),
        ("/v1/live?widow=15m", "parameter `widow`: is not known here"),
        (
            "/v1/live?window=5m&window=6m",
            "parameter `window`: given twice",
        ),
        (
            "/v1/sessions?columns=few",
            "parameter `columns`: must be one of summary, all",
        ),
        (
            "/v1/sessions?limit=0",
            "parameter `limit`: must be a whole number from 1 to 1000",
        ),
        (
            "/v1/sessions?filter=variant:is:a",
            "parameter `filter`: `variant` is not told apart here",
        ),
        (
            "/v1/sessions?filter=country",
            "parameter `filter`: must be dimension:operator:value, such as cdn:is:akamai or country:in:DE,AT",
        ),
        (
            "/v1/sessions?cursor=nonsense",
            "parameter `cursor`: must be the `next_cursor` of an answer",
        ),
        (
            "/v1/quality?from=yesterday",
            "parameter `from`: must be a time such as 2026-11-21T10:00:00Z, or relative: now, now-15m, now-7d, now/d, now-1d/d (units s, m, h, d, w)",
        ),
        (
            "/v1/sessions?from=yesterday",
            "parameter `from`: must be a time such as 2026-11-21T10:00:00Z, or relative: now, now-15m, now-7d, now/d, now-1d/d (units s, m, h, d, w)",
        ),
        (
            "/v1/sessions?from=2026-11-21T10:00:00Z&to=2026-11-21T10:00:00Z",
            "parameter `from`: must be before `to`",
        ),
        (
            "/v1/sessions?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z",
            "parameter `from`: must be at most 31 days before `to`",
        ),
        (
            "/v1/viewers/live?status=asleep",
            "parameter `status`: must be one of watching, paused, in_ad, starting, buffering, finished, gone",
        ),
    ] {
        let (status, problem) = get(&api, path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(
            (&problem["reason"], &problem["detail"]),
            (&json!("bad_parameter"), &json!(detail)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_warehouse_that_is_away_or_busy_is_503_with_a_time_to_return() {
    let away = api(&warehouse_at("http://127.0.0.1:1", "playhead"));
    let no_turns = api_with(
        &warehouse_at(&url(), "playhead"),
        0,
        Duration::from_millis(50),
    );
    for (api, reason) in [
        (away, "warehouse_unavailable"),
        (no_turns, "too_many_queries"),
    ] {
        for path in [
            "/v1/live",
            "/v1/sessions",
            "/v1/sessions/a",
            "/v1/viewers/live",
        ] {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            let response = api.clone().oneshot(request).await.expect("it answers");
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
            assert_eq!(response.headers()["retry-after"], "2", "{path}");
            assert_eq!(
                response.headers()["content-type"],
                "application/problem+json",
                "{path}"
            );
            let body = response
                .into_body()
                .collect()
                .await
                .expect("it ends")
                .to_bytes();
            let problem: Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!(problem["reason"], reason, "{path}");
        }
    }
}
