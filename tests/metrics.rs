//! The registry of metrics on the real engine: every formula over a small set of rows, against a second computation in
//! plain Rust over the same rows; the API, the documentation and the dashboards against the registry.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::scratch::{in_database, placeholders, warehouse_at};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::{AnalyticsSettings, AnalyticsState, queries, router};
use playhead::definitions::select::with_formulas;
use playhead::definitions::{Family, Grain, Metric, Unit, columns, document, formula, registry};
use playhead::warehouse::{Migrator, Warehouse};
use serde_json::{Value, json};
use time::{Duration as Span, OffsetDateTime};
use tower::ServiceExt as _;

const WINDOW: Span = Span::minutes(10);

/// A row of the rollup; measures that are not told are 0.
struct Minute {
    tenant: &'static str,
    /// Minutes after the window's begin.
    at: i64,
    measures: &'static [(&'static str, u64)],
}

/// A row of sessions. Times in ms after the window's begin.
#[derive(Clone, Copy)]
struct Session {
    tenant: &'static str,
    viewer: &'static str,
    began: i64,
    first_frame: Option<i64>,
    ended: Option<i64>,
    last_seen: i64,
    end_reason: &'static str,
    is_business: bool,
    startup_ms: Option<u64>,
    preload_ms: u64,
    playing_ms: u64,
    stalled_ms: u64,
    watch_ms: u64,
    stalls: u64,
    switches: u64,
    received: u64,
    lost: u64,
    copies: u64,
    intervals: &'static [(&'static str, i64, i64)],
    /// Ad breaks: when they began, and whether an ad did.
    breaks: &'static [(i64, bool)],
    quartile: Option<u8>,
}

const MINUTES: [Minute; 4] = [
    Minute {
        tenant: "default",
        at: 0,
        measures: &[
            ("attempts", 10),
            ("plays", 8),
            ("startup_ms_sum", 9_000),
            ("startup_count", 7),
            ("starting_ms", 12_000),
            ("playing_ms", 300_000),
            ("stalled_ms", 6_000),
            ("seeking_ms", 2_000),
            ("paused_ms", 50_000),
            ("ad_ms", 30_000),
            ("stall_count", 3),
            ("bitrate_kbit_ms", 900_000_000),
            ("bitrate_known_ms", 250_000),
            ("error_count", 4),
            ("ad_start_count", 6),
            ("ad_end_count", 4),
            ("ad_skip_count", 1),
            ("ad_click_count", 2),
            ("ad_impression_count", 5),
            ("ad_error_count", 2),
        ],
    },
    Minute {
        tenant: "default",
        at: 9,
        measures: &[
            ("attempts", 2),
            ("plays", 1),
            ("startup_ms_sum", 700),
            ("startup_count", 1),
            ("ended_plays", 5),
            ("finishes", 2),
            ("exits_before_start", 2),
            ("failures_before_start", 1),
            ("failures", 2),
            ("timeouts", 1),
            ("starting_ms", 500),
            ("playing_ms", 100_000),
            ("stalled_ms", 1_000),
            ("stall_count", 1),
            ("bitrate_kbit_ms", 100_000_000),
            ("bitrate_known_ms", 100_000),
            ("error_count", 1),
            ("ad_start_count", 2),
            ("ad_end_count", 1),
        ],
    },
    // Two hours later, and somebody else's: neither counts.
    Minute {
        tenant: "default",
        at: -120,
        measures: &[("attempts", 1_000), ("playing_ms", 5), ("stalled_ms", 77)],
    },
    Minute {
        tenant: "other",
        at: 0,
        measures: &[("attempts", 500), ("plays", 500), ("stalled_ms", 99)],
    },
];

const NOBODY: Session = Session {
    tenant: "default",
    viewer: "",
    began: 0,
    first_frame: None,
    ended: None,
    last_seen: 0,
    end_reason: "running",
    is_business: false,
    startup_ms: None,
    preload_ms: 0,
    playing_ms: 0,
    stalled_ms: 0,
    watch_ms: 0,
    stalls: 0,
    switches: 0,
    received: 1,
    lost: 0,
    copies: 0,
    intervals: &[],
    breaks: &[],
    quartile: None,
};

/// Every way in which a session can go.
const SESSIONS: [Session; 12] = [
    // Finished, with two stalls.
    Session {
        viewer: "v-1",
        first_frame: Some(400),
        ended: Some(60_400),
        last_seen: 60_400,
        end_reason: "finished",
        startup_ms: Some(400),
        playing_ms: 50_000,
        stalled_ms: 10_000,
        watch_ms: 60_400,
        stalls: 2,
        switches: 3,
        quartile: Some(4),
        received: 9,
        lost: 1,
        intervals: &[
            ("starting", 0, 400),
            ("playing", 400, 20_400),
            ("stalled", 20_400, 30_400),
            ("playing", 30_400, 60_400),
        ],
        ..NOBODY
    },
    // Preloaded, then a pre-roll break of 15 s before the first frame.
    Session {
        viewer: "v-2",
        began: 9_000,
        first_frame: Some(27_000),
        ended: Some(47_000),
        last_seen: 47_000,
        end_reason: "exited",
        startup_ms: Some(2_000),
        preload_ms: 1_000,
        playing_ms: 20_000,
        watch_ms: 37_000,
        breaks: &[(12_000, true), (40_000, false)],
        quartile: Some(1),
        switches: 1,
        received: 6,
        intervals: &[
            ("preloading", 9_000, 10_000),
            ("starting", 10_000, 12_000),
            ("in_ad", 12_000, 27_000),
            ("playing", 27_000, 47_000),
        ],
        ..NOBODY
    },
    // Left after four seconds, and after half a second.
    Session {
        viewer: "v-1",
        began: 70_000,
        ended: Some(74_000),
        last_seen: 74_000,
        end_reason: "exited_before_start",
        intervals: &[("starting", 70_000, 74_000)],
        ..NOBODY
    },
    Session {
        began: 80_000,
        ended: Some(80_500),
        last_seen: 80_500,
        end_reason: "exited_before_start",
        intervals: &[("starting", 80_000, 80_500)],
        ..NOBODY
    },
    // Failed before and after the first frame.
    Session {
        viewer: "v-3",
        began: 90_000,
        ended: Some(93_000),
        last_seen: 93_000,
        end_reason: "failed_before_start",
        is_business: true,
        received: 2,
        lost: 2,
        ..NOBODY
    },
    Session {
        viewer: "v-4",
        began: 100_000,
        first_frame: Some(108_000),
        ended: Some(200_000),
        last_seen: 200_000,
        end_reason: "failed",
        startup_ms: Some(8_000),
        playing_ms: 80_000,
        stalled_ms: 4_000,
        watch_ms: 92_000,
        breaks: &[(110_000, true)],
        stalls: 4,
        received: 20,
        intervals: &[
            ("starting", 100_000, 108_000),
            ("playing", 108_000, 188_000),
            ("stalled", 188_000, 192_000),
            ("paused", 192_000, 200_000),
        ],
        ..NOBODY
    },
    // Running: one that plays and whose start-up time is not known, one that may still start.
    Session {
        viewer: "v-5",
        began: 110_000,
        first_frame: Some(110_000),
        last_seen: 500_000,
        playing_ms: 389_000,
        stalled_ms: 1_000,
        watch_ms: 390_000,
        stalls: 1,
        received: 40,
        copies: 11,
        lost: 3,
        intervals: &[
            ("playing", 110_000, 300_000),
            ("stalled", 300_000, 301_000),
            ("playing", 301_000, 500_000),
        ],
        ..NOBODY
    },
    Session {
        viewer: "v-6",
        began: 120_000,
        last_seen: 125_000,
        intervals: &[("starting", 120_000, 125_000)],
        ..NOBODY
    },
    // Fell silent before, and after, the first frame.
    Session {
        viewer: "v-6",
        began: 130_000,
        ended: Some(160_000),
        last_seen: 150_000,
        end_reason: "timed_out",
        intervals: &[("starting", 130_000, 160_000)],
        ..NOBODY
    },
    Session {
        viewer: "v-7",
        began: 140_000,
        first_frame: Some(140_600),
        ended: Some(190_000),
        last_seen: 180_000,
        end_reason: "timed_out",
        startup_ms: Some(600),
        playing_ms: 49_400,
        watch_ms: 50_000,
        intervals: &[
            ("starting", 140_000, 140_600),
            ("playing", 140_600, 190_000),
        ],
        ..NOBODY
    },
    // Began before the window and reaches into it.
    Session {
        viewer: "v-8",
        began: -60_000,
        first_frame: Some(-59_000),
        ended: Some(30_000),
        last_seen: 30_000,
        end_reason: "finished",
        startup_ms: Some(1_000),
        playing_ms: 89_000,
        watch_ms: 90_000,
        stalls: 50,
        // One break before the window.
        breaks: &[(-30_000, true), (10_000, false)],
        received: 30,
        intervals: &[("starting", -60_000, -59_000), ("playing", -59_000, 30_000)],
        ..NOBODY
    },
    Session {
        tenant: "other",
        viewer: "v-9",
        first_frame: Some(100),
        ended: Some(90_000),
        last_seen: 90_000,
        end_reason: "failed",
        startup_ms: Some(100),
        stalls: 9,
        intervals: &[("playing", 0, 90_000)],
        ..NOBODY
    },
];

impl Session {
    fn is_started(&self) -> bool {
        self.first_frame.is_some()
    }

    fn has_failed(&self) -> bool {
        self.end_reason.starts_with("failed")
    }

    fn has_ended(&self) -> bool {
        self.end_reason != "running"
    }

    /// Ended without a frame and without a failure.
    fn is_early_exit(&self) -> bool {
        self.has_ended() && !self.is_started() && !self.has_failed()
    }

    fn startup_score(&self) -> Option<f64> {
        self.startup_ms
            .map(|ms| 8.0 / (8.0 + ms as f64 / 1_000.0) * 100.0)
    }

    fn smoothness_score(&self) -> f64 {
        let by_count = 100.0 / (1.0 + (self.stalls as f64 / 2.0).powi(2)).sqrt();
        let share = self.stalled_ms as f64 / self.watch_ms as f64;
        (by_count + 100.0 * (-10.0 * share).exp()) / 2.0
    }

    fn success_score(&self) -> Option<f64> {
        match self.ended {
            _ if self.has_failed() => Some(0.0),
            _ if self.is_started() => Some(100.0),
            Some(ended) if ended - self.began >= 1_000 => Some(50.0),
            _ => None,
        }
    }

    fn overall_score(&self) -> Option<f64> {
        match self.success_score()? {
            score if score < 100.0 => Some(score),
            _ => {
                let smoothness = self.smoothness_score();
                Some((self.startup_score().unwrap_or(smoothness) + smoothness) / 2.0)
            }
        }
    }
}

/// The rows of a window, for the second computation.
struct Oracle {
    minutes: BTreeMap<&'static str, u64>,
    began: Vec<Session>,
    touching: Vec<Session>,
    /// Sessions there, and of these in starting, at each second of the window.
    curve: Vec<(u64, u64)>,
    /// Viewers with a first frame on the days of the window.
    viewers: BTreeSet<&'static str>,
}

/// Of a window in the middle of a day.
fn oracle() -> Oracle {
    oracle_of(time::macros::datetime!(2026-11-21 12:00 UTC))
}

fn oracle_of(t0: OffsetDateTime) -> Oracle {
    let end = i64::try_from(WINDOW.whole_milliseconds()).unwrap();
    let own = SESSIONS
        .iter()
        .filter(|session| session.tenant == "default");
    let touches =
        |session: &&Session| session.began < end && session.ended.unwrap_or(session.last_seen) >= 0;
    let touching: Vec<_> = own.filter(touches).copied().collect();
    let mut minutes = BTreeMap::new();
    for row in &MINUTES {
        if row.tenant == "default" && (0..10).contains(&row.at) {
            for (measure, value) in row.measures {
                *minutes.entry(*measure).or_default() += value;
            }
        }
    }
    let at = |second: i64| {
        let ms = second * 1_000;
        let intervals = touching.iter().flat_map(|session| session.intervals);
        let there: Vec<_> = intervals
            .filter(|(state, from, to)| *state != "preloading" && *from <= ms && ms < *to)
            .collect();
        let starting = there.iter().filter(|(state, ..)| *state == "starting");
        (there.len() as u64, starting.count() as u64)
    };
    Oracle {
        minutes,
        began: touching.iter().filter(|s| s.began >= 0).copied().collect(),
        curve: (0..end / 1_000).map(at).collect(),
        viewers: touching
            .iter()
            .filter(|s| s.is_started() && !s.viewer.is_empty())
            .filter(|s| (t0 + Span::milliseconds(s.began)).date() >= t0.date())
            .map(|s| s.viewer)
            .collect(),
        touching,
    }
}

impl Oracle {
    fn sum(&self, measures: &[&str]) -> f64 {
        let value = |measure: &&str| self.minutes.get(measure).copied().unwrap_or(0);
        measures.iter().map(value).sum::<u64>() as f64
    }

    fn count(&self, is_counted: impl Fn(&Session) -> bool) -> f64 {
        self.began
            .iter()
            .filter(|session| is_counted(session))
            .count() as f64
    }

    fn total(&self, value: impl Fn(&Session) -> u64) -> f64 {
        self.began.iter().map(value).sum::<u64>() as f64
    }

    fn mean(&self, value: impl Fn(&Session) -> Option<f64>) -> f64 {
        let values: Vec<_> = self.began.iter().filter_map(value).collect();
        values.iter().sum::<f64>() / values.len() as f64
    }

    /// Of each ad break that began in the window, whether it was filled.
    fn breaks(&self) -> Vec<bool> {
        let all = self.touching.iter().flat_map(|session| session.breaks);
        all.filter(|(begun, _)| *begun >= 0)
            .map(|(_, is_filled)| *is_filled)
            .collect()
    }

    /// The start-up time at a rank.
    fn startup_at(&self, quantile: f64) -> f64 {
        let mut known: Vec<_> = self.began.iter().filter_map(|s| s.startup_ms).collect();
        known.sort_unstable();
        let rank = quantile * (known.len() - 1) as f64;
        known[rank.floor() as usize] as f64
    }

    /// What the metric of this name must be; a name that is not here has no second computation.
    fn value(&self, name: &str) -> Option<f64> {
        const WATCHED: [&str; 5] = [
            "starting_ms",
            "playing_ms",
            "stalled_ms",
            "seeking_ms",
            "ad_ms",
        ];
        const RUNNING: [&str; 3] = ["playing_ms", "stalled_ms", "ad_ms"];
        let sum = |measures: &[&str]| self.sum(measures);
        let attempts = self.began.len() as f64;
        let started = self.count(Session::is_started);
        let ended = self.count(Session::has_ended);
        let watch_of = |measure| sum(&[measure]) / sum(&WATCHED);
        let ads = |measure| sum(&[measure]) / sum(&["ad_start_count"]);
        let window_seconds = WINDOW.whole_seconds() as f64;
        Some(match name {
            "attempts"
            | "plays"
            | "ended_plays"
            | "timeouts"
            | "playing_ms"
            | "failures"
            | "failures_before_start"
            | "exits_before_start" => sum(&[name]),
            "starts_per_second" => sum(&["plays"]) / window_seconds,
            "plays_per_attempt_ratio" => sum(&["plays"]) / sum(&["attempts"]),
            "unique_viewers" => {
                let ids = self.touching.iter().map(|session| session.viewer);
                ids.filter(|id| !id.is_empty())
                    .collect::<BTreeSet<_>>()
                    .len() as f64
            }
            "cta2066_watch_ms" => sum(&WATCHED),
            "mux_playing_ms" => sum(&["playing_ms", "ad_ms"]),
            "cta2066_startup_ms_mean" => sum(&["startup_ms_sum"]) / sum(&["startup_count"]),
            "mux_startup_ms_mean" => {
                self.mean(|s| Some((s.first_frame? - s.began) as f64 - s.preload_ms as f64))
            }
            "conviva_startup_ms_mean" => self.mean(|s| s.startup_ms.map(|ms| ms as f64)),
            "startup_ms_p50" => self.startup_at(0.5),
            "startup_ms_p95" => self.startup_at(0.95),
            "startup_ms_p99" => self.startup_at(0.99),
            "cta2066_rebuffering_ratio" => watch_of("stalled_ms"),
            "mux_rebuffering_ratio" => sum(&["stalled_ms"]) / sum(&RUNNING),
            "conviva_rebuffering_ratio" => {
                sum(&["stalled_ms"]) / sum(&["stalled_ms", "playing_ms"])
            }
            "mux_rebuffers_per_minute" => sum(&["stall_count"]) / (sum(&RUNNING) / 60_000.0),
            "cta2066_stalls_per_session" => self.total(|s| s.stalls) / attempts,
            "stalled_sessions_ratio" => self.count(|s| s.stalls > 0) / started,
            "errors" => sum(&["error_count"]),
            "cta2066_failure_ratio" => self.count(Session::has_failed) / attempts,
            "mux_failure_ratio" => self.count(|s| s.has_failed() && !s.is_business) / ended,
            "conviva_business_start_failure_ratio" => {
                self.count(|s| s.is_business && !s.is_started()) / attempts
            }
            "conviva_play_failure_ratio" => sum(&["failures"]) / sum(&["ended_plays"]),
            "conviva_start_failure_ratio" => {
                self.count(|s| s.has_failed() && !s.is_started()) / attempts
            }
            "exits_before_start_ratio" => sum(&["exits_before_start"]) / sum(&["attempts"]),
            "conviva_exits_before_start_ratio" => self.count(Session::is_early_exit) / attempts,
            "mux_exits_before_start_ratio" => self.count(Session::is_early_exit) / ended,
            "average_bitrate_kbps" => sum(&["bitrate_kbit_ms"]) / sum(&["bitrate_known_ms"]),
            "bitrate_switches_per_minute" => {
                self.total(|s| s.switches) / (self.total(|s| s.playing_ms) / 60_000.0)
            }
            "peak_concurrent_viewers" => self.curve.iter().map(|at| at.0).max()? as f64,
            "conviva_concurrent_plays" => self.curve.iter().map(|at| at.0 - at.1).max()? as f64,
            "mux_concurrent_viewers" => {
                let mut samples = self.curve.iter().step_by(5).map(|at| at.0);
                samples.rfind(|sessions| *sessions > 0)? as f64
            }
            "concurrent_viewers_mean" => {
                self.curve.iter().map(|at| at.0).sum::<u64>() as f64 / window_seconds
            }
            "distinct_plays" => self.touching.iter().filter(|s| s.is_started()).count() as f64,
            "ad_starts" => sum(&["ad_start_count"]),
            "ad_completion_ratio" => ads("ad_end_count"),
            "ad_skip_ratio" => ads("ad_skip_count"),
            "ad_click_ratio" => ads("ad_click_count"),
            "ad_impressions" => sum(&["ad_impression_count"]),
            "ad_error_ratio" => {
                sum(&["ad_error_count"]) / sum(&["ad_error_count", "ad_start_count"])
            }
            "ad_breaks" => self.breaks().len() as f64,
            "ad_fill_ratio" => {
                let breaks = self.breaks();
                breaks.iter().filter(|filled| **filled).count() as f64 / breaks.len() as f64
            }
            "new_viewers" => self.viewers.len() as f64,
            "completion_ratio" => {
                self.count(|s| s.is_started() && s.quartile == Some(4))
                    / self.count(|s| s.is_started() && s.quartile.is_some())
            }
            "finish_ratio" => sum(&["finishes"]) / sum(&["ended_plays"]),
            "ad_time_ratio" => sum(&["ad_ms"]) / sum(&["ad_ms", "playing_ms"]),
            "beacon_loss_ratio" => self.total(|s| s.lost) / self.total(|s| s.lost + s.received),
            "beacon_duplicate_ratio" => self.total(|s| s.copies) / self.total(|s| s.received),
            "mux_startup_score" => self.mean(Session::startup_score),
            "mux_smoothness_score" => self.mean(|s| s.is_started().then(|| s.smoothness_score())),
            "mux_success_score" => self.mean(Session::success_score),
            "overall_score" => self.mean(Session::overall_score),
            _ => return None,
        })
    }
}

/// Some of the second computation's values, worked out by hand from the rows above.
#[test]
fn the_second_computation_is_right_by_hand() {
    let oracle = oracle();
    for (name, expected) in [
        // 7,000 of 12,500 + 400,000 + 7,000 + 2,000 + 30,000, and of 437,000 and 407,000.
        ("cta2066_rebuffering_ratio", 7_000.0 / 451_500.0),
        ("mux_rebuffering_ratio", 7_000.0 / 437_000.0),
        ("conviva_rebuffering_ratio", 7_000.0 / 407_000.0),
        ("cta2066_startup_ms_mean", 9_700.0 / 8.0),
        // 400, 17,000, 8,000, 0 and 600 of the five that started in the window.
        ("mux_startup_ms_mean", 26_000.0 / 5.0),
        ("conviva_startup_ms_mean", 11_000.0 / 4.0),
        // Two of ten, of which eight have ended; one of the two was refused by rule.
        ("cta2066_failure_ratio", 0.2),
        ("mux_failure_ratio", 0.125),
        ("conviva_business_start_failure_ratio", 0.1),
        ("beacon_duplicate_ratio", 11.0 / 82.0),
        ("conviva_play_failure_ratio", 0.4),
        ("conviva_exits_before_start_ratio", 0.3),
        ("mux_exits_before_start_ratio", 0.375),
        ("exits_before_start_ratio", 2.0 / 12.0),
        ("starts_per_second", 0.015),
        ("unique_viewers", 8.0),
        ("distinct_plays", 6.0),
        // Two of four breaks; v-1, v-2, v-4, v-5, v-7 and v-8.
        ("ad_fill_ratio", 0.5),
        ("ad_error_ratio", 0.2),
        ("new_viewers", 6.0),
        ("completion_ratio", 0.5),
        ("finish_ratio", 0.4),
        ("beacon_loss_ratio", 6.0 / 88.0),
        // 100, 100, 50, none, 0, 0, 100, none, 50, 100; failed ones are 0 though they started.
        ("mux_success_score", 500.0 / 8.0),
    ] {
        let found = oracle.value(name).unwrap();
        assert!(
            (found - expected).abs() < 1e-9,
            "{name}: {found}, not {expected}"
        );
    }
}

/// The full minute 13 minutes ago: its ten minutes are over, and inside the window of the live page.
fn begin() -> OffsetDateTime {
    let past = OffsetDateTime::now_utc() - Span::minutes(13);
    past.replace_second(0)
        .unwrap()
        .replace_nanosecond(0)
        .unwrap()
}

/// A moment as the server reads it.
fn clickhouse(begin: OffsetDateTime, after_ms: i64) -> String {
    let at = begin + Span::milliseconds(after_ms);
    let format = time::macros::format_description!(
        "[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]"
    );
    at.format(&format).unwrap()
}

async fn insert(warehouse: &Warehouse, table: &str, rows: &[Value]) {
    let lines: Vec<_> = rows.iter().map(Value::to_string).collect();
    let sql = format!(
        "INSERT INTO {table} FORMAT JSONEachRow\n{}",
        lines.join("\n")
    );
    let limit = Duration::from_secs(60);
    warehouse
        .execute(warehouse.query(&sql), limit)
        .await
        .unwrap();
}

/// Creates the schema and puts the rows into the tables behind the reader views.
async fn fill(warehouse: &Warehouse, t0: OffsetDateTime) {
    let placeholders = placeholders();
    let migrator = Migrator::embedded(warehouse, &placeholders);
    migrator.run(|_| {}).await.unwrap();
    let minutes = |about: Value| {
        let each = MINUTES.iter().map(move |row| {
            let minute = t0 + Span::minutes(row.at);
            let mut told = about.clone();
            told["tenant"] = json!(row.tenant);
            told["minute"] = json!(minute.unix_timestamp());
            told["version"] = json!(clickhouse(t0, 0));
            for (measure, value) in row.measures {
                told[*measure] = json!(value);
            }
            told
        });
        each.collect::<Vec<_>>()
    };
    let titles = minutes(json!({"dimension_set": "audience", "content_id": "film"}));
    insert(warehouse, "quality_by_minute", &titles).await;
    insert(warehouse, "quality_totals_by_minute", &minutes(json!({}))).await;
    let sessions = SESSIONS.iter().enumerate().map(|(key, s)| {
        let intervals = s.intervals.iter().map(|(state, from, to)| {
            json!({"state": state, "from": clickhouse(t0, *from), "to": clickhouse(t0, *to)})
        });
        let events = s.breaks.iter().flat_map(|(begun, is_filled)| {
            let told = [Some(40_u8), is_filled.then_some(42), Some(41)];
            let at = clickhouse(t0, *begun);
            told.into_iter().flatten().map(move |code| json!({"at": at, "code": code}))
        });
        let events: Vec<_> = events.collect();
        json!({
            "events": events, "quartile": s.quartile,
            "tenant": s.tenant, "session_key": key, "play_no": 1, "session_id": format!("s-{key}"), "attributes": {"viewer_id": s.viewer},
            "started_at": clickhouse(t0, s.began), "first_frame_at": s.first_frame.map(|ms| clickhouse(t0, ms)),
            "last_seen_at": clickhouse(t0, s.last_seen), "ended_at": s.ended.map(|ms| clickhouse(t0, ms)),
            "end_reason": s.end_reason, "is_started": s.is_started(), "startup_ms": s.startup_ms, "preload_ms": s.preload_ms,
            "playing_ms": s.playing_ms, "stalled_ms": s.stalled_ms, "watch_ms": s.watch_ms, "stall_count": s.stalls,
            "bitrate_switch_count": s.switches, "beacons_received": s.received, "beacons_lost": s.lost, "beacons_duplicated": s.copies, "is_business_failure": s.is_business,
            "intervals": intervals.collect::<Vec<_>>(), "version": clickhouse(t0, 0),
        })
    });
    insert(warehouse, "sessions", &sessions.collect::<Vec<_>>()).await;
    let curve = "INSERT INTO concurrent_viewers_by_second SELECT *, now64(3) AS version FROM concurrent_viewers_v";
    warehouse
        .execute(warehouse.query(curve), Duration::from_secs(60))
        .await
        .unwrap();
}

/// A metric's value as the server writes it: `\N` is NULL, and NaN would be `nan`.
async fn value(warehouse: &Warehouse, metric: &Metric, from: OffsetDateTime) -> String {
    let file = match metric.grain {
        Grain::Minute => queries::QUALITY_MINUTES,
        Grain::Session => queries::QUALITY_SESSIONS,
        Grain::Audience => queries::QUALITY_AUDIENCE,
        Grain::Second => queries::QUALITY_SECONDS,
        Grain::Break => queries::QUALITY_BREAKS,
        Grain::Day => queries::QUALITY_DAYS,
    };
    let sql = with_formulas(file.sql, &[metric]);
    let query = warehouse
        .query(&sql)
        .param("tenant", "default")
        .param("from", clickhouse(from, 0))
        .param("to", clickhouse(from + WINDOW, 0))
        .param("window_seconds", WINDOW.whole_seconds());
    let answer = warehouse.bytes(query, "TabSeparated").await;
    let answer = answer.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", metric.name));
    String::from_utf8(answer).unwrap().trim_end().to_owned()
}

/// Whether a value is the expected one, within the error that the metric tells.
fn is_right(metric: &Metric, found: f64, expected: f64) -> bool {
    let error = if metric.formula.starts_with("quantileDD") {
        0.01
    } else {
        1e-9
    };
    (found - expected).abs() <= expected.abs() * error
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_formula_gives_the_number_of_a_second_computation() {
    in_database(|warehouse| async move {
        let t0 = begin();
        fill(&warehouse, t0).await;
        let oracle = oracle_of(t0);
        for metric in &registry().metrics {
            let name = &metric.name;
            let expected = oracle.value(name);
            let expected = expected.unwrap_or_else(|| panic!("{name} has no second computation"));
            let told = value(&warehouse, metric, t0).await;
            let found: f64 = told.parse().unwrap_or_else(|_| panic!("{name} is {told}"));
            assert!(
                is_right(metric, found, expected),
                "{name} is {found}, not {expected}"
            );

            // Nobody came in that window, years ago.
            let nothing = value(&warehouse, metric, t0 - Span::days(3_000)).await;
            let is_zero = matches!(metric.unit, Unit::Count | Unit::PerSecond)
                || ["cta2066_watch_ms", "mux_playing_ms", "playing_ms"].contains(&name.as_str());
            assert_eq!(
                nothing,
                if is_zero { "0" } else { "\\N" },
                "{name} of nothing"
            );
        }
        the_api_tells_the_same(&warehouse, &oracle, t0).await;
    })
    .await;
}

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

async fn get(api: &Router, path: &str) -> (StatusCode, Value) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

async fn quality(api: &Router, t0: OffsetDateTime, more: &str) -> Value {
    let moment = |at: OffsetDateTime| clickhouse(at, 0).replace(' ', "T") + "Z";
    let window = format!("from={}&to={}", moment(t0), moment(t0 + WINDOW));
    let (status, body) = get(api, &format!("/v1/quality?{window}{more}")).await;
    assert_eq!(status, StatusCode::OK, "{more}: {body}");
    body
}

async fn the_api_tells_the_same(warehouse: &Warehouse, oracle: &Oracle, t0: OffsetDateTime) {
    let api = &api(warehouse);
    let names: Vec<_> = registry().metrics.iter().map(|m| m.name.as_str()).collect();
    let all = quality(api, t0, &format!("&metrics={}", names.join(","))).await;
    assert_eq!(all["metrics"].as_object().unwrap().len(), names.len());
    for metric in &registry().metrics {
        let found = all["metrics"][&metric.name].as_f64().unwrap();
        let expected = oracle.value(&metric.name).unwrap();
        assert!(
            is_right(metric, found, expected),
            "{}: {found}",
            metric.name
        );
    }
    for stamp in ["computed_at", "complete_to", "final_before", "from", "to"] {
        assert!(all.get(stamp).is_some(), "no {stamp}");
    }

    // One question in the terms of three bodies.
    for family in ["cta2066", "mux", "conviva"] {
        let more = format!("&metrics=rebuffering_ratio,plays&definition={family}");
        let answer = quality(api, t0, &more).await;
        let own = format!("{family}_rebuffering_ratio");
        assert_eq!(answer["definition"], family);
        let told = answer["metrics"].as_object().unwrap();
        assert_eq!(told.keys().collect::<Vec<_>>(), [own.as_str(), "plays"]);
        let (found, expected) = (told[&own].as_f64().unwrap(), oracle.value(&own).unwrap());
        assert!((found - expected).abs() < 1e-12, "{own}: {found}");
    }
    let conviva = quality(api, t0, "&definition=conviva").await;
    let family = registry().of_family(Family::Conviva).count();
    assert_eq!(conviva["metrics"].as_object().unwrap().len(), family);

    // What the live page computes itself is what the registry's formulas give.
    let (_, live) = get(api, "/v1/live?window=15m").await;
    let same = quality(api, t0, "").await;
    for (field, metric) in [
        ("attempts", "attempts"),
        ("plays", "plays"),
        ("error_count", "errors"),
        ("watch_ms", "cta2066_watch_ms"),
        ("startup_ms_mean", "cta2066_startup_ms_mean"),
        ("rebuffering_ratio", "cta2066_rebuffering_ratio"),
        ("average_bitrate_kbps", "average_bitrate_kbps"),
    ] {
        let (found, expected) = (&live["totals"][field], &same["metrics"][metric]);
        let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
        assert!(
            (found - expected).abs() <= expected * 1e-12,
            "{field}: {found}, not {expected}"
        );
    }

    // The whole of a day of somebody's wall, told as relative moments.
    let path = "/v1/quality?metrics=plays&from=now-1d/d&to=now/d&time_zone=Asia/Kolkata";
    let (status, body) = get(api, path).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    for end in ["from", "to"] {
        let moment = body[end].as_str().unwrap();
        assert!(moment.ends_with("T18:30:00.000Z"), "{end}: {moment}");
    }

    // Nothing there: null, not 0.
    let empty = quality(
        api,
        t0 - Span::days(3_000),
        "&metrics=plays,rebuffering_ratio,overall_score",
    )
    .await;
    assert_eq!(
        empty["metrics"],
        json!({"cta2066_rebuffering_ratio": null, "overall_score": null, "plays": 0})
    );
}

#[tokio::test]
async fn the_api_lists_the_registry_and_names_what_it_does_not_know() {
    // No warehouse is asked.
    let api = api(&warehouse_at("http://127.0.0.1:1", "playhead"));
    let (status, list) = get(&api, "/v1/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        list["metrics"].as_array().unwrap().len(),
        registry().metrics.len()
    );
    assert_eq!(list["metrics"][0]["formula"], "sum(attempts)");
    for (path, detail) in [
        (
            "/v1/quality?metrics=bufering",
            "parameter `metrics`: there is no metric `bufering`; `playhead metrics` and GET /v1/metrics list all",
        ),
        (
            "/v1/quality?metrics=failure_ratio&definition=playhead",
            "parameter `metrics`: `failure_ratio` has no definition of the family playhead, but these: \
             cta2066_failure_ratio, mux_failure_ratio, conviva_play_failure_ratio",
        ),
        (
            "/v1/quality?definition=nielsen",
            "parameter `definition`: must be one of cta2066, mux, conviva, playhead",
        ),
        (
            "/v1/quality?metric=plays",
            "parameter `metric`: is not known here",
        ),
        (
            "/v1/quality?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z",
            "parameter `from`: must be at most 31 days before `to`",
        ),
        (
            "/v1/quality?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
            "parameter `from`: must be before `to`",
        ),
        ("/v1/metrics?x=1", "parameter `x`: is not known here"),
    ] {
        let (status, problem) = get(&api, path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(problem["detail"], detail, "{path}");
    }
}

#[test]
fn the_documentation_is_that_of_the_registry() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/metrics.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == document::page(registry()),
        "docs/metrics.md is not what sql/metrics.toml says: run `playhead metrics --write docs/metrics.md`"
    );
}

/// The expressions of every SELECT in `sql`, subqueries included, without their aliases.
fn expressions(sql: &str) -> Vec<String> {
    let mut found = Vec::new();
    let starts = sql
        .match_indices("SELECT")
        .map(|(at, word)| at + word.len());
    for start in starts {
        let (mut depth, mut item) = (0_i32, String::new());
        for word in sql[start..].split_inclusive([' ', '\n', ',', '(', ')']) {
            let is_end = depth == 0 && matches!(word.trim(), "FROM" | "UNION");
            if is_end || depth < 0 {
                break;
            }
            depth += i32::from(word.ends_with('(')) - i32::from(word.ends_with(')'));
            item.push_str(word);
            if depth == 0 && word.ends_with(',') {
                item.pop();
                found.push(std::mem::take(&mut item));
            }
        }
        found.push(item);
    }
    let bare = found
        .iter()
        .map(|item| item.rsplit_once(" AS ").map_or(item.as_str(), |it| it.0));
    bare.map(|item| item.trim().to_owned()).collect()
}

#[test]
fn expressions_of_a_query_are_found() {
    let sql = "SELECT a, sum(b) / nullIf(sum(c, d), 0) AS x,\n (SELECT max(e) FROM t) AS y\nFROM u GROUP BY a, f";
    assert_eq!(
        expressions(sql),
        [
            "a",
            "sum(b) / nullIf(sum(c, d), 0)",
            "(SELECT max(e) FROM t)",
            "max(e)"
        ]
    );
}

/// Expressions of a panel over measures of the rollup that are no formula of the registry.
fn strangers(sql: &str) -> Vec<String> {
    const DIMENSIONS: [&str; 6] = [
        "tenant",
        "minute",
        "content_id",
        "device_class",
        "country",
        "cdn",
    ];
    let mut measures = columns::of_view("quality_by_minute_v");
    // A column that the query makes out of a number is its own, whatever the rollup calls like it.
    measures.retain(|column| {
        !DIMENSIONS.contains(&column.as_str()) && !sql.contains(&format!(" 1 AS {column}"))
    });
    let formulas: BTreeSet<_> = registry()
        .metrics
        .iter()
        .filter(|metric| metric.grain == Grain::Minute)
        .map(|metric| formula::without_spaces(&metric.formula))
        .collect();
    let is_computed = |expression: &String| {
        let parts = formula::Formula::new(expression);
        !parts.functions().is_empty() && parts.names().iter().any(|name| measures.contains(*name))
    };
    let all = expressions(sql).into_iter().filter(is_computed);
    all.filter(|expression| !formulas.contains(&formula::without_spaces(expression)))
        .collect()
}

#[test]
fn every_panel_computes_by_the_formulas_of_the_registry() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/dashboards");
    let (mut panels, mut computed) = (0, 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let dashboard: Value = serde_json::from_str(&text).unwrap();
        for panel in dashboard["panels"].as_array().unwrap() {
            panels += 1;
            for target in panel["targets"].as_array().unwrap() {
                let sql = target["rawSql"].as_str().unwrap();
                computed += sql.matches("sum(").count();
                let (name, title) = (path.display(), &panel["title"]);
                assert_eq!(
                    strangers(sql),
                    [] as [String; 0],
                    "{name}: {title}: no formula of sql/metrics.toml"
                );
            }
        }
    }
    assert!(
        panels >= 16 && computed > 20,
        "{panels} panels, {computed} sums"
    );
    let summed = "SELECT sum(viewers) AS viewers FROM quality_by_minute_v";
    assert_eq!(strangers(summed), ["sum(viewers)"]);
    // A formula that drifts is seen.
    let drifted =
        "SELECT sum(stalled_ms) / nullIf(sum(playing_ms), 0) AS r FROM quality_by_minute_v";
    assert_eq!(
        strangers(drifted),
        ["sum(stalled_ms) / nullIf(sum(playing_ms), 0)"]
    );
}
