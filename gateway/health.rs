//! Liveness, readiness, and the page of metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::app::AppState;
use crate::produce::Producer;

/// How long the brokers may take to answer a readiness check.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// Probes within this time share one check.
const REMEMBERED_FOR: Duration = Duration::from_secs(1);

/// When the brokers were last asked, and what came of it.
type LastCheck = Option<(Instant, Result<(), String>)>;

/// Tells whether beacons can be taken now.
#[derive(Clone)]
pub struct Readiness {
    producer: Producer,
    end: CancellationToken,
    last: Arc<Mutex<LastCheck>>,
}

impl Readiness {
    /// Readiness of this producer, until the end of the process has come.
    pub fn new(producer: Producer, end: CancellationToken) -> Self {
        Self {
            producer,
            end,
            last: Arc::default(),
        }
    }

    /// Asks the brokers, at most once a second.
    async fn check(&self) -> Result<(), String> {
        if self.end.is_cancelled() {
            return Err("it is ending".into());
        }
        if !self.producer.has_room() {
            return Err("the producer's queue is full".into());
        }
        let mut last = self.last.lock().await;
        if let Some((at, result)) = &*last
            && at.elapsed() < REMEMBERED_FOR
        {
            return result.clone();
        }
        let result = match self.producer.ping(PING_TIMEOUT).await {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        *last = Some((Instant::now(), result.clone()));
        result
    }
}

/// `/healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `/metrics`: every metric, in Prometheus' text format.
pub async fn metrics(State(state): State<AppState>) -> String {
    crate::metrics::beacons_in_flight(state.producer.in_flight());
    state.metrics.render()
}

/// `/readyz`: 200 when Kafka answers and there is room in the producer's queue, else 503 with the reason.
pub async fn readyz(State(readiness): State<Readiness>) -> (StatusCode, String) {
    match readiness.check().await {
        Ok(()) => (StatusCode::OK, "ready\n".into()),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: {reason}\n"),
        ),
    }
}
