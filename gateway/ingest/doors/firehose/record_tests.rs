use std::io::Write;

use prost::Message;
use serde_json::json;

use super::*;
use crate::beacon::{Beacon, EventKind};

fn heartbeat(seq: u64) -> String {
    json!({"session_id": "s", "event": "heartbeat", "seq": seq, "client_time_ms": 9}).to_string()
}

fn delivery(records: &[&[u8]]) -> String {
    let records: Vec<_> = records
        .iter()
        .map(|data| json!({"data": STANDARD.encode(data)}))
        .collect();
    json!({"requestId": "r", "timestamp": 1_795_258_402_000_i64, "records": records}).to_string()
}

/// (index, seq) of each beacon, and indices refused.
type Shape = (Vec<(usize, u64)>, Vec<usize>);

/// Batches of at most 3.
fn batches(body: &str) -> Vec<Shape> {
    let envelope = Envelope::read(body.as_bytes()).unwrap();
    Batches::of(&envelope, 3)
        .map(|batch| {
            let read = batch
                .beacons
                .iter()
                .map(|read| (read.index, read.beacon.seq()));
            let refused = batch.refusals.iter().map(|refusal| refusal.index);
            (read.collect(), refused.collect())
        })
        .collect()
}

#[test]
fn records_are_json_lines_protobuf_or_any_of_them_in_gzip() {
    let lines = format!("{}\n{}\n", heartbeat(0), heartbeat(1));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(format!("[{}]", heartbeat(3)).as_bytes())
        .unwrap();
    let gzip = gzip.finish().unwrap();
    let protobuf = Beacon {
        session_id: Some("s".into()),
        event: Some(EventKind::Heartbeat.into()),
        seq: Some(4),
        ..Beacon::default()
    };
    let protobuf = protobuf.encode_length_delimited_to_vec();
    let body = delivery(&[lines.as_bytes(), heartbeat(2).as_bytes(), &gzip, &protobuf]);
    assert_eq!(
        batches(&body),
        [
            (vec![(0, 0), (1, 1), (2, 2)], vec![]),
            (vec![(3, 3), (4, 4)], vec![])
        ]
    );
}

#[test]
fn protobuf_whose_length_looks_like_a_bracket_is_protobuf() {
    let mut beacon = Beacon {
        session_id: Some("s".into()),
        event: Some(EventKind::Heartbeat.into()),
        seq: Some(1),
        content_id: Some(String::new()),
        ..Beacon::default()
    };
    let short = beacon.encoded_len();
    beacon.content_id = Some("x".repeat(usize::from(b'{') - short));
    let bytes = beacon.encode_length_delimited_to_vec();
    assert_eq!(bytes[0], b'{');
    assert_eq!(batches(&delivery(&[&bytes])), [(vec![(0, 1)], vec![])]);
}

#[test]
fn a_record_that_cannot_be_read_costs_only_itself() {
    let mut body: serde_json::Value = serde_json::from_str(&delivery(&[
        heartbeat(0).as_bytes(),
        b"{\"broken",
        b"",
        &[b'\n'; 4],
        heartbeat(4).as_bytes(),
    ]))
    .unwrap();
    body["records"][2]["data"] = json!("not base64!");
    assert_eq!(
        batches(&body.to_string()),
        [(vec![(0, 0)], vec![1, 2]), (vec![(4, 4)], vec![3])]
    );
    let many = format!("[{}]", [&*heartbeat(0); 4].join(","));
    assert_eq!(batches(&delivery(&[many.as_bytes()])), [(vec![], vec![0])]);
    assert_eq!(batches(&delivery(&[])), []);
}

#[test]
fn beacons_without_a_time_take_the_deliverys() {
    let timeless = br#"{"session_id":"s","event":"heartbeat"}"#;
    let body = delivery(&[timeless]);
    let envelope = Envelope::read(body.as_bytes()).unwrap();
    let batch = Batches::of(&envelope, 3).next().unwrap();
    let decoded = &batch.beacons[0];
    assert_eq!(decoded.beacon.client_time_ms, Some(1_795_258_402_000));
    assert!(decoded.identity.is_some());
}
