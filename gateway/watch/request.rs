//! What becomes of the watched beacons of one request.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::advice;
use super::hub::Watcher;
use crate::beacon::Beacon;
use crate::enrich::{Arrival, EnrichedBeacon};
use crate::ingest::{Answer, DecodedBatch, Outcome, without_quoted};

/// Beacons of one request that could not be read, as many as are told.
const UNREAD_MAX: usize = 20;

/// The watched beacons of one request, until their outcome is known.
pub(crate) struct Watching {
    seats: Vec<(Arc<Watcher>, Vec<usize>)>,
    /// Each watched beacon: as it is kept, once it is known to be valid.
    beacons: BTreeMap<usize, Option<Beacon>>,
    /// What stands beside the watched ones in the request and could not be read, told with them.
    unread: Vec<usize>,
    door: &'static str,
    received_time_ms: i64,
    ignored_fields: Vec<String>,
    /// The key of a watched beacon whose value could not be.
    impossible: BTreeMap<usize, &'static str>,
}

impl Watching {
    pub(super) fn new(
        seats: Vec<(Arc<Watcher>, Vec<usize>)>,
        batch: &DecodedBatch,
        arrival: &Arrival,
    ) -> Self {
        let indexes = seats.iter().flat_map(|(_, indexes)| indexes);
        let beacons: BTreeMap<_, _> = indexes.map(|index| (*index, None)).collect();
        let watched = batch
            .beacons
            .iter()
            .filter(|decoded| beacons.contains_key(&decoded.index));
        Self {
            impossible: watched
                .filter_map(|decoded| Some((decoded.index, decoded.impossible?)))
                .collect(),
            beacons,
            unread: batch.refusals.iter().map(|refusal| refusal.index).collect(),
            door: arrival.stream,
            received_time_ms: arrival.received_time_ms,
            ignored_fields: batch.ignored_fields.clone(),
            seats,
        }
    }

    /// Notes a beacon as it will be kept.
    pub(crate) fn keep(&mut self, index: usize, beacon: &EnrichedBeacon) {
        if let Some(kept) = self.beacons.get_mut(&index) {
            *kept = Some(beacon.beacon().clone());
        }
    }

    /// Tells the watchers. `delivered` is what became of the valid beacons, `held_back` of those that
    /// were not even looked at.
    pub(crate) fn tell(self, answer: &Answer, delivered: Outcome, held_back: Option<Outcome>) {
        for (watcher, indexes) in &self.seats {
            for index in indexes {
                let event = self.event(*index, answer, delivered, held_back);
                watcher.tell("beacon", event);
            }
            for index in self.unread.iter().take(UNREAD_MAX) {
                let mut event = self.event(*index, answer, delivered, held_back);
                // Who watches no beacon of the request may be another viewer.
                if indexes.is_empty()
                    && let Some(Value::String(message)) = event.get_mut("message")
                {
                    *message = without_quoted(message);
                }
                watcher.tell("beacon", event);
            }
        }
    }

    fn event(
        &self,
        index: usize,
        answer: &Answer,
        delivered: Outcome,
        held_back: Option<Outcome>,
    ) -> Value {
        let beacon = self.beacons.get(&index).and_then(Option::as_ref);
        let mut event = Map::new();
        event.insert("received_time_ms".into(), self.received_time_ms.into());
        event.insert("door".into(), self.door.into());
        event.insert("index".into(), index.into());
        if let Some(told) = answer.told_of(index) {
            let Value::Object(told) = told else {
                return Value::Object(event);
            };
            event.extend(told);
        } else {
            let outcome = match beacon {
                Some(_) => delivered,
                None => held_back.unwrap_or(delivered),
            };
            event.insert("outcome".into(), outcome.as_str().into());
            if !outcome.reason().is_empty() {
                event.insert("reason".into(), outcome.reason().into());
            }
        }
        if let Some(beacon) = beacon {
            let impossible = self.impossible.get(&index).copied();
            let advice = advice::of(beacon, &self.ignored_fields, impossible);
            event.insert("advice".into(), json!(advice));
            if let Ok(beacon) = serde_json::to_value(beacon) {
                event.insert("beacon".into(), beacon);
            }
        }
        Value::Object(event)
    }
}
