//! `GET /v1/changes` finds planted faults, and nothing where nothing changed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::explored::{DAY, api, begin, get, rfc3339};
use crate::landing::{migrate, run, stop_rollup_passes};
use crate::scratch::in_database;
use axum::Router;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};

/// Fifteen minutes, and the fifteen before them.
fn noon() -> i64 {
    begin() + DAY / 2
}

/// What is planted: two windows that follow each other.
#[derive(Clone, Copy)]
struct Windows {
    /// Where they meet; Unix seconds.
    meet: i64,
    /// How long each is; minutes.
    minutes: i64,
    /// SQL: the titles.
    titles: &'static str,
}

impl Windows {
    fn quarters() -> Self {
        Self {
            meet: noon(),
            minutes: 15,
            titles: "['film', 'final']",
        }
    }
}

/// Half an hour of minutes in which only chance changes something, but for `fault`: SQL expressions by the measure that they
/// stand for, where `late` is whether a minute is in the second half.
async fn plant(warehouse: &Warehouse, fault: &[(&str, &str)]) {
    plant_in(warehouse, Windows::quarters(), fault).await;
}

async fn plant_in(warehouse: &Warehouse, windows: Windows, fault: &[(&str, &str)]) {
    stop_rollup_passes(warehouse).await;
    let Windows {
        meet,
        minutes,
        titles,
    } = windows;
    let begin = meet - 60 * minutes;
    let of = |measure: &str, usual: &str| {
        let planted = fault.iter().find(|(name, _)| *name == measure);
        planted.map_or(usual.to_owned(), |(_, expression)| (*expression).to_owned())
    };
    let attempts = of("attempts", "20 + h % 9");
    let stalled = of("stalled_ms", "usual_stalled");
    let failures = of("failures_before_start", "h % 3 = 0");
    let sets = [
        ("audience", "content_id, device_class, country, cdn"),
        ("network", "cdn, country, region, isp"),
        ("application", "device_class, app_version, source"),
    ];
    for (set, keys) in sets {
        // All dimensions of a play are known before they are summed up in sets.
        run(warehouse, &format!(
            "INSERT INTO quality_by_minute (tenant, dimension_set, minute, {keys}, attempts, plays, playing_ms, stalled_ms, failures_before_start, version)
             SELECT 'default', '{set}', minute, {keys}, sum(a), sum(a), sum(60000 * a - s), sum(s), sum(f), '2026-01-01 00:00:00.000'
             FROM
             (
                 SELECT *, 300 + h % 400 AS usual_stalled, minute >= {meet} AS late, toUInt64({attempts}) AS a, toUInt64({stalled}) AS s, toUInt64({failures}) AS f
                 FROM
                 (
                     SELECT toDateTime({begin} + 60 * number, 'UTC') AS minute, content_id, device_class, country, cdn, region, isp, app_version, 'native_json' AS source,
                         cityHash64(number, content_id, device_class, country, cdn, app_version) AS h
                     FROM numbers({numbers})
                     ARRAY JOIN {titles} AS content_id ARRAY JOIN ['web', 'mobile'] AS device_class ARRAY JOIN ['DE', 'AT', 'NZ'] AS country
                     ARRAY JOIN ['one', 'two', 'three'] AS cdn ARRAY JOIN ['7.0', '7.1'] AS app_version
                     ARRAY JOIN [if(country = 'DE', 'BY', 'X')] AS region ARRAY JOIN [if(cityHash64(content_id, device_class) % 2 = 0, 'fibre', 'cable')] AS isp
                 )
             )
             GROUP BY minute, {keys}",
            numbers = 2 * minutes,
        )).await;
    }
    run(warehouse, "INSERT INTO quality_totals_by_minute (tenant, minute, device_class, attempts, plays, playing_ms, stalled_ms, failures_before_start, version)
        SELECT tenant, minute, device_class, sum(attempts), sum(plays), sum(playing_ms), sum(stalled_ms), sum(failures_before_start), '2026-01-01 00:00:00.000'
        FROM quality_by_minute WHERE dimension_set = 'audience' GROUP BY tenant, minute, device_class").await;
    run(warehouse, "INSERT INTO quality_by_hour (tenant, dimension_set, hour, content_id, device_class, country, region, isp, cdn, app_version, source, attempts, plays, playing_ms, stalled_ms, failures_before_start, version)
        SELECT tenant, dimension_set, toStartOfHour(minute) AS hour, content_id, device_class, country, region, isp, cdn, app_version, source, sum(attempts), sum(plays), sum(playing_ms), sum(stalled_ms), sum(failures_before_start), '2026-01-01 00:00:00.000'
        FROM quality_by_minute GROUP BY ALL").await;
}

/// The answer where one question asks for both windows. Where each is asked for by itself it is the same: nothing is in the
/// minute more of the earlier window.
async fn changes(api: &Router, metric: &str) -> Value {
    changes_in(api, Windows::quarters(), metric).await
}

async fn changes_in(api: &Router, windows: Windows, metric: &str) -> Value {
    let (meet, length) = (windows.meet, 60 * windows.minutes);
    let window = format!("from={}&to={}", rfc3339(meet), rfc3339(meet + length));
    let question = format!("/v1/changes?metric={metric}&{window}");
    let together = get(api, &question).await;
    let earlier = format!("{}/{}", rfc3339(meet - length - 60), rfc3339(meet));
    let apart = get(api, &format!("{question}&against={earlier}")).await;
    for name in ["value", "before", "change", "contributors"] {
        assert_eq!(together[name], apart[name], "{metric}: {name}");
    }
    together
}

fn leading(body: &Value) -> (&str, &str) {
    let first = &body["contributors"][0];
    (
        first["dimension"].as_str().unwrap_or("none"),
        first["value"].as_str().unwrap_or("none"),
    )
}

fn others(body: &Value) -> Vec<(&str, &str)> {
    let all = body["contributors"].as_array().unwrap().iter();
    all.map(|each| {
        (
            each["dimension"].as_str().unwrap(),
            each["value"].as_str().unwrap(),
        )
    })
    .collect()
}

const METRICS: [&str; 5] = [
    "rebuffering_ratio",
    "attempts",
    "failures_before_start",
    "exits_before_start_ratio",
    "playing_ms",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_change_has_no_contributors() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        // New Zealand is never awake.
        plant(
            &warehouse,
            &[
                ("attempts", "if(country = 'NZ', 0, 20 + h % 9)"),
                ("stalled_ms", "if(country = 'NZ', 0, usual_stalled)"),
                ("failures_before_start", "country != 'NZ' AND h % 3 = 0"),
            ],
        )
        .await;
        let api = &api(&warehouse);
        for metric in METRICS {
            let body = changes(api, metric).await;
            assert_eq!(others(&body), [], "{metric}: {body}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twice_as_many_everywhere_is_nobodys() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        plant(
            &warehouse,
            &[
                ("attempts", "(20 + h % 9) * if(late, 2, 1)"),
                ("stalled_ms", "usual_stalled * if(late, 6, 1)"),
            ],
        )
        .await;
        let api = &api(&warehouse);
        for metric in ["attempts", "rebuffering_ratio"] {
            let body = changes(api, metric).await;
            assert_eq!(others(&body), [], "{metric}: {body}");
            assert!(body["change"].as_f64().unwrap() > 0.0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalling_cdn_comes_first() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        plant(
            &warehouse,
            &[(
                "stalled_ms",
                "usual_stalled * if(late AND cdn = 'two', 60, 1)",
            )],
        )
        .await;
        let api = &api(&warehouse);
        let body = changes(api, "rebuffering_ratio").await;
        assert_eq!(leading(&body), ("cdn", "two"), "{body}");
        assert_eq!(others(&body).len(), 1, "{body}");
        let first = &body["contributors"][0];
        let share = first["share"].as_f64().unwrap();
        assert!((0.95..1.05).contains(&share), "{body}");
        assert!(
            first["value_now"].as_f64().unwrap() > 20.0 * first["value_before"].as_f64().unwrap()
        );
        assert!(
            first["rate_effect"].as_f64().unwrap() > 0.9 * first["contribution"].as_f64().unwrap()
        );
        assert_eq!(others(&changes(api, "attempts").await), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_application_version_comes_first() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        plant(
            &warehouse,
            &[(
                "failures_before_start",
                "if(late AND app_version = '7.1', 10, h % 3 = 0)",
            )],
        )
        .await;
        let api = &api(&warehouse);
        let body = changes(api, "failures_before_start").await;
        assert_eq!(leading(&body), ("app_version", "7.1"), "{body}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_country_that_appears_comes_first() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        plant(
            &warehouse,
            &[
                ("attempts", "if(country = 'NZ' AND NOT late, 0, 20 + h % 9)"),
                (
                    "stalled_ms",
                    "if(country = 'NZ' AND NOT late, 0, usual_stalled * if(country = 'NZ', 20, 1))",
                ),
            ],
        )
        .await;
        let api = &api(&warehouse);
        for metric in ["attempts", "playing_ms", "rebuffering_ratio"] {
            let body = changes(api, metric).await;
            assert_eq!(leading(&body), ("country", "NZ"), "{metric}: {body}");
        }
        let body = changes(api, "rebuffering_ratio").await;
        let first = &body["contributors"][0];
        // All of it comes from there being viewers of a kind that was not there before.
        assert_eq!(first["rate_effect"], 0.0);
        assert!(first["mix_effect"].as_f64().unwrap() > 0.0);
        assert!(first["value_before"].is_null());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn windows_of_hours_may_meet_within_an_hour() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        // Hours and minutes around them; all of it hours; the last minute of an hour.
        for (after_noon, minutes) in [(20, 125), (0, 120), (59, 181)] {
            let windows = Windows {
                meet: noon() + 60 * after_noon,
                minutes,
                ..Windows::quarters()
            };
            for table in [
                "quality_by_minute",
                "quality_totals_by_minute",
                "quality_by_hour",
            ] {
                run(&warehouse, &format!("TRUNCATE TABLE {table}")).await;
            }
            let fault = (
                "stalled_ms",
                "usual_stalled * if(late AND cdn = 'two', 60, 1)",
            );
            plant_in(&warehouse, windows, &[fault]).await;
            let api = &api(&warehouse);
            let body = changes_in(api, windows, "rebuffering_ratio").await;
            assert_eq!(others(&body), [("cdn", "two")], "{body}");
            let read = body["computed_from"].to_string();
            assert!(read.contains("quality_spans_sets_t"), "{read}");
            assert_eq!(others(&changes_in(api, windows, "attempts").await), []);
        }
    })
    .await;
}

/// A title that was hardly seen before is not among the 2,000 titles that were seen most then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_of_thousands_that_was_hardly_seen_before_has_its_number() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let windows = Windows {
            minutes: 1,
            titles: "arrayMap(number -> concat('title-', toString(number)), range(2300))",
            ..Windows::quarters()
        };
        let attempts = "multiIf(content_id != 'title-7', 20 + h % 9, late, 9000, 1)";
        plant_in(&warehouse, windows, &[("attempts", attempts)]).await;
        let body = changes_in(&api(&warehouse), windows, "attempts").await;
        assert_eq!(leading(&body), ("content_id", "title-7"), "{body}");
        let title = &body["contributors"][0];
        // 36 combinations of the other dimensions.
        assert_eq!(
            (&title["value_before"], &title["value_now"]),
            (&json!(36.0), &json!(324_000.0)),
            "{body}"
        );
    })
    .await;
}
