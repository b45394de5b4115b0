//! The views of ads, engagement, the funnel, viewers and completion: small known viewings, and numbers worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::landing::{PATIENCE, insert, migrate, rows, run, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use playhead::beacon::session_key;
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::{Duration as Span, OffsetDateTime};
use tokio::time::{Instant, sleep};

const STARTING: u8 = 1;
const PLAYING: u8 = 2;
const SEEKING: u8 = 3;
const REBUFFERING: u8 = 4;
const PAUSED: u8 = 5;
const ENDED: u8 = 6;
const QUIT: u8 = 8;

const BREAK_START: u8 = 16;
const BREAK_END: u8 = 17;
const AD_START: u8 = 18;
const AD_END: u8 = 19;
const AD_QUARTILE: u8 = 20;
const AD_SKIP: u8 = 21;
const AD_CLICK: u8 = 22;
const AD_ERROR: u8 = 23;
const AD_IMPRESSION: u8 = 24;
const IMPRESSION: u8 = 25;

/// A state and a position after so many ms.
fn state(at_ms: i64, state: u8, position_ms: i64) -> Value {
    json!({"at": at_ms, "event": 1, "state": state, "position_ms": position_ms})
}

/// An event of an ad.
fn ad(at_ms: i64, event: u8, ad: Value) -> Value {
    json!({"at": at_ms, "event": event, "ad": ad})
}

/// Rows of a session; `about` is on each of its beacons, and each comes twice: the second copy half a second later.
fn session(name: &str, begins_ms: i64, about: &Value, told: &[Value]) -> Vec<Value> {
    let mut rows = Vec::new();
    for (seq, told) in told.iter().enumerate() {
        for late_ms in [100, 600] {
            let at_ms = begins_ms + told["at"].as_i64().unwrap();
            let mut row = json!({
                "tenant": "default", "session_id": name, "session_key": session_key("default", name),
                "stream": "json", "seq": seq, "seq_is_ordinal": true, "client_time_ms": at_ms, "sent_time_ms": at_ms,
                "received_time_ms": at_ms + late_ms, "event_time_ms": at_ms, "content_id": "film", "cdn": "one",
                "device_class": 2, "country": "NL", "app_version": "4.1",
            });
            let fields = row.as_object_mut().unwrap();
            fields.extend(about.as_object().unwrap().clone());
            fields.extend(told.as_object().unwrap().clone());
            fields.remove("at");
            rows.push(packed(row));
        }
    }
    rows
}

/// What a query answers: no quoted numbers, times as Unix seconds.
async fn answer(warehouse: &Warehouse, sql: &str) -> Vec<Value> {
    let settings = "SETTINGS output_format_json_quote_64bit_integers = 0, date_time_output_format = 'unix_timestamp'";
    rows(warehouse, &format!("{sql} {settings}")).await
}

/// The names of the columns of a view that is asked for one tenant and a window hold the same rows as the plain view.
async fn twin_is_equal(warehouse: &Warehouse, view: &str) {
    let wide = "from_time = '2020-01-01 00:00:00', to_time = '2100-01-01 00:00:00'";
    let count = |source: String| async move {
        let sql = format!(
            "SELECT count() AS n, sum(cityHash64(toString(tuple(*)))) AS digest FROM {source} AS t"
        );
        answer(warehouse, &sql).await
    };
    let own = count(format!("{view}_t(tenant = 'default', {wide})")).await;
    assert_eq!(own, count(format!("{view}_v")).await, "{view}");
    assert_ne!(own[0]["n"], 0, "{view} is empty");
    let others = count(format!("{view}_t(tenant = 'other', {wide})")).await;
    assert_eq!(others[0]["n"], 0, "{view} shows another tenant's rows");
    let early = "from_time = '2020-01-01 00:00:00', to_time = '2020-01-02 00:00:00'";
    let before = count(format!("{view}_t(tenant = 'default', {early})")).await;
    assert_eq!(before[0]["n"], 0, "{view} is not confined to its window");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ads_and_breaks_are_what_was_shown() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        // A whole second, so that moments read well.
        let begins_ms = (OffsetDateTime::now_utc().unix_timestamp() - 900) * 1_000;
        let told = [
            state(0, STARTING, 0),
            state(1_000, PLAYING, 0),
            ad(10_000, BREAK_START, json!({"break_id": "mid-1"})),
            ad(10_000, AD_START, json!({"ad_id": "car"})),
            ad(10_000, AD_IMPRESSION, json!({"ad_id": "car"})),
            ad(17_500, AD_QUARTILE, json!({"ad_id": "car", "quartile": "25"})),
            ad(25_000, AD_QUARTILE, json!({"ad_id": "car", "quartile": "50"})),
            ad(26_000, AD_CLICK, json!({"ad_id": "car"})),
            ad(30_000, AD_SKIP, json!({"ad_id": "car"})),
            ad(31_000, AD_START, json!({"ad_id": "soap"})),
            ad(33_000, AD_ERROR, json!({"ad_id": "soap", "error_code": "303"})),
            ad(34_000, AD_START, json!({"ad_id": "tea"})),
            // Counted in quarters, and not in percent: no quartile, and nothing else either.
            ad(38_000, AD_QUARTILE, json!({"ad_id": "tea", "quartile": "1"})),
            ad(39_000, AD_QUARTILE, json!({"ad_id": "tea", "quartile": "4"})),
            // Five seconds of a pause in it are not the ad's.
            state(40_000, PAUSED, 9_000),
            state(45_000, PLAYING, 9_000),
            ad(62_000, AD_END, json!({"ad_id": "tea"})),
            ad(62_000, BREAK_END, json!({})),
            state(62_000, PLAYING, 9_000),
            // Nothing comes to show in the second break, and in the third only what fails.
            ad(100_000, BREAK_START, json!({"break_id": "mid-2"})),
            ad(101_000, BREAK_END, json!({})),
            ad(110_000, BREAK_START, json!({"break_id": "mid-3"})),
            ad(110_500, AD_ERROR, json!({"error_code": "402"})),
            ad(112_000, BREAK_END, json!({})),
            state(120_000, ENDED, 65_000),
        ];
        insert(&warehouse, &session("shown", begins_ms, &json!({}), &told)).await;
        wait_for_sessions(&warehouse, 1).await;

        let ads = answer(&warehouse, "SELECT * EXCEPT (tenant, session_key, session_id, content_id, device_class, country, cdn, app_version) FROM ads_v ORDER BY break_no, at").await;
        let at = |after_ms: i64| format!("{}.{:03}", (begins_ms + after_ms) / 1_000, after_ms % 1_000);
        let row = |break_no: u8, ad_id: &str, after_ms: i64, counts: [u8; 9], error: &str, ad_ms: u32| {
            let [impressions, starts, first, midpoint, third, completes, skips, clicks, errors] = counts;
            json!({
                "play_no": 1, "break_no": break_no, "break_id": format!("mid-{break_no}"), "ad_id": ad_id, "at": at(after_ms),
                "impression_count": impressions, "start_count": starts, "first_quartile_count": first, "midpoint_count": midpoint,
                "third_quartile_count": third, "complete_count": completes, "skip_count": skips, "click_count": clicks,
                "error_count": errors, "error_code": error, "ad_ms": ad_ms, "is_break_filled": break_no == 1,
            })
        };
        assert_eq!(
            ads,
            [
                row(1, "car", 10_000, [1, 1, 1, 1, 0, 0, 1, 1, 0], "", 20_000),
                row(1, "soap", 31_000, [0, 1, 0, 0, 0, 0, 0, 0, 1], "303", 2_000),
                row(1, "tea", 34_000, [0, 1, 0, 0, 0, 1, 0, 0, 0], "", 23_000),
                row(3, "", 110_500, [0, 0, 0, 0, 0, 0, 0, 0, 1], "402", 0),
            ]
        );
        let breaks = answer(&warehouse, "SELECT break_no, begun_at, ended_at, start_count, complete_count, skip_count, error_count, ad_ms, is_filled FROM ad_breaks_v ORDER BY break_no").await;
        let row = |break_no: u8, from: i64, to: i64, counts: [u8; 4], ad_ms: u32| {
            let [starts, completes, skips, errors] = counts;
            json!({
                "break_no": break_no, "begun_at": at(from), "ended_at": at(to), "start_count": starts, "complete_count": completes,
                "skip_count": skips, "error_count": errors, "ad_ms": ad_ms, "is_filled": break_no == 1,
            })
        };
        assert_eq!(
            breaks,
            [
                row(1, 10_000, 62_000, [3, 1, 1, 1], 47_000),
                row(2, 100_000, 101_000, [0; 4], 1_000),
                row(3, 110_000, 112_000, [0, 0, 0, 1], 2_000),
            ]
        );
        // A third of the breaks were filled.
        let fill = answer(&warehouse, "SELECT countIf(is_filled) / count() AS fill FROM ad_breaks_v").await;
        assert!((fill[0]["fill"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-12);
        twin_is_equal(&warehouse, "ads").await;
        twin_is_equal(&warehouse, "ad_breaks").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn engagement_is_what_was_played_of_what_was_there() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begins_ms = (OffsetDateTime::now_utc().unix_timestamp() / 5 - 180) * 5_000;
        let long = [
            state(0, STARTING, 0),
            state(1_000, PLAYING, 0),
            state(12_000, REBUFFERING, 11_000),
            state(13_000, PLAYING, 11_000),
            state(14_000, PAUSED, 12_000),
            state(21_000, QUIT, 12_000),
        ];
        let short = [state(2_000, PLAYING, 0), state(4_000, QUIT, 2_000)];
        insert(&warehouse, &session("long", begins_ms, &json!({}), &long)).await;
        insert(&warehouse, &session("short", begins_ms, &json!({}), &short)).await;
        wait_for_sessions(&warehouse, 2).await;

        let row = |number: i64, plays: u8, times: [u32; 4], thousandths: u32| {
            let [present, playing, stalled, paused] = times;
            json!({
                "content_id": "film", "five_seconds": (begins_ms / 1_000 + number * 5).to_string(), "plays_present": plays,
                "present_ms": present, "playing_ms": playing, "stalled_ms": stalled, "paused_ms": paused, "ad_ms": 0,
                "engagement": thousandths,
            })
        };
        let expected = [
            row(0, 2, [7_000, 6_000, 0, 0], 857),
            row(1, 1, [5_000, 5_000, 0, 0], 1_000),
            row(2, 1, [5_000, 3_000, 1_000, 1_000], 600),
            row(3, 1, [5_000, 0, 0, 5_000], 0),
            row(4, 1, [1_000, 0, 0, 1_000], 0),
        ];
        let all = answer(&warehouse, "SELECT * EXCEPT tenant REPLACE (round(engagement * 1000)::UInt32 AS engagement) FROM engagement_by_five_seconds_v ORDER BY five_seconds").await;
        assert_eq!(json!(all), json!(expected));
        // A window cuts five seconds off at neither end.
        let from = begins_ms / 1_000 + 5;
        let part = answer(&warehouse, &format!("SELECT * EXCEPT tenant REPLACE (round(engagement * 1000)::UInt32 AS engagement) FROM engagement_by_five_seconds_t(tenant = 'default', from_time = fromUnixTimestamp({from}), to_time = fromUnixTimestamp({})) ORDER BY five_seconds", from + 10)).await;
        assert_eq!(json!(part), json!(expected[1..3]));
        twin_is_equal(&warehouse, "engagement_by_five_seconds").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seconds_of_a_title_are_watched_skipped_and_watched_again() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let begins_ms = (OffsetDateTime::now_utc().unix_timestamp() - 900) * 1_000;
        // Ten seconds; a leap from 10 s to 20 s; back to 5 s, and to the end at 12 s.
        let seeks = [
            state(0, PLAYING, 0),
            // The bitrate changes in between, at a position told in whole seconds: still watched once.
            json!({"at": 4_700, "event": 3, "position_ms": 4_000, "bitrate_kbps": 3_000}),
            state(10_000, SEEKING, 10_000),
            state(10_500, PLAYING, 20_000),
            state(15_500, SEEKING, 25_000),
            state(16_000, PLAYING, 5_000),
            state(23_000, ENDED, 12_000),
        ];
        let leaves = [state(0, PLAYING, 0), state(3_000, QUIT, 3_000)];
        // The second title under the same session id.
        let goes_on = [
            state(0, PLAYING, 0),
            json!({"at": 2_000, "event": 1, "state": PLAYING, "position_ms": 7_000, "content_id": "serial"}),
            json!({"at": 4_000, "event": 1, "state": QUIT, "position_ms": 9_000, "content_id": "serial"}),
        ];
        for (name, told) in [("seeks", &seeks[..]), ("leaves", &leaves), ("goes-on", &goes_on)] {
            insert(&warehouse, &session(name, begins_ms, &json!({}), told)).await;
        }
        wait_for_sessions(&warehouse, 4).await;

        let seconds = answer(&warehouse, "SELECT content_id, second, sum(plays_watched) AS plays, sum(times_watched) AS times, sum(plays_skipped) AS skipped, sum(plays_ended) AS ended FROM content_engagement_v GROUP BY content_id, second ORDER BY content_id, second").await;
        let found: Vec<_> = seconds
            .iter()
            .map(|row| {
                let number = |name: &str| row[name].as_u64().unwrap();
                (row["content_id"].as_str().unwrap(), number("second"), ["plays", "times", "skipped", "ended"].map(number))
            })
            .collect();
        let mut expected = Vec::new();
        for second in 0..25 {
            let [mut plays, mut times, skipped, mut ended] = match second {
                0..5 => [1, 1, 0, 0],
                5..10 => [1, 2, 0, 0],
                10..12 => [1, 1, 0, u64::from(second == 11)],
                12..20 => [0, 0, 1, 0],
                _ => [1, 1, 0, 0],
            };
            // Who left saw three seconds, who went on two.
            for (seen, is_last) in [(second < 3, second == 2), (second < 2, second == 1)] {
                plays += u64::from(seen);
                times += u64::from(seen);
                ended += u64::from(is_last);
            }
            expected.push(("film", second, [plays, times, skipped, ended]));
        }
        expected.push(("serial", 7, [1, 1, 0, 0]));
        expected.push(("serial", 8, [1, 1, 0, 1]));
        assert_eq!(found, expected);
        twin_is_equal(&warehouse, "content_engagement").await;
        // What the API reads tells the changes alone: added up to a second they are what the second has.
        for title in ["film", "serial"] {
            let of = |tenant: &str| format!("title_engagement_t(tenant = '{tenant}', content_id = '{title}', from_time = '2020-01-01 00:00:00', to_time = '2100-01-01 00:00:00')");
            let sums = "sum(c.watching) AS plays, sum(c.times) AS times, sum(c.skipping) AS skipped, sum(c.ending) AS ended";
            let added = answer(&warehouse, &format!("SELECT '{title}' AS content_id, s.second AS second, {sums} FROM (SELECT DISTINCT second FROM content_engagement_v WHERE content_id = '{title}') AS s CROSS JOIN {} AS c WHERE c.second <= s.second GROUP BY s.second ORDER BY s.second", of("default"))).await;
            let told: Vec<_> = seconds.iter().filter(|row| row["content_id"] == title).cloned().collect();
            assert_eq!(added, told);
            let others = answer(&warehouse, &format!("SELECT second FROM {}", of("other"))).await;
            assert_eq!(others, Vec::<Value>::new());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_funnel_narrows_and_titles_are_completed() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        run(&warehouse, "INSERT INTO content (tenant, content_id, title, series, season, episode) VALUES ('default', 'film', 'Film', 'Sea', '2', '5')").await;
        run(&warehouse, "SYSTEM RELOAD DICTIONARY content_by_id").await;
        let begins_ms = (OffsetDateTime::now_utc().unix_timestamp() - 900) * 1_000;
        let offer = |at_ms: i64| json!({"at": at_ms, "event": IMPRESSION});
        let about = json!({"content_duration_ms": 40_000, "stream_type": 1, "content": {"series": "as told", "season": "1"}});
        let played = |to_ms: i64, last: u8| {
            vec![offer(0), offer(500), state(1_000, STARTING, 0), state(2_000, PLAYING, 0), state(2_000 + to_ms, last, to_ms)]
        };
        for (name, told) in [
            ("whole", played(40_000, ENDED)),
            ("half", played(21_000, QUIT)),
            ("tenth", played(4_000, QUIT)),
            // Left while it was still loading.
            ("never", vec![offer(0), state(1_000, STARTING, 0), state(4_000, QUIT, 0)]),
        ] {
            insert(&warehouse, &session(name, begins_ms, &about, &told)).await;
        }
        // A device under test counts nowhere.
        insert(&warehouse, &session("test", begins_ms, &json!({"is_test": true}), &played(40_000, ENDED))).await;
        // A title that the catalogue does not have.
        let other = json!({"content_id": "clip", "content": {"series": "as told", "season": "1"}, "country": "DE"});
        insert(&warehouse, &session("other", begins_ms, &other, &[state(0, PLAYING, 0), state(9_000, QUIT, 9_000)])).await;
        wait_for_sessions(&warehouse, 5).await;

        let steps = "sum(impressions) AS impressions, sum(attempts) AS attempts, sum(first_frames) AS first_frames, sum(reached_25) AS reached_25, sum(reached_50) AS reached_50, sum(reached_75) AS reached_75, sum(reached_100) AS reached_100";
        let funnel = answer(&warehouse, &format!("SELECT content_id, device_class, country, cdn, app_version, {steps} FROM funnel_v GROUP BY content_id, device_class, country, cdn, app_version ORDER BY attempts DESC")).await;
        let row = |content_id: &str, country: &str, steps: [u8; 7]| {
            json!({
                "content_id": content_id, "device_class": "web", "country": country, "cdn": "one", "app_version": "4.1",
                "impressions": steps[0], "attempts": steps[1], "first_frames": steps[2], "reached_25": steps[3],
                "reached_50": steps[4], "reached_75": steps[5], "reached_100": steps[6],
            })
        };
        assert_eq!(
            funnel,
            [row("film", "NL", [7, 4, 3, 2, 2, 1, 1]), row("clip", "DE", [0, 1, 1, 0, 0, 0, 0])]
        );
        twin_is_equal(&warehouse, "funnel").await;

        let completion = answer(&warehouse, "SELECT * EXCEPT (tenant, day) FROM completion_v ORDER BY plays DESC").await;
        assert_eq!(
            completion,
            [
                json!({
                    "content_id": "film", "series": "Sea", "season": "2", "episode": "5", "plays": 3, "measured_plays": 3, "finishes": 1,
                    "reached_25": 2, "reached_50": 2, "reached_75": 1, "reached_100": 1, "playing_ms": 65_000,
                }),
                json!({
                    "content_id": "clip", "series": "as told", "season": "1", "episode": "", "plays": 1, "measured_plays": 0, "finishes": 0,
                    "reached_25": 0, "reached_50": 0, "reached_75": 0, "reached_100": 0, "playing_ms": 9_000,
                }),
            ]
        );
        twin_is_equal(&warehouse, "completion").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn viewers_are_new_once_and_come_again() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let today = OffsetDateTime::now_utc().date();
        let back = i64::from(today.weekday().number_days_from_monday()) + 14;
        let monday = today - Span::days(back);
        let noon_ms = |day: i64| (monday + Span::days(day)).midnight().assume_utc().unix_timestamp() * 1_000 + 43_200_000;
        let plays = |ms: i64| vec![state(0, PLAYING, 0), state(ms, QUIT, ms)];
        let never = vec![state(0, STARTING, 0), state(900, QUIT, 0)];
        for (name, viewer, day, told) in [
            ("ann-0", "ann", 0, plays(10_000)),
            ("ann-1", "ann", 1, plays(20_000)),
            ("ann-7", "ann", 7, plays(30_000)),
            ("bob-7", "bob", 7, plays(40_000)),
            ("bob-again", "bob", 7, plays(5_000)),
            // Who saw no frame was not there yet.
            ("cat-0", "cat", 0, never),
            ("cat-7", "cat", 7, plays(60_000)),
            // Whom nobody knows is no viewer.
            ("nobody", "", 7, plays(70_000)),
        ] {
            let about = json!({"viewer_id": viewer});
            insert(&warehouse, &session(name, noon_ms(day), &about, &told)).await;
        }
        wait_for_sessions(&warehouse, 8).await;

        let date = |day: i64| (monday + Span::days(day)).to_string();
        let days = answer(&warehouse, "SELECT * EXCEPT tenant FROM viewer_days_v ORDER BY day").await;
        let row = |day: i64, [viewers, new, again, plays]: [u8; 4], playing_ms: u32| {
            json!({"day": date(day), "viewers": viewers, "new_viewers": new, "returning_viewers": again, "plays": plays, "playing_ms": playing_ms})
        };
        assert_eq!(
            days,
            [row(0, [1, 1, 0, 1], 10_000), row(1, [1, 0, 1, 1], 20_000), row(7, [3, 2, 1, 4], 135_000)]
        );
        let weeks = answer(&warehouse, "SELECT * EXCEPT tenant FROM viewers_by_first_week_v ORDER BY first_week, week").await;
        let row = |first: i64, week: i64, [viewers, plays]: [u8; 2], playing_ms: u32| {
            json!({"first_week": date(first), "week": date(week), "week_no": (week - first) / 7, "viewers": viewers, "plays": plays, "playing_ms": playing_ms})
        };
        assert_eq!(
            weeks,
            [row(0, 0, [1, 2], 30_000), row(0, 7, [1, 1], 30_000), row(7, 7, [2, 3], 105_000)]
        );
        twin_is_equal(&warehouse, "viewer_days").await;
        twin_is_equal(&warehouse, "viewers_by_first_week").await;

        // What comes late is in with the next question: bob had been there on the Tuesday before.
        let about = json!({"viewer_id": "bob"});
        insert(&warehouse, &session("bob-1", noon_ms(1), &about, &plays(1_000))).await;
        wait_for_sessions(&warehouse, 9).await;
        let give_up = Instant::now() + PATIENCE;
        loop {
            let days = answer(&warehouse, "SELECT new_viewers FROM viewer_days_v ORDER BY day").await;
            let new: Vec<_> = days.iter().map(|row| row["new_viewers"].as_u64().unwrap()).collect();
            if new == [1, 1, 1] {
                break;
            }
            assert!(Instant::now() < give_up, "new viewers are {new:?}");
            sleep(std::time::Duration::from_millis(200)).await;
        }
    })
    .await;
}
