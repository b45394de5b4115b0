//! What became of the session's beacons; it stands on the first play.

use crate::truth::Truth;
use crate::truth::cell::{Expected, Row, is};
use crate::truth::delivery::{copies, lost};
use crate::truth::play::PlayTruth;

pub(super) fn columns(truth: &Truth, index: usize, play: &PlayTruth<'_>) -> Row {
    let script = play.script;
    let (received, lost, resets, copies) = match play.place {
        0 => (
            script.arriving().count() as u64,
            lost(script),
            script.counter_resets,
            copies(truth, index, script),
        ),
        _ => (0, 0, 0, (0, 0)),
    };
    vec![
        ("beacons_received", is(received)),
        ("beacons_lost", is(lost)),
        ("beacons_sent", is(received + lost)),
        ("beacons_duplicated", Expected::Count(copies.0, copies.1)),
        ("counter_resets", is(resets)),
        ("cdn_switch_count", is(play.play.cdn_switches)),
    ]
}
