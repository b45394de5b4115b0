//! `sessions_v` and `sessions_enriched_v`: one row per play, test devices left out.

mod ads;
mod delivery;
mod dimensions;
mod durations;
mod enriched;
mod faults;
mod picture;
mod timeline;

pub(super) use picture::quartile;
use serde_json::Value;

use super::Expectation;
use crate::event::unix_ms;
use crate::truth::Truth;
use crate::truth::cell::{Expected, Row, is, moment};
use crate::truth::play::PlayTruth;
use crate::truth::repair::Repaired;

/// `sessions_v`, and `sessions_enriched_v` in a database whose dimensions are empty: nothing is added to any row.
pub(super) fn expectations(truth: &Truth) -> [Expectation<'_>; 2] {
    [
        expectation(truth, "sessions_v", Row::new),
        expectation(truth, "sessions_enriched_v", enriched::without_dimensions),
    ]
}

fn expectation<'a>(truth: &'a Truth, view: &'static str, added: fn() -> Row) -> Expectation<'a> {
    let plays = truth.plays();
    Expectation {
        view,
        key: vec!["session_id", "play_no"],
        is_by_session: true,
        keys: plays
            .iter()
            .map(|(_, play)| format!("{} {}", play.script.viewer.session_id, play.place + 1))
            .collect(),
        row: Box::new(move |index, _| {
            let (script, play) = &plays[index];
            let mut row = row(truth, *script, play);
            row.extend(added());
            row
        }),
    }
}

fn row(truth: &Truth, script: usize, play: &PlayTruth<'_>) -> Row {
    let viewer = &play.script.viewer;
    let repaired = Repaired::of(play);
    let clock_offset_ms = match viewer.clock.measured {
        true => -viewer.clock.ahead_ms,
        false => 0,
    };
    let first_frame_ms = play.play.first_frame_ms;
    let mut row = vec![
        ("tenant", is(truth.tenant.clone())),
        ("session_key", is(truth.session_key(play.script))),
        ("session_id", is(viewer.session_id.clone())),
        ("play_no", is(play.place + 1)),
        ("started_at", moment(play.started_ms)),
        (
            "first_frame_at",
            first_frame_ms.map_or(is(Value::Null), moment),
        ),
        ("last_seen_at", moment(play.last_seen_ms)),
        ("ended_at", moment(play.ended_ms)),
        ("end_reason", is(play.end_reason)),
        ("is_business_failure", is(play.is_business_failure())),
        ("current_state", is("")),
        ("is_started", is(play.is_started())),
        ("clock_offset_ms", is(clock_offset_ms)),
        // Computed after the session began and before this comparison.
        (
            "version",
            Expected::Between(play.started_ms, unix_ms().unwrap_or(i64::MAX)),
        ),
    ];
    row.extend(durations::columns(play, &repaired));
    row.extend(picture::columns(play));
    row.extend(faults::columns(play, &repaired));
    row.extend(ads::columns(play));
    row.extend(delivery::columns(truth, script, play));
    row.extend(dimensions::columns(play));
    row.extend(timeline::columns(play));
    row
}
