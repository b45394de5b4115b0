//! One connection, from its handshake to its end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::Watcher;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use super::progress::{Progress, Watched};
use super::tls::Tls;
use crate::gate::Peer;
use crate::metrics;

/// What a connection is served with.
pub(super) struct Connection {
    pub(super) http: auto::Builder<TokioExecutor>,
    pub(super) router: Router,
    pub(super) peer: Peer,
    pub(super) port: &'static str,
    /// How long nothing may happen.
    pub(super) patience: Duration,
    pub(super) watcher: Watcher,
}

impl Connection {
    /// Serves it until either side ends it.
    pub(super) async fn run(self, stream: TcpStream, tls: Option<Tls>) {
        let progress = Progress::new();
        let stream = Watched::new(stream, progress.clone());
        let Some(tls) = tls else {
            return self.serve(stream, progress).await;
        };
        match tls.accept(stream).await {
            Ok(stream) => self.serve(stream, progress).await,
            Err(error) => {
                metrics::connection_closed(self.port, "handshake");
                tracing::debug!(error = %error, "a TLS handshake failed");
            }
        }
    }

    async fn serve<S>(self, stream: S, progress: Arc<Progress>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { router, peer, .. } = self;
        let asked = progress.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            let answering = asked.request();
            request.extensions_mut().insert(peer);
            let answer = router.clone().oneshot(request);
            async move {
                let answer = answer.await;
                drop(answering);
                answer
            }
        });
        let connection = self
            .http
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = self.watcher.watch(connection);
        tokio::select! {
            result = connection => if let Err(error) = result {
                tracing::debug!(error, "a connection broke");
            },
            () = progress.has_stopped_for(self.patience) => {
                metrics::connection_closed(self.port, "idle");
            }
        }
    }
}
