//! Copies, delays and disorder between client and gateway.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::cast::Dice;
use crate::script::Script;

use super::Parcel;

const TWO_MINUTES_MS: i64 = 120_000;
const TEN_MINUTES_MS: i64 = 600_000;
const OVERTAKING_MS: i64 = 8_000;

/// Second deliveries of `percent` of the parcels, in requests of their own, up to ten minutes later.
pub(super) fn copies(parcels: &[Parcel], percent: f64, rng: &mut ChaCha8Rng) -> Vec<Parcel> {
    let mut copies = Vec::new();
    for parcel in parcels {
        if rng.chance(percent) {
            let send_at_ms = parcel.send_at_ms + rng.within(0..TEN_MINUTES_MS);
            copies.push(Parcel {
                send_at_ms,
                ..parcel.clone()
            });
        }
    }
    copies
}

/// Holds back `percent` of the parcels, up to ten minutes.
pub(super) fn delay(parcels: &mut [Parcel], percent: f64, rng: &mut ChaCha8Rng) {
    for parcel in parcels {
        if rng.chance(percent) {
            parcel.send_at_ms += rng.within(1_000..TEN_MINUTES_MS);
        }
    }
}

/// Holds back all that tells of `percent` of the plays after the first one, two to ten minutes: the play before it
/// seems to go on until the one after it, and was shorter once this one is known.
pub(super) fn delay_plays(
    parcels: &mut [Parcel],
    script: &Script,
    percent: f64,
    rng: &mut ChaCha8Rng,
) {
    for play in 1..script.plays.len() {
        if !rng.chance(percent) {
            continue;
        }
        let held_ms = rng.within(TWO_MINUTES_MS..TEN_MINUTES_MS);
        let tells = |parcel: &&mut Parcel| {
            let mut beacons = parcel.beacons.iter();
            beacons.any(|beacon| script.beacons[*beacon].play == play)
        };
        for parcel in parcels.iter_mut().filter(tells) {
            parcel.send_at_ms += held_ms;
        }
    }
}

/// Lets later parcels overtake `percent` of them, and shuffles the beacons inside.
pub(super) fn reorder(parcels: &mut [Parcel], percent: f64, rng: &mut ChaCha8Rng) {
    for parcel in parcels {
        if rng.chance(percent) {
            parcel.send_at_ms += rng.within(0..OVERTAKING_MS);
            parcel.beacons.shuffle(rng);
        }
    }
}
