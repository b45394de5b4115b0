//! From a request to beacons that Kafka may carry.
//!
//! ```text
//! extract   RawBody        bounded, decompressed, stamped with the time of receipt
//! decode    DecodedBatch   by the door's protocol: canonical beacons, and what could not be read
//! validate  ValidBeacon    the rules of every door
//! protect   ProtectedBeacon without what must not be kept (crate::privacy)
//! enrich    EnrichedBeacon what the gateway knows and the client does not (crate::enrich)
//! ```
//! Then [`crate::produce`] packs it and makes it durable, and the answer says what became of each beacon.

mod answer;
mod clock;
mod decoded;
mod decompress;
mod deferral;
pub mod doors;
mod extract;
mod outcome;
mod refusal;
mod refused;
mod validate;

use std::sync::Arc;

use axum::http::Method;
use axum::http::request::Parts;

pub use crate::enrich::{Arrival, EnrichedBeacon, Origin};
pub use answer::Answer;
pub use decoded::{Decoded, DecodedBatch, DroppedReport, Refusal, Remains};
pub use decompress::decompress;
pub use deferral::Deferral;
use deferral::PutOff;
pub use extract::{Admitted, Gated, GatedDoor, RawBody, RequestHead};
pub use outcome::{DeferReason, DropReason, Outcome, RefuseReason, Unpublished};
pub use refusal::RequestRefusal;
pub(crate) use refusal::without_quoted;
pub use validate::{Rules, ValidBeacon, validate};

use crate::config::{Config, FirehoseConfig, SnowplowConfig};
use crate::enrich::{ClientFacts, Enricher, enrich, readmit, received_time_ms};
use crate::gate::{DoorName, Gate, Pass};
use crate::metrics;
use crate::privacy::Privacy;
use crate::produce::{ProduceError, Producer, RowsByPartition};
use crate::samples::Samples;
use crate::watch::{Watch, Watching};
use extract::BodyLimits;

/// What every door needs.
#[derive(Clone)]
pub struct Ingest {
    bodies: Arc<BodyLimits>,
    rules: Rules,
    beacons_per_request_max: usize,
    heartbeat_ms: u32,
    liveness_ms: u32,
    firehose: Arc<FirehoseConfig>,
    snowplow: SnowplowConfig,
    gate: Gate,
    enricher: Enricher,
    privacy: Privacy,
    watch: Watch,
    samples: Samples,
    producer: Producer,
}

impl Ingest {
    /// Takes beacons by these limits, through this gate, and hands them to this producer.
    pub fn new(
        config: &Config,
        gate: Gate,
        enricher: Enricher,
        privacy: Privacy,
        watch: Watch,
        producer: Producer,
    ) -> Self {
        Self {
            bodies: Arc::new(BodyLimits::new(&config.http)),
            rules: Rules::new(&config.limits),
            beacons_per_request_max: config.limits.beacons_per_request_max,
            heartbeat_ms: config.sessions.heartbeat_ms,
            liveness_ms: config.sessions.liveness_seconds.saturating_mul(1_000),
            firehose: Arc::new(config.firehose.clone()),
            snowplow: config.snowplow,
            gate,
            enricher,
            samples: Samples::new(config.gate.refused_samples_max, &privacy),
            privacy,
            watch,
            producer,
        }
    }

    /// Most beacons that one request may hold.
    fn beacons_per_request_max(&self) -> usize {
        self.beacons_per_request_max
    }

    /// How often a client that asks is told to send a heartbeat: as it says itself, where its session would not
    /// count as silent between two of them; ms.
    fn heartbeat_ms_for(&self, told_ms: Option<u32>) -> u32 {
        told_ms
            .filter(|told_ms| *told_ms < self.liveness_ms)
            .unwrap_or(self.heartbeat_ms)
    }

    /// What the door for Firehose is configured with.
    fn firehose(&self) -> &FirehoseConfig {
        &self.firehose
    }

    /// What the door for Snowplow is configured with.
    fn snowplow(&self) -> SnowplowConfig {
        self.snowplow
    }

    /// Who may come in.
    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The way on.
    fn producer(&self) -> &Producer {
        &self.producer
    }

    /// Who watches.
    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// What was refused lately.
    pub(crate) fn samples(&self) -> &Samples {
        &self.samples
    }

    /// What is known of the client of a request; nothing where another machine speaks for it.
    fn client_of(&self, head: &Parts, door: DoorName) -> ClientFacts {
        let speaks_for_itself = match door {
            DoorName::Firehose | DoorName::Forward => false,
            // A body may hold what many players said; without one the player's own request was mirrored.
            DoorName::CmcdRequest => head.method == Method::GET,
            DoorName::Native
            | DoorName::Pixel
            | DoorName::Cmcd
            | DoorName::Epas
            | DoorName::Snowplow => true,
        };
        if !speaks_for_itself {
            return ClientFacts::default();
        }
        let (address, is_trusted) = self.gate.address_of(head);
        let mut client = self.enricher.look_at(&head.headers, address, is_trusted);
        if head.headers.contains_key(doors::snowplow::ANONYMOUS) {
            client.address = None;
        }
        client
    }

    /// Brings all beacons of a request to Kafka and says what became of them.
    ///
    /// # Errors
    /// When any valid beacon of the batch is not known to be durable: the client is to send again.
    async fn take_in(
        &self,
        batch: DecodedBatch,
        arrival: Arrival,
        pass: Pass,
    ) -> Result<Answer, Deferral> {
        let put_off = self.gate.charge(&pass, batch.beacons.len());
        self.take_in_part(batch, arrival, pass, put_off).await
    }

    /// Brings some beacons of a request to Kafka, which were charged to its key before, and says what became of
    /// them. Where the request is put off, they are counted so.
    ///
    /// # Errors
    /// As [`Self::take_in`].
    async fn take_in_part(
        &self,
        batch: DecodedBatch,
        arrival: Arrival,
        pass: Pass,
        put_off: Option<Deferral>,
    ) -> Result<Answer, Deferral> {
        let ingest = self.clone();
        // A task of its own: when the client hangs up, the outcome is counted all the same.
        let settled =
            tokio::spawn(async move { ingest.settle(batch, &arrival, &pass, put_off).await });
        let lost = Deferral::new(DeferReason::DeliveryFailed);
        settled.await.unwrap_or(Err(lost))
    }

    /// Brings a body to Kafka part by part: it may hold more beacons than may be in memory at once.
    /// `count` is how many there are in all parts, for which the key's quota must have room.
    ///
    /// # Errors
    /// When any valid beacon of the body is not known to be durable: the client is to send all of it again.
    async fn take_in_parts(
        &self,
        parts: impl Iterator<Item = DecodedBatch> + Send + 'static,
        count: usize,
        arrival: Arrival,
        pass: Pass,
    ) -> Result<Answer, Deferral> {
        let put_off = PutOff::of(self.gate.charge(&pass, count));
        let ingest = self.clone();
        let settled =
            tokio::spawn(async move { ingest.settle_parts(parts, &arrival, &pass, put_off).await });
        let lost = Deferral::new(DeferReason::DeliveryFailed);
        settled.await.unwrap_or(Err(lost))
    }

    async fn settle_parts(
        &self,
        parts: impl Iterator<Item = DecodedBatch>,
        arrival: &Arrival,
        pass: &Pass,
        mut put_off: PutOff,
    ) -> Result<Answer, Deferral> {
        let mut whole = Answer::new(&DecodedBatch::default(), arrival.received_time_ms);
        for part in parts {
            match self.settle(part, arrival, pass, put_off.of_next()).await {
                Ok(answer) => whole.add(answer),
                Err(deferral) => put_off.note(deferral),
            }
        }
        put_off.first().map_or(Ok(whole), Err)
    }

    async fn settle(
        &self,
        mut batch: DecodedBatch,
        arrival: &Arrival,
        pass: &Pass,
        put_off: Option<Deferral>,
    ) -> Result<Answer, Deferral> {
        let mut answer = Answer::new(&batch, arrival.received_time_ms);
        let mut watching = self.watch.look(&batch, arrival, pass);
        let held_back = self.gate.hold_back(&mut batch, put_off, &self.producer);
        let checked = self.check(batch, arrival, pass, &mut answer, watching.as_mut());
        let Checked {
            rows,
            identities,
            unpublished,
        } = checked;
        let valid = rows.count();
        let delivered = self.producer.deliver(rows).await;
        let (outcome, count) = match &delivered {
            Ok(too_large) => {
                answer.take_back(too_large);
                (Outcome::Accepted, valid.saturating_sub(too_large.len()))
            }
            Err(error) => (Outcome::Deferred((*error).into()), valid),
        };
        if let Ok(too_large) = &delivered {
            self.gate.remember(&identities, too_large);
            for why in Unpublished::ALL {
                let of_it = unpublished
                    .iter()
                    .filter(|(index, of)| *of == why && !too_large.contains(index));
                metrics::beacons_unpublished(why, of_it.count());
            }
        }
        metrics::beacons(outcome, arrival.source, count);
        answer.count_others(arrival.source);
        let held = held_back
            .as_ref()
            .map(|held| (Outcome::Deferred(held.deferral.reason()), held.count));
        if let Some((outcome, count)) = held {
            metrics::beacons(outcome, arrival.source, count);
        }
        if let Some(watching) = watching {
            watching.tell(&answer, outcome, held.map(|(outcome, _)| outcome));
        }
        delivered.map_err(|error| Deferral::new(error.into()))?;
        match held_back {
            None => Ok(answer),
            // What was taken is durable; the rest comes with the repetition of the request.
            Some(held_back) => Err(held_back.deferral),
        }
    }

    /// Validates, protects, enriches and encodes; what is refused or dropped goes into the answer.
    fn check(
        &self,
        batch: DecodedBatch,
        arrival: &Arrival,
        pass: &Pass,
        answer: &mut Answer,
        mut watching: Option<&mut Watching>,
    ) -> Checked {
        let mut rows = self.producer.rows();
        let mut identities = Vec::new();
        let mut unpublished = Vec::new();
        let mut privacy = self.privacy.of_request(arrival);
        for refusal in batch.refusals {
            self.refuse_beacon(refusal, arrival, pass, answer);
        }
        answer.drop_all(&batch.drops);
        for decoded in batch.beacons {
            let index = decoded.index;
            let received_time_ms = received_time_ms(&decoded.beacon, arrival);
            let beacon = match validate(decoded, &self.rules, received_time_ms) {
                // What another gateway has protected and completed stays as it is.
                Ok(valid) if arrival.origin != Origin::Client => readmit(valid, arrival),
                Ok(valid) => enrich(privacy.protect(valid), arrival),
                Err(refusal) => {
                    self.refuse_beacon(refusal, arrival, pass, answer);
                    continue;
                }
            };
            if let Some(watching) = watching.as_deref_mut() {
                watching.keep(index, &beacon);
            }
            if self.gate.remembers() {
                let identity = beacon.identity();
                if self.gate.is_repeat(identity) {
                    let reason = DropReason::Duplicate;
                    answer.drop_all(&[DroppedReport { index, reason }]);
                    continue;
                }
                identities.push((index, identity));
            }
            if let Some(why) = Unpublished::of(beacon.beacon()) {
                unpublished.push((index, why));
            }
            rows.push(index, beacon);
        }
        answer.accept(rows.count());
        Checked {
            rows,
            identities,
            unpublished,
        }
    }
}

/// The beacons of a request that keep the rules.
struct Checked {
    /// Packed for Kafka.
    rows: RowsByPartition,
    /// By their place in the body, where they are to be remembered.
    identities: Vec<(usize, u128)>,
    /// Those that enter no published number, by their place in the body.
    unpublished: Vec<(usize, Unpublished)>,
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
