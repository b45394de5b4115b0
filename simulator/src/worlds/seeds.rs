//! `--seeds`: which worlds to make.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// More worlds than this have no room in memory.
const MOST: u64 = 100_000;

/// Seeds, written as `17`, `1..50` (both ends included) or several of these with commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seeds(Vec<RangeInclusive<u64>>);

impl Seeds {
    /// A single one.
    pub(crate) fn one(seed: u64) -> Self {
        Self(vec![seed..=seed])
    }

    /// Each of them, in the order in which they were written.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.0.iter().cloned().flatten()
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| {
            text.trim()
                .parse::<u64>()
                .map_err(|_| format!("`{text}` is no whole number; write 17, 1..50 or 3,8,20..30"))
        };
        let mut ranges: Vec<RangeInclusive<u64>> = Vec::new();
        let mut count = 0_u64;
        for part in text.split(',') {
            let (first, last) = part.split_once("..").unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return Err(format!("`{part}` ends before it begins"));
            }
            if let Some(twice) = ranges
                .iter()
                .find(|one| first <= *one.end() && last >= *one.start())
            {
                return Err(format!("`{part}` is also in {twice:?}"));
            }
            count = count.saturating_add((last - first).saturating_add(1));
            ranges.push(first..=last);
        }
        if count > MOST {
            return Err(format!("{count} seeds are more than {MOST}"));
        }
        Ok(Self(ranges))
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.iter().map(|part| match part.start() == part.end() {
            true => part.start().to_string(),
            false => format!("{}..{}", part.start(), part.end()),
        });
        f.write_str(&parts.collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_as_they_are_written() {
        let seeds: Seeds = "3,8..10".parse().unwrap();
        assert_eq!(seeds.iter().collect::<Vec<_>>(), [3, 8, 9, 10]);
        assert_eq!(seeds.to_string(), "3,8..10");
        for bad in ["", "a", "9..3", "1..", "4,1..9", "1..999999"] {
            assert!(bad.parse::<Seeds>().is_err(), "{bad:?}");
        }
    }
}
