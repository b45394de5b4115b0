//! What was seen: bitrates, heights, dropped frames, and how far into the title.

use serde_json::Value;

use crate::script::beacon::Beacon;
use crate::truth::cell::{Expected, Row, is};
use crate::truth::play::PlayTruth;
use crate::truth::stretch::{top, total_ms, weighted};

pub(super) fn columns(play: &PlayTruth<'_>) -> Row {
    let known_ms = total_ms(&play.renditions);
    let kbit = weighted(&play.renditions) / 1000;
    let (switches, upswitches) = play.bitrate_switches();
    let told_position = |beacon: &&Beacon| position(beacon).is_some();
    let latest = play
        .speaking_for_it()
        .filter(told_position)
        .max_by_key(|beacon| (beacon.at_ms, position(beacon)));
    let dropped = play
        .speaking_for_it()
        .filter_map(|beacon| beacon.playback.dropped_frames)
        .max();
    vec![
        ("bitrate_kbit", is(kbit)),
        ("bitrate_known_ms", is(known_ms)),
        ("average_bitrate_kbps", ratio(kbit * 1000, known_ms)),
        ("top_bitrate_kbps", is(top(&play.renditions))),
        ("bitrate_switch_count", is(switches)),
        ("bitrate_upswitch_count", is(upswitches)),
        ("top_height", is(top(&play.heights))),
        (
            "average_height",
            ratio(weighted(&play.heights), total_ms(&play.heights)),
        ),
        ("dropped_frames", is(dropped)),
        ("first_position_ms", is(play.play.first_position_ms)),
        ("last_position_ms", is(latest.and_then(position))),
        ("furthest_position_ms", is(furthest_ms(play))),
        ("quartile", is(quartile(play))),
    ]
}

fn position(beacon: &Beacon) -> Option<i64> {
    beacon.playback.position_ms
}

fn ratio(sum: i64, divisor: i64) -> Expected {
    match divisor {
        0 => is(Value::Null),
        _ => Expected::Near(sum as f64 / divisor as f64),
    }
}

/// The furthest point that was told; ms of the title.
fn furthest_ms(play: &PlayTruth<'_>) -> Option<i64> {
    play.speaking_for_it().filter_map(position).max()
}

/// How many quarters of the title were reached; none when that cannot be known.
pub(in crate::truth::views) fn quartile(play: &PlayTruth<'_>) -> Option<i64> {
    if play.end_reason == "finished" {
        return Some(4);
    }
    let duration_ms = super::dimensions::duration_ms(play).filter(|ms| *ms > 0)?;
    Some((4 * furthest_ms(play)? / duration_ms).clamp(0, 4))
}
