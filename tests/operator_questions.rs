//! Asks what docs/operator-questions.md tells operators to ask, word for word, of an evening with planted faults: half an hour in
//! which all is well, and one in which a CDN stalls, a version of the application fails, a country comes in, an ad fails, and
//! some beacons are lost.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::time::Duration;

use crate::landing::{eventually, insert, migrate, wait_for_sessions};
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
use tower::ServiceExt as _;

const STARTING: u8 = 1;
const PLAYING: u8 = 2;
const REBUFFERING: u8 = 4;
const ENDED: u8 = 6;
const FAILED: u8 = 7;
const MOBILE: u8 = 1;
const WEB: u8 = 2;
const SMART_TV: u8 = 3;

/// Sessions of each kind in each half hour.
const OF_EACH_CDN: usize = 160;
const FAILING: usize = 30;
const NEW: usize = 60;
const LOSSY: usize = 5;

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

async fn ok(api: &Router, path: &str) -> Value {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

/// The addresses of the page, by the number of the question.
fn questions() -> BTreeMap<usize, String> {
    let page = include_str!("../docs/operator-questions.md");
    let lines = page.lines().filter_map(|line| {
        let (number, rest) = line.strip_prefix("**")?.split_once('.')?;
        let (_, address) = rest.split_once("`GET ")?;
        let (address, _) = address.split_once('`')?;
        Some((number.parse().unwrap(), address.to_owned()))
    });
    lines.collect()
}

struct Evening {
    now_ms: i64,
    beacons: Vec<Value>,
    sessions: usize,
}

impl Evening {
    /// Beacons of a session that began so many minutes ago; those of `lost` never come.
    fn session(
        &mut self,
        name: &str,
        minutes_ago: i64,
        about: &Value,
        told: &[Value],
        lost: &[usize],
    ) {
        let begins_ms = self.now_ms - minutes_ago * 60_000;
        for (seq, told) in told
            .iter()
            .enumerate()
            .filter(|(seq, _)| !lost.contains(seq))
        {
            let at_ms = begins_ms + told["at"].as_i64().unwrap();
            let mut row = json!({
                "tenant": "default", "session_id": name, "session_key": session_key("default", name), "stream": "json", "seq": seq,
                "seq_is_ordinal": true, "client_time_ms": at_ms, "sent_time_ms": at_ms, "received_time_ms": at_ms + 100,
                "event_time_ms": at_ms, "viewer_id": format!("viewer-{name}"), "content_id": "final", "cdn": "alpha",
                "device_class": WEB, "country": "DE", "app_version": "5.1", "content_duration_ms": 120_000,
            });
            let fields = row.as_object_mut().unwrap();
            fields.extend(about.as_object().unwrap().clone());
            fields.extend(told.as_object().unwrap().clone());
            fields.remove("at");
            self.beacons.push(packed(row));
        }
        self.sessions += 1;
    }

    fn planned(now_ms: i64) -> Self {
        let mut evening = Self {
            now_ms,
            beacons: Vec::new(),
            sessions: 0,
        };
        let is = |at_ms: i64, state: u8, position_ms: i64| json!({"at": at_ms, "event": 1, "state": state, "position_ms": position_ms});
        let good = |startup_ms: i64| {
            [
                is(0, STARTING, 0),
                is(startup_ms, PLAYING, 0),
                is(startup_ms + 120_000, ENDED, 120_000),
            ]
        };
        // Left after half of it, having stalled for a quarter of the time.
        let stalling = [
            is(0, STARTING, 0),
            is(1_000, PLAYING, 0),
            is(31_000, REBUFFERING, 30_000),
            is(51_000, PLAYING, 30_000),
            is(81_000, 8, 60_000),
        ];
        let failing = [
            is(0, STARTING, 0),
            json!({"at": 2_000, "event": 6, "error": {"code": "decoder_init", "fatal": "true"}}),
            is(2_000, FAILED, 0),
        ];
        for (half, minutes_ago) in [("before", 50), ("after", 20)] {
            let is_after = half == "after";
            let well = good(1_000);
            for number in 0..OF_EACH_CDN {
                // A television takes longer to start than it did.
                let (class, startup_ms) = match (number % 2, is_after) {
                    (0, true) => (SMART_TV, 4_000),
                    (0, false) => (SMART_TV, 1_000),
                    _ => (WEB, 1_000),
                };
                let about = json!({"device_class": class, "country": "FR"});
                evening.session(
                    &format!("alpha-{half}-{number}"),
                    minutes_ago,
                    &about,
                    &good(startup_ms),
                    &[],
                );
                let told: &[Value] = if is_after { &stalling } else { &well };
                evening.session(
                    &format!("beta-{half}-{number}"),
                    minutes_ago,
                    &json!({"cdn": "beta"}),
                    told,
                    &[],
                );
                let about = json!({"cdn": "gamma", "country": "NL"});
                evening.session(
                    &format!("gamma-{half}-{number}"),
                    minutes_ago,
                    &about,
                    &well,
                    &[],
                );
            }
        }
        for number in 0..FAILING {
            let about = json!({"device_class": MOBILE, "app_version": "5.2"});
            evening.session(&format!("fail-{number}"), 18, &about, &failing, &[]);
        }
        for number in 0..NEW {
            evening.session(
                &format!("new-{number}"),
                19,
                &json!({"country": "BR"}),
                &good(1_000),
                &[],
            );
        }
        let beats: Vec<_> = (0..10)
            .map(|beat| json!({"at": 10_000 + beat * 10_000, "event": 2, "state": PLAYING}))
            .collect();
        let lossy = [&[is(0, STARTING, 0), is(1_000, PLAYING, 0)][..], &beats[..]].concat();
        for number in 0..LOSSY {
            let about = json!({"content_id": "news", "device_class": 5});
            evening.session(&format!("lossy-{number}"), 17, &about, &lossy, &[3, 4, 5]);
        }
        let ad = |at_ms: i64, event: u8, ad: &str| json!({"at": at_ms, "event": event, "ad": {"ad_id": ad, "break_id": "mid", "error_code": "303"}});
        let ads = [
            is(0, STARTING, 0),
            is(1_000, PLAYING, 0),
            json!({"at": 10_000, "event": 16, "ad": {"break_id": "mid"}}),
            ad(10_000, 18, "soap"),
            ad(20_000, 19, "soap"),
            ad(20_000, 18, "car"),
            ad(21_000, 23, "car"),
            json!({"at": 21_000, "event": 17, "ad": {"break_id": "mid"}}),
            is(21_000, PLAYING, 9_000),
            is(60_000, ENDED, 48_000),
        ];
        evening.session("ads", 16, &json!({"content_id": "news"}), &ads, &[]);
        evening
    }
}

/// The metrics of the row of this value of a dimension.
fn of<'a>(answer: &'a Value, dimension: &str, value: &str) -> &'a Value {
    let rows = answer["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["group"][dimension] == value);
    &row.unwrap_or_else(|| unreachable!("no {value} in {answer}"))["metrics"]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_questions_have_the_planted_answers() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now_ms = OffsetDateTime::now_utc().unix_timestamp() * 1_000;
        let evening = Evening::planned(now_ms);
        insert(&warehouse, &evening.beacons).await;
        wait_for_sessions(&warehouse, evening.sessions).await;
        let api = &api(&warehouse);
        let questions = questions();
        assert_eq!(questions.len(), 20);
        let ask = async |number: usize| ok(api, &questions[&number]).await;
        let contributor = |answer: &Value| {
            let first = &answer["contributors"][0];
            (
                first["dimension"].as_str().unwrap_or_default().to_owned(),
                first["value"].as_str().unwrap_or_default().to_owned(),
            )
        };
        let named = |dimension: &str, value: &str| (dimension.to_owned(), value.to_owned());

        // Somebody is there now.
        let mut late = Evening {
            now_ms: OffsetDateTime::now_utc().unix_timestamp() * 1_000,
            beacons: Vec::new(),
            sessions: 0,
        };
        let told = [json!({"at": -1_000, "event": 1, "state": PLAYING, "position_ms": 0})];
        late.session(
            "live",
            0,
            &json!({"content_id": "news", "device_class": 4, "heartbeat_interval_ms": 60_000}),
            &told,
            &[],
        );
        insert(&warehouse, &late.beacons).await;
        eventually(|| async {
            let live = ask(1).await;
            assert!(
                live["concurrency"]["peak"]["sessions"].as_u64() >= Some(3 * OF_EACH_CDN as u64),
                "{live}"
            );
            assert_eq!(live["viewers_now"], 1, "{live}");
            let watching = ask(2).await;
            assert_eq!(
                (
                    &watching["statuses"]["watching"],
                    &watching["viewers"][0]["session_id"]
                ),
                (&json!(1), &json!("live"))
            );
            assert_eq!(
                ask(3).await["rows"],
                json!([{"value": "news", "number": 1}])
            );
            let freshness = ask(4).await;
            assert_eq!(
                (
                    &freshness["dead_letters"]["count"],
                    freshness["complete_to"].is_string()
                ),
                (&json!(0), true)
            );
        })
        .await;
        eventually(|| async {
            assert_eq!(contributor(&ask(5).await), named("cdn", "beta"));
            let cdns = ask(6).await;
            let ratio = |cdn: &str| {
                let metrics = of(&cdns, "cdn", cdn).as_object().unwrap();
                metrics
                    .iter()
                    .find(|(name, _)| name.contains("rebuffering"))
                    .unwrap()
                    .1
                    .as_f64()
                    .unwrap()
            };
            assert!(ratio("beta") > 0.2 && ratio("gamma") == 0.0, "{cdns}");
            let (dimension, value) = contributor(&ask(7).await);
            let common = [
                ("app_version", "5.2"),
                ("device_class", "mobile"),
                ("last_error_code", "decoder_init"),
                ("end_reason", "failed_before_start"),
            ];
            assert!(
                common.contains(&(dimension.as_str(), value.as_str())),
                "{dimension} {value}"
            );
            let fatal = ask(8).await;
            assert_eq!(
                fatal["rows"][0]["group"],
                json!({"app_version": "5.2", "error_code": "decoder_init"})
            );
            assert_eq!(fatal["rows"].as_array().unwrap().len(), 1);
            let since = ask(9).await;
            let failures = since["series"][0]["metrics"]["failures_before_start"]
                .as_array()
                .unwrap();
            let first = failures
                .iter()
                .position(|count| count.as_f64() > Some(0.0))
                .unwrap();
            let began = OffsetDateTime::parse(
                since["times"][first].as_str().unwrap(),
                &time::format_description::well_known::Rfc3339,
            )
            .unwrap();
            assert_eq!(
                began.unix_timestamp(),
                (now_ms / 1_000 - 18 * 60 + 2) / 60 * 60
            );
            let slower = ask(10).await;
            let change = |class: &str| {
                of(&slower, "device_class", class)
                    .as_object()
                    .unwrap()
                    .values()
                    .next()
                    .unwrap()["change"]
                    .as_f64()
                    .unwrap()
            };
            assert_eq!(
                (change("smart_tv"), change("web")),
                (3_000.0, 0.0),
                "{slower}"
            );

            let error = ask(11).await;
            let met = of(&error, "error_code", "decoder_init");
            assert_eq!(
                (&met["viewers"], &met["sessions"]),
                (&json!(FAILING), &json!(FAILING))
            );
            assert_eq!(met["examples"].as_array().unwrap().len(), 3);
            let devices = ask(12).await;
            assert_eq!(
                devices["rows"][0]["group"],
                json!({"app_version": "5.2", "device_class": "mobile"})
            );
            let viewer = ask(13).await;
            assert_eq!(
                (
                    &viewer["totals"]["failures"],
                    &viewer["plays"][0]["last_error_code"]
                ),
                (&json!(1), &json!("decoder_init"))
            );
            assert_eq!(
                ask(14).await["plays"][0]["end_reason"],
                "failed_before_start"
            );
            let beacons = ask(15).await;
            let gaps: Vec<_> = beacons["items"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|item| item["kind"] == "gap")
                .collect();
            assert_eq!(
                gaps,
                [&json!({"kind": "gap", "stream": "json", "first_seq": 3, "last_seq": 5, "count": 3})]
            );

            assert_eq!(contributor(&ask(16).await), named("country", "BR"));
            let funnel = ask(17).await;
            let steps = funnel["rows"][0]["metrics"]["steps"]
                .as_array()
                .unwrap()
                .clone();
            let dropped =
                |name: &str| steps.iter().find(|step| step["step"] == name).unwrap()["dropped"].clone();
            assert_eq!(
                (dropped("first_frames"), dropped("reached_75")),
                (json!(FAILING), json!(OF_EACH_CDN)),
                "{funnel}"
            );
            let engagement = ask(18).await;
            assert_eq!(
                engagement["curve"]["plays_ended"][5], OF_EACH_CDN,
                "{engagement}"
            );
            let ads = ask(19).await;
            assert_eq!(
                (
                    &ads["rows"][0]["group"]["ad_id"],
                    &ads["rows"][0]["metrics"]["error_count"]
                ),
                (&json!("car"), &json!(1))
            );
            let delivery = ask(20).await;
            assert_eq!(delivery["rows"][0]["group"]["device_class"], "set_top_box");
            assert_eq!(delivery["rows"][0]["metrics"]["beacons_lost"], 3 * LOSSY);
            assert_eq!(delivery["rows"][1]["metrics"]["beacons_lost"], 0);
        })
        .await;
    })
    .await;
}
