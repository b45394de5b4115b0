//! The quality windows: every play's parts, filed by window of event time and by its dimensions.

mod bucket;
pub(super) mod calendar;
mod dimensions;
mod measures;
mod seconds;

use std::collections::BTreeMap;

use bucket::Bucket;
use dimensions::{Place, Set};

use super::Expectation;
use crate::truth::Truth;
use crate::truth::cell::is;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A view of windows: its name, the column that names the window, and the window's length in ms.
struct Window {
    view: &'static str,
    column: &'static str,
    ms: i64,
}

const BY_TITLE: [Window; 3] = [
    window("quality_by_minute_v", "minute", MINUTE_MS),
    window("quality_by_hour_v", "hour", HOUR_MS),
    window("quality_by_day_v", "day", DAY_MS),
];

const BY_SETS: [Window; 3] = [
    window("quality_by_minute_sets_v", "minute", MINUTE_MS),
    window("quality_by_hour_sets_v", "hour", HOUR_MS),
    window("quality_by_day_sets_v", "day", DAY_MS),
];

const fn window(view: &'static str, column: &'static str, ms: i64) -> Window {
    Window { view, column, ms }
}

/// The expectations of all views of windows.
pub(super) fn expectations(truth: &Truth) -> Vec<Expectation<'_>> {
    let by_title = BY_TITLE
        .iter()
        .map(|window| expectation(truth, window, &[Set::Title]));
    let sets = [Set::Network, Set::Application, Set::Experiment];
    let by_sets = BY_SETS
        .iter()
        .map(|window| expectation(truth, window, &sets));
    let seconds = [seconds::by_second(truth), seconds::by_ten_seconds(truth)];
    by_title.chain(by_sets).chain(seconds).collect()
}

fn expectation<'a>(truth: &'a Truth, window: &'static Window, sets: &[Set]) -> Expectation<'a> {
    let mut buckets: BTreeMap<(i64, Place), Bucket> = BTreeMap::new();
    for (index, play) in truth.plays() {
        let places: Vec<Place> = sets.iter().flat_map(|set| set.places(&play)).collect();
        for part in measures::parts(truth, index, &play, window.ms) {
            let number = part.at_ms.div_euclid(window.ms);
            for place in &places {
                let bucket = buckets.entry((number, place.clone())).or_default();
                bucket.add(&part);
            }
        }
    }
    buckets.retain(|_, bucket| !bucket.is_empty());
    let rows: Vec<((i64, Place), Bucket)> = buckets.into_iter().collect();
    let key = |((number, place), _): &((i64, Place), Bucket)| {
        let at = calendar::text(*number, window.ms);
        let place: Vec<&str> = place.iter().map(|(_, value)| value.as_str()).collect();
        format!("{} {at} {}", truth.tenant, place.join(" "))
    };
    let columns: &[&str] = match window.view.ends_with("_sets_v") {
        true => &dimensions::SET_COLUMNS,
        false => &dimensions::TITLE_COLUMNS,
    };
    Expectation {
        view: window.view,
        key: [&["tenant", window.column], columns].concat(),
        is_by_session: false,
        keys: rows.iter().map(key).collect(),
        row: Box::new(move |index, _| {
            let ((number, place), bucket) = &rows[index];
            let mut row = vec![
                ("tenant", is(truth.tenant.clone())),
                (window.column, is(calendar::text(*number, window.ms))),
            ];
            let dimensions = place.iter();
            row.extend(dimensions.map(|(column, value)| (*column, is(value.clone()))));
            row.extend(bucket.columns());
            row
        }),
    }
}
