//! The native door in protobuf: the same rules, outcomes and answers as in JSON.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::harness::{Gateway, Topic, answer, brokers, client};
use playhead::beacon::{Beacon, EventKind, PlayState};
use prost::Message;
use serde_json::{Value, json};

async fn post(gateway: &Gateway, content_type: &str, body: Vec<u8>) -> (u16, Value) {
    let request = client()
        .post(gateway.url("/v1/beacons"))
        .header("content-type", content_type)
        .body(body);
    let (status, _, mut body) = answer(request.send().await.unwrap()).await;
    body.as_object_mut().unwrap().remove("received_time_ms");
    (status, body)
}

fn body(beacons: &[Beacon]) -> Vec<u8> {
    beacons
        .iter()
        .flat_map(Message::encode_length_delimited_to_vec)
        .collect()
}

#[tokio::test]
async fn every_field_reaches_kafka_as_json_would_bring_it() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let text = include_str!("fixtures/beacons/every_field.json");
    let sent: Beacon = serde_json::from_str(text).unwrap();
    let mut with_own = sent.clone();
    // The gateway's own fields are not the client's to set.
    with_own.tenant = Some("another".into());
    with_own.source = Some(6);
    with_own.is_bot = Some(true);
    let (status, answer) = post(&gateway, "application/x-protobuf", body(&[with_own])).await;
    assert_eq!((status, &answer["accepted"]), (200, &json!(1)), "{answer}");
    let (status, answer) = post(&gateway, "application/json", text.into()).await;
    assert_eq!((status, &answer["accepted"]), (200, &json!(1)), "{answer}");

    let mut beacons: Vec<Value> = topic
        .beacons()
        .iter()
        .map(|beacon| serde_json::to_value(beacon).unwrap())
        .collect();
    let own: Vec<_> = beacons
        .iter_mut()
        .map(|beacon| {
            let fields = beacon.as_object_mut().unwrap();
            fields.remove("received_time_ms");
            fields.remove("event_time_ms");
            (fields.remove("source"), fields.remove("stream"))
        })
        .collect();
    assert_eq!(beacons[0], beacons[1]);
    let named = |source: &str, stream: &str| (Some(json!(source)), Some(json!(stream)));
    assert!(
        own.contains(&named("native_protobuf", "protobuf:main")),
        "{own:?}"
    );
    assert!(own.contains(&named("native_json", "json:main")), "{own:?}");
}

#[tokio::test]
async fn one_bad_message_never_rejects_its_batch() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let heartbeat = |seq: u64| Beacon {
        session_id: Some("s".into()),
        event: Some(EventKind::Heartbeat.into()),
        state: Some(PlayState::Playing.into()),
        seq: Some(seq),
        ..Beacon::default()
    };
    let unnamed = Beacon {
        session_id: None,
        ..heartbeat(1)
    };
    let unknown = Beacon {
        state: Some(99),
        ..heartbeat(2)
    };
    let mut bytes = body(&[heartbeat(0), unnamed, unknown]);
    // Field 2 is a text of more bytes than the message has.
    bytes.extend([2, 0x12, 9]);
    bytes.extend(body(&[heartbeat(4)]));
    let (status, answer) = post(&gateway, "application/protobuf", bytes).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&answer["received"], &answer["accepted"], &answer["refused"]),
        (&json!(5), &json!(2), &json!(3)),
        "{answer}"
    );
    let reasons: Vec<_> = answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["index"].as_u64().unwrap(),
                line["reason"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        reasons,
        [
            (1, "missing_session_id"),
            (2, "bad_value"),
            (3, "malformed_protobuf")
        ]
    );
    let counted = gateway
        .metric("playhead_beacons_total", "source=\"native_protobuf\"")
        .await;
    assert_eq!(counted, 5);
    let mut seqs: Vec<u64> = topic.beacons().iter().map(Beacon::seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, [0, 4]);
}

#[tokio::test]
async fn what_is_no_protobuf_is_answered_with_what_is_wrong() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    for (sent, status, reason) in [
        (b"".to_vec(), 400, "empty_batch"),
        (
            b"{\"session_id\":\"s\"}".to_vec(),
            400,
            "malformed_protobuf",
        ),
        (vec![0; 1_001], 413, "too_many_beacons"),
    ] {
        let (answered, body) = post(&gateway, "application/x-protobuf", sent).await;
        assert_eq!((answered, &body["reason"]), (status, &json!(reason)));
    }
}
