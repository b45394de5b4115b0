//! `GET /v1/timeseries`, `/v1/breakdown`, `/v1/comparison` and `/v1/dimensions` on the real engine, against slow and obvious
//! queries over the same rows.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::explored::{DAY, answer, api, begin, both_days, fill, get, oracle, refusal, rfc3339};
use crate::landing::{migrate, run};
use crate::scratch::{in_database, warehouse_at};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Names and numbers of a breakdown by one dimension.
fn ranks(body: &Value, dimension: &str, metric: &str) -> Vec<(String, f64)> {
    let rows = body["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let name = row["group"][dimension].as_str().unwrap().to_owned();
        (name, row["metrics"][metric].as_f64().unwrap())
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn breakdowns_are_what_the_rows_add_up_to() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        fill(&warehouse).await;
        let api = &api(&warehouse);
        // Ends inside hours: hours between, minutes at the ends.
        let (from, to) = (begin() + 25 * 60, begin() + DAY + 95 * 60);
        let window = format!("from={}&to={}", rfc3339(from), rfc3339(to));
        let within = format!("tenant = 'default' AND minute >= {from} AND minute < {to}");

        let body = get(api, &format!("/v1/breakdown?metrics=rebuffering_ratio,plays&definition=conviva&group_by=country&filter=cdn:is:two&filter=content_id:in:film,it's\\, \"new\"&{window}").replace('"', "%22")).await;
        let expected = oracle(&warehouse, &format!(
            "SELECT country AS name, sum(stalled_ms) / sum(stalled_ms + playing_ms) AS number FROM quality_by_minute
             WHERE dimension_set = 'audience' AND {within} AND cdn = 'two' AND content_id != 'final' GROUP BY name ORDER BY number DESC"
        )).await;
        assert_eq!(ranks(&body, "country", "conviva_rebuffering_ratio"), expected);
        assert_eq!(body["computed_from"], json!(["quality_spans_t"]));
        assert_eq!(body["definition"], "conviva");
        assert_eq!(body["next_cursor"], Value::Null);

        let body = get(api, &format!("/v1/breakdown?metrics=plays&group_by=app_version&filter=device_class:matches:^w&order=app_version&{window}")).await;
        let expected = oracle(&warehouse, &format!(
            "SELECT app_version AS name, sum(plays) AS number FROM quality_by_minute
             WHERE dimension_set = 'application' AND {within} AND device_class = 'web' GROUP BY name ORDER BY name"
        )).await;
        assert_eq!(ranks(&body, "app_version", "plays"), expected);
        assert_eq!(body["computed_from"], json!(["quality_spans_sets_t"]));

        // Everything, of everybody, is what /v1/quality tells.
        let quality = get(api, &format!("/v1/quality?metrics=attempts,plays,errors,failures,playing_ms,starts_per_second,rebuffering_ratio,overall_score&{window}")).await;
        let whole = get(api, &format!("/v1/breakdown?metrics=attempts,plays,errors,failures,playing_ms,starts_per_second,rebuffering_ratio,overall_score&{window}")).await;
        assert_eq!(whole["rows"], json!([{"group": {}, "metrics": quality["metrics"]}]));
        assert_eq!(whole["computed_from"], json!(["play_measures_t", "quality_totals_t"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_parts_of_one_list() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        fill(&warehouse).await;
        let api = &api(&warehouse);
        for order in ["-plays", "plays", "country", "-country", "-conviva_rebuffering_ratio"] {
            let question = format!(
                "/v1/breakdown?metrics=plays,conviva_rebuffering_ratio&group_by=country,content_id,cdn&order={order}&{}",
                both_days()
            );
            let all = get(api, &format!("{question}&limit=100")).await;
            let all = all["rows"].as_array().unwrap();
            assert_eq!(all.len(), 18, "{order}");
            let (mut found, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = get(api, &format!("{question}&limit=5{cursor}")).await;
                found.extend(page["rows"].as_array().unwrap().clone());
                let Some(next) = page["next_cursor"].as_str() else {
                    break;
                };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(&found, all, "{order}");
            let other = question.replace("metrics=plays,", "metrics=attempts,plays,");
            let told = refusal(api, &format!("{other}&limit=5{cursor}")).await;
            assert!(told.contains("is of another question"), "{told}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn steps_add_up_to_the_window() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        fill(&warehouse).await;
        let api = &api(&warehouse);
        for (step, zone, view) in [
            ("1d", "UTC", "quality_spans_sets_t"),
            ("1d", "Europe/Vienna", "quality_spans_sets_t"),
            ("1d", "Asia/Kolkata", "quality_minutes_sets_t"),
            ("1h", "America/New_York", "quality_spans_sets_t"),
            ("15m", "UTC", "quality_minutes_sets_t"),
        ] {
            let body = get(api, &format!("/v1/timeseries?metrics=plays,starts_per_second&group_by=cdn&filter=country:is_not:AT&step={step}&time_zone={zone}&{}", both_days())).await;
            assert_eq!(body["computed_from"], json!([view]), "{step} {zone}");
            let interval = match step {
                "1d" => "DAY",
                "1h" => "HOUR",
                _ => "15 MINUTE",
            };
            let interval = if interval.starts_with('1') { interval.to_owned() } else { format!("1 {interval}") };
            for series in body["series"].as_array().unwrap() {
                let cdn = series["group"]["cdn"].as_str().unwrap();
                let expected = oracle(&warehouse, &format!(
                    "SELECT toString(toUnixTimestamp(toDateTime(toStartOfInterval(toTimeZone(minute, '{zone}'), INTERVAL {interval}, '{zone}'), '{zone}'))) AS name, sum(plays) AS number
                     FROM quality_by_minute WHERE dimension_set = 'audience' AND country != 'AT' AND cdn = '{cdn}' GROUP BY name ORDER BY name"
                )).await;
                let times = body["times"].as_array().unwrap().iter();
                let plays = series["metrics"]["plays"].as_array().unwrap();
                let found: Vec<_> = times.zip(plays).map(|(time, plays)| (time.as_str().unwrap().to_owned(), plays.as_f64().unwrap())).filter(|(_, plays)| *plays > 0.0).collect();
                let expected: Vec<_> = expected.into_iter().map(|(seconds, plays)| (rfc3339(seconds.parse().unwrap()).replace('Z', ".000Z"), plays)).collect();
                assert_eq!(found, expected, "{step} {zone} {cdn}");
            }
            let first = &body["series"][0]["metrics"];
            let whole = body["step_seconds"].as_f64().unwrap();
            let rate = first["plays"][1].as_f64().unwrap() / whole;
            assert!((first["starts_per_second"][1].as_f64().unwrap() - rate).abs() < 1e-9);
        }
        // Where nothing was there are zeros, and nothing where there is nothing to tell.
        let hours = format!("from={}&to={}", rfc3339(begin() - 3_600), rfc3339(begin() + 60));
        let body = get(api, &format!("/v1/timeseries?metrics=plays,rebuffering_ratio&step=1m&{hours}")).await;
        let series = &body["series"][0]["metrics"];
        assert_eq!(body["times"].as_array().unwrap().len(), 61);
        assert_eq!((&series["plays"][0], &series["cta2066_rebuffering_ratio"][0]), (&json!(0), &Value::Null));
        assert!(series["plays"][60].as_f64().unwrap() > 0.0);
        // The leading groups alone.
        let body = get(api, &format!("/v1/timeseries?metrics=plays&group_by=content_id,country&limit=2&{}", both_days())).await;
        let leading = get(api, &format!("/v1/breakdown?metrics=plays&group_by=content_id,country&limit=2&{}", both_days())).await;
        let groups = |list: &Value| list.as_array().unwrap().iter().map(|each| each["group"].clone()).collect::<Vec<_>>();
        assert_eq!(groups(&body["series"]), groups(&leading["rows"]));
        let sum: f64 = body["series"][0]["metrics"]["plays"].as_array().unwrap().iter().map(|plays| plays.as_f64().unwrap()).sum();
        assert_eq!(Some(sum), leading["rows"][0]["metrics"]["plays"].as_f64());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_rollup_tells_is_counted_play_by_play() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begin = begin();
        // Of each player a hundred plays, ten minutes long, one begun each minute.
        run(&warehouse, &format!(
            "INSERT INTO sessions (tenant, session_key, play_no, session_id, started_at, first_frame_at, last_seen_at, ended_at, end_reason, is_started, startup_ms, playing_ms, stalled_ms, watch_ms, content_id, cdn, attributes, version)
             SELECT 'default', cityHash64(number, player), 1, toString(number), toDateTime64({begin} + 60 * number, 3, 'UTC') AS at, at, at + INTERVAL 590 SECOND, at + INTERVAL 590 SECOND,
                if(number % 10 = 0, 'failed', 'finished'), true, 100 * (number % 4), 500000, if(player = 'hls', 5000, 0), 590000, 'film', 'one',
                CAST(tuple('', concat('v', toString(number % 20)), '', '', '', 2, '', os, '', '7.0', player, '', '', 1, NULL, NULL, 1, NULL, tuple('', 'Crew', '', '', '', ''), '', '', '', NULL, 'NL', '', '', ''), toTypeName(attributes)),
                at + INTERVAL 600 SECOND
             FROM (SELECT number, player, if(number % 2 = 0, 'Android', 'iOS') AS os FROM numbers(100) ARRAY JOIN ['hls', 'dash'] AS player) AS p
             CROSS JOIN (SELECT any(attributes) AS attributes FROM sessions) AS kind"
        )).await;
        let api = &api(&warehouse);
        let window = format!("from={}&to={}", rfc3339(begin), rfc3339(begin + 3_600));
        let body = get(api, &format!("/v1/breakdown?metrics=attempts,failures,mux_rebuffering_ratio,startup_ms_p50,unique_viewers&group_by=player_name&filter=os_name:is:Android&{window}")).await;
        assert_eq!(body["computed_from"], json!(["play_measures_t"]));
        let row = |player: &str| {
            let rows = body["rows"].as_array().unwrap().iter();
            rows.clone().find(|row| row["group"]["player_name"] == player).unwrap()["metrics"].clone()
        };
        assert_eq!(row("hls")["attempts"], 30);
        assert_eq!(row("dash")["failures"], 6);
        let stalled = row("hls")["mux_rebuffering_ratio"].as_f64().unwrap();
        assert!((stalled - 5.0 / 505.0).abs() < 1e-12);
        assert_eq!(row("dash")["mux_rebuffering_ratio"].as_f64(), Some(0.0));
        assert_eq!(row("dash")["unique_viewers"], 10);

        // A play is there in each step that it touches, and begins in one.
        let body = get(api, &format!("/v1/timeseries?metrics=distinct_plays,attempts&filter=player_name:is:hls&step=5m&{window}")).await;
        let series = &body["series"][0]["metrics"];
        assert_eq!(series["attempts"][3], 5);
        // Those of the step, and those of almost ten minutes before it.
        assert_eq!(series["distinct_plays"][3], 14);
        assert_eq!(series["distinct_plays"][0], 5);

        let values = get(api, &format!("/v1/dimensions/player_name/values?search=AS&{window}")).await;
        assert_eq!(values["values"], json!([{"value": "dash", "attempts": 60}]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_come_in_the_format_that_is_asked_for() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        fill(&warehouse).await;
        let api = &api(&warehouse);
        let question = format!(
            "/v1/breakdown?metrics=plays,attempts&group_by=content_id&{}",
            both_days()
        );
        let rows = get(api, &question).await["rows"].clone();
        let told = |index: usize, name: &str| rows[index]["metrics"][name].clone();

        let (status, headers, body) = answer(api, &format!("{question}&format=csv")).await;
        assert_eq!(
            (status, &headers["content-type"]),
            (StatusCode::OK, &"text/csv".parse().unwrap())
        );
        assert_eq!(headers["playhead-computed-from"], "quality_spans_t");
        assert!(!headers["playhead-final-before"].is_empty());
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert_eq!(text.lines().next(), Some("content_id,plays,attempts"));
        assert!(text.contains("\"it's, \"\"new\"\"\","), "{text}");

        let (_, _, body) = answer(api, &format!("{question}&format=ndjson")).await;
        let lines: Vec<Value> = String::from_utf8(body.to_vec())
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            (&lines[0]["plays"], &lines[0]["attempts"]),
            (&told(0, "plays"), &told(0, "attempts"))
        );

        for question in [
            question.clone(),
            question
                .replace("breakdown", "timeseries")
                .replace("both", ""),
        ] {
            let (status, headers, parquet) =
                answer(api, &format!("{question}&format=parquet")).await;
            assert_eq!(
                status,
                StatusCode::OK,
                "{}",
                String::from_utf8_lossy(&parquet)
            );
            assert_eq!(headers["content-type"], "application/vnd.apache.parquet");
            assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
            let (status, _, arrow) = answer(api, &format!("{question}&format=arrow")).await;
            assert_eq!(status, StatusCode::OK);
            // The mark that a message follows.
            assert!(arrow.starts_with(&[0xff; 4]));
            let names = String::from_utf8_lossy(&arrow).into_owned();
            assert!(names.contains("content_id") && names.contains("attempts"));
        }
        let told = refusal(
            api,
            &format!(
                "/v1/breakdown?metrics=plays,overall_score&format=arrow&{}",
                both_days()
            ),
        )
        .await;
        assert!(told.contains("metrics of one view"), "{told}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn windows_are_compared_with_earlier_ones() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        fill(&warehouse).await;
        let api = &api(&warehouse);
        let (from, to) = (begin() + DAY + 3_600, begin() + DAY + 3 * 3_600);
        let window = format!("from={}&to={}", rfc3339(from), rfc3339(to));
        for (against, before) in [("previous", from - 7_200), ("day_before", from - DAY)] {
            let body = get(api, &format!("/v1/comparison?metrics=plays,rebuffering_ratio&group_by=cdn&against={against}&order=-change&{window}")).await;
            let plays = async |from: i64, cdn: &str| {
                let told = oracle(&warehouse, &format!(
                    "SELECT cdn AS name, sum(plays) AS number FROM quality_by_minute WHERE dimension_set = 'audience' AND cdn = '{cdn}' AND minute >= {from} AND minute < {} GROUP BY name", from + 7_200)).await;
                told[0].1
            };
            let rows = body["rows"].as_array().unwrap();
            assert_eq!(rows.len(), 2);
            for row in rows {
                let cdn = row["group"]["cdn"].as_str().unwrap();
                let (now, then) = (plays(from, cdn).await, plays(before, cdn).await);
                let told = &row["metrics"]["plays"];
                assert_eq!(told["value"].as_f64(), Some(now));
                assert_eq!(told["before"].as_f64(), Some(then));
                assert_eq!(told["change"].as_f64(), Some(now - then));
                assert!((told["change_ratio"].as_f64().unwrap() - (now - then) / then).abs() < 1e-12);
            }
            let change = |index: usize| rows[index]["metrics"]["plays"]["change"].as_f64().unwrap();
            assert!(change(0) >= change(1));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dimensions_and_their_values_are_told() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        fill(&warehouse).await;
        let api = &api(&warehouse);
        let known = get(api, "/v1/dimensions").await;
        let cdn = known["dimensions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|each| each["name"] == "cdn")
            .unwrap();
        assert_eq!(cdn["sets"], json!(["audience", "network"]));
        let values = |body: &Value| {
            body["values"]
                .as_array()
                .unwrap()
                .iter()
                .map(|each| each["value"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let body = get(
            api,
            &format!("/v1/dimensions/content_id/values?search=FI&{}", both_days()),
        )
        .await;
        let mut found = values(&body);
        found.sort_unstable();
        assert_eq!(found, ["film", "final"]);
        let body = get(
            api,
            &format!("/v1/dimensions/app_version/values?limit=1&{}", both_days()),
        )
        .await;
        assert_eq!(values(&body).len(), 1);
        assert_eq!(body["computed_from"], "quality_spans_sets_t");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_answered_is_told() {
    // No warehouse is asked.
    let api = api(&warehouse_at("http://127.0.0.1:1", "playhead"));
    for (question, detail) in [
        (
            "breakdown?metrics=bufering",
            "there is no metric `bufering`",
        ),
        (
            "breakdown?group_by=colour",
            "parameter `group_by`: must be one of content_id",
        ),
        (
            "breakdown?filter=cdn:like:a",
            "the operator must be one of is, is_not, in, not_in, matches",
        ),
        (
            "breakdown?order=failures",
            "parameter `order`: must be one of plays",
        ),
        (
            "breakdown?cursor=abc",
            "parameter `cursor`: must be the `next_cursor` of an answer",
        ),
        (
            "breakdown?format=xml",
            "parameter `format`: must be one of json",
        ),
        (
            "breakdown?metrics=plays&group_by=os_name&from=now-8d",
            "a window of 7 days at most",
        ),
        (
            "breakdown?metrics=peak_concurrent_viewers&group_by=country",
            "told apart by no other dimension than: device_class and cdn",
        ),
        (
            "timeseries?step=2m",
            "parameter `step`: must be one of 1s, 10s",
        ),
        (
            "timeseries?step=1s&from=now-2d",
            "makes more than 1500 steps",
        ),
        (
            "timeseries?step=1s&metrics=overall_score&from=now-5m",
            "is finer than these metrics are told",
        ),
        ("timeseries?time_zone=Mars", "parameter `time_zone`"),
        (
            "comparison?against=tomorrow",
            "parameter `against`: must be previous",
        ),
        ("comparison?format=excel", "parameter `format`"),
        (
            "changes?metric=startup_ms_p95",
            "must be a sum or a ratio of sums",
        ),
        ("changes?metrics=plays,attempts", "must be one metric"),
        (
            "changes?colour=red",
            "parameter `colour`: is not known here",
        ),
        (
            "dimensions/colour/values",
            "parameter `dimension`: must be one of content_id",
        ),
        ("dimensions?limit=1", "parameter `limit`: is not known here"),
    ] {
        let told = refusal(&api, &format!("/v1/{question}")).await;
        assert!(told.contains(detail), "{question}: {told}");
    }
}
