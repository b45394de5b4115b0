use std::sync::Arc;

use tokio::sync::Semaphore;

use super::*;
use crate::config::SpoolConfig;
use crate::produce::ProduceError;
use crate::produce::delivery::{Delivery, Room, Ticket};
use crate::produce::fallback::Fallback;
use crate::produce::spool::Spool;

/// A client of brokers that are not there, with room for so many bytes.
fn client(bytes_in_flight_max: usize, delivery_timeout: Duration) -> Arc<KafkaClient> {
    client_with(bytes_in_flight_max, delivery_timeout, None)
}

fn client_with(
    bytes_in_flight_max: usize,
    delivery_timeout: Duration,
    fallback: Option<Fallback>,
) -> Arc<KafkaClient> {
    let config = KafkaConfig {
        brokers: "127.0.0.1:1".into(),
        bytes_in_flight_max,
        ..KafkaConfig::default()
    };
    KafkaClient::new(&config, delivery_timeout, fallback).unwrap()
}

fn message(bytes: usize) -> (KafkaRecord, Delivery) {
    let room = || {
        let room = Arc::new(Semaphore::new(1));
        room.try_acquire_many_owned(1).unwrap()
    };
    let mut ticket = Ticket::new();
    let delivery = ticket.join(
        1,
        Room {
            rows: room(),
            bytes: room(),
        },
    );
    let record = KafkaRecord {
        partition: 0,
        payload: vec![0; bytes],
        ticket,
    };
    (record, delivery)
}

#[tokio::test]
async fn a_full_queue_is_told_as_such() {
    let client = client(4 * 1024, Duration::from_secs(30));
    let (first, _waits) = message(7_000);
    let (second, refused) = message(7_000);
    client.send(first);
    client.send(second);
    assert_eq!(refused.settled().await, Err(ProduceError::Full));
}

#[tokio::test]
async fn what_a_full_queue_does_not_take_the_spool_does() {
    let folder = tempfile::tempdir().unwrap();
    let config = SpoolConfig {
        folder: folder.path().to_owned(),
        ..SpoolConfig::default()
    };
    let spool = Arc::new(Spool::start(&config).unwrap());
    let fallback = Fallback {
        spool: spool.clone(),
        breakers: Arc::default(),
    };
    let client = client_with(4 * 1024, Duration::from_secs(30), Some(fallback));
    let (first, _waits) = message(7_000);
    let (second, taken) = message(7_000);
    client.send(first);
    client.send(second);
    assert!(taken.settled().await.is_ok());
    assert_eq!(spool.index().backlog().records, 1);
}

#[tokio::test]
async fn a_message_without_an_answer_is_lost_in_time() {
    let client = client(1024 * 1024, Duration::from_millis(300));
    let (record, lost) = message(100);
    client.send(record);
    let waited = tokio::time::timeout(Duration::from_secs(10), lost.settled()).await;
    assert_eq!(waited.unwrap(), Err(ProduceError::Failed));
    assert_eq!(client.troubles.reason(), None, "an outage mends itself");
}
