//! Heartbeats that never arrive.

use rand_chacha::ChaCha8Rng;

use crate::cast::Dice;
use crate::script::Script;
use crate::script::event::Event;

/// Marks `percent` of the heartbeats as lost; nothing else is lost for good, since clients retry.
pub(super) fn lose_heartbeats(script: &mut Script, percent: f64, rng: &mut ChaCha8Rng) {
    for beacon in &mut script.beacons {
        beacon.is_lost = beacon.event == Event::Heartbeat && rng.chance(percent);
    }
}
