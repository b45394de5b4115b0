//! What adds up in one row of a window.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::measures::{MEASURES, Part, What};
use crate::truth::cell::{Expected, Row, is};

/// The sums of one row; each measure from least to most, which differ for copies only.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    measures: BTreeMap<&'static str, (u64, u64)>,
    startup_histogram: BTreeMap<i64, u64>,
    viewers: BTreeSet<String>,
}

impl Bucket {
    /// Adds one part of a play.
    pub(super) fn add(&mut self, part: &Part) {
        match &part.what {
            What::Sum(measure, least, most) => {
                let sum = self.measures.entry(measure).or_default();
                *sum = (sum.0 + least, sum.1 + most);
            }
            What::Startup(bucket) => *self.startup_histogram.entry(*bucket).or_default() += 1,
            What::Viewer(id) => {
                self.viewers.insert(id.clone());
            }
        }
    }

    /// Whether nothing was added up, so that there is no row.
    pub(super) fn is_empty(&self) -> bool {
        self.measures.values().all(|(_, most)| *most == 0)
    }

    /// A measure, which is exact.
    pub(super) fn measure(&self, name: &str) -> u64 {
        self.measures.get(name).map_or(0, |(least, _)| *least)
    }

    /// Every measure of the minutes and what is made of them.
    pub(super) fn columns(&self) -> Row {
        let mut row: Row = MEASURES
            .map(|name| {
                let (least, most) = self.measures.get(name).copied().unwrap_or_default();
                let expected = match least == most {
                    true => is(least),
                    false => Expected::Count(least, most),
                };
                (name, expected)
            })
            .to_vec();
        let histogram = self.startup_histogram.iter();
        let histogram: Map<String, Value> = histogram
            .map(|(bucket, count)| (bucket.to_string(), (*count).into()))
            .collect();
        row.push(("startup_histogram", is(Value::Object(histogram))));
        row.push(("viewers", is(self.viewers.len())));
        row
    }
}
