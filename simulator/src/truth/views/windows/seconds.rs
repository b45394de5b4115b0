//! `quality_by_second_v` and `quality_by_ten_seconds_v`: few measures, few dimensions.

use std::collections::BTreeMap;

use super::bucket::Bucket;
use super::dimensions::cdn;
use super::measures::{conditions, parts};
use crate::script::scene::Condition;
use crate::truth::Truth;
use crate::truth::cell::{Row, is};
use crate::truth::views::Expectation;

/// Number of the window, device class, CDN.
type Place<'a> = (i64, &'a str, &'a str);

const SECOND_MS: i64 = 1_000;

const MEASURES: [&str; 16] = [
    "starting_ms",
    "playing_ms",
    "stalled_ms",
    "seeking_ms",
    "paused_ms",
    "ad_ms",
    "attempts",
    "plays",
    "ended_plays",
    "exits_before_start",
    "failures_before_start",
    "failures",
    "timeouts",
    "stall_count",
    "error_count",
    "ad_start_count",
];

/// Who is there at the first instant of each second: all, and by condition in the order of `conditions`.
type Present = BTreeMap<Condition, u64>;

pub(super) fn by_second(truth: &Truth) -> Expectation<'_> {
    let present = present(truth);
    let columns =
        move |place: &Place<'_>| {
            let none = Present::new();
            let present = present.get(place).unwrap_or(&none);
            let mut row = vec![("sessions", is(present.values().sum::<u64>()))];
            row.extend(conditions().map(|(condition, name, _)| {
                (name, is(present.get(&condition).copied().unwrap_or(0)))
            }));
            row
        };
    expectation(truth, "quality_by_second_v", "second", SECOND_MS, columns)
}

pub(super) fn by_ten_seconds(truth: &Truth) -> Expectation<'_> {
    let mut peaks: BTreeMap<Place<'_>, u64> = BTreeMap::new();
    for ((second, class, cdn), present) in present(truth) {
        let peak = peaks
            .entry((second.div_euclid(10), class, cdn))
            .or_default();
        *peak = (*peak).max(present.values().sum());
    }
    let columns = move |place: &Place<'_>| {
        let peak = peaks.get(place).copied().unwrap_or(0);
        vec![("peak_sessions", is(peak))]
    };
    let view = "quality_by_ten_seconds_v";
    expectation(truth, view, "ten_seconds", 10 * SECOND_MS, columns)
}

fn present(truth: &Truth) -> BTreeMap<Place<'_>, Present> {
    let mut seconds: BTreeMap<Place<'_>, Present> = BTreeMap::new();
    for (_, play) in truth.plays() {
        let (class, cdn) = (play.script.viewer.device.class, cdn(&play));
        for interval in &play.intervals {
            if interval.condition == Condition::Preloading {
                continue;
            }
            let mut second = (interval.from_ms + SECOND_MS - 1).div_euclid(SECOND_MS);
            while second * SECOND_MS < interval.to_ms {
                let present = seconds.entry((second, class, cdn)).or_default();
                *present.entry(interval.condition).or_default() += 1;
                second += 1;
            }
        }
    }
    seconds
}

fn expectation<'a>(
    truth: &'a Truth,
    view: &'static str,
    column: &'static str,
    window_ms: i64,
    more: impl Fn(&Place<'a>) -> Row + Send + Sync + 'a,
) -> Expectation<'a> {
    let mut buckets: BTreeMap<Place<'_>, Bucket> = BTreeMap::new();
    for (index, play) in truth.plays() {
        let (class, cdn) = (play.script.viewer.device.class, cdn(&play));
        for part in parts(truth, index, &play, window_ms) {
            let number = part.at_ms.div_euclid(window_ms);
            buckets.entry((number, class, cdn)).or_default().add(&part);
        }
    }
    buckets.retain(|_, bucket| MEASURES.iter().any(|name| bucket.measure(name) > 0));
    let rows: Vec<(Place<'a>, Bucket)> = buckets.into_iter().collect();
    let at = move |number: i64| (number * window_ms / 1000).to_string();
    Expectation {
        view,
        key: vec!["tenant", column, "device_class", "cdn"],
        is_by_session: false,
        keys: rows
            .iter()
            .map(|((number, class, cdn), _)| {
                format!("{} {} {class} {cdn}", truth.tenant, at(*number))
            })
            .collect(),
        row: Box::new(move |index, _| {
            let (place, bucket) = &rows[index];
            let mut row = vec![
                ("tenant", is(truth.tenant.clone())),
                (column, is(at(place.0))),
                ("device_class", is(place.1)),
                ("cdn", is(place.2)),
            ];
            row.extend(more(place));
            row.extend(MEASURES.map(|name| (name, is(bucket.measure(name)))));
            row
        }),
    }
}
