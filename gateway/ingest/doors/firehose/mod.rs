//! `POST /v1/firehose`: the HTTP endpoint delivery of Amazon Data Firehose, the bridge from Kinesis.
//!
//! The data of a record are what the native door takes: JSON, lines of JSON, or protobuf. Firehose
//! sends a request again, for as long as its retry duration, unless the answer is 200 with its own
//! request id, or 413; so a record that cannot be read is counted and passed over.

mod envelope;
mod record;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::Door;
use crate::beacon::Source;
use crate::gate::{DoorName, Pass};
use crate::ingest::deferral::PutOff;
use crate::ingest::{
    Arrival, DecodedBatch, DeferReason, Deferral, Ingest, RawBody, RequestRefusal,
};
use crate::metrics;
use envelope::{DeliveryAnswer, Envelope};
use record::Batches;

const ACCESS_KEY: &str = "x-amz-firehose-access-key";
const REQUEST_ID: &str = "x-amz-firehose-request-id";

const DOOR: Door = Door {
    source: Source::Firehose,
    stream: "firehose",
};

/// Takes the records of a delivery and answers as Firehose asks for it.
pub async fn post_records(State(ingest): State<Ingest>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let request_id = request_id(&parts.headers);
    let pass = match admit(&ingest, &parts) {
        Ok(pass) => pass,
        Err(refusal) => {
            metrics::request_refused(&refusal);
            return refused(request_id, &refusal);
        }
    };
    let max_bytes = ingest.firehose().body_max_bytes;
    let of = (&pass, DoorName::Firehose);
    match RawBody::read_at_most(&ingest, of, &parts, body, max_bytes).await {
        Ok(body) => {
            // A task of its own: when Firehose hangs up or the time is over, every record that came has an
            // outcome all the same.
            let told = request_id.clone();
            let settled =
                tokio::spawn(async move { settle(&ingest, pass, request_id, &body).await });
            let lost = |_| put_off(told, Deferral::new(DeferReason::DeliveryFailed));
            settled.await.unwrap_or_else(lost)
        }
        Err(refusal) => refused(request_id, &refusal),
    }
}

/// By one of the access keys that are configured for this door, or by a write key.
fn admit(ingest: &Ingest, head: &Parts) -> Result<Pass, RequestRefusal> {
    let firehose = ingest.firehose();
    let key = head.headers.get(ACCESS_KEY).map(HeaderValue::as_bytes);
    if firehose.lists(key) {
        return Ok(Pass::of_default());
    }
    let pass = ingest.gate().admit(head, DoorName::Firehose)?;
    if firehose.access_keys.is_empty() || pass.has_key() {
        return Ok(pass);
    }
    Err(RequestRefusal::UnknownAccessKey)
}

async fn settle(
    ingest: &Ingest,
    pass: Pass,
    request_id: Option<String>,
    body: &RawBody,
) -> Response {
    let envelope = match Envelope::read(&body.bytes) {
        Ok(envelope) => envelope,
        Err(refusal) => {
            ingest.refuse(&pass, DoorName::Firehose, &refusal, Some(body));
            return refused(request_id, &refusal);
        }
    };
    let request_id = request_id.or_else(|| Some(envelope.request_id.clone().into_owned()));
    let arrival = DOOR.arrival(&pass, body.received_time_ms, body.is_gpc);
    match deliver(ingest, &envelope, &arrival, &pass).await {
        Ok(()) => DeliveryAnswer::taken(request_id).into_response(),
        Err(deferral) => put_off(request_id, deferral),
    }
}

/// Brings the records to Kafka, some of them at a time: a delivery may hold more beacons than may be
/// in memory, or than the producer has room for.
///
/// # Errors
/// The first reason for which a beacon is not known to be durable.
async fn deliver(
    ingest: &Ingest,
    envelope: &Envelope<'_>,
    arrival: &Arrival,
    pass: &Pass,
) -> Result<(), Deferral> {
    let max = ingest.beacons_per_request_max();
    let mut put_off = PutOff::of(charge(ingest, envelope, pass).await);
    for batch in Batches::of(envelope, max) {
        let taken = ingest.take_in_part(batch, arrival.clone(), pass.clone(), put_off.of_next());
        if let Err(deferral) = taken.await {
            put_off.note(deferral);
        }
    }
    put_off.first().map_or(Ok(()), Err)
}

/// Takes all beacons of a delivery from its key's quota at once, and says why they have to wait: taken
/// batch by batch, a delivery above the burst would spend each time on its beginning what its end needs.
async fn charge(ingest: &Ingest, envelope: &Envelope<'_>, pass: &Pass) -> Option<Deferral> {
    // Counting is reading them once more, which is only worth it where somebody counts.
    if !pass.has_quota() {
        return None;
    }
    let mut count = 0;
    for batch in Batches::of(envelope, ingest.beacons_per_request_max()) {
        count += batch.beacons.len();
        // A large delivery is not to hold up the requests beside it.
        tokio::task::yield_now().await;
    }
    ingest.gate().charge(pass, count)
}

fn put_off(request_id: Option<String>, deferral: Deferral) -> Response {
    let problem = deferral.problem();
    let answer = DeliveryAnswer::failed(request_id, problem.detail);
    let mut response = (problem.status, answer).into_response();
    let seconds = problem.retry_after_seconds.unwrap_or(1);
    let headers = response.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The answer to a delivery that is refused as a whole.
pub(crate) fn refused(request_id: Option<String>, refusal: &RequestRefusal) -> Response {
    let answer = DeliveryAnswer::failed(request_id, refusal.to_string());
    let mut response = (refusal.status(), answer).into_response();
    if let Some(seconds) = refusal.retry_after_seconds() {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The id of the delivery, which the answer repeats.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(REQUEST_ID)?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// Reads a delivery; each batch holds at most `max` beacons.
///
/// # Errors
/// A body that is no delivery.
pub fn decode(body: &[u8], max: usize) -> Result<Vec<DecodedBatch>, RequestRefusal> {
    let envelope = Envelope::read(body)?;
    Ok(Batches::of(&envelope, max).collect())
}
