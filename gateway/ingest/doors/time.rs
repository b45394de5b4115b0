//! `GET /v1/time`: the gateway's clock, so that a client can measure how far its own is off.

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::ingest::RequestHead;

#[derive(Serialize)]
struct Clock {
    /// When the request had been read; Unix ms.
    time_ms: i64,
}

/// Tells the time. What the client makes of it: `docs/doors.md`.
pub async fn get_time(head: RequestHead) -> Response {
    let clock = Clock {
        time_ms: head.received_time_ms,
    };
    let mut response = Json(clock).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
