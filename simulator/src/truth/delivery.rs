//! What became of a session's beacons on their way.

use std::collections::BTreeMap;

use crate::script::Script;
use crate::script::beacon::Beacon;

use super::Truth;

/// The beacon by which a session ends: greatest time, then greatest seq.
pub(crate) fn latest(script: &Script) -> Option<&Beacon> {
    script
        .arriving()
        .max_by_key(|beacon| (beacon.at_ms, beacon.seq))
}

/// Beacons that never arrived although later ones of the same counter did.
pub(crate) fn lost(script: &Script) -> u64 {
    let mut counters: BTreeMap<Option<&str>, (u64, u64)> = BTreeMap::new();
    for beacon in script.arriving() {
        let (greatest, arrived) = counters.entry(beacon.stream).or_default();
        *greatest = beacon.seq.max(*greatest);
        *arrived += 1;
    }
    counters
        .values()
        .map(|(greatest, arrived)| greatest + 1 - arrived)
        .sum()
}

/// Copies beyond the first of each beacon that have a moment of receipt of their own: at least, and at most. A request
/// that was sent and not acknowledged may have been taken, and two that overlapped may have come in one millisecond.
pub(crate) fn copies(truth: &Truth, index: usize, script: &Script) -> (u64, u64) {
    let deliveries = script
        .arriving()
        .filter_map(|beacon| truth.deliveries(index, beacon.index));
    deliveries.fold((0, 0), |(least, most), one| {
        (
            least + one.least.saturating_sub(1),
            most + one.most.saturating_sub(1),
        )
    })
}
