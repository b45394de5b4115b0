//! `playhead serve`: the gateway.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::AppState;
use crate::config::{Config, ReadKeysMode};
use crate::router;
use crate::server::{Server, ServerLimits, Tls};
use crate::warehouse::{Warehouse, WarehouseError, version};

/// How long the operators' port may take to finish its answers at the end.
const OPERATIONS_DRAIN: Duration = Duration::from_secs(1);
/// Connections of the operators' port.
const OPERATIONS_CONNECTIONS_MAX: usize = 100;

/// Take beacons, bring them to Kafka, and serve the analytics API
///
/// Runs until SIGTERM or Ctrl-C; then it stops accepting, finishes the requests in flight, sends
/// what it holds to Kafka or the spool, and exits.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  playhead serve
  playhead --config /etc/playhead.toml serve
  PLAYHEAD_HTTP__LISTEN=0.0.0.0:8080 playhead serve")]
pub(super) struct Args {}

pub(super) async fn run(_: Args, config: &Config) -> anyhow::Result<()> {
    let end = ended_by_signal()?;
    check_schema(config).await?;
    let http = &config.http;
    let public = Server::bind(http.listen, ServerLimits::of(http, "public")).await?;
    let tls = tls_server(config, &end).await?;
    let operations = Server::bind(
        config.operations.listen,
        ServerLimits {
            connections_max: OPERATIONS_CONNECTIONS_MAX,
            drain_timeout: OPERATIONS_DRAIN,
            ..ServerLimits::of(http, "operations")
        },
    )
    .await?;
    let state = tokio::select! {
        state = AppState::build(config.clone(), end.clone()) => state?,
        () = end.cancelled() => return Ok(()),
    };
    tracing::info!(
        public = %public.address()?,
        tls = tls.as_ref().map(Server::address).transpose()?.map(tracing::field::display),
        operations = %operations.address()?,
        "listening"
    );
    let is_open = config.read_keys.mode == ReadKeysMode::Off && !http.listen.ip().is_loopback();
    if is_open {
        tracing::warn!(
            "whoever reaches the public port reads the analytics API: see read_keys.mode, docs/read-keys.md"
        );
    }
    // Operators see the drain too: their port ends last.
    let drained = CancellationToken::new();
    let operations = tokio::spawn(operations.run(router::operations(&state), drained.clone()));
    let router = router::public(&state);
    let over_tls = tls.map(|tls| tokio::spawn(tls.run(router.clone(), end.clone())));
    public.run(router, end).await;
    if let Some(over_tls) = over_tls {
        over_tls.await?;
    }
    tracing::info!("requests are finished; making durable what is left");
    state.producer.finish().await;
    drained.cancel();
    operations.await?;
    tracing::info!("stopped");
    Ok(())
}

/// The port that speaks TLS, where there is to be one.
async fn tls_server(config: &Config, end: &CancellationToken) -> anyhow::Result<Option<Server>> {
    if !config.tls.is_asked_for() {
        return Ok(None);
    }
    let tls = Tls::open(&config.tls, end.clone())?;
    let limits = ServerLimits::of(&config.http, "tls");
    let server = Server::bind(config.tls.listen, limits).await?;
    Ok(Some(server.with_tls(tls)))
}

/// Refuses a schema that this binary does not know. A warehouse that is down is no reason to refuse
/// beacons: Kafka keeps them, and the API answers 503 until it is back.
async fn check_schema(config: &Config) -> anyhow::Result<()> {
    let warehouse = Warehouse::new((&config.clickhouse).into())?;
    match version::check(&warehouse).await {
        Err(away @ (WarehouseError::Unreachable { .. } | WarehouseError::TimedOut { .. })) => {
            tracing::warn!("the schema is not checked: {away}");
            Ok(())
        }
        checked => Ok(checked?),
    }
}

/// Cancelled by the first SIGTERM or Ctrl-C.
fn ended_by_signal() -> anyhow::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let end = CancellationToken::new();
    let ended = end.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM: draining"),
            _ = interrupt.recv() => tracing::info!("interrupted: draining"),
        }
        ended.cancel();
    });
    Ok(end)
}
