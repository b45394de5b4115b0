//! What a viewer does, from arrival to end: the beacons that this makes, and the truth about it.
//!
//! A story is told by verbs (`stall`, `pause`, `seek`); each of them says to the player what to report and
//! to the ledger what was meant. The ledger never looks at the reports to learn what was meant.

pub(crate) mod ads;
pub(crate) mod asides;
pub(crate) mod beacon;
pub(crate) mod ending;
pub(crate) mod event;
pub(crate) mod middle;
pub(crate) mod opening;
pub(crate) mod plot;
pub(crate) mod scene;
pub(crate) mod story;
#[cfg(test)]
mod tests;
pub(crate) mod told;

use std::sync::Arc;

use crate::cast::Viewer;
use beacon::Beacon;
use scene::{Ending, Scene};

/// A session as it was meant and as its client reported it, before any fault.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) viewer: Arc<Viewer>,
    /// In the order in which they were made.
    pub(crate) beacons: Vec<Beacon>,
    /// In order, without overlap, with gaps where there was no condition.
    pub(crate) scenes: Vec<Scene>,
    /// Each bitrate that a state or bitrate report named, and when; kbit/s, never 0.
    pub(crate) bitrates: Vec<(i64, u32)>,
    pub(crate) first_frame_ms: Option<i64>,
    /// Playback was asked for before the first frame, so there is a start-up time.
    pub(crate) was_asked: bool,
    pub(crate) ending: Ending,
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
