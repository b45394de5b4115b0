//! Messages of a stretch of time, read from the topic without joining a group.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::{Offset, TopicPartitionList};

use super::Window;
use crate::config::KafkaConfig;

/// How long the brokers may take to say what the topic holds.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a run of messages may take to come.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Places of each partition's stretch at which messages are read, when there are too many to read all.
const PLACES: i64 = 8;

/// One message as it lies in the topic.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) partition: i32,
    pub(super) offset: i64,
    pub(super) payload: Vec<u8>,
}

/// The messages of one partition that belong to the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    partition: i32,
    from: i64,
    /// The first that does not belong to it.
    to: i64,
}

/// Why the topic cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TopicUnread {
    /// The brokers do not answer, or the topic is not there.
    #[error("Kafka at {brokers} does not tell of topic {topic}: {reason}")]
    Unanswered {
        /// Brokers that were asked.
        brokers: String,
        /// Topic that was asked for.
        topic: String,
        /// The client's words.
        reason: String,
    },
    /// Messages that are there did not come in time.
    #[error("Kafka at {brokers} did not send the messages of topic {topic} within 30 s")]
    Late {
        /// Brokers that were asked.
        brokers: String,
        /// Topic that was asked for.
        topic: String,
    },
}

/// Hands over the messages of the window, `most` of each partition: all of them, or runs from eight places. Blocks.
pub(super) fn read(
    kafka: &KafkaConfig,
    window: Window,
    most: i64,
    mut take: impl FnMut(Batch),
) -> Result<(), TopicUnread> {
    let unanswered = |error: KafkaError| TopicUnread::Unanswered {
        brokers: kafka.brokers.clone(),
        topic: kafka.topic.clone(),
        reason: error.to_string(),
    };
    let consumer: BaseConsumer = kafka
        .client("playhead-check")
        // Required by the client; no offset is committed to it.
        .set("group.id", "playhead-check")
        .set("enable.auto.commit", "false")
        .create()
        .map_err(unanswered)?;
    let stretches = stretches(&consumer, kafka, window).map_err(unanswered)?;
    for stretch in stretches {
        for run in runs(stretch, most) {
            let mut assignment = TopicPartitionList::new();
            assignment
                .add_partition_offset(&kafka.topic, run.partition, Offset::Offset(run.from))
                .and_then(|()| consumer.assign(&assignment))
                .map_err(unanswered)?;
            let give_up = Instant::now() + READ_TIMEOUT;
            let mut next = run.from;
            while next < run.to {
                if Instant::now() > give_up {
                    return Err(TopicUnread::Late {
                        brokers: kafka.brokers.clone(),
                        topic: kafka.topic.clone(),
                    });
                }
                match consumer.poll(Duration::from_millis(200)) {
                    Some(Ok(message)) if message.partition() == run.partition => {
                        next = message.offset() + 1;
                        if message.offset() < run.to {
                            take(Batch {
                                partition: run.partition,
                                offset: message.offset(),
                                payload: message.payload().unwrap_or_default().to_vec(),
                            });
                        }
                    }
                    // What an earlier assignment had fetched, and errors that the client mends by itself.
                    Some(_) | None => {}
                }
            }
        }
    }
    Ok(())
}

/// Each partition's messages of the window, by their own times.
fn stretches(
    consumer: &BaseConsumer,
    kafka: &KafkaConfig,
    window: Window,
) -> Result<Vec<Stretch>, KafkaError> {
    let metadata = consumer.fetch_metadata(Some(&kafka.topic), ASK_TIMEOUT)?;
    let partitions = metadata
        .topics()
        .iter()
        .flat_map(|topic| topic.partitions());
    let ids: Vec<i32> = partitions.map(|partition| partition.id()).collect();
    if ids.is_empty() {
        return Err(KafkaError::MetadataFetch(
            rdkafka::types::RDKafkaErrorCode::UnknownTopicOrPartition,
        ));
    }
    let at = |moment: time::OffsetDateTime| -> Result<TopicPartitionList, KafkaError> {
        let mut asked = TopicPartitionList::new();
        let unix_ms = moment.unix_timestamp() * 1_000;
        for id in &ids {
            asked.add_partition_offset(&kafka.topic, *id, Offset::Offset(unix_ms))?;
        }
        consumer.offsets_for_times(asked, ASK_TIMEOUT)
    };
    let (begin, end) = (at(window.since)?, at(window.until)?);
    let mut stretches = Vec::new();
    for id in ids {
        let (_, high) = consumer.fetch_watermarks(&kafka.topic, id, ASK_TIMEOUT)?;
        // No message that late: the end of the partition.
        let of = |list: &TopicPartitionList| match list.find_partition(&kafka.topic, id) {
            Some(found) => match found.offset() {
                Offset::Offset(offset) => offset,
                _ => high,
            },
            None => high,
        };
        stretches.push(Stretch {
            partition: id,
            from: of(&begin),
            to: of(&end),
        });
    }
    Ok(stretches)
}

/// All of a stretch, or runs of equal length spread over it.
fn runs(stretch: Stretch, most: i64) -> Vec<Stretch> {
    let count = stretch.to - stretch.from;
    if count <= 0 {
        return Vec::new();
    }
    if count <= most {
        return vec![stretch];
    }
    let length = (most / PLACES).max(1);
    (0..PLACES.min(most))
        .map(|place| {
            let from = stretch.from + (count - length) * place / (PLACES - 1);
            Stretch {
                from,
                to: from + length,
                ..stretch
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(from: i64, to: i64) -> Stretch {
        Stretch {
            partition: 3,
            from,
            to,
        }
    }

    #[test]
    fn few_messages_are_read_whole_and_many_at_eight_places() {
        assert_eq!(runs(stretch(5, 5), 100), []);
        assert_eq!(runs(stretch(5, 105), 100), [stretch(5, 105)]);
        let places = runs(stretch(0, 1_000_000), 80);
        assert_eq!(places.len(), 8);
        assert_eq!((places[0].from, places[7].to), (0, 1_000_000));
        assert!(places.iter().all(|place| place.to - place.from == 10));
    }
}
