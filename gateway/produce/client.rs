//! librdkafka: one idempotent producer, replaced should it ever fail for good.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rdkafka::client::{Client, ClientContext};
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use rdkafka::statistics::Statistics;

use super::ProduceError;
use super::batch::KafkaRecord;
use super::delivery::Waiting;
use super::drain::DrainTicket;
use super::fallback::Fallback;
use super::spool::Entry;
use crate::config::KafkaConfig;
use crate::metrics;

type Threaded = ThreadedProducer<Reports>;

/// The connection to the brokers.
pub(super) struct KafkaClient {
    producer: RwLock<Arc<Threaded>>,
    settings: ClientConfig,
    topic: String,
    /// How many the topic has, as far as is known.
    partitions: AtomicUsize,
    fallback: Option<Fallback>,
}

impl KafkaClient {
    /// A client whose messages may take this long; what is lost goes to the fallback.
    pub(super) fn new(
        config: &KafkaConfig,
        delivery_timeout: Duration,
        fallback: Option<Fallback>,
    ) -> KafkaResult<Self> {
        let settings = settings(config, delivery_timeout);
        let reports = Reports::new(fallback.clone());
        Ok(Self {
            producer: RwLock::new(Arc::new(settings.create_with_context(reports)?)),
            settings,
            topic: config.topic.clone(),
            partitions: AtomicUsize::new(usize::try_from(config.partitions).unwrap_or(1)),
            fallback,
        })
    }

    /// How many partitions the topic has; what is configured until the brokers have told.
    pub(super) fn partitions(&self) -> usize {
        self.partitions.load(Ordering::Relaxed).max(1)
    }

    /// The brokers have told.
    pub(super) fn set_partitions(&self, partitions: usize) {
        let before = self.partitions.swap(partitions, Ordering::Relaxed);
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
            tracing::warn!(%error, "Kafka's client refused a message");
            let fallback = self.fallback.as_ref();
            lose(
                *message.delivery_opaque,
                number(partition),
                Some(payload),
                fallback,
            );
            if error.rdkafka_error_code() == Some(RDKafkaErrorCode::Fatal) {
                self.replace(&producer);
            }
        }
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

    /// An idempotent producer that lost its sequence refuses everything from then on; a new one
    /// begins a new sequence. What the old one held is reported lost, and goes to
    /// the spool or is sent again by clients.
    fn replace(&self, failed: &Arc<Threaded>) {
        let mut producer = self
            .producer
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&producer, failed) {
            return;
        }
        match self
            .settings
            .create_with_context(Reports::new(self.fallback.clone()))
        {
            Ok(fresh) => {
                tracing::error!("Kafka's producer failed for good and is replaced");
                let old = std::mem::replace(&mut *producer, Arc::new(fresh));
                // Dropping it waits for its thread.
                std::thread::spawn(move || drop(old));
            }
            Err(error) => tracing::error!(%error, "Kafka's producer cannot be replaced"),
        }
    }
}

fn settings(config: &KafkaConfig, delivery_timeout: Duration) -> ClientConfig {
    let mut settings = ClientConfig::new();
    settings
        .set("bootstrap.servers", &config.brokers)
        .set("client.id", "playhead")
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("compression.codec", config.compression.as_str())
        .set("compression.level", config.compression_level.to_string())
        // Messages are put together here, by rows of many requests; librdkafka need not wait.
        .set("queue.buffering.max.ms", "0")
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

/// Partitions are far fewer than 2^32.
fn number(partition: usize) -> u32 {
    u32::try_from(partition).unwrap_or(u32::MAX)
}

/// A message that Kafka did not take: kept if the spool keeps it, else lost to those who wait for it.
fn lose(waiting: Waiting, partition: u32, payload: Option<&[u8]>, fallback: Option<&Fallback>) {
    match waiting {
        Waiting::Drain(ticket) => ticket.settle(false),
        Waiting::Requests(ticket) => {
            metrics::message_settled(&ticket, false);
            match (fallback, payload) {
                (Some(fallback), Some(payload)) => fallback.keep(partition, payload, ticket),
                _ => ticket.settle(Err(ProduceError::Failed)),
            }
        }
    }
}

/// Hears delivery reports, statistics and log lines, on librdkafka's thread.
pub(super) struct Reports {
    fallback: Option<Fallback>,
    /// Whether the last message was lost: an outage is logged once, not once a message.
    is_failing: AtomicBool,
}

impl Reports {
    fn new(fallback: Option<Fallback>) -> Self {
        Self {
            fallback,
            is_failing: AtomicBool::new(false),
        }
    }

    fn note_delivery(&self, error: Option<&KafkaError>) {
        let was_failing = self.is_failing.swap(error.is_some(), Ordering::Relaxed);
        match error {
            Some(error) if !was_failing => tracing::error!(%error, "Kafka does not acknowledge"),
            None if was_failing => tracing::info!("Kafka acknowledges again"),
            Some(_) | None => {}
        }
    }

    fn acknowledged(&self, partition: u32, waiting: Waiting) {
        if let Some(fallback) = &self.fallback {
            fallback.breakers.close(partition);
        }
        match waiting {
            Waiting::Drain(ticket) => ticket.settle(true),
            Waiting::Requests(ticket) => {
                metrics::message_settled(&ticket, true);
                ticket.settle(Ok(()));
            }
        }
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<Waiting>;

    fn delivery(&self, result: &DeliveryResult<'_>, waiting: Box<Waiting>) {
        self.note_delivery(result.as_ref().err().map(|(error, _)| error));
        let (Ok(message) | Err((_, message))) = result;
        // A message that was never given a partition has a negative number; none of ours is.
        let partition = u32::try_from(message.partition()).unwrap_or(0);
        if result.is_ok() {
            self.acknowledged(partition, *waiting);
        } else {
            lose(
                *waiting,
                partition,
                message.payload(),
                self.fallback.as_ref(),
            );
        }
    }
}

impl ClientContext for Reports {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error => tracing::error!(facility, "{line}"),
            RDKafkaLogLevel::Warning => tracing::warn!(facility, "{line}"),
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => tracing::info!(facility, "{line}"),
            RDKafkaLogLevel::Debug => tracing::debug!(facility, "{line}"),
        }
    }

    fn error(&self, error: KafkaError, line: &str) {
        tracing::warn!(%error, "{line}");
    }

    fn stats(&self, statistics: Statistics) {
        let retries = statistics
            .brokers
            .values()
            .map(|broker| broker.txretries)
            .sum();
        metrics::producer_retries(retries);
    }
}
