use std::sync::Arc;

use super::*;
use crate::beacon::DeviceClass;

const RECEIVED: i64 = 1_795_250_275_830;

fn enriched_of(beacon: Beacon, client: ClientFacts) -> Beacon {
    let arrival = Arrival {
        tenant: "default".into(),
        write_key: Some("phw_abcdefgh".into()),
        received_time_ms: RECEIVED,
        source: Source::NativeJson,
        stream: "json",
        is_gpc: true,
        is_test: false,
        client,
        origin: Origin::Client,
    };
    let protected = ProtectedBeacon {
        beacon: beacon.into(),
        identity: 77,
        event_time_ms: RECEIVED - 1,
    };
    *enrich(protected, &arrival).0
}

fn enriched(beacon: Beacon) -> Beacon {
    enriched_of(beacon, ClientFacts::default())
}

#[test]
fn the_gateways_own_fields_are_set() {
    let beacon = enriched(Beacon {
        session_id: Some("s".into()),
        seq: Some(4),
        ..Beacon::default()
    });
    assert_eq!(
        beacon,
        Beacon {
            session_id: Some("s".into()),
            seq: Some(4),
            tenant: Some("default".into()),
            write_key: Some("phw_abcdefgh".into()),
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
fn without_an_ordinal_the_identity_takes_its_place() {
    let beacon = enriched(Beacon::default());
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

fn television() -> ClientFacts {
    ClientFacts {
        device: Arc::new(DeviceFacts {
            class: Some(DeviceClass::SmartTv),
            model: Some("BRAVIA 4K".into()),
            os_name: Some("Android".into()),
            os_version: Some("12".into()),
            browser: Some("Chrome".into()),
            browser_version: Some("114".into()),
            is_bot: false,
        }),
        place: Arc::new(Place {
            country: Some("US".into()),
            region: Some("US-CA".into()),
            asn: Some(7_922),
            isp: Some("Example Net".into()),
        }),
        address: None,
    }
}

#[test]
fn what_the_client_leaves_open_is_filled() {
    let told = Beacon {
        event: Some(EventKind::PlayState.into()),
        cdn: Some("Akamai-Edge".into()),
        ..Beacon::default()
    };
    let beacon = enriched_of(told, television());
    assert_eq!(beacon.device_class(), DeviceClass::SmartTv);
    assert_eq!(beacon.device_model(), "BRAVIA 4K");
    assert_eq!((beacon.os_name(), beacon.os_version()), ("Android", "12"));
    assert_eq!((beacon.country(), beacon.region()), ("US", "US-CA"));
    assert_eq!((beacon.asn(), beacon.isp()), (7_922, "Example Net"));
    assert_eq!(beacon.tags["browser"], "Chrome");
    assert_eq!(beacon.cdn(), "akamai");
    assert_eq!(beacon.is_bot, None);
}

#[test]
fn what_the_client_says_wins_in_pairs() {
    let told = Beacon {
        event: Some(EventKind::Heartbeat.into()),
        device_class: Some(DeviceClass::SetTopBox.into()),
        os_name: Some("Own OS".into()),
        country: Some("DE".into()),
        isp: Some("Own Net".into()),
        cdn: Some("edge-1".into()),
        ..Beacon::default()
    };
    let beacon = enriched_of(told, television());
    assert_eq!(beacon.device_class(), DeviceClass::SetTopBox);
    assert_eq!((beacon.os_name(), &beacon.os_version), ("Own OS", &None));
    assert_eq!((beacon.country(), &beacon.region), ("DE", &None));
    assert_eq!((beacon.isp(), &beacon.asn), ("Own Net", &None));
    assert_eq!(beacon.cdn(), "edge-1");
    // Nothing goes into the tags of a heartbeat.
    assert!(beacon.tags.is_empty());
}

#[test]
fn a_robot_is_marked() {
    let client = ClientFacts {
        device: Arc::new(DeviceFacts {
            is_bot: true,
            ..DeviceFacts::default()
        }),
        ..ClientFacts::default()
    };
    assert_eq!(enriched_of(Beacon::default(), client).is_bot, Some(true));
}
