//! Takes in a beacon that another gateway has completed.

use super::{Arrival, EnrichedBeacon, Origin};
use crate::beacon::{Beacon, session_key};
use crate::ingest::ValidBeacon;

/// A time of receipt this far ahead is a clock's, not a message's; ms.
const AHEAD_MS: i64 = 2_000;

/// The time of receipt that the other gateway tells, where it can be; Unix ms.
pub(crate) fn received_time_ms(beacon: &Beacon, arrival: &Arrival) -> i64 {
    let now_ms = arrival.received_time_ms;
    match (arrival.origin, beacon.received_time_ms) {
        (Origin::Gateway | Origin::GatewayOfAllTenants, Some(told)) if told > 0 => {
            if told > now_ms.saturating_add(AHEAD_MS) {
                now_ms
            } else {
                told
            }
        }
        _ => now_ms,
    }
}

/// Keeps all that the other gateway has said, but whose the beacon is: that the key tells.
pub fn readmit(valid: ValidBeacon, arrival: &Arrival) -> EnrichedBeacon {
    let received_time_ms = received_time_ms(&valid.beacon, arrival);
    let mut beacon = valid.beacon;
    let is_told = beacon
        .tenant
        .as_deref()
        .is_some_and(|tenant| !tenant.is_empty());
    if arrival.origin != Origin::GatewayOfAllTenants || !is_told {
        beacon.tenant = Some(arrival.tenant.clone());
    }
    beacon.session_key = Some(session_key(beacon.tenant(), beacon.session_id()));
    if beacon.seq.is_none() {
        beacon.seq_is_ordinal = Some(false);
        beacon.seq = Some(beacon.content_hash());
    }
    beacon.seq_is_ordinal.get_or_insert(false);
    beacon.stream.get_or_insert_with(|| "forward".to_owned());
    beacon.received_time_ms = Some(received_time_ms);
    beacon.client_time_ms.get_or_insert(received_time_ms);
    beacon.event_time_ms = Some(valid.event_time_ms);
    if arrival.is_test {
        beacon.is_test = Some(true);
    }
    EnrichedBeacon::of_gateway(beacon)
}
