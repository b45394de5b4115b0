//! Server-Sent Events for what people keep open: one computation for each tenant and stream, however many listen.
//!
//! - `hub` hands each event to everybody, and keeps the last ones for those who come back;
//! - `feed` computes the live and the viewers' stream as long as somebody listens;
//! - `watcher` looks at the rules of alerts and tells what changed; `alert` decides when one fires and `rule` what it asks;
//! - `listener` is one connection: what it missed, what comes, signs of life, and a clear end.

mod alert;
mod feed;
mod hub;
mod listener;
mod rule;
mod watcher;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use tokio_util::sync::CancellationToken;

use super::AnalyticsState;
use super::error::{QueryError, Refusal};
use super::params::{QueryString, Tenant};
use alert::Alerts;
use hub::Hub;
use listener::{LAST_EVENT_ID, Listener};

pub use rule::rule_fault;
pub use watcher::watch_alerts;

/// Listeners of one gateway at the same time.
const LISTENERS_MAX: usize = 10_000;

/// A stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stream {
    Live,
    Viewers,
    Alerts,
}

impl Stream {
    /// Its word, in metrics and as the name of its events.
    fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Viewers => "viewers",
            Self::Alerts => "alerts",
        }
    }
}

/// All streams of one gateway; clones share them.
#[derive(Clone, Default)]
pub struct Streams(Arc<Shared>);

#[derive(Default)]
struct Shared {
    hubs: Mutex<HashMap<(Stream, String), Arc<Hub>>>,
    alerts: Mutex<HashMap<String, Alerts>>,
    listeners: Arc<AtomicUsize>,
    end: CancellationToken,
}

impl fmt::Debug for Streams {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Streams")
            .field("listeners", &self.0.listeners.load(Ordering::Relaxed))
            .finish()
    }
}

impl Streams {
    /// Without listeners, until `end`.
    pub(super) fn until(end: CancellationToken) -> Self {
        Self(Arc::new(Shared {
            end,
            ..Shared::default()
        }))
    }

    fn hubs(&self) -> MutexGuard<'_, HashMap<(Stream, String), Arc<Hub>>> {
        let hubs = self.0.hubs.lock();
        hubs.unwrap_or_else(PoisonError::into_inner)
    }

    fn alerts(&self) -> MutexGuard<'_, HashMap<String, Alerts>> {
        let alerts = self.0.alerts.lock();
        alerts.unwrap_or_else(PoisonError::into_inner)
    }

    /// The hub of a stream, and whether it is a new one.
    fn hub(&self, stream: Stream, tenant: &str) -> (Arc<Hub>, bool) {
        let mut is_new = false;
        let mut hubs = self.hubs();
        let hub = hubs.entry((stream, tenant.to_owned())).or_insert_with(|| {
            is_new = true;
            Arc::default()
        });
        (hub.clone(), is_new)
    }

    /// Forgets a hub to which nobody listens; whether it did.
    fn forget(&self, stream: Stream, tenant: &str) -> bool {
        let mut hubs = self.hubs();
        let key = (stream, tenant.to_owned());
        // Who comes meanwhile waits for the lock, and finds a new one.
        let is_idle = hubs.get(&key).is_none_or(|hub| hub.listeners() == 0);
        if is_idle {
            hubs.remove(&key);
        }
        is_idle
    }
}

/// Opens a stream for one more listener.
fn listen(
    state: &AnalyticsState,
    stream: Stream,
    tenant: &str,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let streams = &state.streams;
    let last = headers.get(LAST_EVENT_ID);
    let last = last.and_then(|id| id.to_str().ok());
    let count = streams.0.listeners.clone();
    if count.fetch_add(1, Ordering::AcqRel) >= LISTENERS_MAX {
        count.fetch_sub(1, Ordering::AcqRel);
        return Err(QueryError::Busy.into());
    }
    let seat = listener::Seat::new(stream.word(), count);
    let (hub, is_new) = streams.hub(stream, tenant);
    let (missed, events) = hub.subscribe(last);
    let first = missed.unwrap_or_else(|| match stream {
        // Alerts are changes: to a newcomer all that are firing are told.
        Stream::Alerts => {
            let alerts = streams.alerts();
            let firing = alerts.get(tenant).map(Alerts::firing).unwrap_or_default();
            vec![hub.snapshot("firing", &firing)]
        }
        Stream::Live | Stream::Viewers => hub.newest(),
    });
    if is_new && stream != Stream::Alerts {
        feed::start(state.clone(), stream, tenant);
    }
    let listener = Listener::new(first, events, seat, streams.0.end.clone());
    Ok(listener.into_response())
}

/// Streams `GET /v1/live?window=60s`, every two seconds.
///
/// Events are named `live`. One that could not be computed is named `problem`, and `end` says why the stream ends.
///
/// # Errors
/// 503 when too many listen.
#[utoipa::path(
    get,
    path = "/v1/streams/live",
    tag = "streams",
    params(("Last-Event-ID" = Option<String>, Header, description = "The last event that was heard: what came since is sent first")),
    responses((status = 200, description = "Server-Sent Events; the data of each is the answer of GET /v1/live", body = String, content_type = "text/event-stream"))
)]
pub async fn stream_live(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    query: QueryString,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    query.finish()?;
    listen(&state, Stream::Live, &tenant, &headers)
}

/// Streams `GET /v1/viewers/live`, every two seconds.
///
/// Events are named `viewers`. One that could not be computed is named `problem`, and `end` says why the stream ends.
///
/// # Errors
/// 503 when too many listen.
#[utoipa::path(
    get,
    path = "/v1/streams/viewers",
    tag = "streams",
    params(("Last-Event-ID" = Option<String>, Header, description = "The last event that was heard: what came since is sent first")),
    responses((status = 200, description = "Server-Sent Events; the data of each is the answer of GET /v1/viewers/live", body = String, content_type = "text/event-stream"))
)]
pub async fn stream_viewers(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    query: QueryString,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    query.finish()?;
    listen(&state, Stream::Viewers, &tenant, &headers)
}

/// Streams the alerts of the configuration as they fire and are resolved.
///
/// The first event is named `firing` and lists all that fire now; each change is an event named `alert`.
///
/// # Errors
/// 503 when too many listen.
#[utoipa::path(
    get,
    path = "/v1/streams/alerts",
    tag = "streams",
    params(("Last-Event-ID" = Option<String>, Header, description = "The last event that was heard: what changed since is sent first")),
    responses((status = 200, description = "Server-Sent Events; the data of each is an alert, of the first a list", body = String, content_type = "text/event-stream"))
)]
pub async fn stream_alerts(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    query: QueryString,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    query.finish()?;
    listen(&state, Stream::Alerts, &tenant, &headers)
}
