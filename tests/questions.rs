//! The queries of docs/questions.md, as they stand there: each runs, and says what was played.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::landing::{PATIENCE, insert, migrate, rows, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use playhead::beacon::session_key;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

const DOCUMENT: &str = include_str!("../docs/questions.md");

/// (question, SQL), in their order.
fn questions() -> Vec<(&'static str, &'static str)> {
    let sections = DOCUMENT.split("\n## ").skip(1);
    let of = |section: &'static str| {
        let (question, rest) = section.split_once('\n').unwrap();
        let (_, sql) = rest.split_once("```sql\n").unwrap();
        (question, sql.split_once("\n```").unwrap().0)
    };
    sections.map(of).collect()
}

/// A viewer who waits 800 ms, plays for a minute with a stall of two seconds, and ends as told.
fn viewing(viewer: &str, begin_ms: i64, last_state: u8, error: Option<&str>) -> Vec<Value> {
    let told = [
        (0, 1_u8, 0),
        (800, 2, 0),
        (30_800, 4, 30_000),
        (32_800, 2, 30_000),
        (62_800, last_state, 60_000),
    ];
    let mut beacons: Vec<_> = told
        .iter()
        .enumerate()
        .map(|(seq, (after_ms, state, position_ms))| {
            let at_ms = begin_ms + after_ms;
            json!({
                "tenant": "default", "session_id": format!("of-{viewer}"), "session_key": session_key("default", &format!("of-{viewer}")),
                "stream": "json", "seq": seq, "seq_is_ordinal": true, "event": 1, "state": state,
                "client_time_ms": at_ms, "sent_time_ms": at_ms, "received_time_ms": at_ms, "event_time_ms": at_ms,
                "position_ms": position_ms, "content_id": "film", "content_duration_ms": 120_000, "stream_type": 1, "cdn": "one",
                "viewer_id": viewer, "device_class": 2, "app_version": "4.1", "country": "NL", "experiments": {"button": "red"},
            })
        })
        .collect();
    if let Some(code) = error {
        beacons[4]["event"] = json!(6);
        beacons[4]["error"] = json!({"code": code, "fatal": "true"});
    }
    beacons.into_iter().map(packed).collect()
}

/// A viewer who is offered a serial, begins it, skips the ad in its middle after four seconds, and leaves halfway.
fn with_an_ad(viewer: &str, begin_ms: i64) -> Vec<Value> {
    let told = [
        (0, json!({"event": 25})),
        (200, json!({"event": 1, "state": 1})),
        (1_000, json!({"event": 1, "state": 2, "position_ms": 0})),
        (40_000, json!({"event": 16, "ad": {"break_id": "mid"}})),
        (40_000, json!({"event": 18, "ad": {"ad_id": "car"}})),
        (44_000, json!({"event": 21, "ad": {"ad_id": "car"}})),
        (44_000, json!({"event": 17})),
        (
            44_000,
            json!({"event": 1, "state": 2, "position_ms": 39_000}),
        ),
        (
            64_000,
            json!({"event": 1, "state": 8, "position_ms": 59_000}),
        ),
    ];
    let rows = told.into_iter().enumerate();
    rows.map(|(seq, (after_ms, told))| {
        let at_ms = begin_ms + after_ms;
        let mut row = json!({
            "tenant": "default", "session_id": format!("of-{viewer}"), "session_key": session_key("default", &format!("of-{viewer}")),
            "stream": "json", "seq": seq, "seq_is_ordinal": true,
            "client_time_ms": at_ms, "sent_time_ms": at_ms, "received_time_ms": at_ms, "event_time_ms": at_ms,
            "content_id": "serial", "content_duration_ms": 120_000, "stream_type": 1, "cdn": "one", "viewer_id": viewer,
            "device_class": 2, "app_version": "4.1", "country": "NL",
        });
        let fields = row.as_object_mut().unwrap();
        fields.extend(told.as_object().unwrap().clone());
        packed(row)
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_has_its_answer() {
    let questions = questions();
    assert_eq!(questions.len(), 22);
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begin_ms = (OffsetDateTime::now_utc().unix_timestamp() - 600) * 1_000;
        insert(&warehouse, &viewing("ann", begin_ms, 6, None)).await;
        insert(&warehouse, &viewing("bob", begin_ms, 7, Some("decode"))).await;
        wait_for_sessions(&warehouse, 2).await;
        let give_up = Instant::now() + PATIENCE;
        let days = "SELECT sum(ended_plays)::UInt8 AS ended FROM quality_by_day_v";
        while rows(&warehouse, days).await[0]["ended"] != 2 {
            assert!(Instant::now() < give_up, "the day's row never came");
            sleep(std::time::Duration::from_millis(500)).await;
        }

        let answers = answers(&warehouse, &questions[..12]).await;
        let first = |number: usize| &answers[number - 1][0];
        assert_eq!(first(1)["attempts"], 2);
        // Two minutes played of two minutes and 5.6 s watched, four seconds of it stalled.
        assert_eq!(first(1)["rebuffering_percent"], json!(3.185));
        assert_eq!(first(1)["failed_percent"], json!(50));
        assert_eq!(
            (&first(2)["cdn"], &first(2)["stalled_percent"]),
            (&json!("one"), &json!(3.23))
        );
        assert_eq!(
            (&first(3)["content_id"], &first(3)["plays"]),
            (&json!("film"), &json!(2))
        );
        assert_eq!(first(4)["there"], 2);
        // 800 ms to 2.5 %.
        let median_ms = first(5)["median_ms"].as_f64().unwrap();
        assert!((780.0..=820.0).contains(&median_ms), "{median_ms}");
        assert_eq!(
            (&first(6)["last_error_code"], &first(6)["plays"]),
            (&json!("decode"), &json!(1))
        );
        assert_eq!(
            (&first(7)["app_version"], &first(7)["attempts"]),
            (&json!("4.1"), &json!(2))
        );
        let reached = [
            "attempts",
            "first_frames",
            "reached_25",
            "reached_50",
            "reached_75",
            "reached_100",
        ]
        .map(|name| &first(8)[name]);
        assert_eq!(
            reached,
            [
                &json!(2),
                &json!(2),
                &json!(2),
                &json!(2),
                &json!(1),
                &json!(1)
            ]
        );
        assert_eq!(answers[8].len(), 6, "60 s of the title");
        assert_eq!(
            (&first(9)["times_watched"], &first(9)["viewers"]),
            (&json!(2), &json!(2))
        );
        assert_eq!(
            (&first(10)["content_id"], &first(10)["minutes_played"]),
            (&json!("film"), &json!(1))
        );
        assert_eq!(
            (&first(11)["variant"], &first(11)["startup_ms_mean"]),
            (&json!("red"), &json!(800))
        );
        assert_eq!(first(12)["viewers"], 2);

        // Dee was offered a serial and skipped the ad in it; Cid has just begun the film.
        insert(&warehouse, &with_an_ad("dee", begin_ms)).await;
        let just_now_ms = (OffsetDateTime::now_utc().unix_timestamp() - 20) * 1_000;
        insert(&warehouse, &viewing("cid", just_now_ms, 6, None)[..2]).await;
        wait_for_sessions(&warehouse, 4).await;
        further_questions(&warehouse, &questions[12..]).await;
    })
    .await;
}

/// What each question answers; it must answer something.
async fn answers(warehouse: &Warehouse, questions: &[(&str, &str)]) -> Vec<Vec<Value>> {
    let mut answers = Vec::new();
    for (question, sql) in questions {
        // Of yesterday nothing is there.
        let sql = sql.replace("yesterday()", "toDate(now() - INTERVAL 10 MINUTE)");
        let sql = format!("{sql} SETTINGS output_format_json_quote_64bit_integers = 0");
        let answer = rows(warehouse, &sql).await;
        assert!(!answer.is_empty(), "{question}: no answer");
        answers.push(answer);
    }
    answers
}

/// The questions from the 13th on.
async fn further_questions(warehouse: &Warehouse, questions: &[(&str, &str)]) {
    let answers = answers(warehouse, questions).await;
    let of = |number: usize| &answers[number - 13];
    let funnel: Vec<_> = of(13)
        .iter()
        .map(|row| (&row["plays"], &row["percent_of_the_step_before"]))
        .collect();
    let expected = [
        (json!(1), json!(null)),
        (json!(4), json!(400)),
        (json!(4), json!(100)),
        (json!(3), json!(75)),
        (json!(2), json!(66.7)),
        (json!(1), json!(50)),
        (json!(1), json!(100)),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(plays, percent)| (plays, percent))
        .collect();
    assert_eq!(funnel, expected);
    assert_eq!(
        of(14)[0],
        json!({
            "ad_id": "car", "starts": 1, "completed_percent": 0, "skipped_percent": 100, "clicked_percent": 0, "failures": 0,
            "seconds_on": 4,
        })
    );
    assert_eq!(
        of(15)[0],
        json!({"content_id": "serial", "breaks": 1, "filled_percent": 100})
    );
    assert_eq!(of(16)[0]["plays_present"], 2);
    assert_eq!(of(17).len(), 60, "60 s of the title");
    assert_eq!(
        of(17)[0],
        json!({"second": 0, "plays": 2, "watched_again": 0, "skipped": 0, "ended": 0})
    );
    assert_eq!(of(17)[59]["ended"], 2);
    let new = of(18)
        .iter()
        .map(|row| row["new_viewers"].as_u64().unwrap());
    assert_eq!(new.sum::<u64>(), 4);
    assert_eq!(of(19)[0]["percent_of_the_first_week"], 100);
    assert_eq!(
        of(20)[0],
        json!({"series": "", "season": "", "plays": 4, "completed_percent": 25})
    );
    assert_eq!(of(21)[0], json!({"content_id": "film", "viewers": 1}));
    assert_eq!(of(22)[0]["cdn"], "one");
}
