//! Who is there now: clients that tell their state only when it changes are there as long as they send anything.

use crate::landing::{insert, migrate, rows};
use crate::record::packed;
use crate::scratch::in_database;
use playhead::beacon::session_key;
use serde_json::{Value, json};
use time::OffsetDateTime;

const PLAY_STATE: u8 = 1;
const HEARTBEAT: u8 = 2;
const PLAYING: u8 = 2;

/// Playing told 300 s ago, then heartbeats without a state every 30 s, the last one `ago_ms` before now, by a clock that is
/// `ahead_ms` before the true time.
fn beacons(session_id: &str, now_ms: i64, ago_ms: i64, ahead_ms: i64) -> Vec<Value> {
    let times = (0..=(300_000 - ago_ms) / 30_000).map(|beat| now_ms - 300_000 + beat * 30_000);
    let beacon = |(seq, at_ms): (usize, i64)| {
        let mut told = json!({
            "tenant": "default", "session_id": session_id, "session_key": session_key("default", session_id),
            "stream": "epas", "seq": seq, "seq_is_ordinal": true, "event": HEARTBEAT, "client_time_ms": at_ms + ahead_ms,
            "received_time_ms": at_ms, "event_time_ms": at_ms,
        });
        if seq == 0 {
            told["event"] = json!(PLAY_STATE);
            told["state"] = json!(PLAYING);
            told["position_ms"] = json!(7_000);
        }
        packed(told)
    };
    times.enumerate().map(beacon).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_whose_heartbeats_tell_no_state_is_there_while_it_sends() {
    in_database(|warehouse| async move {
        // The liveness window of these tests is 180 s.
        migrate(&warehouse).await;
        let now_ms =
            i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap();
        let all = [
            beacons("beats", now_ms, 0, 0),
            beacons("beats-by-a-wrong-clock", now_ms, 30_000, 3_600_000),
            beacons("silent", now_ms, 240_000, 0),
        ];
        insert(&warehouse, &all.concat()).await;
        let sql = format!(
            "SELECT session_id, state, status, position_ms, toInt32({now_ms} - toUnixTimestamp64Milli(last_seen_at)) AS ago_ms
             FROM live_viewers_v ORDER BY session_id"
        );
        let row = |session_id: &str, status: &str, ago_ms: i64| {
            json!({"session_id": session_id, "state": "playing", "status": status, "position_ms": 7_000, "ago_ms": ago_ms})
        };
        assert_eq!(
            rows(&warehouse, &sql).await,
            [
                row("beats", "watching", 0),
                row("beats-by-a-wrong-clock", "watching", 30_000),
                row("silent", "gone", 240_000),
            ]
        );
    })
    .await;
}
