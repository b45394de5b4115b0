//! `live_viewers_v`: what each session last told of itself, long after the event.

use serde_json::Value;

use super::Expectation;
use crate::script::Script;
use crate::script::beacon::Beacon;
use crate::script::event::State;
use crate::truth::Truth;
use crate::truth::cell::{Expected, Row, is, moment};

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let scripts = truth.event.scripts.iter().enumerate();
    let latest: Vec<(usize, &Script, &Beacon)> = scripts
        .filter(|(_, script)| script.is_counted())
        .filter_map(|(index, script)| {
            let beacon = script
                .arriving()
                .filter(|beacon| beacon.state.is_some())
                .max_by_key(|beacon| (beacon.at_ms, beacon.seq))?;
            Some((index, script, beacon))
        })
        .collect();
    Expectation {
        view: "live_viewers_v",
        key: vec!["session_id"],
        is_by_session: true,
        keys: latest
            .iter()
            .map(|(_, script, _)| script.viewer.session_id.clone())
            .collect(),
        row: Box::new(move |at, _| {
            let (index, script, beacon) = latest[at];
            row(truth, index, script, beacon)
        }),
    }
}

fn row(truth: &Truth, index: usize, script: &Script, beacon: &Beacon) -> Row {
    let viewer = &script.viewer;
    let content_id = match beacon.names_content {
        true => beacon.title.content_id.clone(),
        false => String::new(),
    };
    let state = beacon.state.map_or("", State::name);
    // Everybody has been silent for longer than the liveness window.
    let status = if beacon.state == Some(State::Ended) {
        "finished"
    } else {
        "gone"
    };
    vec![
        ("tenant", is(truth.tenant.clone())),
        ("session_key", is(truth.session_key(script))),
        ("session_id", is(viewer.session_id.clone())),
        (
            "viewer_id",
            is(viewer.viewer_id.clone().unwrap_or_default()),
        ),
        ("device_class", is(viewer.device.class)),
        ("country", is(viewer.network.country)),
        // As that beacon tells it: some name no title.
        ("content_id", is(content_id)),
        ("state", is(state)),
        ("in_ad", is(beacon.playback.in_ad.unwrap_or(false))),
        ("status", is(status)),
        (
            "position_ms",
            is(beacon.playback.position_ms.map_or(Value::Null, Value::from)),
        ),
        (
            "bitrate_kbps",
            is(beacon
                .playback
                .bitrate_kbps
                .map_or(Value::Null, Value::from)),
        ),
        (
            "buffer_ms",
            is(beacon.playback.buffer_ms.map_or(Value::Null, Value::from)),
        ),
        ("last_seen_at", last_seen(truth, index, script, beacon)),
    ]
}

/// When the latest beacon of any kind was made: exact, unless the delivery of the one that tells the state took so long
/// that the gateway had to take the client's clock for wrong.
fn last_seen(truth: &Truth, index: usize, script: &Script, beacon: &Beacon) -> Expected {
    const TRUSTED_MS: i64 = 2_000;
    let last_ms = script.arriving().map(|beacon| beacon.at_ms).max();
    let last_ms = last_ms.unwrap_or(beacon.at_ms);
    let deliveries = truth.deliveries(index, beacon.index);
    let longest_ms = deliveries.map_or(0, |times| times.last_answer_ms - times.first_sent_ms);
    if script.viewer.clock.measured || longest_ms <= TRUSTED_MS {
        moment(last_ms)
    } else {
        Expected::Between(last_ms, last_ms + longest_ms)
    }
}
