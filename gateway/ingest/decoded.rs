//! What a door makes of a body.

use std::borrow::Cow;

use super::{DropReason, RefuseReason};
use crate::beacon::Beacon;

/// The beacons of one request, as far as they could be read.
#[derive(Debug, Default)]
pub struct DecodedBatch {
    /// Those that could be read, in the order of the body.
    pub beacons: Vec<Decoded>,
    /// Those that could not.
    pub refusals: Vec<Refusal>,
    /// Those that could be read and are deliberately not kept.
    pub drops: Vec<DroppedReport>,
    /// Names of fields that no beacon has; each once, bounded.
    pub ignored_fields: Vec<String>,
}

/// A beacon as its client wrote it.
#[derive(Debug)]
pub struct Decoded {
    /// Its place in the body, from 0.
    pub index: usize,
    /// What it says.
    pub beacon: Beacon,
    /// A hash that identifies it, where its protocol names each report without counting them; the
    /// same for every copy.
    pub identity: Option<u64>,
    /// Name of a key whose value no client can mean, as its protocol writes it; nothing of it is kept.
    pub impossible: Option<&'static str>,
}

/// A report that is valid by its protocol and no beacon of a playback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DroppedReport {
    /// Its place in the body, from 0.
    pub index: usize,
    /// Why.
    pub reason: DropReason,
}

/// A beacon that is refused for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its place in the body, from 0.
    pub index: usize,
    /// Why.
    pub reason: RefuseReason,
    /// The field to blame, dotted; none when it is the beacon as a whole.
    pub field: Option<Cow<'static, str>>,
    /// For a person.
    pub message: String,
}

impl Decoded {
    /// A beacon that counts by itself, or is known by its content.
    pub fn new(index: usize, beacon: Beacon) -> Self {
        Self {
            index,
            beacon,
            identity: None,
            impossible: None,
        }
    }
}

impl DecodedBatch {
    /// How many beacons the body held.
    pub fn received(&self) -> usize {
        self.beacons.len() + self.refusals.len() + self.drops.len()
    }
}
