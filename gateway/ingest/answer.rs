//! What a client is told of each of its beacons.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{DecodedBatch, DroppedReport, Outcome, Refusal, RefuseReason, Remains};
use crate::beacon::Source;
use crate::metrics;

/// Most beacons of one request that an answer names; all are counted.
const RESULTS_MAX: usize = 1_000;

/// The body of a 200 answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    received: usize,
    accepted: usize,
    refused: usize,
    /// Valid and deliberately not kept.
    dropped: usize,
    /// The gateway's clock when it had read the request; Unix ms.
    received_time_ms: i64,
    /// What was not accepted, in the order of the body; of a body in several parts no more than so many.
    results: Vec<Line>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ignored_fields: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    index: usize,
    outcome: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Cow<'static, str>>,
    message: String,
    #[serde(skip)]
    counted_as: Outcome,
}

impl Answer {
    pub(super) fn new(batch: &DecodedBatch, received_time_ms: i64) -> Self {
        Self {
            received: batch.received(),
            accepted: 0,
            refused: 0,
            dropped: 0,
            received_time_ms,
            results: Vec::new(),
            ignored_fields: batch.ignored_fields.clone(),
        }
    }

    /// The first refusal: its reason and a sentence.
    pub(super) fn first_refusal(&self) -> Option<(&'static str, &str)> {
        let mut refused = self.results.iter();
        let line = refused.find(|line| matches!(line.counted_as, Outcome::Refused(_)))?;
        Some((line.reason, &line.message))
    }

    /// What is told of the beacon at this place, if it was not accepted.
    pub(crate) fn told_of(&self, index: usize) -> Option<serde_json::Value> {
        let line = self.results.iter().find(|line| line.index == index)?;
        serde_json::to_value(line).ok()
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_all_accepted(&self) -> bool {
        self.results.is_empty()
    }

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        let outcome = Outcome::Refused(refusal.reason);
        self.refused += 1;
        self.results.push(Line {
            index: refusal.index,
            outcome: outcome.as_str(),
            reason: outcome.reason(),
            field: refusal.field,
            message: refusal.message,
            counted_as: outcome,
        });
    }

    pub(super) fn drop_all(&mut self, drops: &[DroppedReport]) {
        self.dropped += drops.len();
        self.results.extend(drops.iter().map(|drop| {
            let outcome = Outcome::Dropped(drop.reason);
            Line {
                index: drop.index,
                outcome: outcome.as_str(),
                reason: outcome.reason(),
                field: None,
                message: drop.reason.sentence().to_owned(),
                counted_as: outcome,
            }
        }));
    }

    pub(super) fn accept(&mut self, count: usize) {
        self.accepted += count;
        self.results.sort_by_key(|line| line.index);
    }

    /// What a further part of the same body came to.
    pub(super) fn add(&mut self, next: Self) {
        self.received += next.received;
        self.accepted += next.accepted;
        self.refused += next.refused;
        self.dropped += next.dropped;
        let room = RESULTS_MAX.saturating_sub(self.results.len());
        self.results.extend(next.results.into_iter().take(room));
    }

    /// Refuses what Kafka finds too large after it had been accepted.
    pub(super) fn take_back(&mut self, indices: &[usize]) {
        for index in indices {
            self.accepted = self.accepted.saturating_sub(1);
            self.refuse(Refusal {
                index: *index,
                reason: RefuseReason::TooLargeForKafka,
                field: None,
                message: "Kafka's topic takes no message of this size (max.message.bytes)"
                    .to_owned(),
                remains: Remains::Nothing,
            });
        }
        self.results.sort_by_key(|line| line.index);
    }

    /// Counts what was refused or dropped: once per reason, not once per beacon.
    pub(super) fn count_others(&self, source: Source) {
        let mut by_outcome: BTreeMap<&str, (Outcome, usize)> = BTreeMap::new();
        for line in &self.results {
            by_outcome
                .entry(line.reason)
                .or_insert((line.counted_as, 0))
                .1 += 1;
        }
        for (outcome, count) in by_outcome.into_values() {
            metrics::beacons(outcome, source, count);
        }
    }
}
