//! What beacons make of a play: the traps of viewing analytics, each a case with numbers worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;

use crate::landing::{insert, migrate, rows, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use playhead::beacon::session_key;
use serde_json::{Value, json};
use time::OffsetDateTime;

const STARTING: u8 = 1;
const PLAYING: u8 = 2;
const SEEKING: u8 = 3;
const REBUFFERING: u8 = 4;
const PAUSED: u8 = 5;
const ENDED: u8 = 6;
const FAILED: u8 = 7;
const QUIT: u8 = 8;

const HEARTBEAT: u8 = 2;
const BITRATE_CHANGE: u8 = 3;
const RATE_CHANGE: u8 = 4;
const ERROR: u8 = 6;
const BACKGROUND_CHANGE: u8 = 11;
const HOST_CHANGE: u8 = 13;
const AD_BREAK_START: u8 = 16;
const AD_BREAK_END: u8 = 17;
const AD_START: u8 = 18;
const AD_QUARTILE: u8 = 20;
const AD_ERROR: u8 = 23;

/// A session by name, its beacons in the client's order, and columns of its plays as they have to be.
struct Case {
    name: &'static str,
    told: Vec<Value>,
    plays: Vec<Value>,
}

/// A state after so many milliseconds.
fn state(at_ms: i64, state: u8) -> Value {
    json!({"at": at_ms, "event": 1, "state": state})
}

/// An event after so many milliseconds.
fn event(at_ms: i64, event: u8) -> Value {
    json!({"at": at_ms, "event": event})
}

/// The beacon with more fields.
fn with(mut beacon: Value, more: Value) -> Value {
    let fields = beacon.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    beacon
}

/// Rows of `beacons_in`; seq counts, but where a case gives one of its own.
fn landing_rows(case: &Case, begins_ms: i64) -> Vec<Value> {
    let row = |(seq, told): (usize, &Value)| {
        let at_ms = begins_ms + told["at"].as_i64().unwrap();
        let fixed = json!({
            "tenant": "default", "session_id": case.name, "session_key": session_key("default", case.name),
            "stream": "json", "seq": seq, "seq_is_ordinal": true,
            "client_time_ms": at_ms, "sent_time_ms": at_ms, "received_time_ms": at_ms + 100, "event_time_ms": at_ms,
        });
        let mut told = told.clone();
        told.as_object_mut().unwrap().remove("at");
        packed(with(fixed, told))
    };
    case.told.iter().enumerate().map(row).collect()
}

fn stalls_and_seeks() -> Vec<Case> {
    vec![
        Case {
            name: "seek_buffering_is_no_stall",
            told: vec![
                state(0, STARTING),
                state(1_000, PLAYING),
                state(5_000, SEEKING),
                state(5_200, REBUFFERING),
                state(7_000, PLAYING),
                state(10_000, ENDED),
            ],
            plays: vec![json!({
                "stalled_ms": 0, "stall_count": 0, "longest_stall_ms": 0, "seeking_ms": 2_000, "seek_count": 1,
                "playing_ms": 7_000, "watch_ms": 10_000, "startup_ms": 1_000, "end_reason": "finished",
            })],
        },
        Case {
            name: "ads_are_no_rebuffering",
            told: vec![
                state(0, STARTING),
                state(1_000, PLAYING),
                event(4_000, AD_BREAK_START),
                with(
                    event(4_000, AD_START),
                    json!({"ad": {"ad_id": "car", "break_id": "mid-1"}}),
                ),
                state(5_000, REBUFFERING),
                with(
                    event(6_000, AD_QUARTILE),
                    json!({"ad": {"ad_id": "car", "break_id": "mid-1", "quartile": "25"}}),
                ),
                with(
                    event(7_000, AD_ERROR),
                    json!({"ad": {"ad_id": "car", "error_code": "vast-402"}}),
                ),
                event(9_000, AD_BREAK_END),
                state(9_000, PLAYING),
                state(12_000, REBUFFERING),
                state(12_700, PLAYING),
                state(14_000, QUIT),
            ],
            plays: vec![json!({
                "stalled_ms": 700, "stall_count": 1, "longest_stall_ms": 700, "ad_ms": 5_000, "playing_ms": 7_300,
                "watch_ms": 14_000, "ad_break_count": 1, "ad_start_count": 1, "ad_error_count": 1,
                "ad_first_quartile_count": 1, "ad_midpoint_count": 0, "end_reason": "exited", "error_count": 0,
            })],
        },
        Case {
            name: "pause_and_seek_do_not_inflate_watch_time",
            told: vec![
                state(0, PLAYING),
                state(10_000, PAUSED),
                state(11_000, SEEKING),
                state(12_000, PAUSED),
                event(300_000, HEARTBEAT),
                event(600_000, HEARTBEAT),
                state(612_000, PLAYING),
                state(620_000, ENDED),
            ],
            plays: vec![json!({
                "playing_ms": 18_000, "paused_ms": 601_000, "seeking_ms": 1_000, "watch_ms": 19_000, "startup_ms": null,
            })],
        },
    ]
}

fn starts_and_ends() -> Vec<Case> {
    vec![
        Case {
            name: "startup_excludes_pre_roll",
            told: vec![
                with(
                    state(0, STARTING),
                    json!({"startup": {"player_ms": 300, "drm_ms": 120}}),
                ),
                event(800, AD_BREAK_START),
                event(900, AD_START),
                event(15_900, AD_BREAK_END),
                with(
                    state(16_400, PLAYING),
                    json!({"startup": {"manifest_ms": 80, "first_segment_ms": 210}}),
                ),
                state(20_000, ENDED),
            ],
            plays: vec![json!({
                "startup_ms": 1_300, "ad_ms": 15_100, "playing_ms": 3_600, "player_startup_ms": 300,
                "drm_startup_ms": 120, "manifest_startup_ms": 80, "first_segment_startup_ms": 210,
            })],
        },
        Case {
            name: "a_startup_told_as_a_number_counts_where_no_state_tells_it",
            told: vec![
                state(0, PLAYING),
                with(
                    event(1_000, HEARTBEAT),
                    json!({"startup": {"total_ms": 382}}),
                ),
                state(20_000, ENDED),
            ],
            plays: vec![json!({"startup_ms": 382, "starting_ms": 0, "watch_ms": 20_000})],
        },
        Case {
            name: "a_startup_that_is_seen_counts_before_the_number",
            told: vec![
                with(state(0, STARTING), json!({"startup": {"total_ms": 900}})),
                state(1_000, PLAYING),
                state(20_000, ENDED),
            ],
            plays: vec![json!({"startup_ms": 1_000})],
        },
        Case {
            name: "no_player_starts_within_five_milliseconds",
            told: vec![
                with(state(0, PLAYING), json!({"startup": {"total_ms": 3}})),
                state(20_000, ENDED),
            ],
            plays: vec![json!({"startup_ms": null})],
        },
        Case {
            name: "a_client_without_states_may_tell_its_startup",
            told: vec![
                event(0, HEARTBEAT),
                with(
                    event(1_000, BITRATE_CHANGE),
                    json!({"startup": {"total_ms": 382}}),
                ),
            ],
            plays: vec![json!({"startup_ms": 382, "is_started": false, "watch_ms": 0})],
        },
        Case {
            name: "an_exit_before_start_has_no_watch_time",
            told: vec![state(0, STARTING), state(6_000, QUIT)],
            plays: vec![json!({
                "watch_ms": 0, "starting_ms": 6_000, "startup_ms": null, "is_started": false,
                "end_reason": "exited_before_start", "first_frame_at": null, "player_startup_ms": null,
            })],
        },
        Case {
            name: "a_refusal_by_rule_is_no_technical_failure",
            told: vec![
                state(0, STARTING),
                with(
                    event(500, ERROR),
                    json!({"error": {"code": "geo", "fatal": "true", "business": "true"}}),
                ),
                state(510, FAILED),
            ],
            plays: vec![json!({
                "end_reason": "failed_before_start", "is_business_failure": true, "fatal_error_count": 1,
                "last_error_code": "geo", "watch_ms": 0,
            })],
        },
        Case {
            name: "an_error_that_kills_is_technical_unless_it_says_otherwise",
            told: vec![
                state(0, PLAYING),
                with(
                    event(2_000, ERROR),
                    json!({"error": {"code": "slow", "fatal": "false"}}),
                ),
                with(
                    event(4_000, ERROR),
                    json!({"error": {"code": "decode", "fatal": "true"}}),
                ),
            ],
            plays: vec![json!({
                "end_reason": "failed", "is_business_failure": false, "error_count": 2, "fatal_error_count": 1,
                "last_error_code": "decode", "playing_ms": 4_000,
            })],
        },
        Case {
            name: "a_pause_after_the_end_is_the_elements_own",
            told: vec![
                state(0, STARTING),
                state(1_000, PLAYING),
                state(9_000, ENDED),
                state(9_002, PAUSED),
                event(9_500, BITRATE_CHANGE),
                state(10_000, PAUSED),
            ],
            plays: vec![json!({
                "end_reason": "finished", "playing_ms": 8_000, "paused_ms": 0, "watch_ms": 9_000,
            })],
        },
        Case {
            name: "who_plays_on_after_such_a_pause_begins_again",
            told: vec![
                state(0, PLAYING),
                state(5_000, ENDED),
                state(5_002, PAUSED),
                state(8_000, PLAYING),
                state(9_000, PAUSED),
                state(9_400, QUIT),
            ],
            plays: vec![json!({
                "end_reason": "exited", "playing_ms": 6_000, "paused_ms": 400,
            })],
        },
        Case {
            name: "one_viewing_is_one_session_although_the_player_reloads",
            told: vec![
                with(state(0, STARTING), json!({"content_id": "film"})),
                with(state(1_000, PLAYING), json!({"content_id": "film"})),
                state(5_000, STARTING),
                with(state(5_600, PLAYING), json!({"content_id": "film"})),
                state(9_000, ENDED),
            ],
            plays: vec![json!({
                "play_no": 1, "content_id": "film", "startup_ms": 1_000, "starting_ms": 1_600, "playing_ms": 7_400,
                "stalled_ms": 0, "watch_ms": 9_000,
            })],
        },
    ]
}

fn titles() -> Vec<Case> {
    let of = |content: &str| json!({"content_id": content});
    vec![Case {
        name: "a_second_title_is_a_second_play",
        told: vec![
            with(
                state(0, PLAYING),
                json!({"content_id": "a", "content": {"title": "First"}, "position_ms": 0, "content_duration_ms": 40_000}),
            ),
            with(
                event(10_000, HEARTBEAT),
                json!({"content_id": "a", "position_ms": 10_000}),
            ),
            with(
                state(20_000, STARTING),
                json!({"content_id": "b", "content": {"title": "Second"}}),
            ),
            with(state(21_500, PLAYING), of("b")),
            // Tells no title: still the second.
            state(25_000, REBUFFERING),
            with(state(26_000, PLAYING), of("b")),
            with(
                state(30_000, STARTING),
                json!({"content_id": "a", "position_ms": 10_000}),
            ),
            state(33_000, QUIT),
        ],
        plays: vec![
            json!({
                "play_no": 1, "content_id": "a", "content_title": "First", "end_reason": "exited", "playing_ms": 20_000,
                "furthest_position_ms": 10_000, "last_position_ms": 10_000, "quartile": 1, "beacons_received": 8,
                "startup_ms": null,
            }),
            json!({
                "play_no": 2, "content_id": "b", "content_title": "Second", "end_reason": "exited", "startup_ms": 1_500,
                "playing_ms": 7_500, "stalled_ms": 1_000, "beacons_received": 0, "furthest_position_ms": null,
                "quartile": null,
            }),
            json!({
                "play_no": 3, "content_id": "a", "end_reason": "exited_before_start", "watch_ms": 0,
                "starting_ms": 3_000, "furthest_position_ms": null,
            }),
        ],
    }]
}

fn picture_and_position() -> Vec<Case> {
    let picture = |kbps: u32, height: u32| json!({"bitrate_kbps": kbps, "height": height});
    vec![
        Case {
            name: "bitrate_and_height_are_weighted_by_time",
            told: vec![
                with(state(0, PLAYING), picture(1_000, 360)),
                with(event(1_000, BITRATE_CHANGE), picture(4_000, 1_080)),
                with(event(4_000, BITRATE_CHANGE), picture(2_000, 720)),
                state(6_000, ENDED),
            ],
            plays: vec![json!({
                "average_bitrate_kbps": 17_000.0 / 6.0, "top_bitrate_kbps": 4_000, "bitrate_switch_count": 2,
                "bitrate_upswitch_count": 1, "top_height": 1_080, "average_height": (360.0 + 3_240.0 + 1_440.0) / 6.0,
            })],
        },
        Case {
            name: "media_played_counts_the_rate",
            told: vec![
                with(state(0, PLAYING), json!({"position_ms": 60_000})),
                with(
                    event(4_000, RATE_CHANGE),
                    json!({"playback_rate": 2.0, "position_ms": 64_000}),
                ),
                with(state(7_000, PAUSED), json!({"position_ms": 70_000})),
                with(state(9_000, QUIT), json!({"position_ms": 70_000})),
            ],
            plays: vec![json!({
                "media_ms": 10_000, "playing_ms": 7_000, "first_position_ms": 60_000, "last_position_ms": 70_000,
                "watched": [{"from_ms": 60_000, "to_ms": 64_000}, {"from_ms": 64_000, "to_ms": 70_000}],
            })],
        },
        Case {
            name: "background_time_is_told_apart",
            told: vec![
                state(0, PLAYING),
                with(event(2_000, BACKGROUND_CHANGE), json!({"background": true})),
                state(5_000, PAUSED),
                with(
                    event(9_000, BACKGROUND_CHANGE),
                    json!({"background": false}),
                ),
                state(10_000, QUIT),
            ],
            plays: vec![json!({"background_ms": 7_000, "playing_ms": 5_000, "paused_ms": 5_000})],
        },
        Case {
            name: "a_change_of_cdn_counts_where_both_are_known",
            told: vec![
                state(0, PLAYING),
                with(event(1_000, HOST_CHANGE), json!({"cdn": "one"})),
                with(event(2_000, HOST_CHANGE), json!({"cdn": "two"})),
                event(3_000, AD_BREAK_START),
                with(event(4_000, AD_BREAK_END), json!({"cdn": "one"})),
                state(5_000, QUIT),
            ],
            plays: vec![json!({"cdn_switch_count": 2, "cdn": "one"})],
        },
    ]
}

fn delivery() -> Vec<Case> {
    let counters = |stalled_ms: u32, stall_count: u32| json!({"counters": {"stalled_ms": stalled_ms, "stall_count": stall_count, "paused_ms": 0}});
    vec![
        Case {
            name: "totals_repair_what_lost_beacons_hid",
            told: vec![
                with(state(0, PLAYING), json!({"seq": 0})),
                // 1 and 2, a stall of three seconds, never arrived.
                with(
                    with(event(20_000, HEARTBEAT), json!({"seq": 3})),
                    counters(3_000, 1),
                ),
                with(state(30_000, ENDED), json!({"seq": 4})),
            ],
            plays: vec![json!({
                "beacons_lost": 2, "beacons_sent": 5, "stalled_ms": 3_000, "stall_count": 1, "playing_ms": 27_000,
                "repaired_ms": 3_000, "is_repaired": true, "watch_ms": 30_000,
            })],
        },
        Case {
            name: "totals_change_nothing_where_nothing_was_lost",
            told: vec![
                state(0, PLAYING),
                with(event(20_000, HEARTBEAT), counters(3_000, 1)),
                state(30_000, ENDED),
            ],
            plays: vec![
                json!({"stalled_ms": 0, "playing_ms": 30_000, "repaired_ms": 0, "is_repaired": false}),
            ],
        },
        Case {
            name: "a_copy_counts_by_its_own_arrival",
            told: vec![
                state(0, PLAYING),
                with(event(5_000, HEARTBEAT), json!({"seq": 1})),
                // The client sent it again; what Kafka delivers again has the same received time.
                with(
                    event(5_000, HEARTBEAT),
                    json!({"seq": 1, "received_time_ms": 1_795_000_000_000_i64}),
                ),
                with(
                    event(5_000, HEARTBEAT),
                    json!({"seq": 1, "received_time_ms": 1_795_000_000_000_i64}),
                ),
                with(state(8_000, ENDED), json!({"seq": 2})),
            ],
            plays: vec![
                json!({"beacons_received": 3, "beacons_duplicated": 1, "beacons_lost": 0, "counter_resets": 0}),
            ],
        },
        Case {
            name: "a_counter_that_begins_anew_is_told",
            told: vec![
                with(state(0, PLAYING), json!({"seq": 7})),
                with(state(1_000, PAUSED), json!({"seq": 8})),
                with(state(2_000, PLAYING), json!({"seq": 0})),
                with(state(3_000, ENDED), json!({"seq": 1})),
            ],
            plays: vec![json!({"counter_resets": 1, "beacons_received": 4, "playing_ms": 2_000})],
        },
        Case {
            name: "the_greatest_variant_of_each_experiment",
            told: vec![
                with(
                    state(0, PLAYING),
                    json!({"experiments": {"button": "blue"}}),
                ),
                with(
                    state(1_000, ENDED),
                    json!({"experiments": {"button": "red", "list": "b"}}),
                ),
            ],
            plays: vec![json!({"experiments": {"button": "red", "list": "b"}})],
        },
    ]
}

/// Numbers equal when they differ by rounding only.
fn agrees(found: &Value, expected: &Value) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
        _ => found == expected,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_trap_has_its_numbers() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let cases: Vec<Case> =
            [stalls_and_seeks(), starts_and_ends(), titles(), picture_and_position(), delivery()]
                .into_iter()
                .flatten()
                .collect();
        let mut landing = Vec::new();
        for case in &cases {
            landing.extend(landing_rows(case, (now - 3_600) * 1_000));
        }
        insert(&warehouse, &landing).await;
        let plays: usize = cases.iter().map(|case| case.plays.len()).sum();
        wait_for_sessions(&warehouse, plays).await;

        let found = rows(
            &warehouse,
            "SELECT * FROM sessions_v ORDER BY session_id, play_no SETTINGS output_format_json_quote_64bit_integers = 0",
        )
        .await;
        let mut wrong = String::new();
        for case in &cases {
            let of_it: Vec<_> = found.iter().filter(|row| row["session_id"] == case.name).collect();
            if of_it.len() != case.plays.len() {
                writeln!(wrong, "{}: {} plays, not {}", case.name, of_it.len(), case.plays.len()).unwrap();
            }
            for (row, play) in of_it.iter().zip(&case.plays) {
                for (column, expected) in play.as_object().unwrap() {
                    if !agrees(&row[column], expected) {
                        writeln!(wrong, "{}: {column} is {}, not {expected}", case.name, row[column]).unwrap();
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "\n{wrong}");
    })
    .await;
}
