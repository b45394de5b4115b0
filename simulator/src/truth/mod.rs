//! What every reader view must show, from the viewers' scripts alone.
//!
//! `play` gives the numbers of one play; each file of `views` the rows of one view. It is written a second time by
//! the rules of docs/sessions.md and shares nothing with the SQL.

pub(crate) mod cell;
pub(crate) mod delivery;
pub(crate) mod play;
pub(crate) mod repair;
pub(crate) mod stretch;
#[cfg(test)]
mod tests;
pub(crate) mod views;

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use crate::event::Event;
use crate::script::Script;
use crate::script::beacon::Beacon;
use crate::send::Journal;
use crate::send::journal::Deliveries;
use play::PlayTruth;

/// Everything from which the expectations are made.
#[derive(Debug, Clone)]
pub(crate) struct Truth {
    pub(crate) event: Arc<Event>,
    /// Of each script, of each of its beacons.
    deliveries: Vec<Vec<Option<Deliveries>>>,
    pub(crate) tenant: String,
    /// Heartbeat of clients that tell none; ms.
    pub(crate) default_heartbeat_ms: i64,
}

impl Truth {
    /// The truth of an event that was sent as the journal says.
    pub(crate) fn of(
        event: &Arc<Event>,
        journal: &Journal,
        tenant: &str,
        default_heartbeat_ms: i64,
    ) -> Self {
        let scripts = event.scripts.iter().enumerate();
        Self {
            event: Arc::clone(event),
            deliveries: scripts
                .map(|(index, script)| journal.deliveries(index, script.beacons.len()))
                .collect(),
            tenant: tenant.to_owned(),
            default_heartbeat_ms,
        }
    }

    /// The plays that enter published numbers, closed, each with the index of its script.
    pub(crate) fn plays(&self) -> Vec<(usize, PlayTruth<'_>)> {
        let scripts = self.event.scripts.iter().enumerate();
        let counted = scripts.filter(|(_, script)| script.is_counted());
        let plays = counted.flat_map(|(index, script)| {
            let places = 0..script.plays.len();
            places.map(move |place| {
                let play = PlayTruth::of(script, place, self.default_heartbeat_ms);
                (index, play)
            })
        });
        plays.collect()
    }

    /// How one beacon was delivered; none when it was never sent.
    pub(crate) fn deliveries(&self, script: usize, beacon: usize) -> Option<Deliveries> {
        *self.deliveries.get(script)?.get(beacon)?
    }

    /// The key of a session.
    pub(crate) fn session_key(&self, script: &Script) -> u64 {
        session_key(&self.tenant, script)
    }
}

/// The warehouse's key of a session.
pub(crate) fn session_key(tenant: &str, script: &Script) -> u64 {
    let mut bytes = tenant.as_bytes().to_vec();
    bytes.push(0);
    bytes.extend_from_slice(script.viewer.session_id.as_bytes());
    xxh3_64(&bytes)
}

/// The warehouse's name of the counter that a beacon's `seq` belongs to: the door, and what the client adds to it.
pub(crate) fn stream(beacon: &Beacon) -> String {
    beacon
        .stream
        .map_or("json".to_owned(), |name| format!("json:{name}"))
}
