//! `POST /v1/beacons`: the canonical beacon in JSON (one object, an array, or one object a line) or
//! in protobuf (messages, each with its length before it).

mod decode;
mod protobuf;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

pub use decode::decode;
pub use protobuf::decode as decode_protobuf;

use super::Door;
use crate::beacon::Source;
use crate::gate::DoorName;
use crate::ingest::{Answer, DecodedBatch, Gated, GatedDoor, Ingest, RawBody, RequestRefusal};

/// Content types taken as JSON. The last three are what `sendBeacon` can send without a preflight.
const JSON_TYPES: [&str; 8] = [
    "application/json",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/vnd.playhead.beacons+json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "",
];

/// Content types taken as protobuf.
const PROTOBUF_TYPES: [&str; 3] = [
    "application/x-protobuf",
    "application/protobuf",
    "application/vnd.google.protobuf",
];

const JSON: Door = Door {
    source: Source::NativeJson,
    stream: "json",
};

const PROTOBUF: Door = Door {
    source: Source::NativeProtobuf,
    stream: "protobuf",
};

/// The door, for keys.
pub struct Native;

impl GatedDoor for Native {
    const NAME: DoorName = DoorName::Native;
}

/// Takes beacons and answers, for each that was not accepted, why.
///
/// # Errors
/// A key that the gate does not admit, a body in which no beacon can be told apart, and 503 when a
/// beacon is not durable.
pub async fn post_beacons(
    State(ingest): State<Ingest>,
    Gated { pass, body, .. }: Gated<Native>,
) -> Result<Response, Response> {
    let (door, batch) = read(&body, ingest.beacons_per_request_max())
        .inspect_err(|refusal| ingest.refuse(&pass, Native::NAME, refusal, Some(&body)))
        .map_err(IntoResponse::into_response)?;
    let arrival = door.arrival(&pass, body.received_time_ms, body.is_gpc);
    // Its memory is free while Kafka is waited for.
    drop(body);
    match ingest.take_in(batch, arrival, pass).await {
        Ok(answer) => Ok(Json::<Answer>(answer).into_response()),
        Err(deferral) => Err(deferral.problem().into_response()),
    }
}

fn read(body: &RawBody, max: usize) -> Result<(Door, DecodedBatch), RequestRefusal> {
    let content_type = body.content_type.as_str();
    if JSON_TYPES.contains(&content_type) {
        return Ok((JSON, decode(&body.bytes, max)?));
    }
    if PROTOBUF_TYPES.contains(&content_type) {
        return Ok((PROTOBUF, decode_protobuf(&body.bytes, max)?));
    }
    Err(RequestRefusal::UnsupportedContentType(
        content_type.chars().take(80).collect(),
        "application/json, application/x-ndjson, text/plain or application/x-protobuf",
    ))
}
