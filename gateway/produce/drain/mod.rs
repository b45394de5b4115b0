//! Brings the spool to Kafka: partition by partition, in order, paced, and again after a failure.
//!
//! 1. The spool's reader finds what is durable;
//! 2. `window` holds where it is until Kafka has it, and puts records of a partition together;
//! 3. `pace` leaves room to fresh beacons;
//! 4. `ticket` hears what became of a message;
//! 5. the spool's `aside` keeps what is larger than Kafka takes, which would hold up its partition for ever;
//! 6. the spool's cursor makes durable how far it has come.
//!
//! A process that ends in between sends some messages again: copies fold by their identity.

mod pace;
mod ticket;
mod window;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::carrier::Carrier;
use super::spool::{Cursor, Disk, Index, Located, Reader, Spool, aside, now_ms};
use crate::config::{Config, SpoolMode};
use crate::metrics;
use pace::Pace;
pub(super) use ticket::DrainTicket;
use ticket::{Settled, TooLarge};
use window::{MessageLimits, Parcel, Window};

/// Most records in hand; each takes some 100 bytes, its beacons stay on disk.
const WINDOW_MAX: usize = 100_000;
/// Records that are read before messages are sent.
const READ_AT_ONCE: usize = 2_000;
/// How often the cursor is made durable while no file can be removed.
const SAVE_EVERY: Duration = Duration::from_secs(1);
/// The longest wait while nothing happens.
const IDLE: Duration = Duration::from_millis(250);
/// The longest wait while records are in hand.
const BUSY: Duration = Duration::from_millis(10);
/// How long the end waits for messages on their way.
const END_WAIT: Duration = Duration::from_secs(3);
/// A disk that fails is left alone for this long.
const DISK_PAUSE: Duration = Duration::from_secs(1);

/// The thread that drains.
pub(super) struct Drain {
    stop: Arc<AtomicBool>,
    index: Arc<Index>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Drain {
    /// Starts to drain.
    ///
    /// # Errors
    /// A system that gives no thread.
    pub(super) fn start(
        spool: &Spool,
        carrier: Arc<dyn Carrier>,
        config: &Config,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let index = spool.index().clone();
        let pace = match config.spool.mode {
            SpoolMode::KafkaFirst => Some(config.spool.drain_bytes_per_second),
            // There is no other traffic that it could starve.
            SpoolMode::SpoolAlways | SpoolMode::KafkaOnly => None,
        };
        let drainer = Drainer {
            reader: spool.reader(),
            cursor: spool.cursor(),
            settled: Settled::new(index.clone()),
            index: index.clone(),
            carrier,
            limits: MessageLimits {
                rows: config.kafka.batch_max_rows,
                bytes: config.kafka.batch_max_bytes,
                linger_ms: config.kafka.linger_ms,
            },
            window: Window::default(),
            pace: Pace::new(pace, Instant::now()),
            on_their_way: HashMap::new(),
            asides: Disk::new(&aside::folder(&config.spool.folder)),
            not_kept: HashSet::new(),
            sent: 0,
            saved: (0, Instant::now()),
            disk_failed: None,
            stop: stop.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("spool-drain".into())
            .spawn(move || drainer.run())?;
        Ok(Self {
            stop,
            index,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Sends nothing more, waits a moment for what is on its way, and saves how far it has come.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        self.index.wake();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the thread that drains the spool has failed");
        }
    }
}

struct Drainer {
    reader: Reader<Disk>,
    cursor: Cursor,
    settled: Arc<Settled>,
    index: Arc<Index>,
    carrier: Arc<dyn Carrier>,
    limits: MessageLimits,
    window: Window,
    pace: Pace,
    on_their_way: HashMap<u64, Parcel>,
    /// The folder of what Kafka does not take.
    asides: Disk,
    /// Messages on their way with a beacon that could not be kept aside.
    not_kept: HashSet<u64>,
    /// Messages so far: the number of the last one.
    sent: u64,
    /// What the cursor says, and since when.
    saved: (u64, Instant),
    disk_failed: Option<Instant>,
    stop: Arc<AtomicBool>,
}

impl Drainer {
    fn run(mut self) {
        let mut seen = 0;
        while !self.stop.load(Ordering::Acquire) {
            self.hear();
            let is_disk_well = self
                .disk_failed
                .is_none_or(|since| since.elapsed() > DISK_PAUSE);
            let has_more = is_disk_well && self.read();
            if is_disk_well {
                self.send();
                self.save(false);
            }
            if !has_more {
                let at_most = if self.window.len() > 0 { BUSY } else { IDLE };
                seen = self
                    .index
                    .wait(seen, at_most.max(self.pace.wait().min(IDLE)));
            }
        }
        let deadline = Instant::now() + END_WAIT;
        while !self.on_their_way.is_empty() && Instant::now() < deadline {
            seen = self.index.wait(seen, BUSY);
            self.hear();
        }
        self.save(true);
    }

    /// Takes note of messages that are settled.
    fn hear(&mut self) {
        let heard = self.settled.take();
        for beacon in heard.too_large {
            self.set_aside(&beacon);
        }
        for (message, is_acknowledged) in heard.messages {
            let Some(parcel) = self.on_their_way.remove(&message) else {
                continue;
            };
            let is_kept = !self.not_kept.remove(&message);
            if is_acknowledged && is_kept {
                self.window.settle(&parcel);
                let rows = parcel.rows();
                metrics::spool::drained(rows);
                self.index
                    .settled(parcel.records.len() as u64, rows, self.window.oldest_ms());
            } else {
                metrics::spool::drain_failed();
                self.window.put_back(parcel, Instant::now());
            }
        }
    }

    /// A beacon that would never be taken makes room for those behind it.
    fn set_aside(&mut self, beacon: &TooLarge) {
        match aside::keep(&self.asides, beacon.partition, &beacon.payload) {
            Ok(file) => tracing::error!(
                file,
                "an acknowledged beacon is larger than Kafka takes and is kept in a file; raise max.message.bytes of the topic, then start the gateway anew"
            ),
            Err(error) => {
                self.not_kept.insert(beacon.message);
                self.disk_fails(&error, "keep a beacon aside in");
            }
        }
    }

    /// Reads on, and says whether there is more at once.
    fn read(&mut self) -> bool {
        for _ in 0..READ_AT_ONCE {
            if self.window.len() >= WINDOW_MAX {
                return false;
            }
            match self.reader.next() {
                Ok(Some(located)) => self.window.add(located),
                Ok(None) => return false,
                Err(error) => {
                    self.disk_fails(&error, "read");
                    return false;
                }
            }
        }
        true
    }

    fn send(&mut self) {
        let now = Instant::now();
        while self.pace.has_room(now) {
            let Some(parcel) = self.window.next(self.limits, now, now_ms()) else {
                return;
            };
            match self.payload(parcel) {
                Ok((parcel, payload)) if parcel.records.is_empty() => {
                    debug_assert!(payload.is_empty());
                    self.window.settle(&parcel);
                }
                Ok((parcel, payload)) => {
                    self.pace.take(payload.len());
                    self.sent += 1;
                    let partition = parcel.partition;
                    self.on_their_way.insert(self.sent, parcel);
                    let ticket = self.settled.ticket(self.sent);
                    self.carrier.send_spooled(partition, &payload, ticket);
                }
                Err((parcel, error)) => {
                    self.window.put_back(parcel, now);
                    return self.disk_fails(&error, "read");
                }
            }
        }
    }

    /// The bytes of a message. Records that can no longer be read are left out, and told.
    fn payload(
        &mut self,
        mut parcel: Parcel,
    ) -> Result<(Parcel, Vec<u8>), (Parcel, std::io::Error)> {
        let mut payload = Vec::with_capacity(parcel.bytes());
        let mut damaged: Vec<Located> = Vec::new();
        for record in &parcel.records {
            match self.reader.payload(record, &mut payload) {
                Ok(true) => {}
                Ok(false) => damaged.push(*record),
                Err(error) => return Err((parcel, error)),
            }
        }
        for record in damaged {
            tracing::error!(
                seq = record.seq,
                "an acknowledged record of the spool cannot be read; the file is kept aside"
            );
            metrics::spool::lost(1);
            self.index.settled(1, u64::from(record.rows), None);
            self.window.forget(record.seq);
            parcel.records.retain(|kept| kept.seq != record.seq);
        }
        Ok((parcel, payload))
    }

    /// Makes durable how far it has come: now and then, and when a file can be removed.
    fn save(&mut self, is_end: bool) {
        let settled_to = self.window.settled_to();
        let (saved, since) = self.saved;
        let is_due = since.elapsed() >= SAVE_EVERY || self.index.has_done_segment(settled_to);
        if settled_to <= saved || !(is_due || is_end) {
            return;
        }
        match self.cursor.advance(settled_to) {
            Ok(()) => {
                self.saved = (settled_to, Instant::now());
                self.disk_failed = None;
            }
            Err(error) => self.disk_fails(&error, "write its cursor in"),
        }
    }

    fn disk_fails(&mut self, error: &std::io::Error, what: &str) {
        tracing::error!(%error, "the drain cannot {what} the spool; it tries again");
        self.disk_failed = Some(Instant::now());
    }
}
