//! How much text one beacon may carry, so that one client cannot fill a Kafka message alone.

use std::collections::BTreeMap;

use super::{Beacon, fields, quoted};

/// Limits on the text of one beacon.
#[derive(Clone, Copy, Debug)]
pub struct SizeLimits {
    /// Longest text of one field or of one value in a map; bytes.
    pub text_max_bytes: usize,
    /// Most entries in one map.
    pub entries_max: usize,
    /// All texts of one beacon together; bytes as JSON writes them, which is how Kafka carries most.
    pub beacon_max_bytes: usize,
}

/// What is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oversize {
    /// A text, or a key or value of the map of this name.
    Text(&'static str),
    /// A map has too many entries.
    Entries(&'static str),
    /// The texts together.
    Beacon,
}

impl Beacon {
    /// Checks all texts and maps.
    ///
    /// # Errors
    /// The first field that exceeds a limit, or the beacon as a whole.
    pub fn check_size(&self, limits: &SizeLimits) -> Result<(), Oversize> {
        let most_bytes = limits.beacon_max_bytes;
        let plain_bytes = self.text_bytes(limits, str::len)?;
        // Escapes are only looked for where they could matter, since that reads every text.
        let is_small = plain_bytes.saturating_mul(quoted::ESCAPE_MAX_BYTES) <= most_bytes;
        if is_small || self.text_bytes(limits, quoted::written_bytes)? <= most_bytes {
            return Ok(());
        }
        Err(Oversize::Beacon)
    }

    fn text_bytes(
        &self,
        limits: &SizeLimits,
        bytes_of: fn(&str) -> usize,
    ) -> Result<usize, Oversize> {
        let mut sizes = Sizes {
            limits,
            bytes_of,
            total_bytes: 0,
        };
        fields::measure(self, &mut sizes)?;
        Ok(sizes.total_bytes)
    }
}

/// The running total while the fields are walked.
pub(super) struct Sizes<'l> {
    limits: &'l SizeLimits,
    bytes_of: fn(&str) -> usize,
    total_bytes: usize,
}

impl Sizes<'_> {
    pub(super) fn text(&mut self, name: &'static str, text: &str) -> Result<(), Oversize> {
        self.total_bytes += (self.bytes_of)(text);
        if text.len() > self.limits.text_max_bytes {
            return Err(Oversize::Text(name));
        }
        Ok(())
    }

    pub(super) fn entries<V>(
        &mut self,
        name: &'static str,
        map: &BTreeMap<String, V>,
    ) -> Result<(), Oversize> {
        if map.len() > self.limits.entries_max {
            return Err(Oversize::Entries(name));
        }
        map.keys().try_for_each(|key| self.text(name, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: SizeLimits = SizeLimits {
        text_max_bytes: 10,
        entries_max: 2,
        beacon_max_bytes: 25,
    };

    fn tags(entries: &[(&str, &str)]) -> Beacon {
        Beacon {
            tags: entries
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            ..Beacon::default()
        }
    }

    #[test]
    fn each_limit_names_what_exceeds_it() {
        let long = Beacon {
            cdn: Some("01234567890".into()),
            ..Beacon::default()
        };
        assert_eq!(long.check_size(&LIMITS), Err(Oversize::Text("cdn")));
        assert_eq!(
            tags(&[("k", "01234567890")]).check_size(&LIMITS),
            Err(Oversize::Text("tags"))
        );
        assert_eq!(
            tags(&[("a", ""), ("b", ""), ("c", "")]).check_size(&LIMITS),
            Err(Oversize::Entries("tags"))
        );
        assert_eq!(
            tags(&[("0123456789", "0123456789"), ("012345", "")]).check_size(&LIMITS),
            Err(Oversize::Beacon)
        );
        assert_eq!(tags(&[("a", "b")]).check_size(&LIMITS), Ok(()));
        // Four characters that JSON writes with six bytes each, and a key: 25 bytes; then a quote for two.
        assert_eq!(
            tags(&[("a", "\u{1}\u{1}\u{1}\u{1}")]).check_size(&LIMITS),
            Ok(())
        );
        assert_eq!(
            tags(&[("\"", "\u{1}\u{1}\u{1}\u{1}")]).check_size(&LIMITS),
            Err(Oversize::Beacon)
        );
    }
}
