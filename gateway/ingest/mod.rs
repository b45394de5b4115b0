//! From a request to beacons that Kafka may carry.
//!
//! ```text
//! extract   RawBody        bounded, decompressed, stamped with the time of receipt
//! decode    DecodedBatch   by the door's protocol: canonical beacons, and what could not be read
//! validate  ValidBeacon    the rules of every door
//! enrich    EnrichedBeacon what the gateway knows and the client does not
//! ```
//! Then [`crate::produce`] packs it and makes it durable, and the answer says what became of each beacon.

mod answer;
mod clock;
mod decoded;
mod decompress;
mod deferral;
pub mod doors;
mod enrich;
mod extract;
mod outcome;
mod refusal;
mod validate;

use std::sync::Arc;

pub use answer::Answer;
pub use decoded::{Decoded, DecodedBatch, DroppedReport, Refusal};
pub use decompress::decompress;
pub use deferral::Deferral;
pub use enrich::{Arrival, EnrichedBeacon, enrich};
pub use extract::{Admitted, Gated, GatedDoor, RawBody, RequestHead};
pub use outcome::{DeferReason, DropReason, Outcome, RefuseReason};
pub use refusal::RequestRefusal;
pub use validate::{Rules, ValidBeacon, validate};

use crate::config::{Config, FirehoseConfig};
use crate::gate::{Gate, Pass};
use crate::metrics;
use crate::produce::{ProduceError, Producer, RowsByPartition};
use extract::BodyLimits;

/// What every door needs.
#[derive(Clone)]
pub struct Ingest {
    bodies: Arc<BodyLimits>,
    rules: Rules,
    beacons_per_request_max: usize,
    heartbeat_ms: u32,
    firehose: Arc<FirehoseConfig>,
    gate: Gate,
    producer: Producer,
}

impl Ingest {
    /// Takes beacons by these limits, through this gate, and hands them to this producer.
    pub fn new(config: &Config, gate: Gate, producer: Producer) -> Self {
        Self {
            bodies: Arc::new(BodyLimits::new(&config.http)),
            rules: Rules::new(&config.limits),
            beacons_per_request_max: config.limits.beacons_per_request_max,
            heartbeat_ms: config.sessions.heartbeat_ms,
            firehose: Arc::new(config.firehose.clone()),
            gate,
            producer,
        }
    }

    /// Most beacons that one request may hold.
    fn beacons_per_request_max(&self) -> usize {
        self.beacons_per_request_max
    }

    /// How often clients that ask are told to send a heartbeat; ms.
    fn heartbeat_ms(&self) -> u32 {
        self.heartbeat_ms
    }

    /// What the door for Firehose is configured with.
    fn firehose(&self) -> &FirehoseConfig {
        &self.firehose
    }

    /// Who may come in.
    fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Brings a decoded batch to Kafka and says what became of it.
    ///
    /// # Errors
    /// When any valid beacon of the batch is not known to be durable: the client is to send again.
    async fn take_in(
        &self,
        batch: DecodedBatch,
        arrival: Arrival,
        pass: Pass,
    ) -> Result<Answer, Deferral> {
        let ingest = self.clone();
        // A task of its own: when the client hangs up, the outcome is counted all the same.
        let settled = tokio::spawn(async move { ingest.settle(batch, arrival, &pass).await });
        let lost = Deferral::new(DeferReason::DeliveryFailed);
        settled.await.unwrap_or(Err(lost))
    }

    async fn settle(
        &self,
        mut batch: DecodedBatch,
        arrival: Arrival,
        pass: &Pass,
    ) -> Result<Answer, Deferral> {
        let mut answer = Answer::new(&batch, arrival.received_time_ms);
        let held_back = self.gate.hold_back(&mut batch, pass, &self.producer);
        let rows = self.check(batch, &arrival, &mut answer);
        let valid = rows.count();
        let delivered = self.producer.deliver(rows).await;
        let (outcome, count) = match &delivered {
            Ok(too_large) => {
                answer.take_back(too_large);
                (Outcome::Accepted, valid.saturating_sub(too_large.len()))
            }
            Err(error) => (Outcome::Deferred((*error).into()), valid),
        };
        metrics::beacons(outcome, arrival.source, count);
        answer.count_others(arrival.source);
        if let Some(held_back) = &held_back {
            let outcome = Outcome::Deferred(held_back.deferral.reason());
            metrics::beacons(outcome, arrival.source, held_back.count);
        }
        delivered.map_err(|error| Deferral::new(error.into()))?;
        match held_back {
            None => Ok(answer),
            // What was taken is durable; the rest comes with the repetition of the request.
            Some(held_back) => Err(held_back.deferral),
        }
    }

    /// Validates, enriches and encodes; what is refused goes into the answer.
    fn check(
        &self,
        batch: DecodedBatch,
        arrival: &Arrival,
        answer: &mut Answer,
    ) -> RowsByPartition {
        let mut rows = self.producer.rows();
        answer.refuse_all(batch.refusals);
        answer.drop_all(&batch.drops);
        for decoded in batch.beacons {
            let index = decoded.index;
            match validate(decoded, &self.rules, arrival.received_time_ms) {
                Ok(valid) => rows.push(index, enrich(valid, arrival)),
                Err(refusal) => answer.refuse(refusal),
            }
        }
        answer.accept(rows.count());
        rows
    }
}

impl From<ProduceError> for DeferReason {
    fn from(error: ProduceError) -> Self {
        match error {
            ProduceError::Full => Self::ProducerFull,
            ProduceError::Failed => Self::DeliveryFailed,
            ProduceError::TimedOut => Self::DeliveryTimeout,
            ProduceError::SpoolFull => Self::SpoolFull,
            ProduceError::SpoolFailed => Self::SpoolFailed,
        }
    }
}
