//! Accepts connections, bounds them, and drains them at the end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Bounds of one port.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// What the port is called in metrics.
    pub port: &'static str,
    /// Most open connections.
    pub connections_max: usize,
    /// How long a request's headers may take, idle time before them included.
    pub header_read_timeout: Duration,
    /// How long requests in flight may take to finish once the end has come.
    pub drain_timeout: Duration,
}

/// One listening port.
pub struct Server {
    listener: TcpListener,
    limits: ServerLimits,
    http: auto::Builder<TokioExecutor>,
}

impl Server {
    /// Takes the port.
    ///
    /// # Errors
    /// An address that is taken or not this machine's; the message names it.
    pub async fn bind(listen: SocketAddr, limits: ServerLimits) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {listen}: {error}"))
        })?;
        let mut http = auto::Builder::new(TokioExecutor::new());
        // Without a timer hyper ignores the time-out, and slow clients hold connections for ever.
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_read_timeout);
        http.http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(200)
            .keep_alive_interval(limits.header_read_timeout)
            .keep_alive_timeout(Duration::from_secs(20));
        Ok(Self {
            listener,
            limits,
            http,
        })
    }

    /// The address that was taken, with the port where 0 was asked for.
    ///
    /// # Errors
    /// A socket that the system no longer knows.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `end`, then stops accepting and lets the requests in flight finish.
    pub async fn run(self, router: Router, end: CancellationToken) {
        let room = Arc::new(Semaphore::new(self.limits.connections_max));
        let graceful = GracefulShutdown::new();
        loop {
            let next = tokio::select! {
                () = end.cancelled() => break,
                next = accept(&self.listener, &room) => next,
            };
            let (stream, permit) = match next {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Too many open files and the like: it passes, and trying at once would spin.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            self.serve(stream, permit, router.clone(), &graceful);
        }
        drop(self.listener);
        let drained = tokio::time::timeout(self.limits.drain_timeout, graceful.shutdown()).await;
        if drained.is_err() {
            tracing::warn!("requests in flight did not finish in time");
        }
    }

    fn serve(
        &self,
        stream: TcpStream,
        permit: OwnedSemaphorePermit,
        router: Router,
        graceful: &GracefulShutdown,
    ) {
        let has_asked = Arc::new(AtomicBool::new(false));
        let asked = has_asked.clone();
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            router.clone().oneshot(request)
        });
        let connection = self
            .http
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        let connection = graceful.watch(connection);
        let silence_timeout = self.limits.header_read_timeout;
        let open = crate::metrics::connection(self.limits.port);
        tokio::spawn(async move {
            let silent = async {
                tokio::time::sleep(silence_timeout).await;
                if has_asked.load(Ordering::Relaxed) {
                    std::future::pending().await
                }
            };
            // hyper's own time-out begins once it knows the protocol version; a client that never
            // sends enough to tell is closed here.
            tokio::select! {
                result = connection => if let Err(error) = result {
                    tracing::debug!(error, "a connection broke");
                },
                () = silent => {}
            }
            drop((permit, open));
        });
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = room
        .clone()
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, permit))
}
