//! `engagement_by_five_seconds_v`: how much of the audience's presence was playing.

use std::collections::{BTreeMap, BTreeSet};

use super::Expectation;
use crate::script::scene::Condition;
use crate::truth::Truth;
use crate::truth::cell::{Expected, is};

const FIVE_SECONDS_MS: i64 = 5_000;

/// Column, and the condition of which it is the time.
const TIMES: [(&str, Condition); 4] = [
    ("playing_ms", Condition::Playing),
    ("stalled_ms", Condition::Stalled),
    ("paused_ms", Condition::Paused),
    ("ad_ms", Condition::Ad),
];

/// Who was there in five seconds.
#[derive(Debug, Default)]
struct Presence {
    /// By their place among the plays.
    plays: BTreeSet<usize>,
    present_ms: i64,
    times_ms: [i64; TIMES.len()],
}

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let mut rows: BTreeMap<(String, i64), Presence> = BTreeMap::new();
    for (place, (_, play)) in truth.plays().iter().enumerate() {
        let there = play.intervals.iter();
        for interval in there.filter(|interval| interval.condition != Condition::Preloading) {
            let mut number = interval.from_ms.div_euclid(FIVE_SECONDS_MS);
            while number * FIVE_SECONDS_MS < interval.to_ms {
                let from_ms = number * FIVE_SECONDS_MS;
                let ms = interval.overlap_ms(from_ms, from_ms + FIVE_SECONDS_MS);
                let content_id = play.play.title.content_id.clone();
                let presence = rows.entry((content_id, number)).or_default();
                presence.plays.insert(place);
                presence.present_ms += ms;
                for (time_ms, (_, condition)) in presence.times_ms.iter_mut().zip(TIMES) {
                    *time_ms += if interval.condition == condition {
                        ms
                    } else {
                        0
                    };
                }
                number += 1;
            }
        }
    }
    let rows: Vec<_> = rows.into_iter().collect();
    let second = |number: i64| (number * FIVE_SECONDS_MS / 1_000).to_string();
    Expectation {
        view: "engagement_by_five_seconds_v",
        key: vec!["tenant", "content_id", "five_seconds"],
        is_by_session: false,
        keys: rows
            .iter()
            .map(|((content_id, number), _)| {
                format!("{} {content_id} {}", truth.tenant, second(*number))
            })
            .collect(),
        row: Box::new(move |index, _| {
            let ((content_id, number), presence) = &rows[index];
            let playing_ms = presence.times_ms[0] as f64;
            let mut row = vec![
                ("tenant", is(truth.tenant.clone())),
                ("content_id", is(content_id.clone())),
                ("five_seconds", is(second(*number))),
                ("plays_present", is(presence.plays.len())),
                ("present_ms", is(presence.present_ms)),
                (
                    "engagement",
                    Expected::Near(playing_ms / presence.present_ms as f64),
                ),
            ];
            let times = TIMES.iter().zip(presence.times_ms);
            row.extend(times.map(|((column, _), ms)| (*column, is(ms))));
            row
        }),
    }
}
