//! `POST /v1/epas`: the Eyevinn Player Analytics Specification, as Eyevinn's SDKs send it.
//!
//! One event a request. The SDKs never repeat one, whatever the answer is; the answers are those of
//! the specification's own server, since an `init` that fails ends the client's session.

mod answer;
mod event;
mod payload;
mod units;

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::Door;
use crate::beacon::Source;
use crate::gate::DoorName;
use crate::ingest::{DecodedBatch, Gated, GatedDoor, Ingest, RequestHead, RequestRefusal};
use answer::EpasAnswer;
use event::Context;
use units::Unit;

/// The header that names the version of the specification.
const VERSION: &str = "x-epas-version";

const DOOR: Door = Door {
    source: Source::Epas,
    stream: "epas",
};

/// The door, for keys.
pub struct Epas;

impl GatedDoor for Epas {
    const NAME: DoorName = DoorName::Epas;
}

/// Takes one event: 200 when it was taken, 400 when it never will be, in the specification's words.
///
/// # Errors
/// 503 when the event is not durable.
pub async fn post_event(
    State(ingest): State<Ingest>,
    head: RequestHead,
    gated: Result<Gated<Epas>, RequestRefusal>,
) -> Result<Response, Response> {
    let Gated { pass, body, .. } = gated.map_err(|refusal| answer::refused(&refusal))?;
    let version = head.headers.get(VERSION);
    let context = Context {
        version: version.and_then(|value| value.to_str().ok()),
        unit: Unit::of_query(&head.query),
        new_session_id: answer::new_session_id,
    };
    let event = event::decode(&body.bytes, &context)
        .inspect_err(|refusal| ingest.refuse(&pass, Epas::NAME, refusal, Some(&body)))
        .map_err(|refusal| answer::refused(&refusal))?;
    let arrival = DOOR.arrival(&pass, body.received_time_ms, body.is_gpc);
    drop(body);
    let (session_id, is_init) = (event.session_id, event.is_init);
    let told = event.heartbeat_interval_ms;
    match ingest.take_in(event.batch, arrival, pass).await {
        Ok(answer) => Ok(match answer.first_refusal() {
            Some((reason, message)) => EpasAnswer::invalid(session_id, reason, message),
            None if is_init => EpasAnswer::init(session_id, ingest.heartbeat_ms_for(told)),
            None => EpasAnswer::valid(session_id),
        }
        .into_response()),
        Err(deferral) => Err(deferral.problem().into_response()),
    }
}

/// Reads a body; `query` is that of the address.
///
/// # Errors
/// A body that is no JSON object.
pub fn decode(body: &[u8], query: &str) -> Result<DecodedBatch, RequestRefusal> {
    let context = Context {
        version: None,
        unit: Unit::of_query(query),
        new_session_id: answer::new_session_id,
    };
    Ok(event::decode(body, &context)?.batch)
}
