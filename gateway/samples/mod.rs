//! Samples of what was refused, for whoever finds out why: the last ones, in memory, redacted. Off by default.
//!
//! 1. `Samples::keep` takes what is refused, where it is counted; so many a second, since redaction takes time
//!    that a flood of broken beacons must not get;
//! 2. `crate::privacy` redacts it before it is put by;
//! 3. `door` is `GET /refused-samples` on the operators' port.
//!
//! `docs/outcomes.md` tells it to readers.

mod door;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

pub use door::get_samples;

use crate::gate::Bucket;
use crate::ingest::Remains;
use crate::privacy::Privacy;

/// Samples that are taken in a second; further ones are only counted.
const PER_SECOND: u32 = 100;
/// Messages of doors are cut off at so many characters, or are shorter; bytes.
const CUT_OFF_BYTES: usize = 200;
/// Longest text of a field that its client chose; bytes.
const NAME_MAX_BYTES: usize = 128;

/// The samples of one gateway; clones share them.
#[derive(Clone)]
pub struct Samples(Option<Arc<Ring>>);

struct Ring {
    max: usize,
    bucket: Bucket,
    privacy: Privacy,
    /// The newest first.
    samples: Mutex<VecDeque<Arc<Sample>>>,
}

/// What was refused, before it is redacted.
pub(crate) struct Refused<'r> {
    /// Unix ms.
    pub(crate) received_time_ms: i64,
    /// Whose it is, as far as is known.
    pub(crate) tenant: &'r str,
    /// The id of the write key.
    pub(crate) key: Option<&'r str>,
    /// The door, as the integrator's view names it.
    pub(crate) door: &'r str,
    /// Whether the client sent `Sec-GPC: 1`.
    pub(crate) is_gpc: bool,
    /// Its place in the body; none where the request was refused as a whole.
    pub(crate) index: Option<usize>,
    /// The stable name of why.
    pub(crate) reason: &'static str,
    /// The field to blame.
    pub(crate) field: Option<&'r str>,
    /// For a person.
    pub(crate) message: &'r str,
    /// What it was.
    pub(crate) remains: &'r Remains,
}

/// One sample; at most some 3 KiB.
#[derive(Debug, Serialize)]
struct Sample {
    received_time_ms: i64,
    tenant: String,
    door: String,
    /// `beacon` or `request`.
    scope: &'static str,
    outcome: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    message: String,
    /// Its beginning; none where nothing of it can be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl Samples {
    /// Keeps the last `max` of them, redacted by these policies; 0: none.
    pub fn new(max: usize, privacy: &Privacy) -> Self {
        Self((max > 0).then(|| {
            Arc::new(Ring {
                max,
                bucket: Bucket::per_second(PER_SECOND, PER_SECOND),
                privacy: privacy.clone(),
                samples: Mutex::default(),
            })
        }))
    }

    /// Keeps a sample, where samples are kept and not too many come.
    pub(crate) fn keep(&self, refused: &Refused<'_>) {
        let Some(ring) = &self.0 else { return };
        if ring.bucket.take(1).is_err() {
            return;
        }
        let sample = Arc::new(refused.redacted(&ring.privacy));
        let mut samples = ring.samples.lock().unwrap_or_else(PoisonError::into_inner);
        samples.truncate(ring.max.saturating_sub(1));
        samples.push_front(sample);
    }

    /// Those that are kept now, the newest first; none where none are kept at all.
    fn now(&self) -> Option<Vec<Arc<Sample>>> {
        let ring = self.0.as_ref()?;
        let samples = ring.samples.lock().unwrap_or_else(PoisonError::into_inner);
        Some(samples.iter().cloned().collect())
    }
}

impl Refused<'_> {
    fn redacted(&self, privacy: &Privacy) -> Sample {
        let redactor = privacy.for_sample(self.tenant, self.is_gpc);
        let field = self.field.map(|field| redactor.words(beginning(field)));
        let text = match self.remains {
            Remains::Nothing => None,
            Remains::Text(text) => Some(redactor.text(text)),
            Remains::Beacon(beacon) => serde_json::to_value(beacon)
                .ok()
                .map(|beacon| redactor.json(beacon)),
        };
        Sample {
            received_time_ms: self.received_time_ms,
            tenant: beginning(self.tenant).to_owned(),
            door: self.door.to_owned(),
            scope: if self.index.is_some() {
                "beacon"
            } else {
                "request"
            },
            outcome: "refused",
            reason: self.reason,
            key: self.key.map(str::to_owned),
            index: self.index,
            message: redactor.message(self.field, whole_words(self.message)),
            field,
            text,
        }
    }
}

/// A message that its door has cut off, without its last word: half a secret would not be known for one.
fn whole_words(message: &str) -> &str {
    if message.len() < CUT_OFF_BYTES {
        return message;
    }
    let end = message.rfind([' ', '"', ',', '&']).unwrap_or_default();
    message.get(..end).unwrap_or_default()
}

fn beginning(text: &str) -> &str {
    let mut ends = (0..=text.len().min(NAME_MAX_BYTES)).rev();
    let end = ends.find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PrivacyConfig;

    fn samples(max: usize) -> Samples {
        Samples::new(max, &Privacy::once(&PrivacyConfig::default()).unwrap())
    }

    fn keep(samples: &Samples, index: usize, text: &str) {
        samples.keep(&Refused {
            received_time_ms: 1,
            tenant: "acme",
            key: None,
            door: "json",
            is_gpc: false,
            index: Some(index),
            reason: "bad_type",
            field: Some("seq"),
            message: "for jo@mail.example",
            remains: &Remains::of_text(text.as_bytes()),
        });
    }

    fn indices(samples: &Samples) -> Vec<usize> {
        let now = samples.now().unwrap();
        now.iter().filter_map(|sample| sample.index).collect()
    }

    #[test]
    fn the_last_ones_are_kept_and_the_newest_stands_first() {
        let samples = samples(3);
        for index in 0..5 {
            keep(&samples, index, "{}");
        }
        assert_eq!(indices(&samples), [4, 3, 2]);
    }

    #[test]
    fn a_flood_takes_neither_time_nor_room() {
        let samples = samples(2_000);
        keep(&samples, 0, &"long ".repeat(20_000));
        for index in 1..2_000 {
            keep(&samples, index, "{}");
        }
        let kept = samples.now().unwrap();
        assert!(kept.len() < 2_000, "{}", kept.len());
        let longest = kept.last().unwrap().text.as_deref().unwrap();
        assert!((1_000..1_100).contains(&longest.len()), "{longest}");
        assert_eq!(kept[0].message, "for [email]");
    }

    #[test]
    fn none_are_kept_unless_it_is_asked_for() {
        let samples = samples(0);
        keep(&samples, 0, "{}");
        assert!(samples.now().is_none());
    }
}
