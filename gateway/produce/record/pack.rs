//! Writes the JSON texts of a record: no white space, keys in the order of the list, untold facts
//! left out. Written by hand, since it runs for every beacon.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::fields;
use crate::beacon::{BeaconRecord, quoted};
use crate::ingest::EnrichedBeacon;

/// Packs beacon after beacon, and keeps the memory of the JSON texts from one to the next.
#[derive(Debug, Default)]
pub(in crate::produce) struct Packer {
    record: BeaconRecord,
}

impl Packer {
    /// The record of this beacon, valid until the next one is packed.
    pub(in crate::produce) fn pack(&mut self, beacon: EnrichedBeacon) -> &BeaconRecord {
        fields::pack(beacon.into_beacon(), &mut self.record);
        &self.record
    }
}

/// Room for the texts of a usual beacon; bytes. Many requests hold one beacon only, and growing from
/// nothing would cost it several allocations.
const USUAL_BYTES: usize = 512;

/// An object that is being written.
pub(super) struct JsonText(String);

impl JsonText {
    /// An empty one, in the memory of an earlier text.
    pub(super) fn over(earlier: Option<String>) -> Self {
        let mut text = earlier.unwrap_or_else(|| String::with_capacity(USUAL_BYTES));
        text.clear();
        Self(text)
    }

    /// Adds a fact, if it is told. The key comes as it is written after another: a comma, the name in
    /// quotes, a colon.
    #[inline]
    pub(super) fn add(&mut self, key: &str, fact: &impl Fact) {
        if !fact.is_told() {
            return;
        }
        let is_first = self.0.is_empty();
        self.0.push_str(key);
        if is_first {
            self.0.replace_range(..1, "{");
        }
        fact.write(&mut self.0);
    }

    /// The object; the empty text when nothing was told.
    pub(super) fn finish(mut self) -> String {
        if !self.0.is_empty() {
            self.0.push('}');
        }
        self.0
    }
}

/// A field of the beacon as a value in JSON.
pub(super) trait Fact {
    /// Whether the client told it.
    fn is_told(&self) -> bool;

    /// Writes it, if it is told.
    fn write(&self, json: &mut String);
}

impl Fact for Option<String> {
    fn is_told(&self) -> bool {
        self.as_ref().is_some_and(|text| !text.is_empty())
    }

    fn write(&self, json: &mut String) {
        if let Some(text) = self {
            quoted::write(text, json);
        }
    }
}

/// An enum, by its number.
impl Fact for Option<i32> {
    fn is_told(&self) -> bool {
        self.is_some_and(|number| number != 0)
    }

    fn write(&self, json: &mut String) {
        if let Some(number) = *self {
            write_integer(number, json);
        }
    }
}

impl Fact for Option<u32> {
    fn is_told(&self) -> bool {
        self.is_some()
    }

    fn write(&self, json: &mut String) {
        if let Some(number) = *self {
            write_integer(number, json);
        }
    }
}

impl Fact for Option<i64> {
    fn is_told(&self) -> bool {
        self.is_some()
    }

    fn write(&self, json: &mut String) {
        if let Some(number) = *self {
            write_integer(number, json);
        }
    }
}

impl Fact for Option<bool> {
    fn is_told(&self) -> bool {
        self.is_some()
    }

    fn write(&self, json: &mut String) {
        if let Some(flag) = *self {
            json.push_str(if flag { "true" } else { "false" });
        }
    }
}

impl Fact for Option<f64> {
    /// JSON has no word for what is not finite, and no player has such a rate.
    fn is_told(&self) -> bool {
        self.is_some_and(f64::is_finite)
    }

    fn write(&self, json: &mut String) {
        if let Some(number) = self.and_then(serde_json::Number::from_f64) {
            // A String takes everything.
            let _ = write!(json, "{number}");
        }
    }
}

impl Fact for BTreeMap<String, String> {
    fn is_told(&self) -> bool {
        !self.is_empty()
    }

    fn write(&self, json: &mut String) {
        write_entries(self, json, |text, json| quoted::write(text, json));
    }
}

impl Fact for BTreeMap<String, u64> {
    fn is_told(&self) -> bool {
        !self.is_empty()
    }

    fn write(&self, json: &mut String) {
        write_entries(self, json, |count, json| write_integer(*count, json));
    }
}

fn write_entries<V>(
    entries: &BTreeMap<String, V>,
    json: &mut String,
    write_value: impl Fn(&V, &mut String),
) {
    let mut before = '{';
    for (key, value) in entries {
        json.push(before);
        quoted::write(key, json);
        json.push(':');
        write_value(value, json);
        before = ',';
    }
    json.push('}');
}

fn write_integer(number: impl itoa::Integer, json: &mut String) {
    json.push_str(itoa::Buffer::new().format(number));
}
