//! The Grafana dashboards on the real engine: every panel's SQL, expanded as Grafana's data source expands it, over
//! sessions whose numbers were worked out by hand from docs/sessions.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::record::packed;
use crate::scratch::{in_database, placeholders};
use playhead::beacon::session_key;
use playhead::warehouse::{Migrator, Warehouse};
use serde_json::{Value, json};
use time::{Duration as Span, OffsetDateTime};
use tokio::time::{Instant, sleep};

/// How long the passes may take to compute what was inserted; they run every few seconds.
const PATIENCE: Duration = Duration::from_secs(180);

/// Every file of dashboards/, by name.
fn dashboards() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards");
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The queries of a panel.
fn queries(panel: &Value) -> impl Iterator<Item = &str> {
    list(&panel["targets"])
        .iter()
        .map(|target| text(&target["rawSql"]))
}

/// The names that a query reads from, subqueries apart.
fn sources(sql: &str) -> Vec<&str> {
    let mut words = sql.split_whitespace().peekable();
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        let is_source = matches!(word.to_ascii_uppercase().as_str(), "FROM" | "JOIN");
        if let Some(next) = words.peek().filter(|_| is_source)
            && !next.starts_with('(')
        {
            let end = next.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
            found.push(&next[..end.unwrap_or(next.len())]);
        }
    }
    found
}

/// Whether readers may read it: a plain view, or the curve's view with parameters, since the plain one computes all
/// of history.
fn is_reader_view(name: &str) -> bool {
    !name.contains('.') && (name.ends_with("_v") || name == "concurrent_viewers_t")
}

#[test]
fn every_panel_says_what_it_shows_and_reads_only_reader_views() {
    let dashboards = dashboards();
    assert!(!dashboards.is_empty());
    for (file, dashboard) in &dashboards {
        let mut ids = Vec::new();
        for panel in list(&dashboard["panels"]) {
            let title = format!("{file}: {}", text(&panel["title"]));
            assert!(!text(&panel["title"]).is_empty(), "{title} {panel}");
            assert!(
                text(&panel["description"]).len() > 40,
                "{title} has no description"
            );
            let defaults = &panel["fieldConfig"]["defaults"];
            assert!(!text(&defaults["unit"]).is_empty(), "{title} has no unit");
            assert_eq!(panel["datasource"]["uid"], "playhead-warehouse", "{title}");
            ids.push(panel["id"].as_u64().unwrap());
            assert!(queries(panel).count() > 0, "{title} asks nothing");
            for sql in queries(panel) {
                let read = sources(sql);
                assert!(!read.is_empty(), "{title} reads nothing: {sql}");
                for name in &read {
                    assert!(is_reader_view(name), "{title} reads {name}");
                }
                let confined = sql.matches("tenant = ${tenant:sqlstring}").count();
                assert_eq!(confined, read.len(), "{title}: a view without its tenant");
                if sql.contains(" / ") && !sql.contains("dateDiff") {
                    let description = text(&panel["description"]);
                    assert!(
                        description.contains("sum("),
                        "{title} does not tell its formula"
                    );
                    assert!(!sql.contains("avg("), "{title} takes a mean of means");
                }
            }
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{file}: an id twice");
    }
}

#[test]
fn panels_lie_side_by_side() {
    for (file, dashboard) in dashboards() {
        let mut taken = BTreeMap::new();
        for panel in list(&dashboard["panels"]) {
            let [x, y, w, h] =
                ["x", "y", "w", "h"].map(|name| panel["gridPos"][name].as_u64().unwrap());
            assert!(x + w <= 24, "{file}: {} is too wide", panel["title"]);
            for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
                let before = taken.insert(cell, text(&panel["title"]).to_owned());
                assert_eq!(before, None, "{file}: {} lies over another", panel["title"]);
            }
        }
    }
}

#[test]
fn sources_are_found() {
    let sql = "SELECT (SELECT 1 FROM a_v WHERE x) FROM\n(\n SELECT 1 FROM b_t(tenant = 1)\n) JOIN system.tables USING x";
    assert_eq!(sources(sql), ["a_v", "b_t", "system.tables"]);
    assert!(!is_reader_view("system.tables_v") && !is_reader_view("sessions"));
}

/// What Grafana knows when it asks.
#[derive(Clone, Copy)]
struct Window {
    from: OffsetDateTime,
    to: OffsetDateTime,
    /// Length of a step; seconds.
    interval_s: u64,
}

impl Window {
    /// Replaces the data source's macros as its documentation says, and the dashboard's variable.
    fn expand(self, sql: &str, tenant: &str) -> String {
        let (from, to) = (self.from.unix_timestamp(), self.to.unix_timestamp());
        let step = self.interval_s;
        let sql = sql
            .replace("${tenant:sqlstring}", &format!("'{tenant}'"))
            .replace(
                "$__fromTime_ms",
                &format!("fromUnixTimestamp64Milli({})", unix_ms(self.from)),
            )
            .replace(
                "$__toTime_ms",
                &format!("fromUnixTimestamp64Milli({})", unix_ms(self.to)),
            );
        let sql = with_argument(&sql, "$__timeFilter", |column| {
            format!("{column} >= toDateTime({from}) AND {column} <= toDateTime({to})")
        });
        let sql = with_argument(&sql, "$__timeInterval", |column| {
            format!("toStartOfInterval(toDateTime({column}), INTERVAL {step} second)")
        });
        assert!(
            !sql.contains("$__") && !sql.contains("${"),
            "not expanded: {sql}"
        );
        sql
    }
}

/// Replaces `name(argument)`, whose argument is a column.
fn with_argument(sql: &str, name: &str, expansion: impl Fn(&str) -> String) -> String {
    let call = format!("{name}(");
    let mut parts = sql.split(&call);
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (argument, rest) = part.split_once(')').unwrap();
        expanded += &expansion(argument);
        expanded += rest;
    }
    expanded
}

fn unix_ms(moment: OffsetDateTime) -> i64 {
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).unwrap()
}

/// Beacons of one session as the tap gets them, each 40 ms after it happened.
fn session(
    tenant: &str,
    id: &str,
    begin: OffsetDateTime,
    every: Value,
    beacons: &[(i64, u8, u8, Value)],
) -> Vec<Value> {
    let beacon = |(seq, (at_ms, event, state, more)): (usize, &(i64, u8, u8, Value))| {
        let client_time_ms = unix_ms(begin) + at_ms;
        let mut row = json!({
            "tenant": tenant, "session_id": id, "session_key": session_key(tenant, id), "stream": "json",
            "seq": seq, "seq_is_ordinal": true, "event": event, "state": state,
            "client_time_ms": client_time_ms, "sent_time_ms": client_time_ms,
            "received_time_ms": client_time_ms + 40, "event_time_ms": client_time_ms,
        });
        for extra in [&every, more] {
            row.as_object_mut()
                .unwrap()
                .extend(extra.as_object().unwrap().clone());
        }
        row
    };
    beacons.iter().enumerate().map(beacon).collect()
}

const PLAY_STATE: u8 = 1;
const HEARTBEAT: u8 = 2;
const ERROR: u8 = 6;
const STARTING: u8 = 1;
const PLAYING: u8 = 2;
const REBUFFERING: u8 = 4;
const PAUSED: u8 = 5;
const ENDED: u8 = 6;
const FAILED: u8 = 7;
const QUIT: u8 = 8;

/// Four sessions of the past, which began at `t0`, 10, 20 and 30 s later, one that plays now, and a stranger's.
fn beacons(t0: OffsetDateTime, now: OffsetDateTime) -> Vec<Value> {
    let at = |kbps: u32| json!({"bitrate_kbps": kbps});
    let none = || json!({});
    let on = |content: &str, class: u8| json!({"content_id": content, "device_class": class});
    let finished = [
        (0, PLAY_STATE, STARTING, none()),
        (1_200, PLAY_STATE, PLAYING, at(3_000)),
        (31_200, PLAY_STATE, REBUFFERING, none()),
        (33_200, PLAY_STATE, PLAYING, at(3_000)),
        (63_200, PLAY_STATE, ENDED, none()),
    ];
    let left = [
        (0, PLAY_STATE, STARTING, none()),
        (4_000, PLAY_STATE, QUIT, none()),
    ];
    let failed = [
        (0, PLAY_STATE, STARTING, none()),
        (500, PLAY_STATE, PLAYING, at(5_000)),
        (20_500, PLAY_STATE, PAUSED, none()),
        (30_500, PLAY_STATE, PLAYING, at(5_000)),
        (
            35_500,
            ERROR,
            0,
            json!({"error": {"code": "E1", "fatal": "true"}}),
        ),
    ];
    let never = [
        (0, PLAY_STATE, STARTING, none()),
        (2_000, PLAY_STATE, FAILED, none()),
    ];
    let live = [
        (0, PLAY_STATE, STARTING, none()),
        (1_000, PLAY_STATE, PLAYING, at(4_000)),
        (2_000, HEARTBEAT, PLAYING, at(4_000)),
    ];
    let stranger = [
        (0, PLAY_STATE, PLAYING, at(9_000)),
        (50_000, PLAY_STATE, QUIT, none()),
    ];
    let later = |seconds: i64| t0 + Span::seconds(seconds);
    [
        session("default", "a-finished", t0, on("film-1", 3), &finished),
        session("default", "b-left", later(10), on("film-1", 1), &left),
        session("default", "c-failed", later(20), on("film-2", 2), &failed),
        session("default", "d-never", later(30), on("film-2", 4), &never),
        session(
            "default",
            "e-live",
            now - Span::seconds(3),
            on("film-2", 2),
            &live,
        ),
        session("other", "x-stranger", t0, on("film-1", 2), &stranger),
    ]
    .concat()
}

async fn rows(warehouse: &Warehouse, sql: &str) -> Vec<Value> {
    let answer = warehouse.bytes(warehouse.query(sql), "JSONEachRow").await;
    let answer = answer.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    let answer = String::from_utf8(answer).unwrap();
    answer
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Inserts through the tap, and waits until the passes have come to the numbers of the rules.
async fn fill(warehouse: &Warehouse, beacons: &[Value]) {
    let values: Vec<_> = beacons
        .iter()
        .map(|row| packed(row.clone()).to_string())
        .collect();
    let insert = format!(
        "INSERT INTO beacons_in FORMAT JSONEachRow\n{}",
        values.join("\n")
    );
    warehouse
        .execute(warehouse.query(&insert), PATIENCE)
        .await
        .unwrap();
    let sql = "SELECT
            sum(playing_ms) AS ms,
            (SELECT (sum(sessions), sum(sessions) > 100) FROM concurrent_viewers_by_second FINAL) = (SELECT (sum(sessions), true) FROM quality_by_second FINAL) AS is_drawn
        FROM quality_by_minute_v WHERE tenant = 'default'";
    let give_up = Instant::now() + PATIENCE;
    loop {
        let found = rows(warehouse, sql).await;
        if found[0]["ms"] == 86_000 && found[0]["is_drawn"] == 1 {
            return;
        }
        assert!(
            Instant::now() < give_up,
            "86,000 ms were played and drawn, the warehouse says {found:?}"
        );
        sleep(Duration::from_millis(300)).await;
    }
}

/// Compares the numbers that `expected` names; ratios may differ in the last digit.
fn assert_row(what: &str, found: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        let is_same = match (found[name].as_f64(), value.as_f64()) {
            (Some(found), Some(value)) => (found - value).abs() <= value.abs() * 1e-9,
            _ => &found[name] == value,
        };
        assert!(is_same, "{what}: {name} is {}, not {value}", found[name]);
    }
}

/// A moment as the server prints a `DateTime`.
fn second(moment: OffsetDateTime) -> String {
    let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    moment.format(&format).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_panel_shows_the_numbers_of_the_rules() {
    in_database(|warehouse| async move {
        let placeholders = placeholders();
        let migrator = Migrator::embedded(&warehouse, &placeholders);
        migrator.run(|_| {}).await.unwrap();
        // The full minute ten minutes ago, so that its minutes are over.
        let past = OffsetDateTime::now_utc() - Span::minutes(10);
        let t0 = past
            .replace_second(0)
            .unwrap()
            .replace_nanosecond(0)
            .unwrap();
        fill(&warehouse, &beacons(t0, OffsetDateTime::now_utc())).await;

        let asked = OffsetDateTime::now_utc();
        let window = |interval_s| Window {
            from: t0 - Span::MINUTE,
            to: asked,
            interval_s,
        };
        for (file, dashboard) in dashboards() {
            for panel in list(&dashboard["panels"]) {
                for sql in queries(panel) {
                    let found = rows(&warehouse, &window(60).expand(sql, "default")).await;
                    assert!(
                        !found.is_empty(),
                        "{file}: {} shows nothing",
                        panel["title"]
                    );
                }
            }
            // Variables ask too.
            for variable in list(&dashboard["templating"]["list"]) {
                let found =
                    rows(&warehouse, &window(60).expand(text(&variable["query"]), "")).await;
                let mut tenants: Vec<_> = found.iter().map(|row| text(&row["tenant"])).collect();
                tenants.sort_unstable();
                assert_eq!(
                    tenants,
                    ["default", "other"],
                    "{file}: {}",
                    variable["name"]
                );
            }
        }
        let live = &dashboards()["01-live.json"];
        let panels = Panels {
            warehouse: &warehouse,
            dashboard: live,
        };
        check_stats(&panels, window(60)).await;
        check_curve(&panels, window(10), t0).await;
        check_minutes(&panels, window(60), t0).await;
        check_tables(&panels, window(60)).await;
    })
    .await;
}

/// The panels of a dashboard, to be asked by title.
struct Panels<'a> {
    warehouse: &'a Warehouse,
    dashboard: &'a Value,
}

impl Panels<'_> {
    async fn ask(&self, kind: &str, title: &str, window: Window) -> Vec<Value> {
        let mut panels = list(&self.dashboard["panels"]).iter();
        let panel = panels.find(|panel| panel["title"] == title && panel["type"] == kind);
        let panel = panel.unwrap_or_else(|| panic!("no {kind} {title}"));
        let sql = queries(panel).next().unwrap();
        rows(self.warehouse, &window.expand(sql, "default")).await
    }
}

async fn check_stats(panels: &Panels<'_>, window: Window) {
    // Watched: 8,700 starting, 86,000 playing, 2,000 stalled. Bits: 60 s at 3,000, 25 s at 5,000, 1 s at 4,000 kbit/s.
    for (title, expected) in [
        ("Viewers now", json!({"viewers": 1})),
        ("Plays of attempts", json!({"started": 3.0 / 5.0})),
        ("Start-up time", json!({"startup_ms": 2_700.0 / 3.0})),
        (
            "Rebuffering ratio",
            json!({"rebuffering_ratio": 2_000.0 / 96_700.0}),
        ),
        (
            "Average bitrate",
            json!({"bitrate_kbps": 309_000_000.0 / 86_000.0}),
        ),
    ] {
        let found = panels.ask("stat", title, window).await;
        assert_eq!(found.len(), 1, "{title}");
        assert_row(title, &found[0], &expected);
    }
    let freshness = panels.ask("stat", "Freshness", window).await;
    for name in ["newest_beacon", "sessions_computed"] {
        let seconds = freshness[0][name].as_f64().unwrap();
        assert!((0.0..150.0).contains(&seconds), "{name} is {seconds} s");
    }
}

async fn check_curve(panels: &Panels<'_>, window: Window, t0: OffsetDateTime) {
    let curve = panels
        .ask("timeseries", "Concurrent viewers by state", window)
        .await;
    // Steps of 10 s, each as it was at its fullest second, the first of them.
    for (at_s, playing, starting, stalled, paused) in [
        (0, 0, 1, 0, 0),
        (10, 1, 1, 0, 0),
        (20, 1, 1, 0, 0),
        (30, 2, 1, 0, 0),
        (40, 2, 0, 0, 0),
        (50, 1, 0, 0, 1),
        (60, 1, 0, 0, 0),
    ] {
        let time = second(t0 + Span::seconds(at_s));
        let step = curve.iter().find(|row| row["time"] == time);
        let step = step.unwrap_or_else(|| panic!("no step at {time}: {curve:?}"));
        let expected = json!({
            "playing": playing, "starting": starting, "stalled": stalled, "seeking": 0, "paused": paused, "in_ad": 0,
        });
        assert_row(&format!("{at_s} s"), step, &expected);
    }
}

async fn check_minutes(panels: &Panels<'_>, window: Window, t0: OffsetDateTime) {
    // First minute: 7,700 starting, 81,800 playing (56,800 at 3,000 and 25,000 at 5,000 kbit/s), 2,000 stalled.
    let (first, next) = (second(t0), second(t0 + Span::MINUTE));
    for (title, minute, expected) in [
        (
            "Attempts and plays",
            &first,
            json!({"attempts": 4, "plays": 2}),
        ),
        (
            "Start-up time",
            &first,
            json!({"startup_ms": 1_700.0 / 2.0}),
        ),
        (
            "Rebuffering ratio",
            &first,
            json!({"rebuffering_ratio": 2_000.0 / 91_500.0}),
        ),
        (
            "Rebuffering ratio",
            &next,
            json!({"rebuffering_ratio": 0.0}),
        ),
        (
            "Average bitrate",
            &first,
            json!({"bitrate_kbps": 295_400_000.0 / 81_800.0}),
        ),
        ("Average bitrate", &next, json!({"bitrate_kbps": 3_000.0})),
        ("Start-up time", &next, json!({"startup_ms": null})),
        (
            "Errors and failures",
            &first,
            json!({"errors": 1, "failures": 1, "failures_before_start": 1}),
        ),
        (
            "How sessions end",
            &first,
            json!({"ended_plays": 1, "exits_before_start": 1, "timeouts": 0}),
        ),
        (
            "How sessions end",
            &next,
            json!({"ended_plays": 1, "exits_before_start": 0, "timeouts": 0}),
        ),
    ] {
        let found = panels.ask("timeseries", title, window).await;
        let row = found.iter().find(|row| row["time"] == **minute);
        let row = row.unwrap_or_else(|| panic!("{title} has no {minute}: {found:?}"));
        assert_row(&format!("{title} at {minute}"), row, &expected);
    }
}

async fn check_tables(panels: &Panels<'_>, window: Window) {
    let statuses = panels.ask("bargauge", "What viewers do now", window).await;
    let expected = [("gone", 3), ("finished", 1), ("watching", 1)];
    let expected = expected.map(|(status, viewers)| json!({"status": status, "viewers": viewers}));
    assert_eq!(statuses, expected);

    let contents = panels.ask("table", "Top content", window).await;
    assert_eq!(contents.len(), 2);
    // film-2: 1,500 starting before two first frames, 2,000 before a failure; 26,000 playing.
    let two = json!({
        "content": "film-2", "viewers_now": 1, "attempts": 3, "plays": 2, "startup_ms": 750.0,
        "rebuffering_ratio": 0.0, "bitrate_kbps": 129_000_000.0 / 26_000.0, "errors": 1, "failed_plays": 1,
    });
    assert_row("film-2", &contents[0], &two);
    let one = json!({
        "content": "film-1", "viewers_now": 0, "attempts": 2, "plays": 1, "startup_ms": 1_200.0,
        "rebuffering_ratio": 2_000.0 / 67_200.0, "bitrate_kbps": 3_000.0, "errors": 0, "failed_plays": 0,
    });
    assert_row("film-1", &contents[1], &one);

    let classes = panels.ask("table", "Device classes", window).await;
    let found: Vec<_> = classes.iter().map(|row| text(&row["device"])).collect();
    assert_eq!(found, ["web", "smart_tv", "mobile", "tablet"]);
    assert_row(
        "web",
        &classes[0],
        &json!({"viewers_now": 1, "attempts": 2, "plays": 2, "bitrate_kbps": 129_000_000.0 / 26_000.0}),
    );
    assert_row(
        "mobile",
        &classes[2],
        &json!({"viewers_now": 0, "attempts": 1, "plays": 0, "startup_ms": null}),
    );
}
