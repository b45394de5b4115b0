//! What is kept of an answer.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use xxhash_rust::xxh3::xxh3_128;

use super::Lifetime;

/// How long a former answer is told while the warehouse is away.
const STALE_FOR: Duration = Duration::from_secs(600);

/// An answer as it was computed.
#[derive(Debug)]
pub(super) struct Stored {
    /// A JSON object with at least its stamp.
    pub(super) json: Box<str>,
    /// Tells this answer from all others.
    pub(super) tag: String,
    /// Whoever computes the next one holds it.
    pub(super) turn: Mutex<()>,
    /// A request that was told this answer past its lifetime asks for the next one.
    pub(super) is_asked_again: AtomicBool,
    lifetime: Lifetime,
    computed: Instant,
    /// A late beacon changed what it tells.
    is_changed: AtomicBool,
    /// Until when the warehouse is left alone; ms after `computed`.
    paused_until_ms: AtomicU64,
}

impl Stored {
    pub(super) fn new(json: String, lifetime: Lifetime) -> Self {
        Self {
            tag: format!("W/\"{:032x}\"", xxh3_128(json.as_bytes())),
            json: json.into(),
            turn: Mutex::default(),
            is_asked_again: AtomicBool::new(false),
            lifetime,
            computed: Instant::now(),
            is_changed: AtomicBool::new(false),
            paused_until_ms: AtomicU64::new(0),
        }
    }

    /// Memory that it takes; bytes.
    pub(super) fn bytes(&self) -> usize {
        self.json.len() + self.tag.len() + size_of::<Self>()
    }

    /// How long it is kept, stale time included.
    pub(super) fn kept_for(&self) -> Duration {
        self.lifetime.fresh_for + STALE_FOR
    }

    /// Whether it is told without a second thought.
    pub(super) fn is_fresh(&self) -> bool {
        !self.is_changed.load(Ordering::Acquire)
            && self.computed.elapsed() < self.lifetime.fresh_for
    }

    /// Whether it is hardly older than it should be: told while the next one is being computed.
    pub(super) fn is_nearly_fresh(&self) -> bool {
        !self.is_changed.load(Ordering::Acquire)
            && self.computed.elapsed() < self.lifetime.fresh_for * 2
    }

    /// Leaves the warehouse alone for a while.
    pub(super) fn pause(&self, length: Duration) {
        let until = (self.computed.elapsed() + length).as_millis();
        let until = u64::try_from(until).unwrap_or(u64::MAX);
        self.paused_until_ms.store(until, Ordering::Release);
    }

    /// Whether the warehouse is left alone.
    pub(super) fn is_paused(&self) -> bool {
        let until = self.paused_until_ms.load(Ordering::Acquire);
        self.computed.elapsed().as_millis() < u128::from(until)
    }

    /// Whether it is about a closed window that is still taken for what it was.
    pub(super) fn is_closed(&self) -> bool {
        self.lifetime.closed.is_some() && !self.is_changed.load(Ordering::Acquire)
    }

    /// Notes that the minute beginning at `minute` (Unix seconds) was computed again; whether that is news here.
    pub(super) fn note_change(&self, minute: i64) -> bool {
        let closed = self.lifetime.closed.as_ref();
        let is_touched = closed.is_some_and(|window| window.covers(minute));
        is_touched && !self.is_changed.swap(true, Ordering::AcqRel)
    }

    /// How long ago it was computed.
    pub(super) fn age(&self) -> Duration {
        self.computed.elapsed()
    }
}
