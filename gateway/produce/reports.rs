//! Hears what librdkafka tells: delivery reports, statistics and log lines, on its own thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::producer::{DeliveryResult, ProducerContext};
use rdkafka::statistics::Statistics;
use tokio::sync::mpsc::UnboundedSender;

use super::ProduceError;
use super::delivery::{Ticket, Waiting};
use super::failure::Failure;
use super::fallback::Fallback;
use super::rows::halve;
use super::trouble::Troubles;
use crate::metrics;

/// A part of a message that was too large; it goes to Kafka by itself.
pub(super) struct Part {
    /// Where it goes.
    pub(super) partition: u32,
    /// Length-delimited records.
    pub(super) payload: Vec<u8>,
    /// Who waits for it.
    pub(super) waiting: Waiting,
}

/// What every producer of one client shares; clones are the same.
#[derive(Clone)]
pub(super) struct Reports(Arc<Shared>);

struct Shared {
    fallback: Option<Fallback>,
    troubles: Arc<Troubles>,
    /// To the client, which sends them. Bounded by what is in flight: no part holds more than its message did.
    parts: UnboundedSender<Part>,
    /// Whether the last message was lost: an outage is logged once, not once a message.
    is_failing: AtomicBool,
}

impl Reports {
    pub(super) fn new(
        fallback: Option<Fallback>,
        troubles: Arc<Troubles>,
        parts: UnboundedSender<Part>,
    ) -> Self {
        Self(Arc::new(Shared {
            fallback,
            troubles,
            parts,
            is_failing: AtomicBool::new(false),
        }))
    }

    /// A message that Kafka did not take: in parts if it was too large, else kept if the spool keeps it, else
    /// lost to those who wait for it.
    pub(super) fn lost(
        &self,
        failure: Failure,
        waiting: Waiting,
        partition: u32,
        payload: Option<&[u8]>,
    ) {
        metrics::producer::message_failed(failure);
        self.0.troubles.note(failure);
        match (failure, payload) {
            (Failure::TooLarge, Some(payload)) => self.divide(waiting, partition, payload),
            _ => match waiting {
                Waiting::Drain(ticket) => ticket.settle(false),
                Waiting::Requests(ticket) => self.keep(failure, ticket, partition, payload),
            },
        }
    }

    /// The halves of a message go by themselves; a single beacon is given up.
    fn divide(&self, waiting: Waiting, partition: u32, payload: &[u8]) {
        let Some((rows, at)) = halve(payload) else {
            metrics::producer::beacon_too_large();
            tracing::error!(
                bytes = payload.len(),
                "a beacon is larger than Kafka takes; raise max.message.bytes of the topic (`playhead topics --check`)"
            );
            return match waiting {
                Waiting::Requests(ticket) => ticket.refuse(),
                Waiting::Drain(ticket) => ticket.set_aside(partition, payload.to_vec()),
            };
        };
        metrics::producer::message_divided();
        let (first, second) = waiting.split(rows);
        let (first_bytes, second_bytes) = payload.split_at(at);
        for (waiting, payload) in [(first, first_bytes), (second, second_bytes)] {
            // Were the client gone, the ticket would be dropped, which tells of a lost message.
            let _ = self.0.parts.send(Part {
                partition,
                payload: payload.to_vec(),
                waiting,
            });
        }
    }

    fn keep(&self, failure: Failure, ticket: Ticket, partition: u32, payload: Option<&[u8]>) {
        metrics::message_settled(&ticket, false);
        match (&self.0.fallback, payload) {
            (Some(fallback), Some(payload)) => fallback.keep(failure, partition, payload, ticket),
            _ if failure == Failure::QueueFull => ticket.settle(Err(ProduceError::Full)),
            _ => ticket.settle(Err(ProduceError::Failed)),
        }
    }

    fn acknowledged(&self, partition: u32, waiting: Waiting) {
        self.0.troubles.clear();
        if let Some(fallback) = &self.0.fallback {
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

    fn note_delivery(&self, failed: Option<(&KafkaError, Failure)>) {
        let failed = failed.filter(|(_, failure)| *failure != Failure::TooLarge);
        let was_failing = self.0.is_failing.swap(failed.is_some(), Ordering::Relaxed);
        match failed {
            Some((error, _)) if !was_failing => {
                tracing::error!(%error, "Kafka does not acknowledge")
            }
            None if was_failing => tracing::info!("Kafka acknowledges again"),
            Some(_) | None => {}
        }
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Box<Waiting>;

    fn delivery(&self, result: &DeliveryResult<'_>, waiting: Box<Waiting>) {
        let failed = result.as_ref().err();
        let failed = failed.map(|(error, _)| (error, Failure::of(error)));
        self.note_delivery(failed);
        let (Ok(message) | Err((_, message))) = result;
        // A message that was never given a partition has a negative number; none of ours is.
        let partition = u32::try_from(message.partition()).unwrap_or(0);
        match failed {
            None => self.acknowledged(partition, *waiting),
            Some((_, failure)) => self.lost(failure, *waiting, partition, message.payload()),
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
        self.0.troubles.note(Failure::of(&error));
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
