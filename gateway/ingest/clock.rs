//! When a beacon happened, by the gateway's clock: `docs/sessions.md`, section 2, for one beacon.

use crate::beacon::Beacon;

/// A difference this small is the network's, not the clock's.
const NETWORK_MS: i64 = 2_000;
/// A client that says nothing of when it sent may be a day behind and still be right: it kept its
/// beacons while it was offline.
const OFFLINE_MS: i64 = 86_400_000;

/// The estimate, never later than the time of receipt; Unix ms.
pub(super) fn event_time_ms(beacon: &Beacon, client_time_ms: i64, received_time_ms: i64) -> i64 {
    client_time_ms
        .saturating_add(offset_ms(beacon, client_time_ms, received_time_ms))
        .min(received_time_ms)
}

/// Gateway clock minus client clock; ms.
fn offset_ms(beacon: &Beacon, client_time_ms: i64, received_time_ms: i64) -> i64 {
    if let Some(measured) = beacon.clock_offset_ms {
        return measured;
    }
    if let Some(sent_time_ms) = beacon.sent_time_ms {
        let behind = received_time_ms.saturating_sub(sent_time_ms);
        return if behind.abs() > NETWORK_MS { behind } else { 0 };
    }
    let behind = received_time_ms.saturating_sub(client_time_ms);
    if (-NETWORK_MS..=OFFLINE_MS).contains(&behind) {
        0
    } else {
        behind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIVED: i64 = 1_795_250_275_830;

    /// The estimate, relative to the time of receipt.
    fn estimate(client: i64, sent: Option<i64>, measured: Option<i64>) -> i64 {
        let beacon = Beacon {
            sent_time_ms: sent,
            clock_offset_ms: measured,
            ..Beacon::default()
        };
        event_time_ms(&beacon, client, RECEIVED).saturating_sub(RECEIVED)
    }

    #[test]
    fn a_right_clock_is_believed() {
        assert_eq!(
            estimate(RECEIVED - 60_000, Some(RECEIVED - 2_000), None),
            -60_000
        );
        assert_eq!(estimate(RECEIVED - 60_000, None, None), -60_000);
    }

    #[test]
    fn the_clients_own_measurement_comes_first() {
        assert_eq!(estimate(0, Some(5), Some(RECEIVED - 700)), -700);
    }

    #[test]
    fn the_time_of_sending_corrects_a_wrong_clock() {
        // 1970: happened 3 s before it was sent.
        assert_eq!(estimate(1_000, Some(4_000), None), -3_000);
        // 2 s ahead is the network; beyond is the clock.
        assert_eq!(estimate(RECEIVED + 1_000, Some(RECEIVED + 2_000), None), 0);
        assert_eq!(
            estimate(RECEIVED + 1_000, Some(RECEIVED + 2_001), None),
            -1_001
        );
    }

    #[test]
    fn without_a_time_of_sending_only_the_impossible_is_corrected() {
        assert_eq!(estimate(RECEIVED + 2_001, None, None), 0);
        assert_eq!(estimate(RECEIVED - 86_400_000, None, None), -86_400_000);
        assert_eq!(estimate(RECEIVED - 86_400_001, None, None), 0);
    }

    #[test]
    fn it_never_lies_in_the_future_and_never_overflows() {
        assert_eq!(estimate(RECEIVED + 1_500, None, None), 0);
        assert_eq!(estimate(RECEIVED, None, Some(i64::MAX)), 0);
        assert!(estimate(0, None, Some(i64::MIN)) < 0);
    }
}
