//! Accepts connections, bounds them, and drains them at the end.
//!
//! - `addresses` counts the connections of each address;
//! - `tls` makes a connection private, with certificates that may change;
//! - `connection` serves one connection's requests;
//! - `progress` tells when nothing happens on it any more.

mod addresses;
mod connection;
mod progress;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

pub use tls::{Tls, TlsError};

use crate::config::HttpConfig;
use crate::gate::{Peer, TrustedProxies};
use crate::metrics;
use addresses::Addresses;
use connection::Connection;

/// Requests of one HTTP/2 connection at the same time.
const STREAMS_MAX: u32 = 200;

/// Bounds of one port.
#[derive(Clone, Debug)]
pub struct ServerLimits {
    /// What the port is called in metrics.
    pub port: &'static str,
    /// Most open connections.
    pub connections_max: usize,
    /// Most open connections of one address; 0: any number.
    pub connections_per_address_max: usize,
    /// Proxies, which may open as many as they like.
    pub proxies: TrustedProxies,
    /// Largest request line and headers; bytes.
    pub headers_max_bytes: usize,
    /// How long a request's headers may take, idle time before them included; and how long a
    /// connection may be without a request or a byte of an answer.
    pub header_read_timeout: Duration,
    /// How long requests in flight may take to finish once the end has come.
    pub drain_timeout: Duration,
}

impl ServerLimits {
    /// Those of the public port, for a port of this name.
    pub fn of(config: &HttpConfig, port: &'static str) -> Self {
        Self {
            port,
            connections_max: config.connections_max,
            connections_per_address_max: config.connections_per_address_max,
            proxies: TrustedProxies::new(config),
            headers_max_bytes: config.headers_max_bytes,
            header_read_timeout: config.header_read_timeout(),
            drain_timeout: config.drain_timeout(),
        }
    }
}

/// One listening port.
pub struct Server {
    listener: TcpListener,
    limits: ServerLimits,
    http: auto::Builder<TokioExecutor>,
    tls: Option<Tls>,
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
        Ok(Self {
            listener,
            http: http(&limits),
            limits,
            tls: None,
        })
    }

    /// Speaks TLS on it.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self {
            tls: Some(tls),
            ..self
        }
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
        let addresses = Addresses::new(self.limits.connections_per_address_max);
        let graceful = GracefulShutdown::new();
        loop {
            let next = tokio::select! {
                () = end.cancelled() => break,
                next = accept(&self.listener, &room) => next,
            };
            let (stream, Peer(peer), permit) = match next {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Too many open files and the like: it passes, and trying at once would spin.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let is_proxy = self.limits.proxies.trusts(peer);
            let Some(place) = addresses.place(peer, is_proxy) else {
                metrics::connection_closed(self.limits.port, "per_address");
                continue;
            };
            let connection = Connection {
                http: self.http.clone(),
                router: router.clone(),
                peer: Peer(peer),
                port: self.limits.port,
                patience: self.limits.header_read_timeout,
                watcher: graceful.watcher(),
            };
            let open = metrics::connection(self.limits.port);
            let tls = self.tls.clone();
            tokio::spawn(async move {
                connection.run(stream, tls).await;
                drop((permit, place, open));
            });
        }
        drop(self.listener);
        let drained = tokio::time::timeout(self.limits.drain_timeout, graceful.shutdown()).await;
        if drained.is_err() {
            tracing::warn!("requests in flight did not finish in time");
        }
    }
}

/// Both versions of HTTP, each with its bounds.
fn http(limits: &ServerLimits) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    // Without a timer hyper ignores the time-out, and slow clients hold connections for ever.
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_read_timeout)
        .max_buf_size(limits.headers_max_bytes)
        // A client that has said all it has to say still hears the answer.
        .half_close(true);
    let headers_max = u32::try_from(limits.headers_max_bytes).unwrap_or(u32::MAX);
    http.http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(headers_max);
    http
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(TcpStream, Peer, OwnedSemaphorePermit)> {
    let permit = room
        .clone()
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, address) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, Peer(address.ip().to_canonical()), permit))
}
