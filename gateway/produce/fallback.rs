//! What becomes of a message that Kafka does not take.

use std::sync::Arc;

use super::ProduceError;
use super::breaker::Breakers;
use super::delivery::Ticket;
use super::failure::Failure;
use super::spool::{Entry, Spool};

/// The spool beside Kafka; clones share it.
#[derive(Clone)]
pub(super) struct Fallback {
    /// Where it goes.
    pub(super) spool: Arc<Spool>,
    /// Which partitions go there at once.
    pub(super) breakers: Arc<Breakers>,
}

impl Fallback {
    /// Whether this partition's messages had better go to the spool.
    pub(super) fn is_preferred(&self, partition: u32) -> bool {
        self.breakers.is_open(partition) && self.spool.is_accepting()
    }

    /// Keeps what Kafka did not take, if the spool does.
    pub(super) fn keep(&self, failure: Failure, partition: u32, payload: &[u8], ticket: Ticket) {
        let is_only_full = failure == Failure::QueueFull;
        if !self.spool.is_accepting() {
            return ticket.settle(Err(if is_only_full {
                ProduceError::Full
            } else {
                ProduceError::Failed
            }));
        }
        // A queue that is full for a moment says nothing about the partition.
        if !is_only_full {
            // Before the record is there: the drain closes the breaker when it has brought it to Kafka.
            self.breakers.open(partition);
        }
        self.spool.append(Entry {
            partition,
            payload: payload.to_vec(),
            ticket,
        });
    }
}
