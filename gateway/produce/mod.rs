//! From enriched beacons to durable ones.
//!
//! 1. `record` packs a beacon's fields into the fewer ones that the warehouse stores, and back;
//! 2. `partitioner` chooses their partitions, and spreads `hot_sessions`;
//! 3. `rows` encodes the records of one request, sorted by partition;
//! 4. `batch` puts the rows of many requests together, a message per partition, until the linger
//!    is over or the message is full;
//! 5. `client` hands the message to librdkafka, and `reports` hears what became of it: acknowledged, too large
//!    and sent in parts, or a `failure`, which may be a `trouble` that somebody has to mend;
//! 6. `fallback` gives what Kafka does not take to the [`spool`], by the `breaker` of its partition, and
//!    `drain` brings it to Kafka later;
//! 7. `delivery` tells every request whose rows were inside.
//!
//! Where `forward.url` names another gateway, `forward` takes the place of `client`.
//!
//! With `spool.mode = "spool_always"` steps 4 and 5 are the drain's. What is accepted and not yet durable
//! is bounded: [`ProduceError::Full`].

mod batch;
mod breaker;
mod carrier;
mod client;
mod delivery;
mod drain;
mod failure;
mod fallback;
mod forward;
mod hot_sessions;
mod partitioner;
mod record;
mod reports;
mod rows;
mod salvage;
pub mod spool;
mod start;
pub mod topic;
mod trouble;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::time::timeout;

pub use forward::{ForwardError, Hops, Loop, VIA};
pub use partitioner::Partitioner;
pub use record::UnpackError;
pub use rows::{RowsByPartition, decode_rows};
pub use salvage::{Salvaged, salvage};
pub use start::StartError;

pub(crate) use delivery::Ticket;
pub(crate) use failure::Failure;

use crate::config::{Config, KafkaConfig, SpoolMode};
use batch::Batcher;
use carrier::Carrier;
use client::KafkaClient;
use delivery::{Delivery, Room};
use drain::Drain;
use fallback::Fallback;
use forward::Forwarder;
use hot_sessions::HotSessions;
use rows::Rows;
use spool::{Entry, Refusing};

/// How long the end waits for the spool to be drained: a machine that is taken away for good should
/// leave nothing behind, as long as Kafka takes it.
const DRAIN_AT_END: Duration = Duration::from_secs(5);

/// The producer of one process; clones share it.
#[derive(Clone)]
pub struct Producer {
    batcher: Arc<Batcher>,
    carrier: Arc<dyn Carrier>,
    way: Way,
    fallback: Option<Fallback>,
    drain: Option<Arc<Drain>>,
    in_flight: Arc<Semaphore>,
    bytes_in_flight: Arc<Semaphore>,
    hot: Option<Arc<HotSessions>>,
    config: Arc<Config>,
    acknowledgement_timeout: Duration,
}

/// What the carrier is, for questions that only one of them can answer.
#[derive(Clone)]
enum Way {
    Kafka(Arc<KafkaClient>),
    Forward(Arc<Forwarder>),
}

/// Why beacons were not made durable. Each of them can be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProduceError {
    /// Too many beacons wait for their acknowledgement.
    #[error("too many beacons wait for their acknowledgement")]
    Full,
    /// Kafka did not take a message.
    #[error("Kafka did not acknowledge")]
    Failed,
    /// No word from Kafka in time.
    #[error("Kafka did not acknowledge in time")]
    TimedOut,
    /// Kafka did not take a message, and the spool has no room for it.
    #[error("Kafka did not acknowledge, and the spool is full")]
    SpoolFull,
    /// Kafka did not take a message, and neither did the disk of the spool.
    #[error("Kafka did not acknowledge, and the spool's disk fails")]
    SpoolFailed,
}

impl Producer {
    /// An empty set of rows to fill for this producer's topic.
    pub fn rows(&self) -> RowsByPartition {
        let kafka = &self.config.kafka;
        let partitioner = Partitioner::new(self.carrier.partitions(), kafka.control_partitions);
        RowsByPartition::new(
            partitioner.spreading(self.hot.clone()),
            kafka.batch_max_rows,
            kafka.batch_max_bytes,
        )
    }

    /// Hands the rows over and waits until every one of them is durable: acknowledged by Kafka or synced
    /// to the spool. The places in the request of those that are larger than Kafka takes, which are not.
    ///
    /// # Errors
    /// When any of the other rows is not known to be durable; some of them may be.
    pub async fn deliver(&self, rows: RowsByPartition) -> Result<Vec<usize>, ProduceError> {
        let mut room = self.room(&rows).ok_or(ProduceError::Full)?;
        let mut deliveries = Vec::new();
        for mut rows in rows.into_parts() {
            // The room goes with the rows: it is given back when their message is settled, even
            // if this request has given up by then.
            // The parts' sums are what was acquired; were they ever not to be, the request must
            // not be acknowledged.
            let share = room.split(rows.count, rows.bytes.len());
            let share = share.ok_or(ProduceError::Failed)?;
            let indices = std::mem::take(&mut rows.indices);
            deliveries.push((self.append(rows, share), indices));
        }
        let all = async {
            let mut refused = Vec::new();
            for (delivery, indices) in deliveries {
                let places = delivery.settled().await?;
                refused.extend(places.into_iter().filter_map(|place| indices.get(place)));
            }
            Ok(refused)
        };
        timeout(self.acknowledgement_timeout, all)
            .await
            .unwrap_or(Err(ProduceError::TimedOut))
    }

    /// Brings records that were taken out of a message to Kafka. How many of them are larger than Kafka takes.
    ///
    /// # Errors
    /// As [`Self::deliver`].
    pub async fn deliver_again(&self, salvaged: &Salvaged) -> Result<usize, ProduceError> {
        let mut rows = self.rows();
        for (index, record) in salvaged.records.iter().enumerate() {
            rows.push_record(index, record);
        }
        Ok(self.deliver(rows).await?.len())
    }

    /// The room that these rows take until they are durable; none: there is not enough.
    fn room(&self, rows: &RowsByPartition) -> Option<Room> {
        let take = |room: &Arc<Semaphore>, amount: usize| {
            let amount = u32::try_from(amount).ok()?;
            room.clone().try_acquire_many_owned(amount).ok()
        };
        Some(Room {
            rows: take(&self.in_flight, rows.count())?,
            bytes: take(&self.bytes_in_flight, rows.bytes())?,
        })
    }

    /// To the spool at once where that is the mode and it can, else to the message of the partition.
    fn append(&self, rows: Rows, room: Room) -> Delivery {
        match &self.fallback {
            Some(fallback)
                if self.config.spool.mode == SpoolMode::SpoolAlways
                    && fallback.spool.is_accepting() =>
            {
                let mut ticket = Ticket::new();
                let delivery = ticket.join(rows.count, room);
                fallback.spool.append(Entry {
                    partition: u32::try_from(rows.partition).unwrap_or(u32::MAX),
                    payload: rows.bytes,
                    ticket,
                });
                delivery
            }
            Some(_) | None => self.batcher.append(rows, room),
        }
    }

    /// Whether another full message would find room.
    pub fn has_room(&self) -> bool {
        self.in_flight.available_permits() >= self.config.kafka.batch_max_rows
            && self.bytes_in_flight.available_permits() >= self.config.kafka.batch_max_bytes
    }

    /// How many beacons wait for their acknowledgement.
    pub fn in_flight(&self) -> usize {
        let room = self.config.kafka.beacons_in_flight_max;
        room.saturating_sub(self.in_flight.available_permits())
    }

    /// Whether the spool takes beacons: none without a spool, and why it does not.
    pub fn spool_accepts(&self) -> Option<Result<(), String>> {
        let refusing = self.fallback.as_ref()?.spool.refusing();
        Some(match refusing {
            None => Ok(()),
            Some(Refusing::Full(reason) | Refusing::Failing(reason)) => Err(reason),
        })
    }

    /// Beacons of the spool that are not in Kafka yet.
    pub fn spooled_beacons(&self) -> u64 {
        let fallback = self.fallback.as_ref();
        fallback.map_or(0, |fallback| fallback.spool.index().backlog().rows)
    }

    /// Sets the metrics that are read when they are asked for.
    pub fn observe(&self) {
        crate::metrics::beacons_in_flight(self.in_flight());
        let bytes_free = self.bytes_in_flight.available_permits();
        let bytes_max = self.config.kafka.bytes_in_flight_max;
        crate::metrics::producer::bytes_in_flight(bytes_max.saturating_sub(bytes_free));
        if let Some(fallback) = &self.fallback {
            let backlog = fallback.spool.index().backlog();
            crate::metrics::spool::backlog(backlog, fallback.spool.is_accepting(), spool::now_ms());
        }
    }

    /// What somebody has to mend before Kafka takes beacons; none while nothing is known.
    pub fn trouble(&self) -> Option<String> {
        match &self.way {
            Way::Kafka(client) => client.troubles.reason(),
            Way::Forward(_) => None,
        }
    }

    /// Asks the brokers for the topic, or the other gateway whether it takes beacons.
    ///
    /// # Errors
    /// What does not answer in time or takes nothing, and why.
    pub async fn ping(&self, within: Duration) -> Result<(), String> {
        match &self.way {
            Way::Forward(forwarder) => forwarder.ping(within).await,
            Way::Kafka(client) => {
                let kafka: Arc<KafkaConfig> = Arc::new(self.config.kafka.clone());
                let asked = topic::partitions(client.clone(), kafka, within).await;
                asked.map(drop).map_err(|error| error.to_string())
            }
        }
    }

    /// What is known of gateways that forward in a circle; none where nothing is forwarded.
    pub fn hops(&self) -> Option<&Hops> {
        match &self.way {
            Way::Forward(forwarder) => Some(forwarder.hops()),
            Way::Kafka(_) => None,
        }
    }

    /// Sends what is being gathered and waits until all of it is settled, gives the spool some seconds to
    /// be drained, saves how far that has come, and gives its folder back.
    pub async fn finish(&self) {
        self.batcher.send_all();
        let producer = self.clone();
        let finished = tokio::task::spawn_blocking(move || {
            if !producer.carrier.flush(producer.acknowledgement_timeout) {
                tracing::warn!("not every message was settled before the end");
            }
            let deadline = Instant::now() + DRAIN_AT_END;
            while producer.spooled_beacons() > 0 && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(20));
            }
            if let Some(drain) = &producer.drain {
                drain.stop();
            }
            if let Some(fallback) = &producer.fallback {
                fallback.spool.close();
            }
        });
        if finished.await.is_err() {
            tracing::error!("the producer did not end well");
        }
    }
}
