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
    /// What it says; it stays in this place all the way to its record, since it is more than a kibibyte.
    pub beacon: Box<Beacon>,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// Its place in the body, from 0.
    pub index: usize,
    /// Why.
    pub reason: RefuseReason,
    /// The field to blame, dotted; none when it is the beacon as a whole.
    pub field: Option<Cow<'static, str>>,
    /// For a person.
    pub message: String,
    /// What there is to show of it.
    pub remains: Remains,
}

/// What there is to show of something refused, to whoever looks for the mistake. It goes nowhere unredacted.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Remains {
    /// Nothing, or nothing that can be shown, such as what is no text.
    #[default]
    Nothing,
    /// A text as it came, or its beginning.
    Text(String),
    /// What was read, and breaks a rule.
    Beacon(Box<Beacon>),
}

/// Longest text that remains; bytes.
const REMAINS_MAX_BYTES: usize = 4 * 1024;

impl Remains {
    /// The beginning of a text; nothing where it is none.
    pub fn of_text(bytes: &[u8]) -> Self {
        let Some(beginning) = bytes.get(..REMAINS_MAX_BYTES) else {
            let text = std::str::from_utf8(bytes);
            return text.map_or(Self::Nothing, |text| Self::Text(text.to_owned()));
        };
        let end = match std::str::from_utf8(beginning) {
            Ok(text) => text.len(),
            // Cut within a letter.
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Self::Nothing,
        };
        let text = beginning.get(..end).map(String::from_utf8_lossy);
        let text = text.unwrap_or_default();
        // Half a secret would not be known for one, so the last word goes.
        let ends = text.rfind(|letter: char| {
            letter.is_whitespace() || matches!(letter, '"' | ',' | ';' | '&' | '\n')
        });
        let whole = ends.and_then(|end| text.get(..end)).unwrap_or_default();
        Self::Text(whole.to_owned())
    }
}

impl Decoded {
    /// A beacon that counts by itself, or is known by its content.
    pub fn new(index: usize, beacon: impl Into<Box<Beacon>>) -> Self {
        Self {
            index,
            beacon: beacon.into(),
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
