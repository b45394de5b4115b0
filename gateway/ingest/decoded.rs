//! What a door makes of a body.

use std::borrow::Cow;

use super::RefuseReason;
use crate::beacon::Beacon;

/// The beacons of one request, as far as they could be read.
#[derive(Debug, Default)]
pub struct DecodedBatch {
    /// Those that could be read, in the order of the body.
    pub beacons: Vec<Decoded>,
    /// Those that could not.
    pub refusals: Vec<Refusal>,
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

impl DecodedBatch {
    /// How many beacons the body held.
    pub fn received(&self) -> usize {
        self.beacons.len() + self.refusals.len()
    }
}
