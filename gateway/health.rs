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
type LastCheck = Option<(Instant, Result<String, String>)>;

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
    async fn check(&self) -> Result<String, String> {
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
        let answers = self.producer.ping(PING_TIMEOUT).await;
        // Brokers that answer may refuse to take anything, and those that do not may have said why.
        let kafka = match self.producer.trouble() {
            Some(trouble) => Err(trouble),
            None => answers,
        };
        let result = judge(kafka, self.producer.spool_accepts());
        *last = Some((Instant::now(), result.clone()));
        result
    }
}

/// Beacons can be taken as long as either of the two takes them.
fn judge(kafka: Result<(), String>, spool: Option<Result<(), String>>) -> Result<String, String> {
    match (kafka, spool) {
        (Ok(()), None | Some(Ok(()))) => Ok("ready".into()),
        (Ok(()), Some(Err(spool))) => Ok(format!("ready, by Kafka alone: {spool}")),
        (Err(kafka), Some(Ok(()))) => Ok(format!("ready, by the spool alone: {kafka}")),
        (Err(kafka), Some(Err(spool))) => Err(format!("{kafka}; {spool}")),
        (Err(kafka), None) => Err(kafka),
    }
}

/// `/healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `/metrics`: every metric, in Prometheus' text format.
pub async fn metrics(State(state): State<AppState>) -> String {
    state.producer.observe();
    state.metrics.render()
}

/// `/readyz`: 200 when Kafka answers or the spool takes beacons, and there is room in the producer's
/// queue; else 503. Either way it says what does not work.
pub async fn readyz(State(readiness): State<Readiness>) -> (StatusCode, String) {
    match readiness.check().await {
        Ok(state) => (StatusCode::OK, format!("{state}\n")),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            format!("not ready: {reason}\n"),
        ),
    }
}
