use super::*;
use crate::beacon::{EventKind, PlayState};

fn heartbeat(seq: u64) -> Beacon {
    Beacon {
        session_id: Some("s".into()),
        event: Some(EventKind::Heartbeat.into()),
        seq: Some(seq),
        ..Beacon::default()
    }
}

fn body(beacons: &[Beacon]) -> Vec<u8> {
    beacons
        .iter()
        .flat_map(Message::encode_length_delimited_to_vec)
        .collect()
}

/// Sequence numbers read, and (index, reason, field) refused.
type Shape = (Vec<u64>, Vec<(usize, &'static str, Option<String>)>);

fn shape(body: &[u8]) -> Result<Shape, &'static str> {
    let batch = decode(body, 5).map_err(|refusal| refusal.as_str())?;
    let read = batch.beacons.iter().map(|decoded| decoded.beacon.seq());
    let refused = batch.refusals.iter().map(|r| {
        (
            r.index,
            r.reason.as_str(),
            r.field.clone().map(Cow::into_owned),
        )
    });
    Ok((read.collect(), refused.collect()))
}

#[test]
fn messages_are_read_one_after_another() {
    assert_eq!(
        shape(&body(&[heartbeat(0), heartbeat(300)])),
        Ok((vec![0, 300], vec![]))
    );
}

#[test]
fn a_bad_message_costs_only_itself() {
    let field = |name: &str| Some(name.to_owned());
    let mut unknown = heartbeat(1);
    unknown.state = Some(99);
    let mut wrong = heartbeat(2);
    wrong.ad.insert("quartile".into(), "half".into());
    let mut bytes = body(&[heartbeat(0), unknown, wrong]);
    // A text that is no UTF-8: field 2 of one byte.
    bytes.extend([3, 0x12, 1, 0xff]);
    bytes.extend(body(&[heartbeat(4)]));
    assert_eq!(
        shape(&bytes),
        Ok((
            vec![0, 4],
            vec![
                (1, "bad_value", field("state")),
                (2, "bad_type", field("ad.quartile")),
                (3, "malformed_protobuf", None),
            ]
        ))
    );
}

#[test]
fn an_event_of_a_newer_schema_is_kept_by_its_number() {
    let mut beacon = heartbeat(0);
    beacon.event = Some(99);
    let batch = decode(&body(&[beacon]), 5).unwrap();
    let kept = &batch.beacons[0].beacon;
    assert_eq!(
        (kept.event(), kept.tags["event"].as_str()),
        (EventKind::Custom, "99")
    );
}

#[test]
fn a_body_that_ends_early_loses_its_last_message() {
    let bytes = body(&[heartbeat(0), heartbeat(1)]);
    assert_eq!(
        shape(&bytes[..bytes.len() - 1]),
        Ok((vec![0], vec![(1, "malformed_protobuf", None)]))
    );
}

#[test]
fn a_body_without_a_message_is_refused_as_a_whole() {
    assert_eq!(shape(b""), Err("empty_batch"));
    assert_eq!(shape(b"{\"event\":"), Err("malformed_protobuf"));
    assert_eq!(shape(&[0xff; 20]), Err("malformed_protobuf"));
    assert_eq!(shape(&[0; 6]), Err("too_many_beacons"));
}

#[test]
fn what_a_list_calls_unspecified_is_not_told() {
    let mut beacon = heartbeat(0);
    beacon.state = Some(PlayState::Unspecified.into());
    let batch = decode(&body(&[beacon]), 1).unwrap();
    assert_eq!(batch.beacons[0].beacon.state, None);
}

#[test]
fn a_rate_that_is_no_number_is_refused() {
    let mut beacon = heartbeat(0);
    beacon.playback_rate = Some(f64::NAN);
    assert_eq!(
        shape(&body(&[beacon])),
        Ok((vec![], vec![(0, "bad_type", Some("playback_rate".into()))]))
    );
}
