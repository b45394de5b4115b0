//! Brings messages to another gateway in place of Kafka.
//!
//! The same promise as with Kafka: a beacon is acknowledged when the other gateway has answered 2xx, or
//! the spool has it. The body is what a Kafka message would be, in zstd: records, each with its length
//! before it.
//!
//! - `upstream` sends one body and says what the answer means;
//! - `hops` finds gateways that forward in a circle.

mod hops;
mod upstream;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

pub use hops::{Hops, Loop, VIA};
pub use upstream::ForwardError;

use super::ProduceError;
use super::batch::KafkaRecord;
use super::carrier::Carrier;
use super::delivery::Waiting;
use super::drain::DrainTicket;
use super::failure::Failure;
use super::fallback::Fallback;
use super::spool::Entry;
use crate::config::ForwardConfig;
use crate::metrics;
use upstream::{Sent, Upstream};

/// The first wait before a message is sent again; doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(100);
/// The longest one.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// There is one breaker and one place in the spool: the other gateway chooses its partitions itself.
const PARTITION: u32 = 0;

/// The way to the other gateway.
pub(super) struct Forwarder {
    shared: Arc<Shared>,
    runtime: Handle,
}

struct Shared {
    upstream: Upstream,
    hops: Hops,
    /// Requests at the same time.
    room: Semaphore,
    /// How long a message may take, repeated attempts included.
    patience: Duration,
    fallback: Option<Fallback>,
    on_their_way: AtomicUsize,
    /// Whether the last message was lost: an outage is logged once, not once a message.
    is_failing: AtomicBool,
}

impl Forwarder {
    /// Prepares to send; call it inside a runtime, which the messages are sent on. What is lost goes to the fallback.
    ///
    /// # Errors
    /// An address or a key that no request can have, or a system without randomness.
    pub(super) fn new(
        config: &ForwardConfig,
        patience: Duration,
        fallback: Option<Fallback>,
    ) -> Result<Self, ForwardError> {
        Ok(Self {
            shared: Arc::new(Shared {
                upstream: Upstream::new(config)?,
                hops: Hops::new()?,
                room: Semaphore::new(config.requests_in_flight_max),
                patience,
                fallback,
                on_their_way: AtomicUsize::new(0),
                is_failing: AtomicBool::new(false),
            }),
            runtime: Handle::current(),
        })
    }

    /// What is known of circles.
    pub(super) fn hops(&self) -> &Hops {
        &self.shared.hops
    }

    /// Asks whether the other gateway takes beacons.
    pub(super) async fn ping(&self, within: Duration) -> Result<(), String> {
        self.shared.upstream.ping(within).await
    }

    fn start(&self, payload: Vec<u8>, waiting: Waiting) {
        let shared = self.shared.clone();
        shared.on_their_way.fetch_add(1, Ordering::AcqRel);
        self.runtime.spawn(async move {
            let sent = shared.send(&payload).await;
            shared.settle(sent, payload, waiting);
            shared.on_their_way.fetch_sub(1, Ordering::AcqRel);
        });
    }
}

impl Carrier for Forwarder {
    fn send(&self, record: KafkaRecord) {
        match &self.shared.fallback {
            Some(fallback) if fallback.is_preferred(PARTITION) => fallback.spool.append(Entry {
                partition: PARTITION,
                payload: record.payload,
                ticket: record.ticket,
            }),
            Some(_) | None => {
                metrics::message_sent(record.ticket.rows, record.payload.len());
                self.start(record.payload, Waiting::Requests(record.ticket));
            }
        }
    }

    fn send_spooled(&self, _: u32, payload: &[u8], ticket: DrainTicket) {
        self.start(payload.to_vec(), Waiting::Drain(ticket));
    }

    fn partitions(&self) -> usize {
        1
    }

    fn flush(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        while self.shared.on_their_way.load(Ordering::Acquire) > 0 {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }
}

impl Shared {
    /// Sends until it is taken, as long as there is patience.
    async fn send(&self, payload: &[u8]) -> Result<(), String> {
        let deadline = Instant::now() + self.patience;
        let Ok(_place) = self.room.acquire().await else {
            return Err("the gateway ends".into());
        };
        let mut wait = FIRST_WAIT;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err("the other gateway took too long".into());
            }
            match self.upstream.send(payload, &self.hops, left).await {
                Sent::Taken => return Ok(()),
                Sent::Refused(reason) => return Err(reason),
                Sent::Again { reason, after } => {
                    let pause = after.unwrap_or(wait).max(wait);
                    if pause >= deadline.saturating_duration_since(Instant::now()) {
                        return Err(reason);
                    }
                    tokio::time::sleep(pause).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    fn settle(&self, sent: Result<(), String>, payload: Vec<u8>, waiting: Waiting) {
        let was_failing = self.is_failing.swap(sent.is_err(), Ordering::Relaxed);
        match &sent {
            Err(reason) if !was_failing => {
                tracing::error!(reason, "the other gateway does not take beacons");
            }
            Ok(()) if was_failing => tracing::info!("the other gateway takes beacons again"),
            Ok(()) | Err(_) => {}
        }
        if let (Ok(()), Some(fallback)) = (&sent, &self.fallback) {
            fallback.breakers.close(PARTITION);
        }
        match waiting {
            Waiting::Drain(ticket) => ticket.settle(sent.is_ok()),
            Waiting::Requests(ticket) => {
                metrics::message_settled(&ticket, sent.is_ok());
                match (sent, &self.fallback) {
                    (Ok(()), _) => ticket.settle(Ok(())),
                    (Err(_), Some(fallback)) => {
                        fallback.keep(Failure::Other, PARTITION, &payload, ticket)
                    }
                    (Err(_), None) => ticket.settle(Err(ProduceError::Failed)),
                }
            }
        }
    }
}
