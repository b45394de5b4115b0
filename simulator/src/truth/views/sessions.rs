//! `sessions_v`: one row per session, test devices left out.

use serde_json::{Map, Value, json};

use super::Expectation;
use crate::event::unix_ms;
use crate::script::event::Event;
use crate::script::scene::Condition;
use crate::script::told::told;
use crate::truth::Truth;
use crate::truth::cell::{Expected, Row, is, moment, moment_value};
use crate::truth::session::SessionTruth;

/// Dimensions: the greatest value that any beacon told; empty when none did.
const GREATEST: [&str; 20] = [
    "visit_id",
    "viewer_id",
    "account_id",
    "profile_id",
    "device_id",
    "device_class",
    "device_model",
    "os_name",
    "os_version",
    "app_version",
    "player_name",
    "player_version",
    "stream_type",
    "audio_language",
    "subtitle_language",
    "isp",
    "country",
    "region",
    "connection_type",
    "connection_quality",
];

/// The same, where no value is NULL.
const GREATEST_NUMBERS: [&str; 2] = ["content_duration_ms", "asn"];

/// Details of the title: column, and key in the content group.
const DETAILS: [(&str, &str); 6] = [
    ("content_title", "title"),
    ("content_series", "series"),
    ("content_season", "season"),
    ("content_episode", "episode"),
    ("content_channel", "channel"),
    ("content_programme", "programme"),
];

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let sessions = truth.sessions();
    Expectation {
        view: "sessions_v",
        key: &["session_id"],
        is_by_session: true,
        keys: sessions
            .iter()
            .map(|session| session.script.viewer.session_id.clone())
            .collect(),
        row: Box::new(move |index, _| row(truth, &sessions[index])),
    }
}

fn row(truth: &Truth, session: &SessionTruth<'_>) -> Row {
    let viewer = &session.script.viewer;
    let mut row = vec![
        ("tenant", is(truth.tenant.clone())),
        ("session_key", is(truth.session_key(session.script))),
        ("session_id", is(viewer.session_id.clone())),
        ("started_at", moment(session.started_ms)),
        (
            "first_frame_at",
            session
                .script
                .first_frame_ms
                .map_or(is(Value::Null), moment),
        ),
        ("last_seen_at", moment(session.last_seen_ms)),
        ("ended_at", moment(session.ended_ms)),
        ("end_reason", is(session.end_reason)),
        ("current_state", is("")),
        ("is_started", is(session.is_started())),
        (
            "clock_offset_ms",
            is(if viewer.clock.measured {
                -viewer.clock.ahead_ms
            } else {
                0
            }),
        ),
        // Computed after the session began and before this comparison.
        (
            "version",
            Expected::Between(session.started_ms, unix_ms().unwrap_or(i64::MAX)),
        ),
    ];
    row.extend(durations(session));
    row.extend(bitrate(session));
    row.extend(counts(session));
    row.extend(dimensions(session));
    row.extend(timeline(session));
    row
}

fn durations(session: &SessionTruth<'_>) -> Row {
    vec![
        ("startup_ms", is(session.startup_ms())),
        ("preload_ms", is(session.preload_ms())),
        ("starting_ms", is(session.total_ms(Condition::Starting))),
        ("playing_ms", is(session.total_ms(Condition::Playing))),
        ("stalled_ms", is(session.total_ms(Condition::Stalled))),
        ("seeking_ms", is(session.total_ms(Condition::Seeking))),
        ("paused_ms", is(session.total_ms(Condition::Paused))),
        ("ad_ms", is(session.total_ms(Condition::Ad))),
        ("watch_ms", is(session.watch_ms())),
        ("stall_count", is(session.times_in(Condition::Stalled))),
        ("seek_count", is(session.times_in(Condition::Seeking))),
    ]
}

fn bitrate(session: &SessionTruth<'_>) -> Row {
    let known_ms = session.bitrate_known_ms();
    let kbit = session.bitrate_kbit_ms() / 1000;
    let average = if known_ms == 0 {
        is(Value::Null)
    } else {
        Expected::Near(kbit as f64 * 1000.0 / known_ms as f64)
    };
    vec![
        ("bitrate_kbit", is(kbit)),
        ("bitrate_known_ms", is(known_ms)),
        ("average_bitrate_kbps", average),
        ("bitrate_switch_count", is(session.bitrate_switches())),
    ]
}

fn counts(session: &SessionTruth<'_>) -> Row {
    let errors = || {
        session
            .script
            .arriving()
            .filter(|beacon| beacon.event == Event::Error)
    };
    let fatal = errors()
        .filter(|beacon| beacon.entry("error", "fatal").as_deref() == Some("true"))
        .count();
    let greatest = |value: fn(&crate::script::beacon::Playback) -> Option<i64>| {
        is(session
            .script
            .arriving()
            .filter_map(|beacon| value(&beacon.playback))
            .max())
    };
    vec![
        ("error_count", is(session.count(Event::Error))),
        ("fatal_error_count", is(fatal)),
        (
            "last_error_code",
            is(errors()
                .next_back()
                .and_then(|beacon| beacon.entry("error", "code"))
                .unwrap_or_default()),
        ),
        ("ad_break_count", is(session.count(Event::AdBreakStart))),
        ("ad_start_count", is(session.count(Event::AdStart))),
        ("ad_end_count", is(session.count(Event::AdEnd))),
        ("ad_skip_count", is(session.count(Event::AdSkip))),
        ("ad_click_count", is(session.count(Event::AdClick))),
        ("ad_error_count", is(session.count(Event::AdError))),
        (
            "ad_impression_count",
            is(session.count(Event::AdImpression)),
        ),
        (
            "dropped_frames",
            greatest(|playback| playback.dropped_frames.map(i64::from)),
        ),
        (
            "furthest_position_ms",
            greatest(|playback| playback.position_ms),
        ),
        ("beacons_received", is(session.script.arriving().count())),
        ("beacons_lost", is(session.lost())),
    ]
}

fn dimensions(session: &SessionTruth<'_>) -> Row {
    let told: Vec<Map<String, Value>> = session
        .script
        .arriving()
        .map(|beacon| told(&session.script.viewer, beacon))
        .collect();
    let texts = |name: &str| {
        told.iter()
            .filter_map(|fields| fields.get(name)?.as_str())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut row: Row = GREATEST
        .map(|name| (name, is(texts(name).into_iter().max().unwrap_or_default())))
        .to_vec();
    row.push((
        "sdk_version",
        is(texts("sdk_version").into_iter().max().unwrap_or_default()),
    ));
    row.push(("source", is("native_json")));
    row.push((
        "content_id",
        is(session.script.viewer.title.content_id.clone()),
    ));
    row.push(("cdn", is(session.latest().map_or("", |beacon| beacon.cdn))));
    row.extend(GREATEST_NUMBERS.map(|name| {
        (
            name,
            is(told
                .iter()
                .filter_map(|fields| fields.get(name)?.as_i64())
                .max()),
        )
    }));
    row.extend(DETAILS.map(|(column, key)| {
        let details = told
            .iter()
            .filter_map(|fields| fields.get("content")?.get(key)?.as_str());
        (column, is(details.max().unwrap_or_default()))
    }));
    row
}

fn timeline(session: &SessionTruth<'_>) -> Row {
    let intervals = session.intervals.iter().map(|interval| {
        json!({"state": interval.condition.name(), "from": moment_value(interval.from_ms), "to": moment_value(interval.to_ms)})
    });
    let renditions = session.renditions.iter().map(|rendition| {
        let (from, to) = (
            moment_value(rendition.from_ms),
            moment_value(rendition.to_ms),
        );
        json!({"from": from, "to": to, "bitrate_kbps": rendition.bitrate_kbps})
    });
    let events = session.script.arriving().filter_map(|beacon| {
        let is_fatal = beacon.entry("error", "fatal").as_deref() == Some("true");
        Some(json!({"at": moment_value(beacon.at_ms), "code": code(beacon.event, is_fatal)?}))
    });
    vec![
        ("intervals", is(intervals.collect::<Vec<_>>())),
        ("renditions", is(renditions.collect::<Vec<_>>())),
        ("events", is(events.collect::<Vec<_>>())),
    ]
}

/// The numbers of errors and ad events in docs/sessions.md, section 3.
fn code(event: Event, is_fatal: bool) -> Option<u8> {
    Some(match event {
        Event::Error => 30 + u8::from(is_fatal),
        Event::AdBreakStart => 40,
        Event::AdBreakEnd => 41,
        Event::AdStart => 42,
        Event::AdEnd => 43,
        Event::AdQuartile => 44,
        Event::AdSkip => 45,
        Event::AdClick => 46,
        Event::AdError => 47,
        Event::AdImpression => 48,
        _ => return None,
    })
}
