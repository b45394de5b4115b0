//! `POST /v1/beacons`: the canonical beacon in JSON; one object, an array, or one object a line.

mod decode;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

pub use decode::decode;

use super::{DEFAULT_TENANT, not_durable};
use crate::beacon::Source;
use crate::ingest::{Answer, Arrival, Ingest, RawBody, RequestRefusal};
use crate::metrics;

/// Content types taken as JSON. The last three are what `sendBeacon` can send without a preflight.
const CONTENT_TYPES: [&str; 8] = [
    "application/json",
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/vnd.playhead.beacons+json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "",
];

/// Takes beacons and answers, for each that was not accepted, why.
///
/// # Errors
/// A body in which no beacon can be told apart, and 503 when a beacon is not durable.
pub async fn post_beacons(
    State(ingest): State<Ingest>,
    body: RawBody,
) -> Result<Response, Response> {
    let batch = accept_type(&body)
        .and_then(|()| decode(&body.bytes, ingest.beacons_per_request_max()))
        .inspect_err(metrics::request_refused)
        .map_err(IntoResponse::into_response)?;
    let arrival = Arrival {
        tenant: DEFAULT_TENANT.to_owned(),
        received_time_ms: body.received_time_ms,
        source: Source::NativeJson,
        stream: "json",
        is_gpc: body.is_gpc,
    };
    // Its memory is free while Kafka is waited for.
    drop(body);
    match ingest.take_in(batch, arrival).await {
        Ok(answer) => Ok(Json::<Answer>(answer).into_response()),
        Err(error) => Err(not_durable(error).into_response()),
    }
}

fn accept_type(body: &RawBody) -> Result<(), RequestRefusal> {
    if CONTENT_TYPES.contains(&body.content_type.as_str()) {
        return Ok(());
    }
    Err(RequestRefusal::UnsupportedContentType(
        body.content_type.chars().take(80).collect(),
        "application/json, application/x-ndjson or text/plain",
    ))
}
