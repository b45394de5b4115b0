//! `concurrent_viewers_v`: who is there at the instant of each full second.

use std::collections::BTreeMap;

use super::Expectation;
use crate::script::scene::Condition;
use crate::truth::Truth;
use crate::truth::cell::{Row, is, moment_value};
use crate::truth::stretch::Interval;

/// Column, and the conditions that it counts.
const COLUMNS: [(&str, Condition); 6] = [
    ("starting", Condition::Starting),
    ("playing", Condition::Playing),
    ("stalled", Condition::Stalled),
    ("seeking", Condition::Seeking),
    ("paused", Condition::Paused),
    ("in_ad", Condition::Ad),
];

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let plays = truth.plays();
    let curve = curve(plays.iter().flat_map(|(_, play)| &play.intervals));
    Expectation {
        view: "concurrent_viewers_v",
        key: vec!["tenant", "second"],
        is_by_session: false,
        keys: curve
            .iter()
            .map(|(second, _)| format!("{} {second}", truth.tenant))
            .collect(),
        row: Box::new(move |index, _| row(truth, curve[index])),
    }
}

fn row(truth: &Truth, (second, counts): (i64, [u64; 6])) -> Row {
    let mut row = vec![
        ("tenant", is(truth.tenant.clone())),
        ("second", is(second_value(second))),
        ("sessions", is(counts.iter().sum::<u64>())),
    ];
    row.extend(
        COLUMNS
            .iter()
            .zip(counts)
            .map(|((column, _), count)| (*column, is(count))),
    );
    row
}

/// A full second as the warehouse writes it.
fn second_value(second: i64) -> serde_json::Value {
    let text = moment_value(second * 1000);
    text.as_str()
        .map_or(text.clone(), |text| text.trim_end_matches(".000").into())
}

/// At each full second with anybody there: how many in each condition, in the order of the columns.
fn curve<'a>(intervals: impl Iterator<Item = &'a Interval>) -> Vec<(i64, [u64; 6])> {
    let mut seconds: BTreeMap<i64, [u64; 6]> = BTreeMap::new();
    for interval in intervals {
        let Some(column) = COLUMNS
            .iter()
            .position(|(_, condition)| *condition == interval.condition)
        else {
            continue;
        };
        let mut second = interval.from_ms.div_euclid(1000);
        if second * 1000 < interval.from_ms {
            second += 1;
        }
        while second * 1000 < interval.to_ms {
            seconds.entry(second).or_default()[column] += 1;
            second += 1;
        }
    }
    seconds.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_counts_who_is_there_at_its_instant() {
        let interval = |condition, from_ms, to_ms| Interval {
            condition,
            from_ms,
            to_ms,
        };
        let curve = curve(
            [
                interval(Condition::Playing, 1_000, 3_000),
                interval(Condition::Stalled, 3_000, 3_999),
                interval(Condition::Playing, 3_999, 4_001),
                interval(Condition::Paused, 4_001, 4_999),
                interval(Condition::Preloading, 0, 9_000),
                interval(Condition::Ad, 2_500, 4_000),
            ]
            .iter(),
        );
        // starting, playing, stalled, seeking, paused, in_ad
        assert_eq!(
            curve,
            [
                (1, [0, 1, 0, 0, 0, 0]),
                (2, [0, 1, 0, 0, 0, 0]),
                (3, [0, 0, 1, 0, 0, 1]),
                (4, [0, 1, 0, 0, 0, 0]),
            ]
        );
    }
}
