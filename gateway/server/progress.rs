//! Tells when nothing happens on a connection any more.
//!
//! hyper bounds the time of one request's headers in HTTP/1. What remains are connections that never
//! say which version they speak, that hold HTTP/2 open without a request, that send its headers byte
//! by byte, or that never read their answer. For all of them: no request is being answered, and for
//! some time none has begun and no byte of an answer has left. What a client sends is no progress.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What happens on one connection.
pub(super) struct Progress {
    began: Instant,
    /// Since `began`; ms.
    last_ms: AtomicU64,
    /// Requests that are being answered.
    answering: AtomicUsize,
}

impl Progress {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            last_ms: AtomicU64::new(0),
            answering: AtomicUsize::new(0),
        })
    }

    /// A request that is being answered, until it is dropped.
    pub(super) fn request(self: &Arc<Self>) -> Answering {
        self.answering.fetch_add(1, Ordering::Relaxed);
        self.note();
        Answering(self.clone())
    }

    /// Waits until there has been none for so long.
    pub(super) async fn has_stopped_for(&self, patience: Duration) {
        loop {
            let last = Duration::from_millis(self.last_ms.load(Ordering::Relaxed));
            let idle = self.began.elapsed().saturating_sub(last);
            let is_answering = self.answering.load(Ordering::Relaxed) > 0;
            if !is_answering && idle >= patience {
                return;
            }
            let left = patience.saturating_sub(idle);
            // While a request is answered there is nothing to time; that is bounded elsewhere.
            let next = if is_answering { patience } else { left };
            tokio::time::sleep(next.max(Duration::from_millis(1))).await;
        }
    }

    fn note(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(now, Ordering::Relaxed);
    }
}

/// A request that is being answered.
pub(super) struct Answering(Arc<Progress>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.note();
        self.0.answering.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stream that notes what leaves through it.
pub(super) struct Watched<S> {
    stream: S,
    progress: Arc<Progress>,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, progress: Arc<Progress>) -> Self {
        Self { stream, progress }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes));
        self.progress.note();
        Poll::Ready(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, parts));
        self.progress.note();
        Poll::Ready(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(80);

    /// How long it took until the connection counted as stopped, while `life` went on.
    async fn stopped_after(progress: &Arc<Progress>, life: impl Future<Output = ()>) -> Duration {
        let began = Instant::now();
        tokio::join!(progress.has_stopped_for(PATIENCE), life);
        began.elapsed()
    }

    #[tokio::test]
    async fn a_connection_stops_when_nothing_was_asked_or_written() {
        let progress = Progress::new();
        let took = stopped_after(&progress, async {}).await;
        assert!(took >= PATIENCE, "{took:?}");

        let progress = Progress::new();
        let asked = async {
            let answering = progress.request();
            tokio::time::sleep(PATIENCE * 3).await;
            drop(answering);
        };
        let took = stopped_after(&progress, asked).await;
        assert!(took >= PATIENCE * 4, "{took:?}");
    }
}
