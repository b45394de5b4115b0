//! `POST /v1/forward`: what another gateway has taken, validated, protected and enriched.
//!
//! Whoever may use it is believed: times of receipt, doors, marks and, with a key of all tenants, tenants
//! stay as they are told. So a key must name this door; one that opens all doors does not open it.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use crate::beacon::Source;
use crate::enrich::ClientFacts;
use crate::gate::{DoorName, Pass};
use crate::ingest::{Arrival, Decoded, DecodedBatch, Ingest, Origin, RawBody, RequestRefusal};
use crate::metrics;
use crate::produce::{VIA, decode_rows};

/// Takes a message of another gateway: 200 when all of it is durable or refused for good.
///
/// # Errors
/// A key that does not name this door, 508 where gateways forward in a circle, a body that cannot be
/// read, and 503 when a beacon is not durable.
pub async fn post_records(
    State(ingest): State<Ingest>,
    request: Request,
) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    let pass = admit(&ingest, &parts).map_err(IntoResponse::into_response)?;
    let max_bytes = ingest.firehose().body_max_bytes;
    let of = (&pass, DoorName::Forward);
    let body = RawBody::read_at_most(&ingest, of, &parts, body, max_bytes)
        .await
        .map_err(IntoResponse::into_response)?;
    let batch = decode(&body.bytes, ingest.beacons_per_request_max())
        .inspect_err(|refusal| ingest.refuse(&pass, DoorName::Forward, refusal, None))
        .map_err(IntoResponse::into_response)?;
    let arrival = Arrival {
        tenant: pass.tenant().to_owned(),
        // The key of the player is the one that counts, not that of the gateway between.
        write_key: None,
        received_time_ms: body.received_time_ms,
        // Each beacon tells its own.
        source: Source::Unspecified,
        stream: "",
        is_gpc: false,
        is_test: pass.is_test(),
        client: ClientFacts::default(),
        origin: if pass.is_for_all_tenants() {
            Origin::GatewayOfAllTenants
        } else {
            Origin::Gateway
        },
    };
    drop(body);
    match ingest.take_in(batch, arrival, pass).await {
        Ok(answer) => Ok(Json(answer).into_response()),
        Err(deferral) => Err(deferral.problem().into_response()),
    }
}

/// Says whether a key would be let in: what a gateway asks before it counts as ready.
///
/// # Errors
/// A key that does not name this door.
pub async fn get_ready(State(ingest): State<Ingest>, head: Parts) -> Result<StatusCode, Response> {
    admit(&ingest, &head)
        .map(|_| StatusCode::NO_CONTENT)
        .map_err(IntoResponse::into_response)
}

fn admit(ingest: &Ingest, head: &Parts) -> Result<Pass, RequestRefusal> {
    let admitted = ingest.gate().admit_forwarder(head);
    admitted
        .and_then(|pass| hear(ingest, head).map(|()| pass))
        .inspect_err(metrics::request_refused)
}

/// Only a gateway that forwards itself can be part of a circle.
fn hear(ingest: &Ingest, head: &Parts) -> Result<(), RequestRefusal> {
    let via = head.headers.get(VIA).and_then(|via| via.to_str().ok());
    let (Some(hops), Some(via)) = (ingest.producer().hops(), via) else {
        return Ok(());
    };
    hops.hear(via).map_err(|found| {
        tracing::error!(%found, "a forwarded message is refused");
        RequestRefusal::ForwardingLoop(found)
    })
}

/// Reads a message of at most `max` records.
///
/// # Errors
/// A body that is no message, or an empty one, or a longer one.
pub fn decode(body: &[u8], max: usize) -> Result<DecodedBatch, RequestRefusal> {
    let beacons = decode_rows(body)
        .map_err(|_| RequestRefusal::MalformedProtobuf("it holds something else than records"))?;
    if beacons.is_empty() {
        return Err(RequestRefusal::EmptyBatch);
    }
    if beacons.len() > max {
        return Err(RequestRefusal::TooManyBeacons(max));
    }
    let beacons = beacons.into_iter().enumerate();
    Ok(DecodedBatch {
        beacons: beacons
            .map(|(index, beacon)| Decoded::new(index, beacon))
            .collect(),
        ..DecodedBatch::default()
    })
}
