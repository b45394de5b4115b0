//! What the passes read, and what a running session looks like before it ends.

use std::time::Duration;

use crate::landing::{
    PATIENCE, eventually, insert, migrate, rows, run, start_passes, stop_passes, wait_for_sessions,
};
use crate::record::packed;
use crate::scratch::in_database;
use playhead::beacon::session_key;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

/// One session's beacons as (ms before now, state), the first begins it.
fn beacons(session_id: &str, now_ms: i64, told: &[(i64, u8)]) -> Vec<Value> {
    let beacon = |(seq, (ago_ms, state)): (usize, &(i64, u8))| {
        let at_ms = now_ms - ago_ms;
        packed(json!({
            "tenant": "default", "session_id": session_id, "session_key": session_key("default", session_id),
            "stream": "json", "seq": seq, "seq_is_ordinal": true, "event": 1, "state": state,
            "client_time_ms": at_ms, "sent_time_ms": at_ms, "received_time_ms": at_ms, "event_time_ms": at_ms,
        }))
    };
    told.iter().enumerate().map(beacon).collect()
}

const PLAYING: u8 = 2;
const PAUSED: u8 = 5;
const ENDED: u8 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_session_is_there_until_now() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now = OffsetDateTime::now_utc();
        let now_ms = i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap();
        // The liveness window of these tests is 180 s.
        let running = beacons("running", now_ms, &[(60_000, PLAYING), (50_000, PLAYING)]);
        let ended = beacons("ended", now_ms, &[(60_000, PLAYING), (40_000, ENDED)]);
        insert(&warehouse, &[running, ended].concat()).await;
        wait_for_sessions(&warehouse, 2).await;

        let states = "SELECT session_id, current_state, end_reason, playing_ms FROM sessions_v ORDER BY session_id";
        assert_eq!(
            rows(&warehouse, states).await,
            [
                json!({"session_id": "ended", "current_state": "", "end_reason": "finished", "playing_ms": 20_000}),
                json!({"session_id": "running", "current_state": "playing", "end_reason": "running", "playing_ms": 10_000}),
            ]
        );
        let at = |ago: i64| {
            let second = now.unix_timestamp() - ago;
            format!("SELECT sessions, playing FROM concurrent_viewers_v WHERE second = toDateTime({second}, 'UTC')")
        };
        let there = |sessions: u32| json!({"sessions": sessions, "playing": sessions});
        // Both were there; one ended; the other has told nothing for 50 s and is still taken to play.
        assert_eq!(rows(&warehouse, &at(45)).await, [there(2)]);
        assert_eq!(rows(&warehouse, &at(20)).await, [there(1)]);
        assert_eq!(rows(&warehouse, &at(0)).await, [there(1)]);
        assert_eq!(rows(&warehouse, &at(61)).await, [] as [Value; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_within_a_session_costs_a_day_at_most() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now_ms = i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap();
        // A set-top box begins at the start of 1990, then gets the time.
        let in_1990 = now_ms - 631_152_000_000;
        let jumped = beacons(
            "jumped",
            now_ms,
            &[(in_1990, PLAYING), (30_000, PLAYING), (10_000, ENDED)],
        );
        insert(&warehouse, &jumped).await;
        wait_for_sessions(&warehouse, 1).await;

        let day_ms = 86_400_000_i64;
        let session = "SELECT toInt64(playing_ms) AS playing_ms, length(intervals)::UInt8 AS intervals FROM sessions_v";
        assert_eq!(
            rows(&warehouse, session).await,
            [json!({"playing_ms": day_ms + 20_000, "intervals": 2})]
        );
        let curve = "SELECT count()::UInt32 AS seconds, max(sessions)::UInt8 AS peak FROM concurrent_viewers_v";
        assert_eq!(
            rows(&warehouse, curve).await,
            [json!({"seconds": 86_400 + 20, "peak": 1})]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn states_that_become_visible_late_are_computed_by_the_next_pass() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now_ms =
            i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap();
        insert(
            &warehouse,
            &beacons("first", now_ms, &[(9_000, PLAYING), (1_000, ENDED)]),
        )
        .await;
        wait_for_sessions(&warehouse, 1).await;
        // Another session of the same time, from a block that took 30 s to be written: the passes are past its `seen`.
        run(
            &warehouse,
            "INSERT INTO session_states
             SELECT * REPLACE (session_key + 1 AS session_key, 'late' AS session_id, 'late' AS least_session_id, seen - INTERVAL 30 SECOND AS seen)
             FROM session_states",
        )
        .await;
        run(
            &warehouse,
            "INSERT INTO session_marks
             SELECT * REPLACE (session_key + 1 AS session_key, seen - INTERVAL 30 SECOND AS seen)
             FROM session_marks",
        )
        .await;
        // Within the patience of this test, which is less than the liveness window of 180 s: not by being silent.
        wait_for_sessions(&warehouse, 2).await;

        stop_passes(&warehouse).await;
        let ended = "SELECT session_id, end_reason, version FROM sessions_v ORDER BY session_id";
        let before = rows(&warehouse, ended).await;
        assert_eq!(
            (
                &before[0]["end_reason"],
                &before[1]["end_reason"],
                &before[1]["session_id"]
            ),
            (&json!("finished"), &json!("finished"), &json!("late"))
        );
        // A session that is computed is left alone until it gets a beacon: another one comes and goes meanwhile.
        start_passes(&warehouse).await;
        insert(
            &warehouse,
            &beacons("third", now_ms, &[(9_000, PLAYING), (500, ENDED)]),
        )
        .await;
        wait_for_sessions(&warehouse, 3).await;
        assert_eq!(rows(&warehouse, ended).await[..2], before[..]);
    })
    .await;
}

/// Waits until the minutes hold so much playing in all, and tells each minute's numbers and when it was computed.
async fn minutes_of(warehouse: &Warehouse, playing_ms: u32) -> Vec<Value> {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let sum = "SELECT sum(playing_ms)::UInt32 AS ms FROM quality_by_minute_v";
        let found = rows(warehouse, sum).await;
        if found[0]["ms"] == playing_ms {
            let minutes = "SELECT toUInt32(playing_ms) AS playing, toUInt32(paused_ms) AS paused,
                toUInt8(timeouts) AS timeouts, toUInt8(ended_plays) AS ended
                FROM quality_by_minute FINAL WHERE dimension_set = 'audience' ORDER BY minute";
            return rows(warehouse, minutes).await;
        }
        assert!(
            Instant::now() < give_up,
            "{playing_ms} ms were played, the minutes say {found:?}"
        );
        sleep(Duration::from_millis(200)).await;
    }
}

/// Makes the rows of plays and of their minutes older than they are.
async fn age(warehouse: &Warehouse, by: &str) {
    for table in ["session_minutes", "sessions"] {
        let aged = format!(
            "CREATE TABLE aged_{table} ENGINE = Memory AS SELECT * REPLACE (version - INTERVAL {by} AS version) FROM {table} FINAL"
        );
        run(warehouse, &aged).await;
        run(warehouse, &format!("TRUNCATE TABLE {table}")).await;
    }
    for table in ["session_minutes", "sessions"] {
        run(
            warehouse,
            &format!("INSERT INTO {table} SELECT * FROM aged_{table}"),
        )
        .await;
    }
}

/// A play of seventy minutes that has ended.
async fn insert_a_long_play(warehouse: &Warehouse) -> u32 {
    let now_ms = OffsetDateTime::now_utc().unix_timestamp() * 1_000;
    let of_minute_ms = now_ms % 60_000;
    let long = [(of_minute_ms + 70 * 60_000, PLAYING), (of_minute_ms, ENDED)];
    insert(warehouse, &beacons("long", now_ms, &long)).await;
    70 * 60_000
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn minutes_of_too_many_plays_are_computed_in_turns() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        stop_passes(&warehouse).await;
        let query = "SELECT as_select FROM system.tables WHERE database = currentDatabase() AND name = 'quality_minutes_pass'";
        let all_at_once = rows(&warehouse, query).await[0]["as_select"].as_str().unwrap().to_owned();
        let in_turns = all_at_once.replace("< 200000", "< 30");
        assert_ne!(in_turns, all_at_once);
        let in_turns = format!("ALTER TABLE quality_minutes_pass MODIFY QUERY {in_turns}");
        run(&warehouse, &in_turns).await;
        start_passes(&warehouse).await;

        let played = insert_a_long_play(&warehouse).await;
        assert_eq!(minutes_of(&warehouse, played).await.len(), 71);
        let turns = "SELECT max(minutes) <= 30 AS is_in_turns FROM
            (SELECT count() AS minutes FROM quality_by_minute FINAL WHERE dimension_set = 'audience' GROUP BY version)";
        assert_eq!(rows(&warehouse, turns).await, [json!({"is_in_turns": 1})]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn minutes_that_a_killed_pass_left_out_are_computed_by_the_next_one() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let played = insert_a_long_play(&warehouse).await;
        assert_eq!(minutes_of(&warehouse, played).await.len(), 71);

        // A pass that worked for a quarter of an hour and more, and wrote thirty of its minutes before it was killed.
        stop_passes(&warehouse).await;
        age(&warehouse, "20 MINUTE").await;
        for table in ["quality_by_minute", "quality_by_second", "pass_runs"] {
            run(&warehouse, &format!("TRUNCATE TABLE {table}")).await;
        }
        run(&warehouse, "INSERT INTO pass_runs SELECT 'quality_by_minute', now64(3) - INTERVAL 21 MINUTE").await;
        run(
            &warehouse,
            "INSERT INTO minutes_due SELECT tenant, minute FROM session_minutes ORDER BY minute DESC LIMIT 30",
        )
        .await;
        start_passes(&warehouse).await;
        assert_eq!(minutes_of(&warehouse, played).await.len(), 71);
        // What was looked at is not looked at for ever.
        let looked = "SELECT max(version) > now() - INTERVAL 1 MINUTE AS is_looked_at FROM pass_runs WHERE pass = 'quality_by_minute'";
        eventually(|| async {
            assert_eq!(rows(&warehouse, looked).await, [json!({"is_looked_at": 1})]);
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_goes_on_changes_only_the_minutes_from_there() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now_ms =
            i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap();
        let begin_ms = now_ms / 60_000 * 60_000 - 600_000;
        let ago = |second: i64| now_ms - begin_ms - second * 1_000;
        let told = [
            (ago(0), PLAYING),
            (ago(170), PLAYING),
            (ago(240), PAUSED),
            (ago(300), ENDED),
        ];
        let all = beacons("goes-on", now_ms, &told);
        insert(&warehouse, &all[..2]).await;
        // Closed for silence one default heartbeat of 10 s after its last beacon.
        minutes_of(&warehouse, 180_000).await;
        stop_passes(&warehouse).await;
        let before = minutes_of(&warehouse, 180_000).await;
        let written = "SELECT toUnixTimestamp(minute) AS minute, version FROM session_minutes FINAL ORDER BY minute";
        assert_eq!(before.len(), 4, "{before:?}");
        assert_eq!(before[3]["timeouts"], 1, "{before:?}");

        // As if the rows were an hour old: no pass is careful about minutes that it may not have seen.
        age(&warehouse, "1 HOUR").await;
        let written_before = rows(&warehouse, written).await;
        insert(&warehouse, &all[2..]).await;
        start_passes(&warehouse).await;

        let after = minutes_of(&warehouse, 240_000).await;
        let numbers: Vec<_> = after
            .iter()
            .map(|row| {
                ["playing", "paused", "timeouts", "ended"].map(|name| row[name].as_u64().unwrap())
            })
            .collect();
        let expected = [
            [60_000, 0, 0, 0],
            [60_000, 0, 0, 0],
            [60_000, 0, 0, 0],
            [60_000, 0, 0, 0],
            [0, 60_000, 0, 0],
            [0, 0, 0, 1],
        ];
        assert_eq!(numbers, expected);
        let written_after = rows(&warehouse, written).await;
        let is_kept = |minute: usize| written_before[minute] == written_after[minute];
        // Its last beacon had been in the third minute.
        assert_eq!([0, 1, 2, 3].map(is_kept), [true, true, false, false]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_play_that_ended_earlier_than_was_thought_gives_its_minutes_back() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now_ms =
            i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap();
        let begin_ms = now_ms / 60_000 * 60_000 - 600_000;
        let ago = |second: i64| now_ms - begin_ms - second * 1_000;
        let told = [
            (ago(0), PLAYING),
            (ago(90), PLAYING),
            (ago(330), PLAYING),
            (ago(400), ENDED),
        ];
        let mut all = beacons("titles", now_ms, &told);
        for (beacon, title) in all.iter_mut().zip(["first", "second", "third", "third"]) {
            beacon["content_id"] = json!(title);
        }
        let titles_of = async |minutes: &str| {
            let sql = format!("SELECT content_id, sum(playing_ms)::UInt32 AS ms FROM {minutes} GROUP BY content_id ORDER BY content_id");
            rows(&warehouse, &sql).await
        };
        let becomes = async |expected: &[Value]| {
            let give_up = Instant::now() + PATIENCE;
            loop {
                let found = [titles_of("sessions_v").await, titles_of("quality_by_minute_v").await];
                if found.iter().all(|titles| titles == expected) {
                    return;
                }
                assert!(Instant::now() < give_up, "sessions and minutes: {found:?}, not {expected:?}");
                sleep(Duration::from_millis(200)).await;
            }
        };
        // What told of the second title is late: the first seems to have been played until the third.
        insert(&warehouse, &[&all[..1], &all[2..]].concat()).await;
        becomes(&[
            json!({"content_id": "first", "ms": 330_000}),
            json!({"content_id": "third", "ms": 70_000}),
        ])
        .await;
        insert(&warehouse, &all[1..2]).await;
        becomes(&[
            json!({"content_id": "first", "ms": 90_000}),
            json!({"content_id": "second", "ms": 240_000}),
            json!({"content_id": "third", "ms": 70_000}),
        ])
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn computing_one_session_does_not_read_the_others() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        stop_passes(&warehouse).await;
        run(
            &warehouse,
            "INSERT INTO beacons_in (tenant, session_id, session_key, stream, event, state, client_time_ms)
             SELECT 'default', toString(number), number, 'json', 1, 2, 1795000000000 FROM numbers(50000)",
        )
        .await;
        run(&warehouse, "OPTIMIZE TABLE session_states FINAL").await;

        // The first step's query, asked for one session.
        let sql = "SELECT as_select AS text FROM system.tables
                   WHERE database = currentDatabase() AND name = 'sessions_due_to_session_sums_mv_v1'";
        let step = rows(&warehouse, sql).await[0]["text"].as_str().unwrap().to_owned();
        let due = format!("{}.sessions_due", warehouse.database());
        assert!(step.contains(&due), "{step}");
        let step = step.replace(
            &due,
            "(SELECT 'default' AS tenant, 31000::UInt64 AS session_key, 'fast' AS pass)",
        );
        let plan = rows(&warehouse, &format!("EXPLAIN indexes = 1 {step}")).await;
        let granules: Vec<&str> = plan
            .iter()
            .filter_map(|line| line["explain"].as_str()?.trim().strip_prefix("Granules: "))
            .collect();
        // By date, by partition, and last by primary key.
        let (read, all) = granules[granules.len() - 1].split_once('/').unwrap();
        assert_eq!(read, "1", "of {all} granules");
        assert!(all.parse::<u32>().unwrap() > 10, "{all} granules are too few to tell");
    })
    .await;
}
