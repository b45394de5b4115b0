//! `GET /v1/pixel.gif`: one beacon in the address, for devices that can load a picture and nothing else.
//!
//! The body is a picture whatever happens, since some devices report a broken one to the viewer; the
//! status tells what became of the beacon.

mod parameters;

pub use parameters::decode;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{Door, REASON};
use crate::beacon::Source;
use crate::gate::DoorName;
use crate::ingest::{Admitted, GatedDoor, Ingest, RequestHead, RequestRefusal};
use crate::problem::Problem;

/// One transparent pixel.
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// Pages of other sites may load the picture.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const DOOR: Door = Door {
    source: Source::Pixel,
    stream: "pixel",
};

/// The door, for keys.
pub struct Pixel;

impl GatedDoor for Pixel {
    const NAME: DoorName = DoorName::Pixel;
}

/// Takes the beacon that the address spells: 200, 400 when it is refused for good, 401 or 403 when
/// the key is not admitted, 503 when it is not durable.
pub async fn get_pixel(
    State(ingest): State<Ingest>,
    admitted: Result<Admitted<Pixel>, RequestRefusal>,
    head: RequestHead,
) -> Response {
    let pass = match admitted {
        Ok(Admitted { pass, .. }) => pass,
        Err(refusal) => return failed(&refusal.problem()),
    };
    let batch = decode(&head.query);
    let arrival = DOOR.arrival(&pass, head.received_time_ms, head.is_gpc);
    match ingest.take_in(batch, arrival, pass).await {
        Ok(answer) => match answer.first_refusal() {
            None => picture(StatusCode::OK, None),
            Some((reason, _)) => picture(StatusCode::BAD_REQUEST, Some(reason)),
        },
        Err(deferral) => failed(&deferral.problem()),
    }
}

/// The picture with the status of a problem.
pub(crate) fn failed(problem: &Problem) -> Response {
    let mut response = picture(problem.status, Some(problem.reason));
    if let Some(seconds) = problem.retry_after_seconds {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
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
