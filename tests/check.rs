//! The invariants of the warehouse on the real engine: on good data all of them hold; data broken on purpose violates exactly
//! the one that is about it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::process::{Command, Output};
use std::time::Duration;

use crate::harness::{Topic, brokers};
use crate::record::packed;
use crate::scratch::{in_database, placeholders, url};
use playhead::beacon::session_key;
use playhead::checks::{ALL, Window, look};
use playhead::warehouse::{Migrator, Warehouse};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration as Span, OffsetDateTime, Time};
use tokio::time::{Instant, sleep};

/// How long the passes may take to compute what was inserted; they run every few seconds.
const PATIENCE: Duration = Duration::from_secs(120);

const PLAY_STATE: u8 = 1;
const HEARTBEAT: u8 = 2;
const IMPRESSION: u8 = 25;
const ERROR: u8 = 6;
const STARTING: u8 = 1;
const PLAYING: u8 = 2;
const REBUFFERING: u8 = 4;
const PAUSED: u8 = 5;
const ENDED: u8 = 6;
const QUIT: u8 = 8;

fn unix_ms(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap()
}

/// Beacons of one session, each received 40 ms after it happened.
fn session(id: &str, begin: OffsetDateTime, every: Value, told: &[(i64, u8, u8)]) -> Vec<Value> {
    let beacon = |(seq, (at_ms, event, state)): (usize, &(i64, u8, u8))| {
        let at = unix_ms(begin) + at_ms;
        let mut row = json!({
            "tenant": "default", "session_id": id, "session_key": session_key("default", id), "stream": "json",
            "seq": seq, "seq_is_ordinal": true, "event": event, "state": state, "client_time_ms": at,
            "sent_time_ms": at, "received_time_ms": at + 40, "event_time_ms": at, "bitrate_kbps": 3_000,
        });
        row.as_object_mut()
            .unwrap()
            .extend(every.as_object().unwrap().clone());
        row
    };
    told.iter().enumerate().map(beacon).collect()
}

/// Sessions of several kinds, over several minutes from `t0` on; the first is alone in its second minute.
fn beacons(t0: OffsetDateTime) -> Vec<Value> {
    let on = |title: &str, class: u8| json!({"content_id": title, "device_class": class, "country": "NO"});
    let watched = [
        (0, PLAY_STATE, STARTING),
        (1_200, PLAY_STATE, PLAYING),
        (31_200, PLAY_STATE, REBUFFERING),
        (33_200, PLAY_STATE, PLAYING),
        (60_000, HEARTBEAT, PLAYING),
        (150_000, PLAY_STATE, PAUSED),
        (160_000, PLAY_STATE, ENDED),
        (158_000, IMPRESSION, PAUSED),
    ];
    let left = [(0, PLAY_STATE, STARTING), (4_000, PLAY_STATE, QUIT)];
    let faulty = [
        (0, PLAY_STATE, PLAYING),
        (10_000, ERROR, PLAYING),
        (50_000, PLAY_STATE, QUIT),
    ];
    let mut robot = on("film-1", 2);
    robot["is_test"] = json!(true);
    [
        session("watched", t0, on("film-1", 3), &watched),
        session("left", t0 + Span::seconds(10), on("film-2", 1), &left),
        session("faulty", t0 + Span::seconds(400), on("film-1", 2), &faulty),
        session("robot", t0 + Span::seconds(20), robot, &watched),
    ]
    .concat()
}

async fn run(warehouse: &Warehouse, sql: &str) {
    let done = warehouse.execute(warehouse.query(sql), PATIENCE).await;
    done.unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

async fn text(warehouse: &Warehouse, sql: &str) -> String {
    let answer = warehouse.bytes(warehouse.query(sql), "TabSeparated").await;
    let answer = answer.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    String::from_utf8(answer).unwrap()
}

async fn number(warehouse: &Warehouse, sql: &str) -> u64 {
    text(warehouse, sql).await.trim().parse().unwrap()
}

async fn insert(warehouse: &Warehouse, beacons: &[Value]) {
    let lines: Vec<_> = beacons
        .iter()
        .map(|row| packed(row.clone()).to_string())
        .collect();
    let sql = format!(
        "INSERT INTO beacons_in FORMAT JSONEachRow\n{}",
        lines.join("\n")
    );
    run(warehouse, &sql).await;
}

async fn wait_for(warehouse: &Warehouse, sql: &str, expected: u64) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = number(warehouse, sql).await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < give_up, "{found}, not {expected}: {sql}");
        sleep(Duration::from_millis(200)).await;
    }
}

/// Good data: sessions, copies of their beacons, and the rollup of their minutes; the passes have come to rest.
async fn fill(warehouse: &Warehouse, t0: OffsetDateTime) {
    let placeholders = placeholders();
    let migrator = Migrator::embedded(warehouse, &placeholders);
    migrator.run(|_| {}).await.unwrap();
    let rows = beacons(t0);
    insert(warehouse, &rows).await;
    let again = rows.iter().step_by(2).map(|row| {
        let mut copy = row.clone();
        copy["received_time_ms"] = json!(row["received_time_ms"].as_i64().unwrap() + 60_000);
        copy
    });
    insert(warehouse, &again.collect::<Vec<_>>()).await;
    // 1.2 + 4 s starting, 146.8 + 50 s playing, 2 s stalled, 10 s paused.
    let time =
        "SELECT sum(starting_ms + playing_ms + stalled_ms + paused_ms) FROM quality_by_minute_v";
    wait_for(warehouse, time, 214_000).await;
    let behind = "SELECT count() FROM (SELECT session_key, max(seen) AS newest FROM session_states WHERE is_published GROUP BY session_key) AS d
        LEFT JOIN (SELECT session_key, max(states_seen) AS seen FROM sessions GROUP BY session_key) AS s USING (session_key) WHERE s.seen < d.newest";
    wait_for(warehouse, behind, 0).await;
    let delivered = "SELECT sum(beacons_received + beacons_duplicated) FROM quality_by_minute_v";
    wait_for(warehouse, delivered, 13 + 7).await;
    for window in ["ten_seconds", "hour", "day"] {
        let all = format!(
            "SELECT sumIf(starting_ms + playing_ms + stalled_ms + paused_ms, {}) FROM quality_by_{window} FINAL",
            if window == "ten_seconds" {
                "1"
            } else {
                "dimension_set = 'audience'"
            }
        );
        wait_for(warehouse, &all, 214_000).await;
    }
    let passes = "SELECT view FROM system.view_refreshes WHERE database = currentDatabase()";
    for pass in text(warehouse, passes).await.lines() {
        run(warehouse, &format!("SYSTEM STOP VIEW {pass}")).await;
        // One that was stopped half-way has come to its end as well; the server calls that a failure.
        let wait = warehouse.query(&format!("SYSTEM WAIT VIEW {pass}"));
        let _ = warehouse.execute(wait, PATIENCE).await;
    }
}

/// The names of the checks that are violated, in the order of the catalogue.
async fn violated(warehouse: &Warehouse, window: Window) -> Vec<&'static str> {
    let mut names = Vec::new();
    for check in ALL {
        let found = look(warehouse, &placeholders(), *check, window, Duration::ZERO).await;
        if found
            .unwrap_or_else(|error| panic!("{}: {error}", check.name))
            .is_violated()
        {
            names.push(check.name);
        }
    }
    names
}

/// Statements, or names of checks.
type Words = &'static [&'static str];

/// Data broken on purpose: what is done, what is violated by it, and how it is undone.
const BREAKS: [(&str, Words, Words, Words); 14] = [
    (
        "a message that could not be parsed",
        &["INSERT INTO dead_letters VALUES (now64(3), 'beacons', 3, 42, 'no beacon', 'x')"],
        &["dead_letters"],
        &["TRUNCATE TABLE dead_letters"],
    ),
    (
        "one seq for two beacons",
        &["INSERT INTO beacons_raw SELECT * REPLACE (client_time_ms + 900000 AS client_time_ms)
           FROM beacons_raw WHERE session_key = {watched} AND seq = 2 LIMIT 1"],
        &["copies_folded"],
        &["ALTER TABLE beacons_raw DELETE WHERE session_key = {watched} AND seq = 2 AND client_time_ms > {t0} + 900000
           SETTINGS mutations_sync = 2"],
    ),
    (
        "states of a session that was never computed",
        &["INSERT INTO session_states SELECT * REPLACE (session_key + 1 AS session_key)
           FROM (SELECT * FROM session_states WHERE session_key = {watched})"],
        &["session_rows"],
        &["ALTER TABLE session_states DELETE WHERE session_key = {watched} + 1 SETTINGS mutations_sync = 2"],
    ),
    (
        "a row computed from older states",
        &["INSERT INTO sessions SELECT * REPLACE (version + INTERVAL 1 MILLISECOND AS version, states_seen - INTERVAL 1 HOUR AS states_seen)
           FROM sessions FINAL WHERE session_key = {left}",
          "ALTER TABLE sessions DELETE WHERE session_key = {left}
           AND version < (SELECT max(version) FROM sessions WHERE session_key = {left}) SETTINGS mutations_sync = 2"],
        &["session_rows"],
        &["INSERT INTO sessions SELECT * REPLACE (version + INTERVAL 1 MILLISECOND AS version, states_seen + INTERVAL 1 HOUR AS states_seen)
           FROM sessions FINAL WHERE session_key = {left}"],
    ),
    (
        "a beacon that raw lost",
        &["CREATE TABLE kept_raw ENGINE = Memory AS SELECT * FROM beacons_raw WHERE session_key = {watched} AND seq = 4",
          "ALTER TABLE beacons_raw DELETE WHERE session_key = {watched} AND seq = 4 SETTINGS mutations_sync = 2"],
        &["session_beacons"],
        &["INSERT INTO beacons_raw SELECT * FROM kept_raw", "DROP TABLE kept_raw"],
    ),
    (
        "an impression that its table lost",
        &["CREATE TABLE kept_impressions ENGINE = Memory AS SELECT * FROM impressions WHERE session_key = {watched}",
          "ALTER TABLE impressions DELETE WHERE session_key = {watched} SETTINGS mutations_sync = 2"],
        &["impressions"],
        &["INSERT INTO impressions SELECT * FROM kept_impressions", "DROP TABLE kept_impressions"],
    ),
    (
        "a minute that counts one attempt too many",
        &["INSERT INTO quality_by_minute SELECT * REPLACE (attempts + 1 AS attempts, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_minute FINAL WHERE content_id = 'film-2' AND attempts > 0"],
        &["minute_rollup", "second_rollup", "hour_rollup"],
        &["INSERT INTO quality_by_minute SELECT * REPLACE (attempts - 1 AS attempts, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_minute FINAL WHERE content_id = 'film-2' AND attempts > 0"],
    ),
    (
        "a failure that only one of the sets of dimensions knows",
        &["INSERT INTO quality_by_minute SELECT * REPLACE (failures + 1 AS failures, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_minute FINAL WHERE dimension_set = 'network' AND attempts > 0"],
        &["minute_rollup", "hour_rollup"],
        &["INSERT INTO quality_by_minute SELECT * REPLACE (failures - 1 AS failures, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_minute FINAL WHERE dimension_set = 'network' AND attempts > 0"],
    ),
    (
        "a second at which one viewer more plays",
        &["INSERT INTO quality_by_second SELECT * REPLACE (playing + 1 AS playing, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_second FINAL WHERE toSecond(second) = 0 ORDER BY second, device_class, cdn LIMIT 1"],
        &["second_curve"],
        &["INSERT INTO quality_by_second SELECT * REPLACE (playing - 1 AS playing, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_second FINAL WHERE toSecond(second) = 0 ORDER BY second, device_class, cdn LIMIT 1"],
    ),
    (
        "ten seconds with too high a peak",
        &["INSERT INTO quality_by_ten_seconds SELECT * REPLACE (9 AS peak_sessions, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_ten_seconds AS t FINAL WHERE t.peak_sessions = 1 ORDER BY ten_seconds LIMIT 1"],
        &["ten_second_rollup"],
        &["INSERT INTO quality_by_ten_seconds SELECT * REPLACE (1 AS peak_sessions, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_ten_seconds AS t FINAL WHERE t.peak_sessions = 9"],
    ),
    (
        "an hour with too many stalls",
        &["INSERT INTO quality_by_hour SELECT * REPLACE (stall_count + 5 AS stall_count, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_hour FINAL WHERE dimension_set = 'application' AND attempts > 0"],
        &["hour_rollup", "day_rollup"],
        &["INSERT INTO quality_by_hour SELECT * REPLACE (stall_count - 5 AS stall_count, version + INTERVAL 1 MILLISECOND AS version)
           FROM quality_by_hour FINAL WHERE dimension_set = 'application' AND attempts > 0"],
    ),
    (
        "a day with another histogram of start-up times",
        &["INSERT INTO quality_by_day SELECT * REPLACE (mapAdd(startup_histogram, map(7::UInt16, 2::UInt64)) AS startup_histogram,
           version + INTERVAL 1 MILLISECOND AS version) FROM quality_by_day FINAL WHERE dimension_set = 'audience' AND attempts > 0"],
        &["day_rollup"],
        &["INSERT INTO quality_by_day SELECT * REPLACE (mapSubtract(startup_histogram, map(7::UInt16, 2::UInt64)) AS startup_histogram,
           version + INTERVAL 1 MILLISECOND AS version) FROM quality_by_day FINAL WHERE dimension_set = 'audience' AND attempts > 0"],
    ),
    (
        // Whoever deletes a session takes it from the sessions; its time is still in the minutes.
        "a session that was deleted",
        &["CREATE TABLE kept_session ENGINE = Memory AS SELECT * FROM sessions FINAL WHERE session_key = {faulty}",
          "ALTER TABLE sessions DELETE WHERE session_key = {faulty} SETTINGS mutations_sync = 2"],
        &["session_rows", "minute_rollup", "minute_time", "second_curve"],
        &["INSERT INTO sessions SELECT * FROM kept_session", "DROP TABLE kept_session"],
    ),
    (
        // The rollup is computed anew from it, and so agrees with it.
        "a session whose intervals overlap",
        &["INSERT INTO sessions SELECT * REPLACE (now64(3) AS version,
           arrayConcat(intervals, arrayMap(i -> (i.1, i.2 + INTERVAL 40 SECOND, i.2 + INTERVAL 43 SECOND), arraySlice(intervals, 4, 1))) AS intervals,
           arrayMap(m -> toStartOfMinute(started_at) + INTERVAL m MINUTE, range(4))::Array(DateTime('UTC')) AS dirty_minutes)
           FROM sessions FINAL WHERE session_key = {watched}",
          "INSERT INTO minutes_due SELECT DISTINCT tenant, minute FROM session_minutes WHERE session_key = {watched}"],
        &["minute_time", "ten_second_rollup", "hour_rollup"],
        &["INSERT INTO sessions SELECT * REPLACE (now64(3) AS version, arrayPopBack(intervals) AS intervals)
           FROM sessions FINAL WHERE session_key = {watched}",
          "INSERT INTO minutes_due SELECT DISTINCT tenant, minute FROM session_minutes WHERE session_key = {watched}"],
    ),
];

/// Puts the keys of the sessions and the begin into a statement.
fn filled(sql: &str, t0: OffsetDateTime) -> String {
    let with_key = |sql: String, id: &str| {
        let key = session_key("default", id).to_string();
        sql.replace(&format!("{{{id}}}"), &key)
    };
    let sql = ["watched", "left", "faulty"]
        .into_iter()
        .fold(sql.to_owned(), with_key);
    sql.replace("{t0}", &unix_ms(t0).to_string())
}

/// Late on a day that is over, in an hour that is over.
fn last_evening() -> OffsetDateTime {
    let midnight = OffsetDateTime::now_utc().replace_time(Time::MIDNIGHT);
    midnight - Span::minutes(50)
}

fn full_minute(moment: OffsetDateTime) -> OffsetDateTime {
    moment
        .replace_second(0)
        .unwrap()
        .replace_nanosecond(0)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_data_violates_the_check_that_is_about_it() {
    // Nothing came by it: what is there was inserted below Kafka.
    let topic = Topic::create(brokers(), 2).await;
    in_database(|warehouse| async move {
        let t0 = last_evening();
        fill(&warehouse, t0).await;
        // The states of these sessions were seen just now.
        let window = Window {
            since: t0 - Span::MINUTE,
            until: full_minute(OffsetDateTime::now_utc() + Span::minutes(5)),
        };
        assert_eq!(
            violated(&warehouse, window).await,
            [] as [&str; 0],
            "good data"
        );
        the_command_tells_the_same(&warehouse, &topic, window, true);

        for (what, damage, expected, repair) in BREAKS {
            for sql in damage {
                run(&warehouse, &filled(sql, t0)).await;
            }
            assert_eq!(violated(&warehouse, window).await, expected, "{what}");
            for sql in repair {
                run(&warehouse, &filled(sql, t0)).await;
            }
            assert_eq!(
                violated(&warehouse, window).await,
                [] as [&str; 0],
                "{what}, undone"
            );
        }
        // What a merge may fold into one row cannot be undone, so it comes last.
        let second_id = "INSERT INTO session_states SELECT * REPLACE ('another' AS session_id, 'another' AS least_session_id)
            FROM session_states WHERE session_key = {left}";
        run(&warehouse, &filled(second_id, t0)).await;
        assert_eq!(violated(&warehouse, window).await, ["session_ids"]);
        the_command_tells_the_same(&warehouse, &topic, window, false);

        // Outside of the window nobody looks.
        let before = Window {
            since: t0 - Span::hours(3),
            until: t0 - Span::hours(2),
        };
        assert_eq!(violated(&warehouse, before).await, [] as [&str; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_there_at_the_second_look_too_is_told() {
    in_database(|warehouse| async move {
        let t0 = last_evening();
        fill(&warehouse, t0).await;
        let window = Window {
            since: t0 - Span::MINUTE,
            until: full_minute(OffsetDateTime::now_utc() + Span::minutes(5)),
        };
        let [(_, damage, ..), ..] = BREAKS;
        run(&warehouse, damage[0]).await;
        let again = Duration::from_millis(100);
        let outcome = look(&warehouse, &placeholders(), ALL[0], window, again).await;
        let rows = outcome.unwrap().rows;
        assert_eq!(rows.len(), 1);
        let row: Value = serde_json::from_str(&rows[0]).unwrap();
        assert_eq!(
            (&row["topic"], &row["error"]),
            (&json!("beacons"), &json!("no beacon"))
        );
    })
    .await;
}

fn playhead(database: &str, setting: Option<[&str; 2]>, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(arguments)
        .env("PLAYHEAD_CLICKHOUSE__URL", url())
        .env("PLAYHEAD_CLICKHOUSE__DATABASE", database)
        .envs(setting.map(|[name, value]| (name, value)))
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// `playhead check` on good data, or on data with two ids behind one key.
fn the_command_tells_the_same(warehouse: &Warehouse, topic: &Topic, window: Window, is_good: bool) {
    let [since, until] = [window.since, window.until].map(|at| at.format(&Rfc3339).unwrap());
    let check = |more: &[&str]| {
        let arguments = [
            "check", "--since", &since, "--until", &until, "--again", "0",
        ];
        let topic = ["PLAYHEAD_KAFKA__TOPIC", topic.name.as_str()];
        playhead(
            warehouse.database(),
            Some(topic),
            &[&arguments, more].concat(),
        )
    };
    let all = check(&[]);
    let told = out(&all);
    let verdicts: Vec<_> = told.lines().filter(|line| line.ends_with(" ms")).collect();
    let failed = String::from_utf8_lossy(&all.stderr);
    let names: Vec<_> = ["accepted"]
        .into_iter()
        .chain(ALL.iter().map(|check| check.name))
        .collect();
    assert_eq!(verdicts.len(), names.len(), "{told}{failed}");
    for (line, name) in verdicts.iter().zip(names) {
        let word = if is_good || name != "session_ids" {
            "ok"
        } else {
            "VIOLATED"
        };
        let words: Vec<_> = line.split_whitespace().collect();
        assert_eq!(words[..2], [word, name], "{told}");
    }
    assert_eq!(all.status.code(), Some(i32::from(!is_good)), "{told}");
    assert_eq!(told.contains("What to do: "), !is_good, "{told}");
    if !is_good {
        assert!(told.contains(r#""ids":["another","left"]"#), "{told}");
    }
    // One of them, as JSON.
    let one = check(&["--only", "session_ids", "--json"]);
    let json: Value = serde_json::from_str(&out(&one)).unwrap();
    let checks = json["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0]["is_violated"], !is_good);
    assert_eq!(
        checks[0]["rows"].as_array().unwrap().len(),
        usize::from(!is_good)
    );
    let other = check(&["--only", "minute_rollup"]);
    assert_eq!(other.status.code(), Some(0), "{}", out(&other));
}

#[test]
fn what_cannot_be_checked_is_told() {
    let refused = |arguments: &[&str]| {
        let output = playhead("playhead", None, arguments);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let unknown = refused(&["check", "--only", "everything"]);
    assert!(unknown.contains("minute_rollup"), "{unknown}");
    let moment = refused(&["check", "--since", "yesterday"]);
    assert!(
        moment.contains("write it as 2026-11-21T10:00:00Z"),
        "{moment}"
    );
    let empty = refused(&[
        "check",
        "--since",
        "2026-11-21T10:00:00Z",
        "--until",
        "2026-11-21T10:00:30Z",
    ]);
    assert!(
        empty.contains("must begin at least a full minute before it ends"),
        "{empty}"
    );
    let list = out(&playhead("playhead", None, &["check", "--list"]));
    for check in ALL {
        assert!(
            list.contains(check.name) && list.contains(&check.remedy()),
            "{}",
            check.name
        );
    }
}
