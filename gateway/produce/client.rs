//! librdkafka: one idempotent producer, replaced should it ever fail for good.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rdkafka::client::{Client, ClientContext};
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use rdkafka::statistics::Statistics;

use super::batch::KafkaRecord;
use super::delivery::Ticket;
use crate::config::KafkaConfig;
use crate::metrics;

type Threaded = ThreadedProducer<Reports>;

/// The connection to the brokers.
pub(super) struct KafkaClient {
    producer: RwLock<Arc<Threaded>>,
    settings: ClientConfig,
    topic: String,
}

impl KafkaClient {
    pub(super) fn new(config: &KafkaConfig) -> KafkaResult<Self> {
        let settings = settings(config);
        Ok(Self {
            producer: RwLock::new(Arc::new(settings.create_with_context(Reports::default())?)),
            settings,
            topic: config.topic.clone(),
        })
    }

    /// Hands a message over. What becomes of it, its ticket tells.
    pub(super) fn send(&self, record: KafkaRecord) {
        let producer = self.producer();
        metrics::message_sent(record.ticket.rows, record.payload.len());
        // Partition numbers come from Kafka, where they are i32.
        let partition = i32::try_from(record.partition).unwrap_or(i32::MAX);
        let message = BaseRecord::<(), [u8], Box<Ticket>>::with_opaque_to(
            &self.topic,
            Box::new(record.ticket),
        )
        .partition(partition)
        .payload(&record.payload);
        if let Err((error, message)) = producer.send(message) {
            tracing::warn!(%error, "Kafka's client refused a message");
            metrics::message_settled(&message.delivery_opaque, false);
            message.delivery_opaque.settle(false);
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
    /// begins a new sequence. What the old one held is reported lost, and sent again by clients.
    fn replace(&self, failed: &Arc<Threaded>) {
        let mut producer = self
            .producer
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&producer, failed) {
            return;
        }
        match self.settings.create_with_context(Reports::default()) {
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

fn settings(config: &KafkaConfig) -> ClientConfig {
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
        .set("message.timeout.ms", config.delivery_timeout_ms.to_string())
        // A broker that comes back is used again within a second.
        .set("reconnect.backoff.max.ms", "1000")
        .set("retry.backoff.max.ms", "1000")
        .set("socket.nagle.disable", "true")
        .set("statistics.interval.ms", "5000")
        .set_log_level(RDKafkaLogLevel::Warning);
    settings
}

/// Hears delivery reports, statistics and log lines, on librdkafka's thread.
#[derive(Default)]
pub(super) struct Reports {
    /// Whether the last message was lost: an outage is logged once, not once a message.
    is_failing: AtomicBool,
}

impl Reports {
    fn note_delivery(&self, error: Option<&KafkaError>) {
        let was_failing = self.is_failing.swap(error.is_some(), Ordering::Relaxed);
        match error {
            Some(error) if !was_failing => {
                tracing::error!(%error, "Kafka does not acknowledge; requests are answered 503");
            }
            None if was_failing => tracing::info!("Kafka acknowledges again"),
            Some(_) | None => {}
        }
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<Ticket>;

    fn delivery(&self, result: &DeliveryResult<'_>, ticket: Box<Ticket>) {
        self.note_delivery(result.as_ref().err().map(|(error, _)| error));
        metrics::message_settled(&ticket, result.is_ok());
        ticket.settle(result.is_ok());
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
