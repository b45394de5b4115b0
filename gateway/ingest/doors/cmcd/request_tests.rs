use axum::http::HeaderMap;
use serde_json::{Value as Json, json};

use super::*;

fn head(query: &str, headers: &[(&'static str, &'static str)]) -> RequestHead {
    RequestHead {
        path: "/v1/cmcd/request".into(),
        query: query.into(),
        headers: headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<HeaderMap>(),
        received_time_ms: 0,
        is_gpc: false,
    }
}

fn report(head: &RequestHead, mode: Mode) -> (Json, Option<u64>) {
    let batch = one_report(head, mode).unwrap();
    let decoded = &batch.beacons[0];
    (
        serde_json::to_value(&decoded.beacon).unwrap(),
        decoded.identity,
    )
}

#[test]
fn a_query_of_version_1_is_read() {
    let query = "CMCD=bl%3D21300%2Cbr%3D3200%2Cbs%2Ccid%3D%22c%22%2Cd%3D4004%2Cmtp%3D25400%2Cnor%3D%22..%252F300kbps%252Fsegment35.m4v%22%2Cot%3Dv%2Csf%3Dd%2Csid%3D%22s%22%2Cst%3Dv%2Ctb%3D6000&target=edge&rc=206&ts=1795250334911&url=https%3A%2F%2Fcdn.example%2Fa%3Ftoken%3Dx";
    assert_eq!(
        report(&head(query, &[]), Mode::Request).0,
        json!({
            "session_id": "s", "stream": "edge", "event": "request", "client_time_ms": 1_795_250_334_911_i64,
            "content_id": "c", "stream_type": "vod", "bitrate_kbps": 3200, "buffer_ms": 21300,
            "throughput_kbps": 25400, "request": {"status": 206, "object_type": "v", "host": "cdn.example"},
            "tags": {"bs": "true", "d": "4004", "sf": "d", "tb": "6000"}
        })
    );
}

#[test]
fn the_four_headers_are_one_dictionary() {
    let headers = [
        ("cmcd-object", "br=(831;v),d=2000,ot=v"),
        ("cmcd-request", "bl=(4000;v),sn=3"),
        ("cmcd-session", "sid=\"s\",v=2"),
        ("cmcd-status", "bs"),
    ];
    assert_eq!(
        report(&head("", &headers), Mode::Request).0,
        json!({
            "session_id": "s", "seq": 3, "event": "request", "bitrate_kbps": 831, "buffer_ms": 4000,
            "sdk_version": "2", "request": {"object_type": "v"}, "tags": {"bs": "true", "d": "2000"}
        })
    );
}

#[test]
fn two_objects_of_the_same_values_are_two_reports() {
    let identity = |query: &str| report(&head(query, &[]), Mode::Request).1;
    let first = identity("CMCD=br%3D831%2Csid%3D%22s%22%2Cnor%3D%22a%22");
    assert_eq!(
        first,
        identity("CMCD=br%3D831%2Csid%3D%22s%22%2Cnor%3D%22a%22")
    );
    assert_ne!(
        first,
        identity("CMCD=br%3D831%2Csid%3D%22s%22%2Cnor%3D%22b%22")
    );
    assert_ne!(
        first,
        identity("CMCD=br%3D831%2Csid%3D%22s%22%2Cnor%3D%22a%22&ts=5")
    );
    let mut elsewhere = head("CMCD=br%3D831%2Csid%3D%22s%22%2Cnor%3D%22a%22", &[]);
    elsewhere.path.push_str("/seg5.m4s");
    assert_ne!(first, report(&elsewhere, Mode::Request).1);
}

#[test]
fn events_by_get_keep_their_event_and_answers_become_requests() {
    let (event, _) = report(
        &head(
            "CMCD=e%3Dps%2Csid%3D%22s%22%2Csta%3Dp%2Cts%3D5%2Cv%3D2",
            &[],
        ),
        Mode::Event,
    );
    assert_eq!(
        (&event["event"], &event["state"]),
        (&json!("play_state"), &json!("playing"))
    );
    let (answer, _) = report(
        &head("CMCD=rc%3D200%2Csid%3D%22s%22%2Cttlb%3D31%2Cv%3D2", &[]),
        Mode::Event,
    );
    assert_eq!(answer["event"], "request");
    let (neither, _) = report(&head("CMCD=sid%3D%22s%22", &[]), Mode::Event);
    assert_eq!(neither["event"], Json::Null);
}

#[test]
fn lines_are_dictionaries_or_copied_from_addresses() {
    let body = b"sid=\"s\",sn=1\r\n\nCMCD=sid%3D%22s%22%2Csn%3D2\nno, =dictionary\n";
    let batch = decode_requests(&head("", &[]), body, 5).unwrap();
    let seqs: Vec<_> = batch
        .beacons
        .iter()
        .map(|decoded| (decoded.index, decoded.beacon.seq()))
        .collect();
    assert_eq!(seqs, [(0, 1), (1, 2)]);
    assert_eq!(batch.refusals[0].index, 2);
    assert!(decode_requests(&head("", &[]), body, 2).is_err());
}
