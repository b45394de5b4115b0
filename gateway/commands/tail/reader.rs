//! Reads a topic's messages without joining a group, and takes them apart.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::{Context, anyhow};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::{Offset, TopicPartitionList};

use super::position::{Ranges, Start};
use crate::beacon::Beacon;
use crate::config::KafkaConfig;
use crate::produce::decode_rows;

/// How long the brokers may take to say what the topic holds.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);
/// How long to wait for one message before looking again whether there is one to wait for.
const POLL: Duration = Duration::from_millis(200);

/// A topic that is being read.
pub(super) struct TopicReader {
    consumer: BaseConsumer,
    ranges: Ranges,
}

impl TopicReader {
    pub(super) fn open(kafka: &KafkaConfig, start: Start) -> anyhow::Result<Self> {
        let unreachable = || format!("Kafka at {} does not answer; is it running?", kafka.brokers);
        let consumer: BaseConsumer = kafka
            .client("playhead-tail")
            // Required by the client; no offset is committed to it.
            .set("group.id", "playhead-tail")
            .set("enable.auto.commit", "false")
            .create()?;
        let metadata = consumer
            .fetch_metadata(None, ASK_TIMEOUT)
            .with_context(unreachable)?;
        let topic = metadata
            .topics()
            .iter()
            .find(|topic| topic.name() == kafka.topic)
            .ok_or_else(|| {
                anyhow!(
                    "there is no topic {}; create it with `playhead topics`",
                    kafka.topic
                )
            })?;
        let partitions: Vec<i32> = topic.partitions().iter().map(|part| part.id()).collect();
        let ranges = Ranges::ask(&consumer, &kafka.topic, &partitions, start, ASK_TIMEOUT)
            .with_context(unreachable)?;
        let mut assignment = TopicPartitionList::new();
        for range in &ranges.0 {
            assignment.add_partition_offset(
                &kafka.topic,
                range.partition,
                Offset::Offset(range.from),
            )?;
        }
        consumer.assign(&assignment)?;
        Ok(Self { consumer, ranges })
    }

    /// The beacons, up to the end that the topic had at the start, or for ever.
    pub(super) fn beacons(self, is_for_ever: bool) -> Beacons {
        Beacons {
            reader: self,
            is_for_ever,
            read: VecDeque::new(),
        }
    }

    /// Takes note of a message, so that the end is recognised.
    fn advance(&mut self, partition: i32, offset: i64) {
        let range = self
            .ranges
            .0
            .iter_mut()
            .find(|range| range.partition == partition);
        if let Some(range) = range {
            range.from = offset + 1;
        }
    }
}

/// The beacons of a topic, message by message.
pub(super) struct Beacons {
    reader: TopicReader,
    is_for_ever: bool,
    read: VecDeque<Beacon>,
}

impl Iterator for Beacons {
    type Item = Beacon;

    fn next(&mut self) -> Option<Beacon> {
        loop {
            if let Some(beacon) = self.read.pop_front() {
                return Some(beacon);
            }
            if !self.is_for_ever && self.reader.ranges.is_empty() {
                return None;
            }
            let (partition, offset) = match self.reader.consumer.poll(POLL) {
                None => continue,
                Some(Err(error)) => {
                    tracing::warn!(%error, "reading the topic");
                    continue;
                }
                Some(Ok(message)) => {
                    self.read.extend(take_apart(&message));
                    (message.partition(), message.offset())
                }
            };
            self.reader.advance(partition, offset);
        }
    }
}

fn take_apart(message: &BorrowedMessage<'_>) -> Vec<Beacon> {
    let rows = decode_rows(message.payload().unwrap_or_default());
    rows.unwrap_or_else(|error| {
        let (partition, offset) = (message.partition(), message.offset());
        tracing::warn!(%error, partition, offset, "a message is no batch of beacons");
        Vec::new()
    })
}
