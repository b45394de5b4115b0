//! Snowplow tracker protocol 2: `POST /com.snowplowanalytics.snowplow/tp2` and `GET /i`, the two
//! addresses that its trackers append to whatever collector they are given.
//!
//! Trackers keep what is not answered with 2xx and send all of it again with each later event; only
//! 400, 401, 403, 410 and 422 make them let go. So an event that cannot be read costs no more than
//! itself, and a request that never will be read is answered with 400, whatever is wrong with it.
//! No cookie is set and none is read, unless it is configured.

mod cookie;
mod entities;
mod event;
mod fields;
mod media;
mod states;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Door, pixel};
use crate::beacon::Source;
use crate::gate::{DoorName, Pass};
use crate::ingest::{
    Admitted, DecodedBatch, Gated, GatedDoor, Ingest, RequestHead, RequestRefusal,
};
use crate::metrics;
use cookie::NetworkId;
use event::Privacy;
use fields::Fields;

/// The header by which a tracker asks that nobody is recognised.
pub(in crate::ingest) const ANONYMOUS: &str = "sp-anonymous";

const DOOR: Door = Door {
    source: Source::Snowplow,
    stream: "snowplow",
};

/// The door, for keys.
pub struct Snowplow;

impl GatedDoor for Snowplow {
    const NAME: DoorName = DoorName::Snowplow;
}

/// Takes a payload of events: 200 `ok`, with the reasons where events were refused.
///
/// # Errors
/// A key or application that the gate does not admit, 400 for a payload that cannot be read, and 503 when an event is not durable.
pub async fn post_events(
    State(ingest): State<Ingest>,
    head: RequestHead,
    gated: Result<Gated<Snowplow>, RequestRefusal>,
) -> Result<Response, Response> {
    let Gated { pass, body, .. } = gated.map_err(given_up)?;
    let privacy = privacy_of(&head.headers);
    let mut batch = event::decode(&body.bytes, privacy, ingest.beacons_per_request_max())
        .inspect_err(|refusal| ingest.refuse(&pass, Snowplow::NAME, refusal, Some(&body)))
        .map_err(given_up)?;
    let pass = admit_application(&ingest, pass, &batch)
        .inspect_err(metrics::request_refused)
        .map_err(given_up)?;
    let network = NetworkId::of(ingest.snowplow(), &head.headers, privacy, body.is_gpc);
    if let Some(network) = &network {
        network.name(&mut batch);
    }
    let arrival = DOOR.arrival(&pass, body.received_time_ms, body.is_gpc);
    // Its memory is free while Kafka is waited for.
    drop(body);
    let answer = match ingest.take_in(batch, arrival, pass).await {
        Ok(answer) if answer.first_refusal().is_none() => "ok".into_response(),
        Ok(answer) => Json(answer).into_response(),
        Err(deferral) => return Err(deferral.problem().into_response()),
    };
    Ok(with_cookie(network, answer))
}

/// Takes the one event of an address: a picture with 200, with 401 or 403 when its key or application
/// is not admitted, or with 503 when it is not durable.
pub async fn get_event(
    State(ingest): State<Ingest>,
    admitted: Result<Admitted<Snowplow>, RequestRefusal>,
    head: RequestHead,
) -> Response {
    let settled = admitted.and_then(|Admitted { pass, .. }| {
        let gate = ingest.gate();
        gate.admit_application(pass, None, DoorName::Snowplow)
            .inspect_err(metrics::request_refused)
    });
    let pass = match settled {
        Ok(pass) => pass,
        Err(refusal) => return pixel::failed(&refusal.problem()),
    };
    let mut batch = DecodedBatch::default();
    let fields = Fields::of_query(&head.query);
    let privacy = privacy_of(&head.headers);
    event::read(0, &fields, privacy, &mut batch);
    let network = NetworkId::of(ingest.snowplow(), &head.headers, privacy, head.is_gpc);
    if let Some(network) = &network {
        network.name(&mut batch);
    }
    let arrival = DOOR.arrival(&pass, head.received_time_ms, head.is_gpc);
    match ingest.take_in(batch, arrival, pass).await {
        Ok(answer) => {
            let reason = answer.first_refusal().map(|(reason, _)| reason);
            with_cookie(network, pixel::picture(StatusCode::OK, reason))
        }
        Err(deferral) => pixel::failed(&deferral.problem()),
    }
}

/// Asks for the application that the events come from: a tracker is one's, so the first of them tells.
fn admit_application(
    ingest: &Ingest,
    pass: Pass,
    batch: &DecodedBatch,
) -> Result<Pass, RequestRefusal> {
    let Some(first) = batch.beacons.first() else {
        // Page views and the like: nothing of it is kept, whosever it is.
        return Ok(pass);
    };
    let app_id = first.beacon.tags.get("app_id").map(String::as_str);
    let gate = ingest.gate();
    gate.admit_application(pass, app_id, DoorName::Snowplow)
}

fn with_cookie(network: Option<NetworkId>, answer: Response) -> Response {
    match network {
        Some(network) => network.set(answer),
        None => answer,
    }
}

fn privacy_of(headers: &HeaderMap) -> Privacy {
    if headers.contains_key(ANONYMOUS) {
        Privacy::Anonymous
    } else {
        Privacy::AsSent
    }
}

/// A refusal whose status makes a tracker let go, unless it may try again.
fn given_up(refusal: RequestRefusal) -> Response {
    let is_understood = !refusal.is_for_good() || refusal.is_of_the_key();
    let mut response = refusal.into_response();
    if !is_understood {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

/// Reads a payload of at most `max` events.
///
/// # Errors
/// A body that is no payload of the protocol.
pub fn decode(body: &[u8], max: usize) -> Result<DecodedBatch, RequestRefusal> {
    event::decode(body, Privacy::AsSent, max)
}

/// Reads the one event of an address.
pub fn decode_query(query: &str) -> DecodedBatch {
    let mut batch = DecodedBatch::default();
    event::read(0, &Fields::of_query(query), Privacy::AsSent, &mut batch);
    batch
}
