//! The play as it went: its conditions, renditions, what was watched, errors and ads.

use serde_json::{Value, json};

use crate::script::beacon::Beacon;
use crate::script::event::Event;
use crate::truth::cell::{Row, is, moment_value};
use crate::truth::play::PlayTruth;

pub(super) fn columns(play: &PlayTruth<'_>) -> Row {
    let intervals = play.intervals.iter().map(|interval| {
        let (from, to) = (moment_value(interval.from_ms), moment_value(interval.to_ms));
        json!({"state": interval.condition.name(), "from": from, "to": to})
    });
    let renditions = play.renditions.iter().map(|stretch| {
        let (from, to) = (moment_value(stretch.from_ms), moment_value(stretch.to_ms));
        json!({"from": from, "to": to, "bitrate_kbps": stretch.value})
    });
    let watched = play.watched();
    let watched = watched
        .iter()
        .map(|(from, to)| json!({"from_ms": from, "to_ms": to}));
    vec![
        ("intervals", is(intervals.collect::<Vec<_>>())),
        ("renditions", is(renditions.collect::<Vec<_>>())),
        ("watched", is(watched.collect::<Vec<_>>())),
        (
            "events",
            is(play.beacons().filter_map(event).collect::<Vec<_>>()),
        ),
    ]
}

/// An error or an event of an ad.
fn event(beacon: &Beacon) -> Option<Value> {
    let text = |field: &str, key: &str| beacon.entry(field, key).unwrap_or_default();
    let error_code = match beacon.event {
        Event::AdError => text("ad", "error_code"),
        _ => text("error", "code"),
    };
    Some(json!({
        "at": moment_value(beacon.at_ms),
        "code": code(beacon)?,
        "quartile": beacon.number("ad", "quartile").unwrap_or(0),
        "error_code": error_code,
        "ad_id": text("ad", "ad_id"),
        "break_id": text("ad", "break_id"),
    }))
}

/// The numbers of errors and ad events in docs/sessions.md, section 3.
fn code(beacon: &Beacon) -> Option<u8> {
    let is_told = |key: &str| beacon.entry("error", key).as_deref() == Some("true");
    Some(match beacon.event {
        Event::Error => 30 + u8::from(is_told("fatal")) * (1 + u8::from(is_told("business"))),
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
