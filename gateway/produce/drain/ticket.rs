//! How the drain hears what became of its messages.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::produce::spool::Index;

/// Messages that are settled and not heard of yet.
pub(super) struct Settled {
    heard: Mutex<Heard>,
    index: Arc<Index>,
}

/// What became of messages.
#[derive(Default)]
pub(super) struct Heard {
    /// The number of each that is settled, and whether Kafka has it.
    pub(super) messages: Vec<(u64, bool)>,
    /// Beacons that Kafka takes in no message.
    pub(super) too_large: Vec<TooLarge>,
}

/// A beacon that is promised, and larger than Kafka takes.
#[derive(Debug)]
pub(super) struct TooLarge {
    /// The message that it was in.
    pub(super) message: u64,
    /// Where it was to go.
    pub(super) partition: u32,
    /// The record, with its length before it.
    pub(super) payload: Vec<u8>,
}

impl Settled {
    /// Wakes who waits for the index.
    pub(super) fn new(index: Arc<Index>) -> Arc<Self> {
        Arc::new(Self {
            heard: Mutex::default(),
            index,
        })
    }

    /// A ticket for the message of this number.
    pub(super) fn ticket(self: &Arc<Self>, message: u64) -> DrainTicket {
        DrainTicket {
            is_done: false,
            message: Arc::new(DrainMessage {
                number: message,
                has_failed: AtomicBool::new(false),
                settled: self.clone(),
            }),
        }
    }

    /// What was settled since the last call. A beacon is set aside before its message is settled.
    pub(super) fn take(&self) -> Heard {
        std::mem::take(&mut self.heard())
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Goes with a message of the drain, or with a part of it, through librdkafka.
pub(in crate::produce) struct DrainTicket {
    is_done: bool,
    message: Arc<DrainMessage>,
}

/// A message, however many parts it goes in: settled when the last ticket is gone.
struct DrainMessage {
    number: u64,
    has_failed: AtomicBool,
    settled: Arc<Settled>,
}

impl DrainTicket {
    /// Two tickets, for the two parts of the message.
    pub(in crate::produce) fn split(self) -> (Self, Self) {
        let second = Self {
            is_done: false,
            message: self.message.clone(),
        };
        (self, second)
    }

    /// Kafka has the message, or has it not.
    pub(in crate::produce) fn settle(mut self, is_acknowledged: bool) {
        self.is_done = is_acknowledged;
    }

    /// Kafka takes this one beacon in no message: the drain keeps it elsewhere.
    pub(in crate::produce) fn set_aside(mut self, partition: u32, payload: Vec<u8>) {
        self.is_done = true;
        self.message.settled.heard().too_large.push(TooLarge {
            message: self.message.number,
            partition,
            payload,
        });
    }
}

impl Drop for DrainTicket {
    // A ticket that is forgotten is a message that failed: it goes again.
    fn drop(&mut self) {
        if !self.is_done {
            self.message.has_failed.store(true, Ordering::Release);
        }
    }
}

impl Drop for DrainMessage {
    fn drop(&mut self) {
        let is_acknowledged = !*self.has_failed.get_mut();
        let mut heard = self.settled.heard();
        heard.messages.push((self.number, is_acknowledged));
        drop(heard);
        self.settled.index.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_in_parts_is_settled_once_with_all_of_them() {
        let settled = Settled::new(Arc::new(Index::default()));
        let (first, second) = settled.ticket(1).split();
        first.settle(true);
        assert!(settled.take().messages.is_empty());
        let (part, other) = second.split();
        part.set_aside(7, vec![1, 2]);
        other.settle(true);
        let heard = settled.take();
        assert_eq!(heard.messages, [(1, true)]);
        assert_eq!(
            (heard.too_large[0].message, heard.too_large[0].partition),
            (1, 7)
        );
        let (first, second) = settled.ticket(2).split();
        first.settle(true);
        drop(second);
        assert_eq!(settled.take().messages, [(2, false)]);
    }
}
