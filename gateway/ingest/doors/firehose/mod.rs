//! `POST /v1/firehose`: the HTTP endpoint delivery of Amazon Data Firehose, the bridge from Kinesis.
//!
//! The data of a record are what the native door takes: JSON, lines of JSON, or protobuf. Firehose
//! sends a request again, for as long as its retry duration, unless the answer is 200 with its own
//! request id, or 413; so a record that cannot be read is counted and passed over.

mod envelope;
mod record;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Door, not_durable};
use crate::beacon::Source;
use crate::ingest::{Arrival, Ingest, RawBody, RequestRefusal};
use crate::metrics;
use crate::produce::ProduceError;
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
    let request_id = text(&parts.headers, REQUEST_ID);
    let key = parts.headers.get(ACCESS_KEY).map(HeaderValue::as_bytes);
    if !ingest.firehose().admits(key) {
        let refusal = RequestRefusal::UnknownAccessKey;
        metrics::request_refused(&refusal);
        return refused(request_id, &refusal);
    }
    let max_bytes = ingest.firehose().body_max_bytes;
    match RawBody::read_at_most(&ingest, &parts, body, max_bytes).await {
        Ok(body) => settle(&ingest, request_id, &body).await,
        Err(refusal) => refused(request_id, &refusal),
    }
}

async fn settle(ingest: &Ingest, request_id: Option<String>, body: &RawBody) -> Response {
    let envelope = match Envelope::read(&body.bytes) {
        Ok(envelope) => envelope,
        Err(refusal) => {
            metrics::request_refused(&refusal);
            return refused(request_id, &refusal);
        }
    };
    let request_id = request_id.or_else(|| Some(envelope.request_id.clone().into_owned()));
    let arrival = DOOR.arrival(body.received_time_ms, body.is_gpc);
    match deliver(ingest, &envelope, &arrival).await {
        Ok(()) => DeliveryAnswer::taken(request_id).into_response(),
        Err(error) => {
            let problem = not_durable(error);
            let answer = DeliveryAnswer::failed(request_id, problem.detail);
            let mut response = (problem.status, answer).into_response();
            let seconds = problem.retry_after_seconds.unwrap_or(1);
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

/// Brings the records to Kafka, some of them at a time: a delivery may hold more beacons than may be
/// in memory, or than the producer has room for.
async fn deliver(
    ingest: &Ingest,
    envelope: &Envelope<'_>,
    arrival: &Arrival,
) -> Result<(), ProduceError> {
    for batch in Batches::of(envelope, ingest.beacons_per_request_max()) {
        ingest.take_in(batch, arrival.clone()).await?;
    }
    Ok(())
}

fn refused(request_id: Option<String>, refusal: &RequestRefusal) -> Response {
    let answer = DeliveryAnswer::failed(request_id, refusal.to_string());
    let mut response = (refusal.status(), answer).into_response();
    if refusal.status() == StatusCode::SERVICE_UNAVAILABLE {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(1));
    }
    response
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (!value.is_empty()).then(|| value.to_owned())
}
