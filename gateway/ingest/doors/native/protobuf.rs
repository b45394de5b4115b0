//! Protobuf to beacons: messages one after another, each with its length before it, as Kafka and the
//! `writeDelimitedTo` of protobuf's own libraries have it.

use std::borrow::Cow;

use prost::Message;

use crate::beacon::{Beacon, EventKind};
use crate::ingest::{Decoded, DecodedBatch, Refusal, RefuseReason, Remains, RequestRefusal};

/// What is told of a message that the body does not hold to its end.
const CUT_OFF: &str = "the body ends inside a message";

/// Reads a body of at most `max` beacons.
///
/// # Errors
/// A body in which no beacon can be told apart.
pub fn decode(body: &[u8], max: usize) -> Result<DecodedBatch, RequestRefusal> {
    let mut batch = DecodedBatch::default();
    let mut rest = body;
    while !rest.is_empty() {
        let index = batch.received();
        if index == max {
            return Err(RequestRefusal::TooManyBeacons(max));
        }
        let Some(message) = next_message(&mut rest) else {
            if index == 0 {
                return Err(RequestRefusal::MalformedProtobuf(CUT_OFF));
            }
            // Where this message ends nobody knows, so it is the last one.
            let reason = RefuseReason::MalformedProtobuf;
            batch.refusals.push(refusal(index, reason, None, CUT_OFF));
            break;
        };
        match read_one(index, message) {
            Ok(beacon) => batch.beacons.push(Decoded::new(index, beacon)),
            Err(refusal) => batch.refusals.push(refusal),
        }
    }
    if batch.received() == 0 {
        return Err(RequestRefusal::EmptyBatch);
    }
    Ok(batch)
}

/// Cuts the next message off; none where the body does not hold all of it.
fn next_message<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let mut at = *rest;
    let length = prost::encoding::decode_varint(&mut at).ok()?;
    let (message, after) = at.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(message)
}

fn read_one(index: usize, message: &[u8]) -> Result<Box<Beacon>, Refusal> {
    let mut beacon = Box::<Beacon>::default();
    beacon.merge(message).map_err(|error| {
        let reason = RefuseReason::MalformedProtobuf;
        refusal(index, reason, None, &error.to_string())
    })?;
    forget_unspecified(&mut beacon);
    // Of a newer schema's event the number is all that is known here.
    if let Some(number) = beacon.event
        && EventKind::try_from(number).is_err()
    {
        beacon.keep_unknown_event(&number.to_string());
    }
    match beacon.check_types() {
        Ok(()) => Ok(beacon),
        Err(fault) => {
            let reason = if fault.is_unknown_name {
                RefuseReason::BadValue
            } else {
                RefuseReason::BadType
            };
            let message = format!("{} has a value that it cannot have", fault.field);
            Err(Refusal {
                remains: Remains::Beacon(beacon),
                ..refusal(index, reason, Some(fault.field), &message)
            })
        }
    }
}

/// The number 0 of a list says that nothing is told, which is what an absent field says.
fn forget_unspecified(beacon: &mut Beacon) {
    let lists = [
        &mut beacon.event,
        &mut beacon.state,
        &mut beacon.device_class,
        &mut beacon.stream_type,
        &mut beacon.exit_reason,
    ];
    for value in lists {
        *value = value.filter(|number| *number != 0);
    }
}

fn refusal(index: usize, reason: RefuseReason, field: Option<String>, message: &str) -> Refusal {
    Refusal {
        index,
        reason,
        field: field.map(Cow::Owned),
        message: message.to_owned(),
        remains: Remains::Nothing,
    }
}

#[cfg(test)]
#[path = "protobuf_tests.rs"]
mod tests;
