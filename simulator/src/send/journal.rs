//! When each beacon was sent and answered: what the warehouse may show as sent and received time, and how often it
//! may have received it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::script::Script;

/// One request with beacons of a session; Unix ms of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Indices of its beacons.
    pub(super) beacons: Box<[usize]>,
    pub(super) sent_ms: i64,
    /// When the answer or the failure came.
    pub(super) ended_ms: Option<i64>,
    pub(super) outcome: Outcome,
    /// Whether the same beacons had been tried in vain before.
    pub(super) is_retry: bool,
}

/// What is known of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It left, and no answer came: the gateway may have taken it.
    Open,
    /// The gateway took it, and said so at that moment.
    Answered { at_ms: i64 },
    /// It never left.
    Unsent,
}

impl Outcome {
    /// Its name in the file of attempts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Open => "failed",
            Self::Answered { .. } => "acknowledged",
            Self::Unsent => "unsent",
        }
    }
}

/// The times of one beacon's deliveries; Unix ms of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deliveries {
    pub(crate) first_sent_ms: i64,
    pub(crate) last_sent_ms: i64,
    /// When the latest answer came; 0 before any.
    pub(crate) last_answer_ms: i64,
    /// Moments of receipt that there are at least: of acknowledged requests that did not overlap.
    pub(crate) least: u64,
    /// Moments of receipt that there may be: one for each request that left.
    pub(crate) most: u64,
}

/// What was sent, answered and sent again during a run.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    sessions: Vec<Mutex<Vec<Attempt>>>,
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
        Self {
            sessions: scripts.iter().map(|_| Mutex::default()).collect(),
            ..Self::default()
        }
    }

    /// The beacons of a session are sent, at that moment; gives the attempt's number in the session.
    pub(crate) fn sent(
        &self,
        script: usize,
        beacons: &[usize],
        at_ms: i64,
        is_retry: bool,
    ) -> usize {
        let Some(mut attempts) = self.attempts(script) else {
            return 0;
        };
        attempts.push(Attempt {
            beacons: beacons.into(),
            sent_ms: at_ms,
            ended_ms: None,
            outcome: Outcome::Open,
            is_retry,
        });
        attempts.len() - 1
    }

    /// That attempt was acknowledged, at that moment.
    pub(crate) fn answered(&self, script: usize, attempt: usize, at_ms: i64) {
        self.close(script, attempt, at_ms, Outcome::Answered { at_ms });
    }

    /// That attempt left, and at that moment it was clear that no acknowledgement would come.
    pub(crate) fn failed(&self, script: usize, attempt: usize, at_ms: i64) {
        self.close(script, attempt, at_ms, Outcome::Open);
    }

    /// That attempt never left: there was no connection, as was clear at that moment.
    pub(crate) fn unsent(&self, script: usize, attempt: usize, at_ms: i64) {
        self.close(script, attempt, at_ms, Outcome::Unsent);
    }

    /// Every attempt of a session, in the order in which they were made.
    pub(super) fn log(&self, script: usize) -> Vec<Attempt> {
        self.attempts(script)
            .map(|attempts| attempts.clone())
            .unwrap_or_default()
    }

    /// The deliveries of each of the `count` beacons of a session; none where it was never sent.
    pub(crate) fn deliveries(&self, script: usize, count: usize) -> Vec<Option<Deliveries>> {
        let mut times: Vec<Vec<(i64, Outcome)>> = vec![Vec::new(); count];
        if let Some(attempts) = self.attempts(script) {
            for attempt in attempts.iter() {
                for beacon in &attempt.beacons {
                    if let Some(times) = times.get_mut(*beacon) {
                        times.push((attempt.sent_ms, attempt.outcome));
                    }
                }
            }
        }
        times.into_iter().map(|times| deliveries(&times)).collect()
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

    fn close(&self, script: usize, attempt: usize, at_ms: i64, outcome: Outcome) {
        if let Some(mut attempts) = self.attempts(script)
            && let Some(attempt) = attempts.get_mut(attempt)
        {
            attempt.outcome = outcome;
            attempt.ended_ms = Some(at_ms);
        }
    }

    fn attempts(&self, script: usize) -> Option<MutexGuard<'_, Vec<Attempt>>> {
        let session = self.sessions.get(script)?;
        Some(session.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The deliveries of one beacon, from when it was sent each time and what came of it.
fn deliveries(attempts: &[(i64, Outcome)]) -> Option<Deliveries> {
    let left = || {
        attempts
            .iter()
            .filter(|(_, outcome)| *outcome != Outcome::Unsent)
    };
    let mut taken: Vec<(i64, i64)> = left()
        .filter_map(|(sent_ms, outcome)| match outcome {
            Outcome::Answered { at_ms } => Some((*at_ms, *sent_ms)),
            _ => None,
        })
        .collect();
    // Whatever was answered before the next was sent was received at a moment of its own: the most such requests are
    // found by always taking the one that is answered first.
    taken.sort_unstable();
    let (mut least, mut until_ms) = (0, i64::MIN);
    for (answered_ms, sent_ms) in &taken {
        if *sent_ms > until_ms {
            least += 1;
            until_ms = *answered_ms;
        }
    }
    Some(Deliveries {
        first_sent_ms: attempts.iter().map(|(sent_ms, _)| *sent_ms).min()?,
        last_sent_ms: attempts.iter().map(|(sent_ms, _)| *sent_ms).max()?,
        last_answer_ms: taken.last().map_or(0, |(answered_ms, _)| *answered_ms),
        least,
        most: left().count() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attempt_is_kept_with_its_end() {
        let journal = Journal {
            sessions: vec![Mutex::default()],
            ..Journal::default()
        };
        for (sent_ms, is_retry) in [(10, false), (20, true), (30, true), (40, false)] {
            journal.sent(0, &[0, 1], sent_ms, is_retry);
        }
        journal.unsent(0, 0, 11);
        journal.failed(0, 1, 25);
        journal.answered(0, 2, 33);
        let log: Vec<_> = journal
            .log(0)
            .iter()
            .map(|one| (one.sent_ms, one.ended_ms, one.outcome.name(), one.is_retry))
            .collect();
        assert_eq!(
            log,
            [
                (10, Some(11), "unsent", false),
                (20, Some(25), "failed", true),
                (30, Some(33), "acknowledged", true),
                (40, None, "failed", false),
            ]
        );
    }

    #[test]
    fn only_acknowledged_requests_apart_in_time_are_surely_two() {
        let answered = |at_ms| Outcome::Answered { at_ms };
        let counts = |attempts: &[(i64, Outcome)]| {
            let of = deliveries(attempts).unwrap();
            (of.least, of.most)
        };
        assert_eq!(counts(&[(10, answered(20))]), (1, 1));
        assert_eq!(counts(&[(10, answered(20)), (21, answered(30))]), (2, 2));
        // Both may have been received in the same millisecond.
        assert_eq!(counts(&[(10, answered(20)), (20, answered(30))]), (1, 2));
        // No answer: taken or not. No connection: surely not.
        assert_eq!(counts(&[(10, Outcome::Open), (50, answered(60))]), (1, 2));
        assert_eq!(counts(&[(10, Outcome::Unsent), (50, answered(60))]), (1, 1));
        // One long request over two short ones: the short ones are two.
        let long = (0, answered(100));
        assert_eq!(
            counts(&[long, (10, answered(20)), (30, answered(40))]),
            (2, 3)
        );
        assert_eq!(deliveries(&[]), None);
    }
}
