//! What becomes of a message that Kafka does not take.

use std::sync::Arc;

use super::ProduceError;
use super::breaker::Breakers;
use super::delivery::Ticket;
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
    pub(super) fn keep(&self, partition: u32, payload: &[u8], ticket: Ticket) {
        if !self.spool.is_accepting() {
            return ticket.settle(Err(ProduceError::Failed));
        }
        // Before the record is there: the drain closes the breaker when it has brought it to Kafka.
        self.breakers.open(partition);
        self.spool.append(Entry {
            partition,
            payload: payload.to_vec(),
            ticket,
        });
    }
}
