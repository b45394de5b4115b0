//! `viewers_by_first_week_v` and `viewer_days_v`: who comes for the first time, and who comes again.

use std::collections::BTreeMap;

use super::Expectation;
use super::windows::calendar::date;
use crate::truth::Truth;
use crate::truth::cell::{Row, is};
use crate::truth::repair::Repaired;

const DAY_MS: i64 = 86_400_000;
/// 1970-01-01 was a Thursday: three days after a Monday.
const THURSDAY: i64 = 3;

/// Plays of some viewers, with a first frame.
#[derive(Debug, Default, Clone, Copy)]
struct Visits {
    viewers: u64,
    new_viewers: u64,
    plays: u64,
    playing_ms: i64,
}

/// Of each viewer, what was played in each span of that many days: its first day, plays and ms.
fn spans(truth: &Truth, first_day: impl Fn(i64) -> i64) -> Vec<BTreeMap<i64, (u64, i64)>> {
    let mut by_viewer: BTreeMap<String, BTreeMap<i64, (u64, i64)>> = BTreeMap::new();
    for (_, play) in truth.plays().iter().filter(|(_, play)| play.is_started()) {
        let Some(viewer_id) = play.script.viewer.viewer_id.clone() else {
            continue;
        };
        let day = first_day(play.started_ms.div_euclid(DAY_MS));
        let visits = by_viewer.entry(viewer_id).or_default();
        let (plays, playing_ms) = visits.entry(day).or_default();
        *plays += 1;
        *playing_ms += Repaired::of(play).playing_ms;
    }
    by_viewer.into_values().collect()
}

fn monday(day: i64) -> i64 {
    day - (day + THURSDAY).rem_euclid(7)
}

pub(super) fn expectations(truth: &Truth) -> [Expectation<'_>; 2] {
    [by_first_week(truth), by_day(truth)]
}

fn by_first_week(truth: &Truth) -> Expectation<'_> {
    let mut sums: BTreeMap<(i64, i64), Visits> = BTreeMap::new();
    for weeks in spans(truth, monday) {
        let first = weeks.keys().min().copied().unwrap_or_default();
        for (week, (plays, playing_ms)) in weeks {
            let visits = sums.entry((first, week)).or_default();
            visits.viewers += 1;
            visits.plays += plays;
            visits.playing_ms += playing_ms;
        }
    }
    let rows = sums.into_iter().map(|((first, week), visits)| {
        let key = format!("{} {} {}", truth.tenant, date(first), date(week));
        let row = vec![
            ("first_week", is(date(first))),
            ("week", is(date(week))),
            ("week_no", is((week - first) / 7)),
        ];
        (key, row, visits)
    });
    let key = vec!["tenant", "first_week", "week"];
    expectation(truth, "viewers_by_first_week_v", key, rows.collect(), false)
}

fn by_day(truth: &Truth) -> Expectation<'_> {
    let mut sums: BTreeMap<i64, Visits> = BTreeMap::new();
    for days in spans(truth, |day| day) {
        let first = days.keys().min().copied().unwrap_or_default();
        for (day, (plays, playing_ms)) in days {
            let visits = sums.entry(day).or_default();
            visits.viewers += 1;
            visits.new_viewers += u64::from(day == first);
            visits.plays += plays;
            visits.playing_ms += playing_ms;
        }
    }
    let rows = sums.into_iter().map(|(day, visits)| {
        let key = format!("{} {}", truth.tenant, date(day));
        (key, vec![("day", is(date(day)))], visits)
    });
    expectation(
        truth,
        "viewer_days_v",
        vec!["tenant", "day"],
        rows.collect(),
        true,
    )
}

fn expectation<'a>(
    truth: &'a Truth,
    view: &'static str,
    key: Vec<&'static str>,
    rows: Vec<(String, Row, Visits)>,
    tells_new: bool,
) -> Expectation<'a> {
    Expectation {
        view,
        key,
        is_by_session: false,
        keys: rows.iter().map(|(key, ..)| key.clone()).collect(),
        row: Box::new(move |index, _| {
            let (_, place, visits) = &rows[index];
            let mut row = place.clone();
            row.extend([
                ("tenant", is(truth.tenant.clone())),
                ("viewers", is(visits.viewers)),
                ("plays", is(visits.plays)),
                ("playing_ms", is(visits.playing_ms)),
            ]);
            if tells_new {
                let returning = visits.viewers - visits.new_viewers;
                row.push(("new_viewers", is(visits.new_viewers)));
                row.push(("returning_viewers", is(returning)));
            }
            row
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday() {
        // 2026-11-21 is a Saturday.
        assert_eq!(date(monday(20_778)), "2026-11-16");
        assert_eq!(date(monday(20_773)), "2026-11-16");
        assert_eq!(date(monday(20_772)), "2026-11-09");
        assert_eq!(monday(0), -3);
    }
}
