//! Adds what the gateway knows: whose beacon it is, when it came, by which door.

use super::ValidBeacon;
use crate::beacon::{Beacon, Source, session_key};

/// What all beacons of one request have in common.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Owner of the data.
    pub tenant: String,
    /// When the request had been read; Unix ms.
    pub received_time_ms: i64,
    /// The door.
    pub source: Source,
    /// How streams of this door begin: `json`, `cmcd:event`.
    pub stream: &'static str,
    /// Whether the client sent `Sec-GPC: 1`.
    pub is_gpc: bool,
}

/// A beacon that is complete.
#[derive(Debug)]
pub struct EnrichedBeacon(Beacon);

impl EnrichedBeacon {
    /// The beacon, to be packed for Kafka.
    pub(crate) fn into_beacon(self) -> Beacon {
        self.0
    }

    /// The key of its session.
    pub fn session_key(&self) -> u64 {
        self.0.session_key()
    }

    #[cfg(test)]
    pub(crate) fn for_test(beacon: Beacon) -> Self {
        Self(beacon)
    }
}

/// Completes a beacon; what a client wrote into the gateway's own fields is overwritten.
pub fn enrich(valid: ValidBeacon, arrival: &Arrival) -> EnrichedBeacon {
    let ValidBeacon {
        mut beacon,
        identity,
        event_time_ms,
    } = valid;
    clear_own_fields(&mut beacon);
    beacon.seq_is_ordinal = Some(beacon.seq.is_some());
    if beacon.seq.is_none() {
        beacon.seq = Some(identity.unwrap_or_else(|| beacon.content_hash()));
    }
    beacon.session_key = Some(session_key(&arrival.tenant, beacon.session_id()));
    beacon.tenant = Some(arrival.tenant.clone());
    beacon.stream = Some(match beacon.stream.as_deref() {
        Some(clients_own) if !clients_own.is_empty() => {
            format!("{}:{clients_own}", arrival.stream)
        }
        _ => arrival.stream.to_owned(),
    });
    beacon
        .client_time_ms
        .get_or_insert(arrival.received_time_ms);
    beacon.received_time_ms = Some(arrival.received_time_ms);
    beacon.event_time_ms = Some(event_time_ms);
    beacon.source = Some(arrival.source.into());
    beacon.privacy_gpc = arrival.is_gpc.then_some(true);
    EnrichedBeacon(beacon)
}

/// Empties the fields that only the gateway sets, before the content is hashed.
fn clear_own_fields(beacon: &mut Beacon) {
    beacon.tenant = None;
    beacon.session_key = None;
    beacon.seq_is_ordinal = None;
    beacon.received_time_ms = None;
    beacon.event_time_ms = None;
    beacon.source = None;
    beacon.privacy_gpc = None;
    beacon.is_bot = None;
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIVED: i64 = 1_795_250_275_830;

    fn enriched(beacon: Beacon) -> Beacon {
        let arrival = Arrival {
            tenant: "default".into(),
            received_time_ms: RECEIVED,
            source: Source::NativeJson,
            stream: "json",
            is_gpc: true,
        };
        let valid = ValidBeacon {
            beacon,
            identity: None,
            event_time_ms: RECEIVED - 1,
        };
        enrich(valid, &arrival).0
    }

    #[test]
    fn the_gateways_own_fields_are_overwritten() {
        let beacon = enriched(Beacon {
            session_id: Some("s".into()),
            seq: Some(4),
            tenant: Some("another".into()),
            session_key: Some(1),
            seq_is_ordinal: Some(false),
            received_time_ms: Some(1),
            event_time_ms: Some(1),
            source: Some(7),
            privacy_gpc: Some(false),
            is_bot: Some(true),
            ..Beacon::default()
        });
        assert_eq!(
            beacon,
            Beacon {
                session_id: Some("s".into()),
                seq: Some(4),
                tenant: Some("default".into()),
                session_key: Some(session_key("default", "s")),
                stream: Some("json".into()),
                seq_is_ordinal: Some(true),
                client_time_ms: Some(RECEIVED),
                received_time_ms: Some(RECEIVED),
                event_time_ms: Some(RECEIVED - 1),
                source: Some(Source::NativeJson.into()),
                privacy_gpc: Some(true),
                ..Beacon::default()
            }
        );
    }

    #[test]
    fn without_an_ordinal_two_copies_have_the_same_identity() {
        let copy = |sent: i64, source: i32| {
            let beacon = enriched(Beacon {
                session_id: Some("s".into()),
                client_time_ms: Some(9),
                sent_time_ms: Some(sent),
                source: Some(source),
                ..Beacon::default()
            });
            (beacon.seq, beacon.seq_is_ordinal)
        };
        assert_eq!(copy(1, 1), copy(2, 3));
        assert_eq!(copy(1, 1).1, Some(false));
    }

    #[test]
    fn a_name_that_the_protocol_gives_identifies_and_is_no_ordinal() {
        let valid = ValidBeacon {
            beacon: Beacon::default(),
            identity: Some(77),
            event_time_ms: RECEIVED,
        };
        let arrival = Arrival {
            tenant: "default".into(),
            received_time_ms: RECEIVED,
            source: Source::Snowplow,
            stream: "snowplow",
            is_gpc: false,
        };
        let beacon = enrich(valid, &arrival).0;
        assert_eq!((beacon.seq, beacon.seq_is_ordinal), (Some(77), Some(false)));
    }

    #[test]
    fn a_clients_own_stream_stands_behind_the_doors() {
        let beacon = enriched(Beacon {
            stream: Some("player-2".into()),
            ..Beacon::default()
        });
        assert_eq!(beacon.stream(), "json:player-2");
    }
}
