//! `GET /v1/debug/stream?session_id=` or `?device_id=`: the live tail, as Server-Sent Events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;

use super::hub::{Seat, Wanted};
use crate::ingest::Ingest;
use crate::problem::Problem;

/// How long one stream lasts; who is still there asks again.
const LASTS: Duration = Duration::from_secs(600);
/// So often something is sent, or the connection would count as idle.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What is to be watched.
#[derive(Debug, Deserialize)]
pub struct WatchQuery {
    session_id: Option<String>,
    device_id: Option<String>,
}

/// Streams what becomes of each beacon of a session or device of the write key's tenant.
///
/// # Errors
/// Neither session nor device, a key that is not admitted, and 503 when too many watch.
pub async fn get_stream(
    State(ingest): State<Ingest>,
    Query(query): Query<WatchQuery>,
    head: Parts,
) -> Result<Response, Response> {
    let is_told = |id: &Option<String>| id.as_deref().is_some_and(|id| !id.is_empty());
    if !is_told(&query.session_id) && !is_told(&query.device_id) {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "missing_session_id",
            "name what to watch: ?session_id= or ?device_id=, as the player sends it",
        )
        .into_response());
    }
    let pass = ingest
        .gate()
        .admit_watcher(&head)
        .map_err(IntoResponse::into_response)?;
    let wanted = Wanted {
        tenant: pass.tenant().to_owned(),
        key: pass.key_id().map(str::to_owned),
        session_id: query.session_id.filter(|id| !id.is_empty()),
        device_id: query.device_id.filter(|id| !id.is_empty()),
    };
    let Some(seat) = ingest.watch().sit_down(wanted) else {
        return Err(
            Problem::unavailable("overloaded", 30, "too many watch; try again").into_response(),
        );
    };
    let ends = tokio::time::Instant::now() + LASTS;
    let events = stream::unfold((seat, ends, true), |(seat, ends, is_first)| async move {
        if is_first {
            let event = Event::default().event("watching").data("{}");
            return Some((Ok::<_, Infallible>(event), (seat, ends, false)));
        }
        let (seat, event) = next(seat, ends).await?;
        Some((Ok(event), (seat, ends, false)))
    });
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(events).keep_alive(keep_alive).into_response())
}

/// The next event; none once the time is over or the gateway ends.
async fn next(mut seat: Seat, ends: tokio::time::Instant) -> Option<(Seat, Event)> {
    let missed = seat.missed();
    if missed > 0 {
        let event = Event::default().event("missed");
        return Some((seat, event.data(json!({ "missed": missed }).to_string())));
    }
    let end = seat.end();
    let (name, told) = tokio::select! {
        told = seat.events.recv() => told?,
        () = tokio::time::sleep_until(ends) => return None,
        () = end.cancelled() => return None,
    };
    let event = Event::default().event(name).data(told.to_string());
    Some((seat, event))
}
