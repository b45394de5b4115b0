//! The client's own collecting: beacons of a short window travel together.

use crate::script::Script;
use crate::script::told::told;

use super::Parcel;

/// The sent time, which is added when a parcel leaves, and the comma between beacons; bytes.
const ADDED_BYTES: usize = 32;

/// Parcels of what arrives: each is sent `window_ms` after its first beacon, or at once when it is full.
pub(super) fn batch(
    index: usize,
    script: &Script,
    window_ms: i64,
    full_bytes: usize,
) -> Vec<Parcel> {
    let mut parcels: Vec<Parcel> = Vec::new();
    let mut bytes = 0;
    for beacon in script.arriving() {
        let length = serde_json::to_string(&told(&script.viewer, beacon))
            .map_or(0, |json| json.len())
            + ADDED_BYTES;
        let place = beacon.index;
        match parcels.last_mut() {
            Some(open) if beacon.at_ms <= open.send_at_ms && bytes + length <= full_bytes => {
                open.beacons.push(place);
                bytes += length;
            }
            before => {
                if let Some(full) = before {
                    full.send_at_ms = full.send_at_ms.min(beacon.at_ms);
                }
                parcels.push(Parcel {
                    script: index,
                    beacons: vec![place],
                    send_at_ms: beacon.at_ms + window_ms,
                });
                bytes = length;
            }
        }
    }
    parcels
}
