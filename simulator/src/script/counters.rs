//! The totals that a client keeps of itself, over the whole session, and tells with some of its beacons.

use super::Script;
use super::beacon::{Entry, Group};
use super::event::Event;
use super::scene::{Condition, Scene};

/// The client's totals at `now_ms` (true time).
pub(crate) fn counters(script: &Script, now_ms: i64) -> Group {
    let scenes = |condition: Condition| {
        let all = script.plays.iter().flat_map(|play| &play.scenes);
        all.filter(move |scene| scene.condition == condition)
    };
    let total = |condition: Condition| {
        let length = |scene: &Scene| scene.to_ms.unwrap_or(now_ms) - scene.from_ms;
        let ms: i64 = scenes(condition).map(length).sum();
        Entry::Number(ms.unsigned_abs())
    };
    let count = |condition: Condition| Entry::Number(scenes(condition).count() as u64);
    let errors = script
        .beacons
        .iter()
        .filter(|beacon| beacon.event == Event::Error)
        .count();
    Group {
        field: "counters",
        entries: vec![
            ("played_ms", total(Condition::Playing)),
            ("stalled_ms", total(Condition::Stalled)),
            ("paused_ms", total(Condition::Paused)),
            ("seeking_ms", total(Condition::Seeking)),
            ("ad_ms", total(Condition::Ad)),
            ("stall_count", count(Condition::Stalled)),
            ("seek_count", count(Condition::Seeking)),
            ("error_count", Entry::Number(errors as u64)),
        ],
    }
}
