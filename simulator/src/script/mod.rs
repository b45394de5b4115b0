//! What a viewer does, from arrival to end: the beacons that this makes, and the truth about it.
//!
//! A story is told by verbs (`stall`, `pause`, `seek`); each of them says to the player what to report and
//! to the ledger what was meant. The ledger never looks at the reports to learn what was meant.

pub(crate) mod ads;
pub(crate) mod asides;
pub(crate) mod background;
pub(crate) mod beacon;
pub(crate) mod counters;
pub(crate) mod ending;
pub(crate) mod event;
pub(crate) mod middle;
pub(crate) mod numbering;
pub(crate) mod opening;
pub(crate) mod play;
pub(crate) mod plot;
pub(crate) mod scene;
pub(crate) mod story;
#[cfg(test)]
mod tests;
pub(crate) mod titles;
pub(crate) mod told;

use std::sync::Arc;

use crate::cast::Viewer;
use beacon::Beacon;
use play::Play;

/// A session as it was meant and as its client reported it, before any fault.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) viewer: Arc<Viewer>,
    /// In the order in which they were made.
    pub(crate) beacons: Vec<Beacon>,
    /// At least one; in order.
    pub(crate) plays: Vec<Play>,
    /// How often the client began to count its beacons anew.
    pub(crate) counter_resets: usize,
}

impl Script {
    /// The beacons that arrive, in order.
    pub(crate) fn arriving(&self) -> impl DoubleEndedIterator<Item = &Beacon> {
        self.beacons.iter().filter(|beacon| !beacon.is_lost)
    }

    /// Whether it enters published numbers: devices under test do not, nor does what never arrived.
    pub(crate) fn is_counted(&self) -> bool {
        !self.viewer.is_test && self.arriving().next().is_some()
    }
}
