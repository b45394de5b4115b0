//! What a play adds to the windows that it touches.

use crate::script::beacon::Beacon;
use crate::script::event::Event;
use crate::script::scene::Condition;
use crate::truth::Truth;
use crate::truth::delivery::{copies, lost};
use crate::truth::play::PlayTruth;

/// Every measure of the minutes, the histogram and the viewers left out.
pub(super) const MEASURES: [&str; 38] = [
    "attempts",
    "plays",
    "startup_ms_sum",
    "startup_count",
    "ended_plays",
    "finishes",
    "exits_before_start",
    "failures_before_start",
    "business_failures_before_start",
    "failures",
    "business_failures",
    "timeouts",
    "stall_count",
    "seek_count",
    "starting_ms",
    "playing_ms",
    "stalled_ms",
    "seeking_ms",
    "paused_ms",
    "ad_ms",
    "bitrate_kbit_ms",
    "bitrate_known_ms",
    "error_count",
    "fatal_error_count",
    "ad_break_count",
    "ad_impression_count",
    "ad_start_count",
    "ad_first_quartile_count",
    "ad_midpoint_count",
    "ad_third_quartile_count",
    "ad_end_count",
    "ad_skip_count",
    "ad_click_count",
    "ad_error_count",
    "beacons_received",
    "beacons_lost",
    "beacons_duplicated",
    "counter_resets",
];

/// Something that a play adds to the window of that moment; Unix ms.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) at_ms: i64,
    pub(super) what: What,
}

/// What is added.
#[derive(Debug)]
pub(super) enum What {
    /// To a measure: at least, and at most.
    Sum(&'static str, u64, u64),
    /// One start-up, of that bucket of the histogram.
    Startup(i64),
    /// A viewer, who counts once.
    Viewer(String),
}

/// Condition, the column that counts who is in it, and the column of its time; preloading has neither.
pub(super) fn conditions() -> [(Condition, &'static str, &'static str); 6] {
    [
        (Condition::Starting, "starting", "starting_ms"),
        (Condition::Playing, "playing", "playing_ms"),
        (Condition::Stalled, "stalled", "stalled_ms"),
        (Condition::Seeking, "seeking", "seeking_ms"),
        (Condition::Paused, "paused", "paused_ms"),
        (Condition::Ad, "in_ad", "ad_ms"),
    ]
}

/// Everything that a play adds to windows of that length.
pub(super) fn parts(
    truth: &Truth,
    index: usize,
    play: &PlayTruth<'_>,
    window_ms: i64,
) -> Vec<Part> {
    let mut parts = vec![one(play.started_ms, "attempts")];
    start(play, &mut parts);
    end(play, &mut parts);
    times(play, window_ms, &mut parts);
    let marks = play.beacons();
    parts.extend(marks.flat_map(|beacon| {
        let measures = event_measures(beacon).into_iter();
        measures.map(|measure| one(beacon.at_ms, measure))
    }));
    if play.place == 0 {
        deliveries(truth, index, play, &mut parts);
    }
    parts
}

fn one(at_ms: i64, measure: &'static str) -> Part {
    sum(at_ms, measure, 1)
}

fn sum(at_ms: i64, measure: &'static str, value: i64) -> Part {
    let value = value.unsigned_abs();
    Part {
        at_ms,
        what: What::Sum(measure, value, value),
    }
}

fn start(play: &PlayTruth<'_>, parts: &mut Vec<Part>) {
    let Some(at_ms) = play.play.first_frame_ms else {
        return;
    };
    parts.push(one(at_ms, "plays"));
    if let Some(startup_ms) = play.startup_ms() {
        let bucket = (((startup_ms + 1) as f64).ln() * 20.0).round() as i64;
        parts.push(sum(at_ms, "startup_ms_sum", startup_ms));
        parts.push(one(at_ms, "startup_count"));
        parts.push(Part {
            at_ms,
            what: What::Startup(bucket),
        });
    }
}

fn end(play: &PlayTruth<'_>, parts: &mut Vec<Part>) {
    let mut ended = |measure| parts.push(one(play.ended_ms, measure));
    if play.is_started() {
        ended("ended_plays");
    }
    let (kind, of_business) = match play.end_reason {
        "finished" => ("finishes", None),
        "exited_before_start" => ("exits_before_start", None),
        "failed_before_start" => (
            "failures_before_start",
            Some("business_failures_before_start"),
        ),
        "failed" => ("failures", Some("business_failures")),
        "timed_out" => ("timeouts", None),
        _ => return,
    };
    ended(kind);
    if let Some(measure) = of_business.filter(|_| play.is_business_failure()) {
        ended(measure);
    }
}

fn times(play: &PlayTruth<'_>, window_ms: i64, parts: &mut Vec<Part>) {
    for interval in &play.intervals {
        let of_condition = conditions()
            .into_iter()
            .find(|(condition, ..)| *condition == interval.condition);
        let Some((_, _, measure)) = of_condition else {
            continue;
        };
        match interval.condition {
            Condition::Stalled => parts.push(one(interval.from_ms, "stall_count")),
            Condition::Seeking => parts.push(one(interval.from_ms, "seek_count")),
            _ => {}
        }
        for (at_ms, ms) in pieces(interval.from_ms, interval.to_ms, window_ms) {
            parts.push(sum(at_ms, measure, ms));
            parts.extend(play.script.viewer.viewer_id.clone().map(|id| Part {
                at_ms,
                what: What::Viewer(id),
            }));
        }
    }
    for rendition in &play.renditions {
        for (at_ms, ms) in pieces(rendition.from_ms, rendition.to_ms, window_ms) {
            parts.push(sum(at_ms, "bitrate_known_ms", ms));
            parts.push(sum(at_ms, "bitrate_kbit_ms", ms * rendition.value));
        }
    }
}

/// What became of the session's beacons; it is filed where its first play ended.
fn deliveries(truth: &Truth, index: usize, play: &PlayTruth<'_>, parts: &mut Vec<Part>) {
    let (script, at_ms) = (play.script, play.ended_ms);
    let (least, most) = copies(truth, index, script);
    parts.extend([
        sum(at_ms, "beacons_received", script.arriving().count() as i64),
        sum(at_ms, "beacons_lost", lost(script) as i64),
        sum(at_ms, "counter_resets", script.counter_resets as i64),
        Part {
            at_ms,
            what: What::Sum("beacons_duplicated", least, most),
        },
    ]);
}

fn event_measures(beacon: &Beacon) -> Vec<&'static str> {
    let is_fatal = beacon.entry("error", "fatal").as_deref() == Some("true");
    match beacon.event {
        Event::Error if is_fatal => vec!["error_count", "fatal_error_count"],
        Event::Error => vec!["error_count"],
        Event::AdBreakStart => vec!["ad_break_count"],
        Event::AdImpression => vec!["ad_impression_count"],
        Event::AdStart => vec!["ad_start_count"],
        Event::AdQuartile => match beacon.number("ad", "quartile") {
            Some(25) => vec!["ad_first_quartile_count"],
            Some(50) => vec!["ad_midpoint_count"],
            Some(75) => vec!["ad_third_quartile_count"],
            _ => Vec::new(),
        },
        Event::AdEnd => vec!["ad_end_count"],
        Event::AdSkip => vec!["ad_skip_count"],
        Event::AdClick => vec!["ad_click_count"],
        Event::AdError => vec!["ad_error_count"],
        _ => Vec::new(),
    }
}

/// The part of a stretch in each window: where that part begins, and how long it is; ms.
fn pieces(from_ms: i64, to_ms: i64, window_ms: i64) -> impl Iterator<Item = (i64, i64)> {
    let mut at_ms = from_ms;
    std::iter::from_fn(move || {
        if at_ms >= to_ms {
            return None;
        }
        let window_ends_ms = (at_ms.div_euclid(window_ms) + 1) * window_ms;
        let part = (at_ms, window_ends_ms.min(to_ms) - at_ms);
        at_ms = window_ends_ms;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn a_stretch_is_cut_where_windows_begin() {
        let parts: Vec<_> = pieces(59_000, 180_001, 60_000).collect();
        assert_eq!(
            parts,
            [
                (59_000, 1_000),
                (60_000, 60_000),
                (120_000, 60_000),
                (180_000, 1)
            ]
        );
        assert_eq!(
            pieces(60_000, 120_000, 60_000).collect::<Vec<_>>(),
            [(60_000, 60_000)]
        );
        assert_eq!(pieces(5, 5, 1_000).count(), 0);
    }
}
