//! Snowplow tracker protocol 2: `POST /com.snowplowanalytics.snowplow/tp2` and `GET /i`, the two
//! addresses that its trackers append to whatever collector they are given.
//!
//! Trackers keep what is not answered with 2xx and send all of it again with each later event; only
//! 400, 401, 403, 410 and 422 make them let go. So an event that cannot be read costs no more than
//! itself, and a request that never will be read is answered with 400, whatever is wrong with it.
//! No cookie is set and none is read.

mod entities;
mod event;
mod fields;
mod media;
mod states;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Door, not_durable, pixel};
use crate::beacon::Source;
use crate::ingest::{DecodedBatch, Ingest, RawBody, RequestHead, RequestRefusal};
use crate::metrics;
use event::Privacy;
use fields::Fields;

/// The header by which a tracker asks that nobody is recognised.
const ANONYMOUS: &str = "sp-anonymous";

const DOOR: Door = Door {
    source: Source::Snowplow,
    stream: "snowplow",
};

/// Takes a payload of events: 200 `ok`, with the reasons where events were refused.
///
/// # Errors
/// 400 for a payload that cannot be read, and 503 when an event is not durable.
pub async fn post_events(
    State(ingest): State<Ingest>,
    head: RequestHead,
    body: Result<RawBody, RequestRefusal>,
) -> Result<Response, Response> {
    let body = body.map_err(given_up)?;
    let privacy = privacy_of(&head.headers);
    let batch = event::decode(&body.bytes, privacy, ingest.beacons_per_request_max())
        .inspect_err(metrics::request_refused)
        .map_err(given_up)?;
    let arrival = DOOR.arrival(body.received_time_ms, body.is_gpc);
    // Its memory is free while Kafka is waited for.
    drop(body);
    match ingest.take_in(batch, arrival).await {
        Ok(answer) if answer.first_refusal().is_none() => Ok("ok".into_response()),
        Ok(answer) => Ok(Json(answer).into_response()),
        Err(error) => Err(not_durable(error).into_response()),
    }
}

/// Takes the one event of an address: a picture with 200, or with 503 when it is not durable.
pub async fn get_event(State(ingest): State<Ingest>, head: RequestHead) -> Response {
    let mut batch = DecodedBatch::default();
    let fields = Fields::of_query(&head.query);
    event::read(0, &fields, privacy_of(&head.headers), &mut batch);
    let arrival = DOOR.arrival(head.received_time_ms, head.is_gpc);
    match ingest.take_in(batch, arrival).await {
        Ok(answer) => {
            let reason = answer.first_refusal().map(|(reason, _)| reason);
            pixel::picture(StatusCode::OK, reason)
        }
        Err(error) => {
            let problem = not_durable(error);
            let mut response = pixel::picture(problem.status, Some(problem.reason));
            let seconds = problem.retry_after_seconds.unwrap_or(1);
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
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
    let may_try_again = matches!(
        refusal,
        RequestRefusal::Overloaded | RequestRefusal::BodyTimeout | RequestRefusal::BodyUnreadable
    );
    let mut response = refusal.into_response();
    if !may_try_again {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}
