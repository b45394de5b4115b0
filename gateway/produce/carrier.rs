//! What brings messages on: Kafka's client, or the forwarder to another gateway.

use std::time::Duration;

use super::batch::KafkaRecord;
use super::client::KafkaClient;
use super::drain::DrainTicket;

/// Takes complete messages. What becomes of one, its ticket tells.
pub(super) trait Carrier: Send + Sync {
    /// Takes the message of requests.
    fn send(&self, record: KafkaRecord);

    /// Takes a message of the spool.
    fn send_spooled(&self, partition: u32, payload: &[u8], ticket: DrainTicket);

    /// Over how many partitions messages are spread.
    fn partitions(&self) -> usize;

    /// Waits until every message is settled; false: not all of them were in time. It blocks.
    fn flush(&self, within: Duration) -> bool;
}

impl Carrier for KafkaClient {
    fn send(&self, record: KafkaRecord) {
        Self::send(self, record);
    }

    fn send_spooled(&self, partition: u32, payload: &[u8], ticket: DrainTicket) {
        Self::send_spooled(self, partition, payload, ticket);
    }

    fn partitions(&self) -> usize {
        Self::partitions(self)
    }

    fn flush(&self, within: Duration) -> bool {
        Self::flush(self, within).is_ok()
    }
}
