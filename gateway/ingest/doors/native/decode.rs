//! JSON to beacons, so that one bad beacon never costs its neighbours.
//!
//! An array is read typed in one pass. Only when that fails is it read again element by element, to
//! find out which of them cannot be read and why.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};
use serde_json::Deserializer;
use serde_json::value::RawValue;

use crate::beacon::Beacon;
use crate::beacon::json::{BeaconSeed, Fault, Notes};
use crate::ingest::{Decoded, DecodedBatch, Refusal, RefuseReason, Remains, RequestRefusal};

/// Longest error text that is repeated to a client.
const MESSAGE_MAX_CHARS: usize = 200;

/// What a beacon usually takes at the least: how much room a batch is given beforehand.
const USUAL_BYTES: usize = 400;

/// Reads a body of at most `max` beacons.
///
/// # Errors
/// A body in which no beacon can be told apart.
pub fn decode(body: &[u8], max: usize) -> Result<DecodedBatch, RequestRefusal> {
    let body = body.trim_ascii();
    let batch = match body.first() {
        None => return Err(RequestRefusal::EmptyBatch),
        Some(b'[') => decode_array(as_text(body)?, max)?,
        Some(_) => decode_objects(body, max)?,
    };
    if batch.received() == 0 {
        return Err(RequestRefusal::EmptyBatch);
    }
    Ok(batch)
}

/// Checks the encoding of the whole body at once, which costs less than text by text.
fn as_text(body: &[u8]) -> Result<&str, RequestRefusal> {
    std::str::from_utf8(body).map_err(|error| RequestRefusal::MalformedJson(error.to_string()))
}

fn decode_array(body: &str, max: usize) -> Result<DecodedBatch, RequestRefusal> {
    let mut notes = Notes::default();
    let mut beacons = Vec::with_capacity((body.len() / USUAL_BYTES + 1).min(max));
    let mut is_over = false;
    let seed = ArraySeed {
        beacons: &mut beacons,
        notes: &mut notes,
        max,
        is_over: &mut is_over,
    };
    let mut deserializer = Deserializer::from_str(body);
    let read = deserializer
        .deserialize_seq(seed)
        .and_then(|()| deserializer.end());
    match read {
        Ok(()) => Ok(DecodedBatch {
            beacons,
            ignored_fields: notes.ignored_fields,
            ..DecodedBatch::default()
        }),
        Err(_) if is_over => Err(RequestRefusal::TooManyBeacons(max)),
        Err(error) if error.is_data() => decode_elements(body, max),
        Err(error) => Err(RequestRefusal::MalformedJson(error.to_string())),
    }
}

/// Reads an array whose frame is sound and in which at least one element is no beacon.
fn decode_elements(body: &str, max: usize) -> Result<DecodedBatch, RequestRefusal> {
    let elements: Vec<&RawValue> = serde_json::from_str(body)
        .map_err(|error| RequestRefusal::MalformedJson(error.to_string()))?;
    if elements.len() > max {
        return Err(RequestRefusal::TooManyBeacons(max));
    }
    let mut batch = DecodedBatch::default();
    let mut notes = Notes::default();
    for (index, element) in elements.into_iter().enumerate() {
        let json = element.get().as_bytes();
        match read_one(json, &mut notes) {
            Ok(beacon) => batch.beacons.push(Decoded::new(index, beacon)),
            Err(error) => {
                let refusal = refusal(index, json, &error, notes.fault.take());
                batch.refusals.push(refusal);
            }
        }
    }
    batch.ignored_fields = notes.ignored_fields;
    Ok(batch)
}

/// Reads one object, or one object a line.
fn decode_objects(body: &[u8], max: usize) -> Result<DecodedBatch, RequestRefusal> {
    let mut notes = Notes::default();
    match read_one(body, &mut notes) {
        Ok(beacon) => Ok(DecodedBatch {
            beacons: vec![Decoded::new(0, beacon)],
            ignored_fields: notes.ignored_fields,
            ..DecodedBatch::default()
        }),
        Err(error) if error.is_data() && is_one_value(body) => Ok(DecodedBatch {
            refusals: vec![refusal(0, body, &error, notes.fault)],
            ignored_fields: notes.ignored_fields,
            ..DecodedBatch::default()
        }),
        Err(error) => decode_lines(body, max, &error),
    }
}

fn decode_lines(
    body: &[u8],
    max: usize,
    as_one_object: &serde_json::Error,
) -> Result<DecodedBatch, RequestRefusal> {
    let mut batch = DecodedBatch::default();
    let mut notes = Notes::default();
    let lines = body
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    for (index, line) in lines.enumerate() {
        if index == max {
            return Err(RequestRefusal::TooManyBeacons(max));
        }
        match read_one(line, &mut notes) {
            Ok(beacon) => batch.beacons.push(Decoded::new(index, beacon)),
            Err(error) if error.is_data() && !is_one_value(line) => {
                batch.refusals.push(broken_line(index, line));
            }
            Err(error) => {
                let refusal = refusal(index, line, &error, notes.fault.take());
                batch.refusals.push(refusal);
            }
        }
    }
    // Nothing in it is JSON by itself: then it is not lines but one broken object.
    let is_broken = |refusal: &Refusal| refusal.reason == RefuseReason::MalformedJson;
    if batch.beacons.is_empty() && batch.refusals.iter().all(is_broken) {
        return Err(RequestRefusal::MalformedJson(as_one_object.to_string()));
    }
    batch.ignored_fields = notes.ignored_fields;
    Ok(batch)
}

fn read_one(json: &[u8], notes: &mut Notes) -> Result<Box<Beacon>, serde_json::Error> {
    notes.fault = None;
    let mut deserializer = Deserializer::from_slice(json);
    let beacon = BeaconSeed { notes }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(beacon)
}

fn is_one_value(json: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(json).is_ok()
}

fn refusal(index: usize, json: &[u8], error: &serde_json::Error, fault: Option<Fault>) -> Refusal {
    let message = error.to_string();
    // Line and column are those of the element, not of the body.
    let message = message
        .rsplit_once(" at line ")
        .map_or(&*message, |(text, _)| text);
    // Where the text itself is broken, the field being read then is not to blame.
    let fault = fault.filter(|_| error.is_data());
    let reason = match &fault {
        _ if !error.is_data() => RefuseReason::MalformedJson,
        Some(fault) if fault.is_unknown_name => RefuseReason::BadValue,
        Some(_) | None => RefuseReason::BadType,
    };
    Refusal {
        index,
        reason,
        field: fault.map(|fault| Cow::Owned(fault.field)),
        message: message.chars().take(MESSAGE_MAX_CHARS).collect(),
        remains: Remains::of_text(json),
    }
}

/// A line that stops being a beacon before it stops being JSON.
fn broken_line(index: usize, line: &[u8]) -> Refusal {
    Refusal {
        index,
        reason: RefuseReason::MalformedJson,
        field: None,
        message: "the line is not JSON".to_owned(),
        remains: Remains::of_text(line),
    }
}

/// Reads an array of at most `max` beacons.
struct ArraySeed<'a> {
    beacons: &'a mut Vec<Decoded>,
    notes: &'a mut Notes,
    max: usize,
    /// Set when there are more, which stops the reading.
    is_over: &'a mut bool,
}

impl<'de> Visitor<'de> for ArraySeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of beacons")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while let Some(beacon) = elements.next_element_seed(BeaconSeed {
            notes: &mut *self.notes,
        })? {
            if self.beacons.len() == self.max {
                *self.is_over = true;
                return Err(A::Error::custom("too many beacons"));
            }
            let index = self.beacons.len();
            self.beacons.push(Decoded::new(index, beacon));
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
