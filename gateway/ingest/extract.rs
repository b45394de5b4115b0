//! Reads a request's body: bounded in size, time and memory, stamped with the time of receipt.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::decompress::Encoding;
use super::{Ingest, RequestRefusal};
use crate::config::HttpConfig;
use crate::gate::{DoorName, Pass};

/// What is read of a refused body before the answer, as a multiple of the limit: a client that is
/// still sending does not hear the answer.
const DISCARD_FACTOR: usize = 16;

/// A request's body, complete and decompressed.
#[derive(Debug)]
pub struct RawBody {
    /// The bytes.
    pub bytes: Bytes,
    /// Content type without parameters, lower-case; empty if there was none.
    pub content_type: String,
    /// When it had been read; Unix ms.
    pub received_time_ms: i64,
    /// Whether the client sent `Sec-GPC: 1`.
    pub is_gpc: bool,
    /// Room among the bodies being held.
    _room: OwnedSemaphorePermit,
}

/// What a request without a body says.
#[derive(Debug)]
pub struct RequestHead {
    /// The path of the address.
    pub path: String,
    /// The query as it stands in the address; empty if there is none.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// When it had been read; Unix ms.
    pub received_time_ms: i64,
    /// Whether the client sent `Sec-GPC: 1`.
    pub is_gpc: bool,
}

/// A door, by its type: which name keys know it by.
pub trait GatedDoor {
    /// Its name in keys.
    const NAME: DoorName;
}

/// A request without a body that the gate lets in at door `D`.
pub struct Admitted<D> {
    /// What it may do.
    pub pass: Pass,
    door: PhantomData<fn() -> D>,
}

/// A request that the gate lets in at door `D`, and its body.
pub struct Gated<D> {
    /// What it may do.
    pub pass: Pass,
    /// What it brings.
    pub body: RawBody,
    door: PhantomData<fn() -> D>,
}

impl<D: GatedDoor> FromRequestParts<Ingest> for Admitted<D> {
    type Rejection = RequestRefusal;

    async fn from_request_parts(
        parts: &mut Parts,
        ingest: &Ingest,
    ) -> Result<Self, RequestRefusal> {
        let admitted = ingest.gate().admit(parts, D::NAME);
        let mut pass = admitted.inspect_err(crate::metrics::request_refused)?;
        pass.meet(ingest.client_of(parts, D::NAME));
        Ok(Self {
            pass,
            door: PhantomData,
        })
    }
}

impl<D: GatedDoor> FromRequest<Ingest> for Gated<D> {
    type Rejection = RequestRefusal;

    async fn from_request(request: Request, ingest: &Ingest) -> Result<Self, RequestRefusal> {
        let (parts, body) = request.into_parts();
        let mut pass = match ingest.gate().admit(&parts, D::NAME) {
            Ok(pass) => pass,
            Err(refusal) => {
                crate::metrics::request_refused(&refusal);
                ingest.bodies.discard(body).await;
                return Err(refusal);
            }
        };
        pass.meet(ingest.client_of(&parts, D::NAME));
        let max_bytes = ingest.bodies.max_bytes;
        let body = RawBody::read_at_most(ingest, (&pass, D::NAME), &parts, body, max_bytes).await?;
        Ok(Self {
            pass,
            body,
            door: PhantomData,
        })
    }
}

/// Bounds on all bodies together and on each.
pub(super) struct BodyLimits {
    max_bytes: usize,
    read_timeout: Duration,
    room: Arc<Semaphore>,
}

impl BodyLimits {
    pub(super) fn new(config: &HttpConfig) -> Self {
        Self {
            max_bytes: config.body_max_bytes,
            read_timeout: config.body_read_timeout(),
            room: Arc::new(Semaphore::new(config.bodies_in_flight_max_bytes)),
        }
    }

    /// Reads what a refused client is still sending, which else would not hear the answer.
    pub(super) async fn discard(&self, body: Body) {
        discard(body, self.max_bytes, self.read_timeout).await;
    }

    async fn read(
        &self,
        head: &Parts,
        body: Body,
        max_bytes: usize,
    ) -> Result<RawBody, RequestRefusal> {
        let headers = &head.headers;
        let announced = announced_bytes(headers);
        if announced.is_some_and(|bytes| bytes > max_bytes) {
            discard(body, max_bytes * DISCARD_FACTOR, self.read_timeout).await;
            return Err(RequestRefusal::BodyTooLarge(max_bytes));
        }
        let mut room = self.reserve(announced.unwrap_or(max_bytes))?;
        let limited = Limited::new(body, max_bytes).collect();
        let collected = timeout(self.read_timeout, limited)
            .await
            .map_err(|_| RequestRefusal::BodyTimeout)?
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    RequestRefusal::BodyTooLarge(max_bytes)
                } else {
                    RequestRefusal::BodyUnreadable
                }
            })?;
        let mut bytes = collected.to_bytes();
        let query = head.uri.query().unwrap_or_default();
        if let Some(encoding) = Encoding::of(headers, query, &bytes)? {
            // What comes out may take as much as any body.
            room.merge(self.reserve(max_bytes)?);
            bytes = encoding.undo(&bytes, max_bytes)?;
        }
        Ok(RawBody {
            bytes,
            content_type: content_type(headers),
            received_time_ms: now_ms(),
            is_gpc: is_gpc(headers),
            _room: room,
        })
    }

    /// Room for so many bytes.
    fn reserve(&self, bytes: usize) -> Result<OwnedSemaphorePermit, RequestRefusal> {
        let bytes = u32::try_from(bytes).map_err(|_| RequestRefusal::Overloaded)?;
        self.room
            .clone()
            .try_acquire_many_owned(bytes)
            .map_err(|_| RequestRefusal::Overloaded)
    }
}

impl RawBody {
    /// Reads a body of at most so many bytes, for a door whose clients send larger ones than the rest.
    pub(super) async fn read_at_most(
        ingest: &Ingest,
        (pass, door): (&Pass, DoorName),
        head: &Parts,
        body: Body,
        max_bytes: usize,
    ) -> Result<Self, RequestRefusal> {
        let read = ingest.bodies.read(head, body, max_bytes).await;
        read.inspect_err(|refusal| ingest.refuse(pass, door, refusal, None))
    }
}

impl<S: Sync> FromRequestParts<S> for RequestHead {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts.headers.clone(),
            received_time_ms: now_ms(),
            is_gpc: is_gpc(&parts.headers),
        })
    }
}

fn is_gpc(headers: &HeaderMap) -> bool {
    headers.get("sec-gpc").is_some_and(|value| value == "1")
}

fn announced_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn content_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = value.and_then(|value| value.split(';').next());
    kind.unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads and forgets, within bounds.
async fn discard(mut body: Body, max_bytes: usize, within: Duration) {
    let mut left = max_bytes;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            let bytes = frame.data_ref().map_or(0, Bytes::len);
            left = left.saturating_sub(bytes);
            if left == 0 {
                break;
            }
        }
    };
    // Whether it ended or ran out of time, the answer is the same.
    let _ = timeout(within, reading).await;
}

/// The gateway's clock; Unix ms.
pub(super) fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_millis()).ok())
        .unwrap_or_default()
}
