//! Where reading a topic begins and where it had ended then.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaResult;

/// Where to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// With the oldest message that is still there.
    Oldest,
    /// With the next message that comes.
    Newest,
    /// This many messages before the end of each partition.
    Back(usize),
}

/// One partition's part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// Partition.
    pub(super) partition: i32,
    /// First offset to read.
    pub(super) from: i64,
    /// Offset after the last message that was there at the start.
    pub(super) end: i64,
}

/// All partitions.
pub(super) struct Ranges(pub(super) Vec<Range>);

impl Ranges {
    /// Asks the brokers.
    pub(super) fn ask(
        consumer: &BaseConsumer,
        topic: &str,
        partitions: &[i32],
        start: Start,
        within: Duration,
    ) -> KafkaResult<Self> {
        let range = |partition: &i32| {
            let (oldest, end) = consumer.fetch_watermarks(topic, *partition, within)?;
            Ok(Range {
                partition: *partition,
                from: first(start, oldest, end),
                end,
            })
        };
        partitions
            .iter()
            .map(range)
            .collect::<KafkaResult<_>>()
            .map(Self)
    }

    /// Whether there is nothing to read before the end that the topic had at the start.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|range| range.from >= range.end)
    }
}

fn first(start: Start, oldest: i64, end: i64) -> i64 {
    match start {
        Start::Oldest => oldest,
        Start::Newest => end,
        Start::Back(messages) => {
            let back = i64::try_from(messages).unwrap_or(i64::MAX);
            end.saturating_sub(back).max(oldest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_begins_where_it_was_asked_to() {
        assert_eq!(first(Start::Oldest, 3, 9), 3);
        assert_eq!(first(Start::Newest, 3, 9), 9);
        assert_eq!(first(Start::Back(2), 3, 9), 7);
        assert_eq!(first(Start::Back(usize::MAX), 3, 9), 3);
    }
}
