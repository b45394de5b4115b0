//! `content_engagement_v`: which seconds of a title were watched, skipped, and the last ones.

use std::collections::BTreeMap;

use super::Expectation;
use super::windows::calendar::day_of;
use crate::truth::Truth;
use crate::truth::cell::is;
use crate::truth::repair::Repaired;

const LONGEST_TITLE_MS: i64 = 86_400_000;

/// What plays did with a second.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Second {
    watched: u64,
    times: u64,
    skipped: u64,
    ended: u64,
}

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let mut seconds: BTreeMap<(String, String, i64), Second> = BTreeMap::new();
    for (_, play) in truth.plays() {
        let has_sought = Repaired::of(&play).seek_count > 0;
        let day = day_of(play.started_ms);
        for (number, of_play) in seconds_of(&play.watched(), has_sought) {
            let key = (day.clone(), play.play.title.content_id.clone(), number);
            let sums = seconds.entry(key).or_default();
            sums.watched += of_play.watched;
            sums.times += of_play.times;
            sums.skipped += of_play.skipped;
            sums.ended += of_play.ended;
        }
    }
    let rows: Vec<_> = seconds.into_iter().collect();
    Expectation {
        view: "content_engagement_v",
        key: vec!["tenant", "day", "content_id", "second"],
        is_by_session: false,
        keys: rows
            .iter()
            .map(|((day, content_id, number), _)| {
                format!("{} {day} {content_id} {number}", truth.tenant)
            })
            .collect(),
        row: Box::new(move |index, _| {
            let ((day, content_id, number), sums) = &rows[index];
            vec![
                ("tenant", is(truth.tenant.clone())),
                ("day", is(day.clone())),
                ("content_id", is(content_id.clone())),
                ("second", is(*number)),
                ("plays_watched", is(sums.watched)),
                ("times_watched", is(sums.times)),
                ("plays_skipped", is(sums.skipped)),
                ("plays_ended", is(sums.ended)),
            ]
        }),
    }
}

/// Each second of the title that one play watched, leapt over or ended in, by asking every second of the title.
fn seconds_of(watched: &[(i64, i64)], has_sought: bool) -> Vec<(i64, Second)> {
    let is_told = |(from_ms, to_ms): &&(i64, i64)| *from_ms >= 0 && *to_ms <= LONGEST_TITLE_MS;
    let told: Vec<(i64, i64)> = watched.iter().filter(is_told).copied().collect();
    let Some(&(_, last_ms)) = told.last() else {
        return Vec::new();
    };
    let mut stretches = Vec::new();
    let mut leaps = Vec::new();
    let mut before: Option<i64> = None;
    for (from_ms, to_ms) in told {
        let mut begins_ms = from_ms;
        if let Some(before_ms) = before {
            if (from_ms - before_ms).abs() <= 1_000 {
                begins_ms = before_ms;
            } else if from_ms > before_ms && has_sought {
                leaps.push((before_ms, from_ms));
            }
        }
        stretches.push((begins_ms, to_ms));
        before = Some(to_ms);
    }
    let greatest_ms = stretches.iter().map(|stretch| stretch.1).max();
    let ended_in = (last_ms.max(1) - 1) / 1_000;
    let mut seconds = Vec::new();
    for number in 0..=greatest_ms.unwrap_or(0) / 1_000 {
        let over = |spans: &[(i64, i64)]| {
            let at_ms = number * 1_000;
            let spans = spans.iter();
            spans
                .filter(|(from_ms, to_ms)| (*from_ms..*to_ms).contains(&at_ms))
                .count() as u64
        };
        let times = over(&stretches);
        let second = Second {
            watched: times.min(1),
            times,
            skipped: u64::from(times == 0 && over(&leaps) > 0),
            ended: u64::from(number == ended_in),
        };
        if second != Second::default() {
            seconds.push((number, second));
        }
    }
    seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_watched_leapt_over_or_the_last_one() {
        // Three seconds, on with a position 40 ms behind, a leap to 6 s, and back to 1.5 s.
        let watched = [(0, 2_000), (1_960, 3_000), (6_000, 7_000), (1_500, 2_500)];
        let told: Vec<(i64, [u64; 4])> = seconds_of(&watched, true)
            .into_iter()
            .map(|(number, one)| (number, [one.watched, one.times, one.skipped, one.ended]))
            .collect();
        assert_eq!(
            told,
            [
                (0, [1, 1, 0, 0]),
                (1, [1, 1, 0, 0]),
                (2, [1, 2, 0, 1]),
                (3, [0, 0, 1, 0]),
                (4, [0, 0, 1, 0]),
                (5, [0, 0, 1, 0]),
                (6, [1, 1, 0, 0]),
            ]
        );
        assert!(
            seconds_of(&watched, false)
                .iter()
                .all(|(_, one)| one.skipped == 0)
        );
    }
}
