//! From enriched beacons to acknowledged Kafka messages.
//!
//! 1. `record` packs a beacon's fields into the fewer ones that the warehouse stores, and back;
//! 2. `rows` encodes the records of one request, sorted by partition;
//! 3. `batch` puts the rows of many requests together, a message per partition, until the linger
//!    is over or the message is full;
//! 4. `client` hands the message to librdkafka and hears of its acknowledgement;
//! 5. `delivery` tells every request whose rows were inside.
//!
//! What is accepted and not yet acknowledged is bounded: [`ProduceError::Full`].

mod batch;
mod client;
mod delivery;
mod record;
mod rows;
pub mod topic;

use std::sync::Arc;
use std::time::Duration;

use rdkafka::error::KafkaError;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub(crate) use delivery::Ticket;
pub use record::UnpackError;
pub use rows::{RowsByPartition, decode_rows};

use crate::config::KafkaConfig;
use batch::Batcher;
use client::KafkaClient;
use topic::TopicError;

/// The producer of one process; clones share it.
#[derive(Clone)]
pub struct Producer {
    batcher: Arc<Batcher>,
    client: Arc<KafkaClient>,
    in_flight: Arc<Semaphore>,
    config: Arc<KafkaConfig>,
    partitions: usize,
}

/// Why beacons were not made durable. Each of them can be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProduceError {
    /// Too many beacons wait for their acknowledgement.
    #[error("too many beacons wait for Kafka")]
    Full,
    /// Kafka did not take a message.
    #[error("Kafka did not acknowledge")]
    Failed,
    /// No word from Kafka in time.
    #[error("Kafka did not acknowledge in time")]
    TimedOut,
}

/// Why a producer cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// librdkafka refuses its settings.
    #[error("the Kafka settings are refused")]
    Settings(#[source] KafkaError),
    /// The beacon topic cannot be used.
    #[error(transparent)]
    Topic(#[from] TopicError),
}

impl Producer {
    /// Connects, and learns how many partitions the topic has. Waits for the brokers for as long as
    /// `kafka.start_timeout_ms`.
    ///
    /// # Errors
    /// Settings that librdkafka refuses, brokers that do not answer, a topic that is not there.
    pub async fn start(config: KafkaConfig) -> Result<Self, StartError> {
        let client = Arc::new(KafkaClient::new(&config).map_err(StartError::Settings)?);
        let partitions = topic::wait_for_partitions(&client, &config).await?;
        tracing::info!(
            brokers = config.brokers,
            topic = config.topic,
            partitions,
            "Kafka answers"
        );
        let config = Arc::new(config);
        Ok(Self {
            batcher: Arc::new(Batcher::new(partitions, &config, client.clone())),
            in_flight: Arc::new(Semaphore::new(config.beacons_in_flight_max)),
            client,
            config,
            partitions,
        })
    }

    /// An empty set of rows to fill for this producer's topic.
    pub fn rows(&self) -> RowsByPartition {
        RowsByPartition::new(
            self.partitions,
            self.config.batch_max_rows,
            self.config.batch_max_bytes,
        )
    }

    /// Hands the rows over and waits until Kafka has acknowledged every message that holds one.
    ///
    /// # Errors
    /// When any of the rows is not known to be durable; some of them may be.
    pub async fn deliver(&self, rows: RowsByPartition) -> Result<(), ProduceError> {
        let Ok(count) = u32::try_from(rows.count()) else {
            return Err(ProduceError::Full);
        };
        let mut permit = self
            .in_flight
            .clone()
            .try_acquire_many_owned(count)
            .map_err(|_| ProduceError::Full)?;
        let mut deliveries = Vec::new();
        for rows in rows.into_parts() {
            // The permit goes with the rows: it is given back when their message is settled, even
            // if this request has given up by then.
            // The parts' counts add up to what was acquired; were they ever not to, the request must
            // not be acknowledged.
            let share = permit.split(rows.count).ok_or(ProduceError::Failed)?;
            deliveries.push(self.batcher.append(rows, share));
        }
        let all = async {
            for delivery in deliveries {
                delivery.settled().await?;
            }
            Ok(())
        };
        timeout(self.config.acknowledgement_timeout(), all)
            .await
            .unwrap_or(Err(ProduceError::TimedOut))
    }

    /// Whether another full message would find room.
    pub fn has_room(&self) -> bool {
        self.in_flight.available_permits() >= self.config.batch_max_rows
    }

    /// How many beacons wait for their acknowledgement.
    pub fn in_flight(&self) -> usize {
        let room = self.config.beacons_in_flight_max;
        room.saturating_sub(self.in_flight.available_permits())
    }

    /// Asks the brokers for the topic.
    ///
    /// # Errors
    /// Brokers that do not answer in time, or a topic that is not there.
    pub async fn ping(&self, within: Duration) -> Result<usize, TopicError> {
        topic::partitions(self.client.clone(), self.config.clone(), within).await
    }

    /// Sends what is being gathered and waits, at most this long, until all is settled.
    pub async fn flush(&self, within: Duration) {
        self.batcher.send_all();
        let client = self.client.clone();
        let flushed = tokio::task::spawn_blocking(move || client.flush(within)).await;
        if !matches!(flushed, Ok(Ok(()))) {
            tracing::warn!("not every Kafka message was settled before the end");
        }
    }
}
