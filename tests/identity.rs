//! Who a beacon is and when it happened: wrong clocks, copies, and what comes very late.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::landing;
use crate::landing::{PATIENCE, insert, migrate, rows, run, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use playhead::beacon::session_key;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

const DAY_MS: i64 = 86_400_000;
const PLAYING: u8 = 2;
const ENDED: u8 = 6;

/// What a pass would ask for, and more.
const COMPUTE_ALL: &str =
    "INSERT INTO sessions_due SELECT DISTINCT tenant, session_key, 'slow' FROM session_states";
const CUT: &str = "SELECT toUInt32(sum(m.counts[12])) AS timeouts, toUInt32(sum(m.counts[5])) AS ended_plays, toUInt32(sum(m.playing_ms)) AS playing_ms FROM session_minutes AS m FINAL";

fn now_ms() -> i64 {
    i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap()
}

/// A beacon that happened at `at_ms`, told by a clock that is ahead by so much, received 50 ms after it was sent.
fn beacon(session_id: &str, seq: u64, at_ms: i64, ahead_ms: i64, state: u8) -> Value {
    packed(json!({
        "tenant": "default", "session_id": session_id, "session_key": session_key("default", session_id),
        "stream": "json", "seq": seq, "seq_is_ordinal": true, "event": 1, "state": state,
        "client_time_ms": at_ms + ahead_ms, "sent_time_ms": at_ms + ahead_ms, "received_time_ms": at_ms,
        "event_time_ms": at_ms,
    }))
}

/// Asks again until the answer is as it has to be.
async fn eventually(warehouse: &Warehouse, sql: &str, expected: &[Value]) {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = rows(warehouse, sql).await;
        if found == expected {
            return;
        }
        assert!(
            Instant::now() < give_up,
            "{sql}\nis {found:?}\nnot {expected:?}"
        );
        sleep(std::time::Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_of_1970_and_2099_and_of_150_days_land_where_they_belong() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begin_ms = now_ms() / 60_000 * 60_000 - 600_000;
        let of_1970 = -begin_ms + 1_000;
        let of_2099 = 4_070_908_800_000 - begin_ms;
        let days = (0..150).map(|day| (format!("day-{day}"), -day * DAY_MS));
        let clocks: Vec<_> = [("of-1970".to_owned(), of_1970), ("of-2099".to_owned(), of_2099)]
            .into_iter()
            .chain(days)
            .collect();
        let told: Vec<_> = clocks
            .iter()
            .flat_map(|(id, ahead_ms)| {
                [
                    beacon(id, 0, begin_ms, *ahead_ms, PLAYING),
                    beacon(id, 1, begin_ms + 30_000, *ahead_ms, ENDED),
                ]
            })
            .collect();
        // One block, as the tap may bring it.
        insert(&warehouse, &told).await;
        wait_for_sessions(&warehouse, 152).await;

        let raw = "SELECT count()::UInt32 AS beacons, uniqExact(session_key)::UInt32 AS sessions FROM beacons_v";
        assert_eq!(rows(&warehouse, raw).await, [json!({"beacons": 304, "sessions": 152})]);
        let minute = begin_ms / 1_000;
        let sessions = format!(
            "SELECT count()::UInt32 AS sessions, sum(playing_ms)::UInt32 AS playing_ms FROM sessions_v
             WHERE started_at = fromUnixTimestamp64Milli({begin_ms}, 'UTC') AND end_reason = 'finished'"
        );
        assert_eq!(
            rows(&warehouse, &sessions).await,
            [json!({"sessions": 152, "playing_ms": 152 * 30_000})]
        );
        let windows = format!(
            "SELECT toUnixTimestamp(minute)::UInt32 AS minute, sum(playing_ms)::UInt32 AS playing_ms, sum(attempts)::UInt32 AS attempts
             FROM quality_by_minute_v GROUP BY minute HAVING minute = {minute} OR playing_ms > 0"
        );
        let expected = [json!({"minute": minute, "playing_ms": 152 * 30_000, "attempts": 152})];
        eventually(&warehouse, &windows, &expected).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_over_midnight_is_the_same_beacon() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let midnight_ms = now_ms() / DAY_MS * DAY_MS;
        let mut first = beacon("night", 0, midnight_ms - 100, 0, PLAYING);
        let mut again = first.clone();
        first["received_time_ms"] = json!(midnight_ms - 40);
        again["received_time_ms"] = json!(midnight_ms + 900);
        // The copy comes first, and in a block of its own.
        insert(&warehouse, &[again]).await;
        insert(&warehouse, &[first]).await;
        insert(&warehouse, &[beacon("night", 1, midnight_ms + 5_000, 0, ENDED)]).await;

        let partitions = "SELECT uniqExact(partition)::UInt8 AS days, sum(rows)::UInt8 AS rows FROM system.parts
            WHERE database = currentDatabase() AND table = 'beacons_raw' AND active";
        assert_eq!(rows(&warehouse, partitions).await, [json!({"days": 2, "rows": 3})]);
        let folded = "SELECT seq::UInt8 AS seq, toUnixTimestamp64Milli(received_time)::String AS received FROM beacons_v ORDER BY seq";
        assert_eq!(
            rows(&warehouse, folded).await,
            [
                json!({"seq": 0, "received": (midnight_ms - 40).to_string()}),
                json!({"seq": 1, "received": (midnight_ms + 5_000).to_string()}),
            ]
        );
        let session = "SELECT beacons_received::UInt8 AS received, beacons_duplicated::UInt8 AS duplicated,
            playing_ms::UInt32 AS playing_ms FROM sessions_v WHERE end_reason = 'finished'";
        let expected = [json!({"received": 2, "duplicated": 1, "playing_ms": 5_100})];
        eventually(&warehouse, session, &expected).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_beacon_that_comes_after_its_raw_partition_was_dropped_still_counts() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begin_ms = (now_ms() - 6 * DAY_MS) / 60_000 * 60_000;
        let mut told = vec![
            beacon("long-ago", 0, begin_ms, 0, PLAYING),
            beacon("long-ago", 1, begin_ms + 50_000, 0, PLAYING),
        ];
        insert(&warehouse, &told).await;
        let playing = "SELECT toUnixTimestamp(minute)::UInt32 AS minute, playing_ms::UInt32 AS playing_ms, timeouts::UInt8 AS timeouts,
            ended_plays::UInt8 AS ended FROM quality_by_minute_v ORDER BY minute";
        let minute = begin_ms / 1_000;
        // Silent: it went on for one default heartbeat of 10 s.
        let expected = [
            json!({"minute": minute, "playing_ms": 60_000, "timeouts": 0, "ended": 0}),
            json!({"minute": minute + 60, "playing_ms": 0, "timeouts": 1, "ended": 1}),
        ];
        eventually(&warehouse, playing, &expected).await;

        let day = "SELECT toString(toDate(fromUnixTimestamp64Milli(received_time_ms, 'UTC'))) AS day FROM beacons_raw LIMIT 1";
        let day = rows(&warehouse, day).await[0]["day"].as_str().unwrap().to_owned();
        run(&warehouse, &format!("ALTER TABLE beacons_raw DROP PARTITION '{day}'")).await;
        assert_eq!(rows(&warehouse, "SELECT 1 FROM beacons_v").await, [] as [Value; 0]);
        // It had been on a train: the end comes now, and was earlier than it had been taken to be.
        let mut end = beacon("long-ago", 2, begin_ms + 55_000, 0, ENDED);
        end["received_time_ms"] = json!(now_ms());
        told = vec![end];
        insert(&warehouse, &told).await;
        let expected = [json!({"minute": minute, "playing_ms": 55_000, "timeouts": 0, "ended": 1})];
        eventually(&warehouse, playing, &expected).await;
        // A window that is frozen already is left as it is.
        let frozen = begin_ms - 10 * DAY_MS;
        let told = [
            beacon("too-long-ago", 0, frozen, 0, PLAYING),
            beacon("too-long-ago", 1, frozen + 1_000, 0, ENDED),
        ];
        insert(&warehouse, &told).await;
        wait_for_sessions(&warehouse, 2).await;
        eventually(&warehouse, playing, &expected).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn minutes_that_a_dying_server_left_out_are_written_by_the_sweep() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begin_ms = now_ms() / 60_000 * 60_000 - 1_200_000;
        let told = [
            beacon("swept", 0, begin_ms, 0, PLAYING),
            beacon("swept", 1, begin_ms + 90_000, 0, ENDED),
        ];
        insert(&warehouse, &told).await;
        let sum = "SELECT sum(playing_ms)::UInt32 AS playing_ms FROM quality_by_minute_v WHERE minute < now() - INTERVAL 10 MINUTE";
        eventually(&warehouse, sum, &[json!({"playing_ms": 90_000})]).await;

        // As it would be had the server died three hours ago, right after it wrote the row of sessions, and begun again now.
        landing::stop_passes(&warehouse).await;
        let aged = "SELECT * REPLACE (version - INTERVAL 3 HOUR AS version) FROM sessions FINAL";
        run(&warehouse, &format!("CREATE TABLE aged ENGINE = Memory AS {aged}")).await;
        run(&warehouse, "TRUNCATE TABLE sessions").await;
        run(&warehouse, "INSERT INTO sessions SELECT * FROM aged").await;
        for table in ["session_minutes", "quality_by_minute", "quality_by_second", "pass_runs"] {
            run(&warehouse, &format!("TRUNCATE TABLE {table}")).await;
        }
        let looked = "INSERT INTO pass_runs SELECT concat('sessions_sweep_', toString(number)), now64(3) - INTERVAL 3 HOUR - INTERVAL number MINUTE FROM numbers(3)";
        run(&warehouse, looked).await;
        // What is written after the outage does not hide what was lost before it.
        insert(&warehouse, &[beacon("later", 0, now_ms() - 1_000, 0, PLAYING)]).await;
        run(&warehouse, "INSERT INTO sessions_due SELECT DISTINCT tenant, session_key, 'fast' FROM session_states WHERE seen > now() - INTERVAL 1 MINUTE AND session_id = 'later'").await;
        run(&warehouse, "SYSTEM REFRESH VIEW sessions_sweep_pass").await;
        run(&warehouse, "SYSTEM WAIT VIEW sessions_sweep_pass").await;
        let minutes = "SELECT count()::UInt8 AS minutes, sum(m.playing_ms)::UInt32 AS playing_ms FROM session_minutes AS m FINAL WHERE m.playing_ms > 0 AND m.minute < now() - INTERVAL 10 MINUTE";
        assert_eq!(rows(&warehouse, minutes).await, [json!({"minutes": 2, "playing_ms": 90_000})]);
        landing::start_passes(&warehouse).await;
        eventually(&warehouse, sum, &[json!({"playing_ms": 90_000})]).await;
    })
    .await;
}

#[tokio::test]
async fn minutes_that_a_dying_server_left_out_are_written_with_the_next_row() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        landing::stop_passes(&warehouse).await;
        let begin_ms = now_ms() / 60_000 * 60_000 - 1_200_000;

        insert(&warehouse, &[beacon("hidden", 0, begin_ms, 0, PLAYING)]).await;
        run(&warehouse, COMPUTE_ALL).await;
        assert_eq!(
            rows(&warehouse, CUT).await,
            [json!({"timeouts": 1, "ended_plays": 1, "playing_ms": 10_000})]
        );

        // The server dies after the row that takes the time-out back, before its minutes.
        run(
            &warehouse,
            "DETACH TABLE sessions_to_session_pieces_mv_v1 SYNC",
        )
        .await;
        insert(
            &warehouse,
            &[beacon("hidden", 1, begin_ms + 300_000, 0, PLAYING)],
        )
        .await;
        run(&warehouse, COMPUTE_ALL).await;
        run(&warehouse, "ATTACH TABLE sessions_to_session_pieces_mv_v1").await;

        insert(
            &warehouse,
            &[beacon("hidden", 2, begin_ms + 301_000, 0, ENDED)],
        )
        .await;
        run(&warehouse, COMPUTE_ALL).await;
        assert_eq!(
            rows(&warehouse, CUT).await,
            [json!({"timeouts": 0, "ended_plays": 1, "playing_ms": 301_000})]
        );
    })
    .await;
}

#[tokio::test]
async fn minutes_of_a_row_that_a_dying_server_left_out_are_taken_back() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        landing::stop_passes(&warehouse).await;
        let begin_ms = now_ms() / 60_000 * 60_000 - 1_200_000;

        // Five seconds before the end of a minute: it times out in the next one.
        insert(
            &warehouse,
            &[beacon("stray", 0, begin_ms + 55_000, 0, PLAYING)],
        )
        .await;
        run(&warehouse, COMPUTE_ALL).await;
        assert_eq!(
            rows(&warehouse, CUT).await,
            [json!({"timeouts": 1, "ended_plays": 1, "playing_ms": 10_000})]
        );

        // The minutes were written, the server died before the row.
        run(&warehouse, "TRUNCATE TABLE sessions").await;
        insert(
            &warehouse,
            &[beacon("stray", 1, begin_ms + 57_000, 0, ENDED)],
        )
        .await;
        run(&warehouse, COMPUTE_ALL).await;
        assert_eq!(
            rows(&warehouse, CUT).await,
            [json!({"timeouts": 0, "ended_plays": 1, "playing_ms": 2_000})]
        );
    })
    .await;
}

#[tokio::test]
async fn minutes_of_a_row_that_two_passes_made_at_once_are_taken_back() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        landing::stop_passes(&warehouse).await;
        let begin_ms = now_ms() / 60_000 * 60_000 - 1_200_000;

        // One pass finds it silent, with the end in the next minute; another one begins at the same time, and finds its end.
        insert(
            &warehouse,
            &[beacon("twice", 0, begin_ms + 55_000, 0, PLAYING)],
        )
        .await;
        run(&warehouse, COMPUTE_ALL).await;
        run(
            &warehouse,
            "CREATE TABLE first ENGINE = Memory AS SELECT * FROM session_minutes FINAL",
        )
        .await;
        for table in ["sessions", "session_minutes"] {
            run(&warehouse, &format!("TRUNCATE TABLE {table}")).await;
        }
        insert(
            &warehouse,
            &[beacon("twice", 1, begin_ms + 57_000, 0, ENDED)],
        )
        .await;
        run(&warehouse, COMPUTE_ALL).await;
        run(
            &warehouse,
            "INSERT INTO session_minutes SELECT * FROM first",
        )
        .await;
        assert_eq!(
            rows(&warehouse, CUT).await,
            [json!({"timeouts": 1, "ended_plays": 2, "playing_ms": 7_000})]
        );

        // The pass that looks once more.
        run(&warehouse, COMPUTE_ALL).await;
        assert_eq!(
            rows(&warehouse, CUT).await,
            [json!({"timeouts": 0, "ended_plays": 1, "playing_ms": 2_000})]
        );
    })
    .await;
}
