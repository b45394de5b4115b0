//! librdkafka: one idempotent producer, replaced should it ever fail for good.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};

use rdkafka::client::Client;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::producer::{BaseRecord, Producer, ThreadedProducer};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::batch::KafkaRecord;
use super::delivery::Waiting;
use super::drain::DrainTicket;
use super::failure::Failure;
use super::fallback::Fallback;
use super::reports::{Part, Reports};
use super::spool::Entry;
use super::trouble::Troubles;
use crate::config::KafkaConfig;
use crate::metrics;

type Threaded = ThreadedProducer<Reports>;

/// How often a producer may be replaced: each costs connections and a login.
const REPLACE_AFTER: Duration = Duration::from_secs(1);

/// The connection to the brokers.
pub(super) struct KafkaClient {
    producer: RwLock<Arc<Threaded>>,
    replaced_at: Mutex<Option<Instant>>,
    settings: ClientConfig,
    topic: String,
    /// How many the topic has, as far as is known.
    partitions: AtomicUsize,
    fallback: Option<Fallback>,
    reports: Reports,
    /// What somebody has to mend, if anything.
    pub(super) troubles: Arc<Troubles>,
}

impl KafkaClient {
    /// A client whose messages may take this long; what is lost goes to the fallback.
    ///
    /// # Errors
    /// Settings that librdkafka refuses.
    pub(super) fn new(
        config: &KafkaConfig,
        delivery_timeout: Duration,
        fallback: Option<Fallback>,
    ) -> KafkaResult<Arc<Self>> {
        let settings = settings(config, delivery_timeout);
        let troubles = Arc::new(Troubles::new(config));
        let (divided, parts) = unbounded_channel();
        let reports = Reports::new(fallback.clone(), troubles.clone(), divided);
        let producer = settings.create_with_context(reports.clone())?;
        let client = Arc::new(Self {
            producer: RwLock::new(Arc::new(producer)),
            replaced_at: Mutex::default(),
            settings,
            topic: config.topic.clone(),
            partitions: AtomicUsize::new(usize::try_from(config.partitions).unwrap_or(1)),
            fallback,
            reports,
            troubles,
        });
        tokio::spawn(send_parts(Arc::downgrade(&client), parts));
        Ok(client)
    }

    /// How many partitions the topic has; what is configured until the brokers have told.
    pub(super) fn partitions(&self) -> usize {
        self.partitions.load(Ordering::Relaxed).max(1)
    }

    /// The brokers have told.
    pub(super) fn set_partitions(&self, partitions: usize) {
        let before = self.partitions.swap(partitions, Ordering::Relaxed);
        metrics::producer::partitions(partitions);
        if before != partitions {
            tracing::info!(before, partitions, "the topic's partitions are known anew");
        }
    }

    /// Hands the message of requests over. What becomes of it, its ticket tells.
    pub(super) fn send(&self, record: KafkaRecord) {
        let partition = number(record.partition);
        match &self.fallback {
            Some(fallback) if fallback.is_preferred(partition) => fallback.spool.append(Entry {
                partition,
                payload: record.payload,
                ticket: record.ticket,
            }),
            Some(_) | None => {
                metrics::message_sent(record.ticket.rows, record.payload.len());
                self.produce(partition, &record.payload, Waiting::Requests(record.ticket));
            }
        }
    }

    /// Hands a message of the spool over.
    pub(super) fn send_spooled(&self, partition: u32, payload: &[u8], ticket: DrainTicket) {
        self.produce(partition, payload, Waiting::Drain(ticket));
    }

    fn produce(&self, partition: u32, payload: &[u8], waiting: Waiting) {
        let producer = self.producer();
        // The topic may have fewer partitions than when the message was put together, and order
        // does not matter. Partition numbers come from Kafka, where they are i32.
        let partition = partition as usize % self.partitions();
        let message =
            BaseRecord::<(), [u8], Box<Waiting>>::with_opaque_to(&self.topic, Box::new(waiting))
                .partition(i32::try_from(partition).unwrap_or(i32::MAX))
                .payload(payload);
        if let Err((error, message)) = producer.send(message) {
            let failure = self.named(&producer, &error);
            tracing::debug!(%error, "Kafka's client refused a message");
            self.reports.lost(
                failure,
                *message.delivery_opaque,
                number(partition),
                Some(payload),
            );
            if Failure::of(&error) == Failure::Fatal {
                self.replace(&producer);
            }
        }
    }

    /// What a refusal means: a producer that has failed for good knows why.
    fn named(&self, producer: &Threaded, error: &KafkaError) -> Failure {
        let failure = Failure::of(error);
        let Some((code, _)) = producer
            .client()
            .fatal_error()
            .filter(|_| failure == Failure::Fatal)
        else {
            return failure;
        };
        let cause = Failure::of_code(code);
        if cause.needs_a_hand() { cause } else { failure }
    }

    /// Waits until every message is settled.
    pub(super) fn flush(&self, within: Duration) -> KafkaResult<()> {
        self.producer().flush(within)
    }

    /// Runs a request against the brokers. It blocks.
    pub(super) fn with_client<T>(&self, ask: impl FnOnce(&Client<Reports>) -> T) -> T {
        ask(self.producer().client())
    }

    fn producer(&self) -> Arc<Threaded> {
        self.producer
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// An idempotent producer that lost its sequence, or that may not have one, refuses everything from
    /// then on; a new one begins anew. What the old one held is reported lost, and goes to the spool or
    /// is sent again by clients.
    fn replace(&self, failed: &Arc<Threaded>) {
        let mut replaced_at = self
            .replaced_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_early = replaced_at.is_some_and(|at| at.elapsed() < REPLACE_AFTER);
        let mut producer = self
            .producer
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if is_early || !Arc::ptr_eq(&producer, failed) {
            return;
        }
        let reason = failed.client().fatal_error().map(|(_, reason)| reason);
        match self.settings.create_with_context(self.reports.clone()) {
            Ok(fresh) => {
                *replaced_at = Some(Instant::now());
                metrics::producer::replaced();
                tracing::error!(
                    reason = reason.unwrap_or_default(),
                    "Kafka's producer failed for good and is replaced"
                );
                let old = std::mem::replace(&mut *producer, Arc::new(fresh));
                // Dropping it waits for its thread.
                std::thread::spawn(move || drop(old));
            }
            Err(error) => tracing::error!(%error, "Kafka's producer cannot be replaced"),
        }
    }
}

/// Sends the parts of messages that were too large; not on librdkafka's own thread, which reports them.
async fn send_parts(client: Weak<KafkaClient>, mut parts: UnboundedReceiver<Part>) {
    while let Some(part) = parts.recv().await {
        let Some(client) = client.upgrade() else {
            return;
        };
        client.produce(part.partition, &part.payload, part.waiting);
    }
}

fn settings(config: &KafkaConfig, delivery_timeout: Duration) -> ClientConfig {
    let mut settings = config.client("playhead");
    settings
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("compression.codec", config.compression.as_str())
        .set("compression.level", config.compression_level.to_string())
        // Messages are put together here, by rows of many requests; librdkafka need not wait, nor put
        // several of them into one batch, of which one could be too large for all.
        .set("queue.buffering.max.ms", "0")
        .set("batch.num.messages", "1")
        .set(
            "queue.buffering.max.kbytes",
            queue_kbytes(config).to_string(),
        )
        .set("message.max.bytes", config.message_max_bytes.to_string())
        .set("request.timeout.ms", config.request_timeout_ms.to_string())
        .set(
            "message.timeout.ms",
            delivery_timeout.as_millis().to_string(),
        )
        // A broker that comes back is used again within a second.
        .set("reconnect.backoff.max.ms", "1000")
        .set("retry.backoff.max.ms", "1000")
        .set("socket.nagle.disable", "true")
        .set("statistics.interval.ms", "5000")
        .set_log_level(RDKafkaLogLevel::Warning);
    settings
}

/// What librdkafka may hold: all that is in flight, and as much again for the drain.
fn queue_kbytes(config: &KafkaConfig) -> usize {
    (config.bytes_in_flight_max / 1024 * 2).clamp(1, 2_097_151)
}

/// Partitions are far fewer than 2^32.
fn number(partition: usize) -> u32 {
    u32::try_from(partition).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
