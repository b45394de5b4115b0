//! Copies, delays and disorder between client and gateway.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::cast::Dice;

use super::Parcel;

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

/// Lets later parcels overtake `percent` of them, and shuffles the beacons inside.
pub(super) fn reorder(parcels: &mut [Parcel], percent: f64, rng: &mut ChaCha8Rng) {
    for parcel in parcels {
        if rng.chance(percent) {
            parcel.send_at_ms += rng.within(0..OVERTAKING_MS);
            parcel.beacons.shuffle(rng);
        }
    }
}
