//! Stretches of a timeline: what lasted, from when to when, and what was known while it lasted.

use crate::script::scene::Condition;

/// A condition from one moment to another; Unix ms, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) condition: Condition,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
}

impl Interval {
    /// Its length; ms.
    pub(crate) fn ms(&self) -> i64 {
        self.to_ms - self.from_ms
    }

    /// How much of it lies between two moments; ms.
    pub(crate) fn overlap_ms(&self, from_ms: i64, to_ms: i64) -> i64 {
        (self.to_ms.min(to_ms) - self.from_ms.max(from_ms)).max(0)
    }
}

/// Playing while something was known (a bitrate, a height, a rate), from one moment to another; Unix ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    pub(crate) value: i64,
}

impl Stretch {
    /// Its length; ms.
    pub(crate) fn ms(&self) -> i64 {
        self.to_ms - self.from_ms
    }
}

/// Cuts the playing intervals where another value was told; what played before any was told is left out.
pub(crate) fn while_known(intervals: &[Interval], told: &[(i64, i64)]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for interval in playing(intervals) {
        for (index, (told_ms, value)) in told.iter().enumerate() {
            let until_ms = told.get(index + 1).map_or(i64::MAX, |next| next.0);
            let from_ms = interval.from_ms.max(*told_ms);
            let to_ms = interval.to_ms.min(until_ms);
            if from_ms >= to_ms {
                continue;
            }
            match stretches.last_mut() {
                Some(before) if before.to_ms == from_ms && before.value == *value => {
                    before.to_ms = to_ms
                }
                _ => stretches.push(Stretch {
                    from_ms,
                    to_ms,
                    value: *value,
                }),
            }
        }
    }
    stretches
}

/// Total length; ms.
pub(crate) fn total_ms(stretches: &[Stretch]) -> i64 {
    stretches.iter().map(Stretch::ms).sum()
}

/// Sum of ms times value.
pub(crate) fn weighted(stretches: &[Stretch]) -> i64 {
    stretches
        .iter()
        .map(|stretch| stretch.ms() * stretch.value)
        .sum()
}

/// The greatest value; none when nothing was known while it played.
pub(crate) fn top(stretches: &[Stretch]) -> Option<i64> {
    stretches.iter().map(|stretch| stretch.value).max()
}

/// The intervals of playing.
pub(crate) fn playing(intervals: &[Interval]) -> impl Iterator<Item = &Interval> {
    intervals
        .iter()
        .filter(|interval| interval.condition == Condition::Playing)
}
