//! `POST /v1/cmcd`: CMCD version 2 in event mode (CTA-5004-B), as players really send it.
//!
//! A body is one structured-field dictionary a line. Players repeat a batch that was answered with
//! an error, some of them without end and whatever the error was; so a line that cannot be read
//! costs no more than itself, what never can be taken is answered 2xx all the same, and a queue that
//! grew while nobody answered is read in parts. `?target=` tells the targets of one player
//! apart, since each counts by itself; `?key=` is the write key.
//!
//! Older releases of Shaka report in event mode by `GET`, and `/v1/cmcd/request` takes what players
//! say with their media requests: `request` reads both.

mod decode;
mod event;
mod keys;
mod lexer;
mod request;
mod value;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

pub use decode::decode;
pub use request::{decode_request, decode_requests, get_event, get_request, post_requests};

use super::{Door, REASON};
use crate::beacon::Source;
use crate::gate::DoorName;
use crate::ingest::{Answer, Deferral, Gated, GatedDoor, Ingest, RawBody, RequestRefusal};
use decode::Parts;

/// Content types of event mode: the standard's, those of earlier drafts, and what a page can send
/// without a preflight.
const CONTENT_TYPES: [&str; 6] = [
    "application/cmcd",
    "text/cmcd",
    "application/cmcd+text",
    "application/json",
    "text/plain",
    "",
];

const EVENT_MODE: Door = Door {
    source: Source::CmcdEvent,
    stream: "cmcd:event",
};

/// The door of event mode, for keys.
pub struct EventMode;

impl GatedDoor for EventMode {
    const NAME: DoorName = DoorName::Cmcd;
}

/// What may stand in the address.
#[derive(Debug, Default, Deserialize)]
pub struct CmcdQuery {
    /// Name of the reporting target.
    target: Option<String>,
}

/// Takes event-mode reports: 204 when every line was taken, 200 with the reasons when not, and 200 with
/// the one reason when nothing of it ever can be taken.
///
/// # Errors
/// A body that did not arrive whole, a client or key that sends too much, and 503 when a beacon is not durable.
pub async fn post_reports(
    State(ingest): State<Ingest>,
    query: Result<Query<CmcdQuery>, QueryRejection>,
    gated: Result<Gated<EventMode>, RequestRefusal>,
) -> Result<Response, Response> {
    let Gated { pass, body, .. } = gated.map_err(given_up)?;
    // An address that cannot be read names no target; refusing it would cost the reports.
    let target = query.ok().and_then(|Query(query)| query.target);
    let arrival = EVENT_MODE.arrival(&pass, body.received_time_ms, body.is_gpc);
    accept_type(&body)
        .inspect_err(|refusal| ingest.refuse(&pass, EventMode::NAME, refusal, Some(&body)))
        .map_err(given_up)?;
    let (parts, lines) = Parts::of(body, target, ingest.beacons_per_request_max())
        .inspect_err(|refusal| ingest.refuse(&pass, EventMode::NAME, refusal, None))
        .map_err(given_up)?;
    Ok(answer_to(
        ingest.take_in_parts(parts, lines, arrival, pass).await,
    ))
}

/// 204 when every report was taken, 200 with the reasons when not.
fn answer_to(settled: Result<Answer, Deferral>) -> Response {
    match settled {
        Ok(answer) if answer.is_all_accepted() => StatusCode::NO_CONTENT.into_response(),
        Ok(answer) => Json(answer).into_response(),
        Err(deferral) => deferral.problem().into_response(),
    }
}

/// The answer to what never can be taken, a key that is not admitted or a body that cannot be read: 200
/// with the reason. dash.js sends a batch that is answered with anything but 2xx again with each later
/// event, without end and ever larger; 410, which stops hls.js, does not stop it.
fn given_up(refusal: RequestRefusal) -> Response {
    let mut problem = refusal.problem();
    if !refusal.is_for_good() {
        return problem.into_response();
    }
    problem.status = StatusCode::OK;
    let mut response = problem.into_response();
    let headers = response.headers_mut();
    headers.insert(REASON, HeaderValue::from_static(refusal.as_str()));
    response
}

fn accept_type(body: &RawBody) -> Result<(), RequestRefusal> {
    if CONTENT_TYPES.contains(&body.content_type.as_str()) {
        return Ok(());
    }
    Err(RequestRefusal::UnsupportedContentType(
        body.content_type.chars().take(80).collect(),
        "application/cmcd",
    ))
}
