//! `GET /v1/pixel.gif`: one beacon in the address, for devices that can load a picture and nothing else.
//!
//! The body is a picture whatever happens, since some devices report a broken one to the viewer; the
//! status tells what became of the beacon.

mod parameters;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Door, not_durable};
use crate::beacon::Source;
use crate::ingest::{Ingest, RequestHead};

/// One transparent pixel.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// Names the reason where the beacon was not taken.
const REASON: HeaderName = HeaderName::from_static("x-playhead-reason");
/// Pages of other sites may load the picture.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const DOOR: Door = Door {
    source: Source::Pixel,
    stream: "pixel",
};

/// Takes the beacon that the address spells: 200, 400 when it is refused for good, 503 when it is
/// not durable.
pub async fn get_pixel(State(ingest): State<Ingest>, head: RequestHead) -> Response {
    let batch = parameters::decode(&head.query);
    let arrival = DOOR.arrival(head.received_time_ms, head.is_gpc);
    match ingest.take_in(batch, arrival).await {
        Ok(answer) => match answer.first_refusal() {
            None => picture(StatusCode::OK, None),
            Some((reason, _)) => picture(StatusCode::BAD_REQUEST, Some(reason)),
        },
        Err(error) => {
            let problem = not_durable(error);
            let mut response = picture(problem.status, Some(problem.reason));
            let seconds = problem.retry_after_seconds.unwrap_or(1);
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

/// The picture, never to be kept by a cache on the way.
pub(super) fn picture(status: StatusCode, reason: Option<&'static str>) -> Response {
    let mut response = (status, GIF).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    if let Some(reason) = reason {
        headers.insert(REASON, HeaderValue::from_static(reason));
    }
    response
}
