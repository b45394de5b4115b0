//! Heartbeats that never arrive, and stalls of which nobody hears.

use rand_chacha::ChaCha8Rng;

use crate::cast::Dice;
use crate::script::Script;
use crate::script::event::Event;

/// Marks `percent` of the heartbeats as lost.
pub(super) fn lose_heartbeats(script: &mut Script, percent: f64, rng: &mut ChaCha8Rng) {
    for beacon in &mut script.beacons {
        beacon.is_lost = beacon.event == Event::Heartbeat && rng.chance(percent);
    }
}

/// Loses both reports of `percent` of the plain stalls; nothing else is lost for good, since clients retry. What the
/// client's own counters say of them stays.
pub(super) fn lose_stalls(script: &mut Script, percent: f64, rng: &mut ChaCha8Rng) {
    for play in &mut script.plays {
        for stall in play.plain_stalls.clone() {
            if rng.chance(percent) {
                script.beacons[stall.began_by].is_lost = true;
                script.beacons[stall.ended_by].is_lost = true;
                play.hush(stall.from_ms);
            }
        }
    }
}
