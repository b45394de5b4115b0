//! Puts rows of many requests together: one open message per partition, closed by the linger or
//! when it is full.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use super::carrier::Carrier;
use super::delivery::{Delivery, Room, Ticket};
use super::rows::Rows;
use crate::config::KafkaConfig;

/// A message that is complete.
pub(super) struct KafkaRecord {
    /// Where it goes.
    pub(super) partition: usize,
    /// Length-delimited records.
    pub(super) payload: Vec<u8>,
    /// Who waits for it.
    pub(super) ticket: Ticket,
}

/// The open messages of all partitions.
pub(super) struct Batcher {
    /// Grows with the topic.
    partitions: RwLock<Vec<Arc<Mutex<Partition>>>>,
    max_rows: usize,
    max_bytes: usize,
    linger: Duration,
    carrier: Arc<dyn Carrier>,
}

/// The open message of one partition.
#[derive(Default)]
struct Partition {
    open: Option<OpenRecord>,
    /// Counts the messages opened, so that a linger that is over closes its own message only.
    opened: u64,
}

struct OpenRecord {
    payload: Vec<u8>,
    ticket: Ticket,
}

impl Batcher {
    pub(super) fn new(config: &KafkaConfig, carrier: Arc<dyn Carrier>) -> Self {
        Self {
            partitions: RwLock::default(),
            max_rows: config.batch_max_rows,
            max_bytes: config.batch_max_bytes,
            linger: config.linger(),
            carrier,
        }
    }

    /// Adds the rows to their partition's open message, and sends what became full.
    pub(super) fn append(self: &Arc<Self>, rows: Rows, room: Room) -> Delivery {
        let partition = rows.partition;
        let (delivery, opened, full) = {
            let slot = self.slot(partition);
            let mut state = lock(&slot);
            let no_room = state.take_if(partition, |open| {
                open.ticket.rows + rows.count > self.max_rows
                    || open.payload.len() + rows.bytes.len() > self.max_bytes
            });
            let is_new = state.open.is_none();
            let delivery = state.add(rows, room);
            let full = state.take_if(partition, |open| open.ticket.rows >= self.max_rows);
            let opened = (is_new && full.is_none()).then_some(state.opened);
            (delivery, opened, [no_room, full])
        };
        if let Some(opened) = opened {
            self.start_linger(partition, opened);
        }
        full.into_iter()
            .flatten()
            .for_each(|record| self.carrier.send(record));
        delivery
    }

    /// Sends every open message.
    pub(super) fn send_all(&self) {
        let slots = self.read().clone();
        for (partition, slot) in slots.iter().enumerate() {
            let open = lock(slot).take_if(partition, |_| true);
            if let Some(record) = open {
                self.carrier.send(record);
            }
        }
    }

    fn start_linger(self: &Arc<Self>, partition: usize, opened: u64) {
        let batcher = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(batcher.linger).await;
            let record = {
                let slot = batcher.slot(partition);
                let mut state = lock(&slot);
                let is_same = state.opened == opened;
                state.take_if(partition, |_| is_same)
            };
            if let Some(record) = record {
                batcher.carrier.send(record);
            }
        });
    }

    /// The partition's place; made if the topic has grown.
    fn slot(&self, partition: usize) -> Arc<Mutex<Partition>> {
        if let Some(slot) = self.read().get(partition) {
            return slot.clone();
        }
        let mut slots = self
            .partitions
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        while slots.len() <= partition {
            slots.push(Arc::default());
        }
        slots[partition].clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Arc<Mutex<Partition>>>> {
        self.partitions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks one partition for the time of a copy; there is no await while it is held.
fn lock(slot: &Mutex<Partition>) -> MutexGuard<'_, Partition> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Partition {
    fn add(&mut self, rows: Rows, room: Room) -> Delivery {
        match &mut self.open {
            Some(open) => {
                open.payload.extend_from_slice(&rows.bytes);
                open.ticket.join(rows.count, room)
            }
            None => {
                self.opened += 1;
                let mut ticket = Ticket::new();
                let delivery = ticket.join(rows.count, room);
                self.open = Some(OpenRecord {
                    payload: rows.bytes,
                    ticket,
                });
                delivery
            }
        }
    }

    fn take_if(
        &mut self,
        partition: usize,
        condition: impl FnOnce(&OpenRecord) -> bool,
    ) -> Option<KafkaRecord> {
        let open = self.open.take_if(|open| condition(open))?;
        Some(KafkaRecord {
            partition,
            payload: open.payload,
            ticket: open.ticket,
        })
    }
}
