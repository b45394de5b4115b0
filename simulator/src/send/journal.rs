//! When each beacon was sent and answered: what the warehouse may show as sent and received time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::script::Script;

/// The times of one beacon's deliveries; Unix ms of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deliveries {
    pub(crate) first_sent_ms: i64,
    pub(crate) last_sent_ms: i64,
    /// When the latest answer came; 0 before any.
    pub(crate) last_answer_ms: i64,
}

const NEVER: Deliveries = Deliveries {
    first_sent_ms: i64::MAX,
    last_sent_ms: i64::MIN,
    last_answer_ms: 0,
};

/// What was sent, answered and sent again during a run.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    sessions: Vec<Mutex<Vec<Deliveries>>>,
    pub(crate) requests: AtomicU64,
    pub(crate) beacons: AtomicU64,
    pub(crate) bytes: AtomicU64,
    /// Beacons sent once more because no acknowledgement came.
    pub(crate) redelivered: AtomicU64,
    /// Requests that failed and were repeated.
    pub(crate) failures: AtomicU64,
    /// Beacons that the gateway did not take.
    pub(crate) not_taken: AtomicU64,
    complaints: Mutex<Vec<String>>,
}

impl Journal {
    /// An empty journal for those scripts.
    pub(crate) fn of(scripts: &[Script]) -> Self {
        let sessions = scripts
            .iter()
            .map(|script| Mutex::new(vec![NEVER; script.beacons.len()]))
            .collect();
        Self {
            sessions,
            ..Self::default()
        }
    }

    /// The beacons of a session are sent, at that moment.
    pub(crate) fn sent(&self, script: usize, beacons: &[usize], at_ms: i64) {
        self.each(script, beacons, |deliveries| {
            deliveries.first_sent_ms = deliveries.first_sent_ms.min(at_ms);
            deliveries.last_sent_ms = deliveries.last_sent_ms.max(at_ms);
        });
    }

    /// They were answered, at that moment.
    pub(crate) fn answered(&self, script: usize, beacons: &[usize], at_ms: i64) {
        self.each(script, beacons, |deliveries| {
            deliveries.last_answer_ms = deliveries.last_answer_ms.max(at_ms);
        });
    }

    /// The deliveries of one beacon; none when it was never sent.
    pub(crate) fn deliveries(&self, script: usize, beacon: usize) -> Option<Deliveries> {
        let session = self
            .sessions
            .get(script)?
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        session
            .get(beacon)
            .copied()
            .filter(|deliveries| deliveries.last_sent_ms > i64::MIN)
    }

    /// Keeps the first few reasons for which something was not taken.
    pub(crate) fn complain(&self, beacons: usize, complaint: String) {
        self.not_taken.fetch_add(beacons as u64, Ordering::Relaxed);
        let mut complaints = self
            .complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if complaints.len() < 5 {
            complaints.push(complaint);
        }
    }

    /// The first few reasons for which something was not taken.
    pub(crate) fn complaints(&self) -> Vec<String> {
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn each(&self, script: usize, beacons: &[usize], change: impl Fn(&mut Deliveries)) {
        let Some(session) = self.sessions.get(script) else {
            return;
        };
        let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
        for beacon in beacons {
            if let Some(deliveries) = session.get_mut(*beacon) {
                change(deliveries);
            }
        }
    }
}
