//! How the requests whose rows share a message hear what became of it.
//!
//! A message that Kafka finds too large goes again in parts, so one message may have several tickets; the
//! requests hear once, when the last part is settled.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, watch};

use super::ProduceError;
use super::drain::DrainTicket;

/// Which rows of a message Kafka takes in no message, however small; or why the message is not durable.
type Outcome = Result<Arc<[usize]>, ProduceError>;

#[derive(Clone, Debug)]
enum State {
    Pending,
    Settled(Outcome),
}

/// One request's view of a message.
pub(super) struct Delivery {
    state: watch::Receiver<State>,
    /// Which rows of the message are the request's.
    rows: Range<usize>,
}

impl Delivery {
    /// Waits until the message is durable or lost. Which of the request's own rows were too large for
    /// Kafka, counted from the first of them.
    pub(super) async fn settled(mut self) -> Result<Vec<usize>, ProduceError> {
        let settled = self
            .state
            .wait_for(|state| matches!(state, State::Settled(_)))
            .await;
        match settled.as_deref() {
            Ok(State::Settled(Ok(refused))) => Ok(refused
                .iter()
                .filter(|row| self.rows.contains(row))
                .map(|row| row - self.rows.start)
                .collect()),
            Ok(State::Settled(Err(error))) => Err(*error),
            // A ticket that vanished without a word is a lost message.
            Ok(State::Pending) | Err(_) => Err(ProduceError::Failed),
        }
    }
}

/// What goes with a message through librdkafka and comes back with its delivery report.
pub(super) enum Waiting {
    /// Requests, that are answered.
    Requests(Ticket),
    /// The drain of the spool.
    Drain(DrainTicket),
}

impl Waiting {
    /// Two of them, for the first rows and for the others.
    pub(super) fn split(self, first_rows: usize) -> (Self, Self) {
        match self {
            Self::Requests(ticket) => {
                let (first, second) = ticket.split(first_rows);
                (Self::Requests(first), Self::Requests(second))
            }
            Self::Drain(ticket) => {
                let (first, second) = ticket.split();
                (Self::Drain(first), Self::Drain(second))
            }
        }
    }
}

/// The room that beacons take until they are durable; given back when it is dropped.
pub(super) struct Room {
    /// Their number.
    pub(super) rows: OwnedSemaphorePermit,
    /// Their bytes.
    pub(super) bytes: OwnedSemaphorePermit,
}

impl Room {
    /// The share of one part of a request.
    pub(super) fn split(&mut self, rows: usize, bytes: usize) -> Option<Self> {
        Some(Self {
            rows: self.rows.split(rows)?,
            bytes: self.bytes.split(bytes)?,
        })
    }

    fn merge(&mut self, other: Self) {
        self.rows.merge(other.rows);
        self.bytes.merge(other.bytes);
    }
}

/// The requests that wait for a message, or for a part of it.
pub(crate) struct Ticket {
    /// Rows in the message.
    pub(crate) rows: usize,
    /// When the first row came in.
    pub(crate) opened_at: Instant,
    /// Place of the first row in the message as it was put together.
    first_row: usize,
    message: Arc<Message>,
}

/// A message as it was put together, however many parts it goes in. When the last part vanishes without
/// a word, the requests hear of a lost message.
struct Message {
    state: watch::Sender<State>,
    parts: Mutex<Parts>,
}

struct Parts {
    open: usize,
    failed: Option<ProduceError>,
    refused: Vec<usize>,
    room: Option<Room>,
}

impl Ticket {
    pub(super) fn new() -> Self {
        Self {
            rows: 0,
            opened_at: Instant::now(),
            first_row: 0,
            message: Arc::new(Message {
                state: watch::Sender::new(State::Pending),
                parts: Mutex::new(Parts {
                    open: 1,
                    failed: None,
                    refused: Vec::new(),
                    room: None,
                }),
            }),
        }
    }

    /// Takes in the rows of one more request, with their share of the room in flight.
    pub(super) fn join(&mut self, rows: usize, room: Room) -> Delivery {
        let first = self.rows;
        self.rows += rows;
        match &mut self.message.parts().room {
            Some(held) => held.merge(room),
            held @ None => *held = Some(room),
        }
        Delivery {
            state: self.message.state.subscribe(),
            rows: first..self.rows,
        }
    }

    /// Two tickets, for the first rows and for the others.
    pub(super) fn split(self, first_rows: usize) -> (Self, Self) {
        self.message.parts().open += 1;
        let second = Self {
            rows: self.rows.saturating_sub(first_rows),
            first_row: self.first_row + first_rows,
            opened_at: self.opened_at,
            message: self.message.clone(),
        };
        let first = Self {
            rows: self.rows.min(first_rows),
            ..self
        };
        (first, second)
    }

    /// Tells every request, and gives the room back, once all parts are settled.
    pub(super) fn settle(self, result: Result<(), ProduceError>) {
        self.message.settle(|parts| {
            if let Err(error) = result {
                parts.failed.get_or_insert(error);
            }
        });
    }

    /// Kafka takes none of its rows, in whatever message.
    pub(super) fn refuse(self) {
        let rows = self.first_row..self.first_row + self.rows;
        self.message.settle(|parts| parts.refused.extend(rows));
    }
}

impl Message {
    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settle(&self, note: impl FnOnce(&mut Parts)) {
        let mut parts = self.parts();
        note(&mut parts);
        parts.open = parts.open.saturating_sub(1);
        if parts.open > 0 {
            return;
        }
        let outcome = match parts.failed {
            Some(error) => Err(error),
            None => Ok(std::mem::take(&mut parts.refused).into()),
        };
        let room = parts.room.take();
        drop(parts);
        drop(room);
        self.state.send_replace(State::Settled(outcome));
    }
}

#[cfg(test)]
#[path = "delivery_tests.rs"]
mod tests;
