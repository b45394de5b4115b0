//! How the requests whose rows share a message hear what became of it.

use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, watch};

use super::ProduceError;
use super::drain::DrainTicket;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Pending,
    Settled(Result<(), ProduceError>),
}

/// One request's view of a message.
pub(super) struct Delivery(watch::Receiver<State>);

impl Delivery {
    /// Waits until the message is durable or lost.
    pub(super) async fn settled(mut self) -> Result<(), ProduceError> {
        match self
            .0
            .wait_for(|state| *state != State::Pending)
            .await
            .as_deref()
        {
            Ok(State::Settled(result)) => *result,
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

/// The requests that wait for a message.
pub(crate) struct Ticket {
    /// Rows in the message.
    pub(crate) rows: usize,
    /// When the first row came in.
    pub(crate) opened_at: Instant,
    state: watch::Sender<State>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Ticket {
    pub(super) fn new() -> Self {
        Self {
            rows: 0,
            opened_at: Instant::now(),
            state: watch::Sender::new(State::Pending),
            permit: None,
        }
    }

    /// Takes in the rows of one more request, with their share of the room in flight.
    pub(super) fn join(&mut self, rows: usize, permit: OwnedSemaphorePermit) -> Delivery {
        self.rows += rows;
        match &mut self.permit {
            Some(held) => held.merge(permit),
            None => self.permit = Some(permit),
        }
        Delivery(self.state.subscribe())
    }

    /// Tells every request, and gives the room back.
    pub(super) fn settle(self, result: Result<(), ProduceError>) {
        self.state.send_replace(State::Settled(result));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::*;

    fn permit(room: &Arc<Semaphore>, rows: u32) -> OwnedSemaphorePermit {
        room.clone().try_acquire_many_owned(rows).unwrap()
    }

    #[tokio::test]
    async fn every_request_hears_of_the_acknowledgement_and_the_room_comes_back() {
        let room = Arc::new(Semaphore::new(10));
        let mut ticket = Ticket::new();
        let first = ticket.join(3, permit(&room, 3));
        let second = ticket.join(4, permit(&room, 4));
        assert_eq!((ticket.rows, room.available_permits()), (7, 3));
        ticket.settle(Ok(()));
        assert_eq!(first.settled().await, Ok(()));
        assert_eq!(second.settled().await, Ok(()));
        assert_eq!(room.available_permits(), 10);
    }

    #[tokio::test]
    async fn a_failed_or_forgotten_message_is_never_taken_for_durable() {
        let room = Arc::new(Semaphore::new(10));
        let mut failed = Ticket::new();
        let mut forgotten = Ticket::new();
        let first = failed.join(1, permit(&room, 1));
        let second = forgotten.join(1, permit(&room, 1));
        failed.settle(Err(ProduceError::SpoolFull));
        drop(forgotten);
        assert_eq!(first.settled().await, Err(ProduceError::SpoolFull));
        assert_eq!(second.settled().await, Err(ProduceError::Failed));
        assert_eq!(room.available_permits(), 10);
    }
}
