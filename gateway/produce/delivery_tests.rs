use tokio::sync::Semaphore;

use super::*;

struct Rooms {
    rows: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
}

impl Rooms {
    fn new() -> Self {
        Self {
            rows: Arc::new(Semaphore::new(10)),
            bytes: Arc::new(Semaphore::new(1_000)),
        }
    }

    fn take(&self, rows: u32) -> Room {
        Room {
            rows: self.rows.clone().try_acquire_many_owned(rows).unwrap(),
            bytes: self
                .bytes
                .clone()
                .try_acquire_many_owned(rows * 100)
                .unwrap(),
        }
    }

    fn left(&self) -> (usize, usize) {
        (
            self.rows.available_permits(),
            self.bytes.available_permits(),
        )
    }
}

#[tokio::test]
async fn every_request_hears_of_the_acknowledgement_and_the_room_comes_back() {
    let rooms = Rooms::new();
    let mut ticket = Ticket::new();
    let first = ticket.join(3, rooms.take(3));
    let second = ticket.join(4, rooms.take(4));
    assert_eq!((ticket.rows, rooms.left()), (7, (3, 300)));
    ticket.settle(Ok(()));
    assert_eq!(first.settled().await, Ok(vec![]));
    assert_eq!(second.settled().await, Ok(vec![]));
    assert_eq!(rooms.left(), (10, 1_000));
}

#[tokio::test]
async fn a_failed_or_forgotten_message_is_never_taken_for_durable() {
    let rooms = Rooms::new();
    let mut failed = Ticket::new();
    let mut forgotten = Ticket::new();
    let first = failed.join(1, rooms.take(1));
    let second = forgotten.join(1, rooms.take(1));
    failed.settle(Err(ProduceError::SpoolFull));
    drop(forgotten);
    assert_eq!(first.settled().await, Err(ProduceError::SpoolFull));
    assert_eq!(second.settled().await, Err(ProduceError::Failed));
    assert_eq!(rooms.left(), (10, 1_000));
}

#[tokio::test]
async fn a_message_in_parts_is_durable_when_all_of_them_are() {
    let rooms = Rooms::new();
    let mut ticket = Ticket::new();
    let one = ticket.join(2, rooms.take(2));
    let other = ticket.join(3, rooms.take(3));
    let (first, second) = ticket.split(3);
    let (middle, last) = second.split(1);
    assert_eq!((first.rows, middle.rows, last.rows), (3, 1, 1));
    first.settle(Ok(()));
    last.settle(Ok(()));
    assert_eq!(rooms.left(), (5, 500), "one part is on its way");
    middle.refuse();
    assert_eq!(one.settled().await, Ok(vec![]));
    assert_eq!(other.settled().await, Ok(vec![1]), "its own second row");
    assert_eq!(rooms.left(), (10, 1_000));
}

#[tokio::test]
async fn a_part_that_is_lost_or_forgotten_loses_the_message() {
    let rooms = Rooms::new();
    let mut lost = Ticket::new();
    let mut forgotten = Ticket::new();
    let first = lost.join(2, rooms.take(2));
    let second = forgotten.join(2, rooms.take(2));
    let (part, other) = lost.split(1);
    part.settle(Err(ProduceError::Failed));
    other.settle(Ok(()));
    let (part, other) = forgotten.split(1);
    part.settle(Ok(()));
    drop(other);
    assert_eq!(first.settled().await, Err(ProduceError::Failed));
    assert_eq!(second.settled().await, Err(ProduceError::Failed));
    assert_eq!(rooms.left(), (10, 1_000));
}
