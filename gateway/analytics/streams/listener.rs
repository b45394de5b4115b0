//! One connection that listens.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::metrics::api;

/// The header in which a listener says where it was.
pub(super) const LAST_EVENT_ID: &str = "last-event-id";
/// So often something is sent, or the connection would count as idle.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// How long one stream lasts; then its key is asked for anew.
const LASTS: Duration = Duration::from_secs(900);
/// How long a browser waits before it comes back.
const BEGIN: &[u8] = b"retry: 2000\n\n";

/// A place among those who listen, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    stream: &'static str,
    count: Arc<AtomicUsize>,
}

impl Seat {
    /// One that is counted in `count` already.
    pub(super) fn new(stream: &'static str, count: Arc<AtomicUsize>) -> Self {
        api::listeners(stream, 1.0);
        Self { stream, count }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::AcqRel);
        api::listeners(self.stream, -1.0);
    }
}

/// What one connection is sent.
#[derive(Debug)]
pub(super) struct Listener {
    waiting: VecDeque<Bytes>,
    events: Receiver<Bytes>,
    seat: Seat,
    ends: Instant,
    end: CancellationToken,
    is_over: bool,
}

impl Listener {
    /// One that is sent `missed` first.
    pub(super) fn new(
        missed: Vec<Bytes>,
        events: Receiver<Bytes>,
        seat: Seat,
        end: CancellationToken,
    ) -> Self {
        let mut waiting = VecDeque::from(missed);
        waiting.push_front(Bytes::from_static(BEGIN));
        Self {
            waiting,
            events,
            seat,
            ends: Instant::now() + LASTS,
            end,
            is_over: false,
        }
    }

    /// The next piece; none once the end was told.
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(piece) = self.waiting.pop_front() {
            return Some(piece);
        }
        if self.is_over {
            return None;
        }
        let piece = tokio::select! {
            heard = self.events.recv() => match heard {
                Ok(piece) => piece,
                Err(RecvError::Lagged(_)) => {
                    api::listener_dropped(self.seat.stream);
                    self.over("too_slow")
                }
                Err(RecvError::Closed) => self.over("nothing_more"),
            },
            () = tokio::time::sleep(SIGN_OF_LIFE) => Bytes::from_static(b": still here\n\n"),
            () = tokio::time::sleep_until(self.ends) => self.over("come_again"),
            () = self.end.cancelled() => self.over("gateway_ends"),
        };
        Some(piece)
    }

    fn over(&mut self, reason: &str) -> Bytes {
        self.is_over = true;
        format!("event: end\ndata: {{\"reason\":\"{reason}\"}}\n\n").into()
    }
}

impl IntoResponse for Listener {
    fn into_response(self) -> Response {
        let pieces = stream::unfold(self, |mut listener| async move {
            let piece = listener.next().await?;
            Some((Ok::<_, Infallible>(piece), listener))
        });
        let headers = [
            (CONTENT_TYPE, "text/event-stream"),
            (CACHE_CONTROL, "no-store"),
        ];
        (headers, Body::from_stream(pieces)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::broadcast::Sender;

    use super::*;

    fn listener(sender: &Sender<Bytes>) -> Listener {
        let count = Arc::new(AtomicUsize::new(1));
        let seat = Seat::new("live", count);
        Listener::new(vec![], sender.subscribe(), seat, CancellationToken::new())
    }

    #[tokio::test]
    async fn who_reads_too_slowly_is_told_so_and_is_let_go() {
        let sender = Sender::new(2);
        let mut slow = listener(&sender);
        assert_eq!(slow.next().await.unwrap(), BEGIN);
        for number in 0..4_u8 {
            sender.send(vec![number].into()).unwrap();
        }
        let last = slow.next().await.unwrap();
        assert_eq!(last, "event: end\ndata: {\"reason\":\"too_slow\"}\n\n");
        assert_eq!(slow.next().await, None);
    }

    #[tokio::test]
    async fn seats_are_given_back() {
        let sender: Sender<Bytes> = Sender::new(2);
        let count = Arc::new(AtomicUsize::new(1));
        let seat = Seat::new("live", count.clone());
        let end = CancellationToken::new();
        let mut listener = Listener::new(vec![], sender.subscribe(), seat, end.clone());
        listener.next().await.unwrap();
        end.cancel();
        assert!(listener.next().await.unwrap().starts_with(b"event: end"));
        drop(listener);
        assert_eq!(count.load(Ordering::Acquire), 0);
    }
}
