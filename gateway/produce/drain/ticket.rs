//! How the drain hears what became of its messages.

use std::sync::{Arc, Mutex, PoisonError};

use crate::produce::spool::Index;

/// Messages that are settled and not heard of yet.
pub(super) struct Settled {
    messages: Mutex<Vec<(u64, bool)>>,
    index: Arc<Index>,
}

impl Settled {
    /// Wakes who waits for the index.
    pub(super) fn new(index: Arc<Index>) -> Arc<Self> {
        Arc::new(Self {
            messages: Mutex::default(),
            index,
        })
    }

    /// A ticket for the message of this number.
    pub(super) fn ticket(self: &Arc<Self>, message: u64) -> DrainTicket {
        DrainTicket {
            message,
            is_acknowledged: false,
            settled: self.clone(),
        }
    }

    /// What was settled since the last call: the number, and whether Kafka has it.
    pub(super) fn take(&self) -> Vec<(u64, bool)> {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut messages)
    }
}

/// Goes with a message of the drain through librdkafka.
pub(in crate::produce) struct DrainTicket {
    message: u64,
    is_acknowledged: bool,
    settled: Arc<Settled>,
}

impl DrainTicket {
    /// Kafka has the message, or has it not.
    pub(in crate::produce) fn settle(mut self, is_acknowledged: bool) {
        self.is_acknowledged = is_acknowledged;
    }
}

impl Drop for DrainTicket {
    // A ticket that is forgotten is a message that failed: it goes again.
    fn drop(&mut self) {
        let mut messages = self
            .settled
            .messages
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        messages.push((self.message, self.is_acknowledged));
        drop(messages);
        self.settled.index.wake();
    }
}
