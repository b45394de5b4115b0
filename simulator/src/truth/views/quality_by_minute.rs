//! `quality_by_minute_v`: every play's parts, filed by minute of event time and by its dimensions.

use std::collections::BTreeMap;

use serde_json::json;

use super::Expectation;
use crate::script::event::Event;
use crate::script::scene::Condition;
use crate::truth::Truth;
use crate::truth::cell::{Row, is};
use crate::truth::delivery::latest;
use crate::truth::play::PlayTruth;

/// Minute (Unix minutes), content, device class, country, CDN.
type Bucket = (i64, String, &'static str, &'static str, &'static str);

/// The measures of one bucket, by column.
type Measures = BTreeMap<&'static str, i64>;

/// Every measure of the view.
const MEASURES: [&str; 23] = [
    "attempts",
    "plays",
    "startup_ms_sum",
    "startup_count",
    "ended_plays",
    "exits_before_start",
    "failures_before_start",
    "failures",
    "timeouts",
    "stall_count",
    "starting_ms",
    "playing_ms",
    "stalled_ms",
    "seeking_ms",
    "paused_ms",
    "ad_ms",
    "bitrate_kbit_ms",
    "bitrate_known_ms",
    "error_count",
    "ad_start_count",
    "ad_end_count",
    "ad_skip_count",
    "ad_click_count",
];

const MINUTE_MS: i64 = 60_000;

pub(super) fn expectation(truth: &Truth) -> Expectation<'_> {
    let mut buckets: BTreeMap<Bucket, Measures> = BTreeMap::new();
    for (_, play) in truth.plays() {
        let viewer = &play.script.viewer;
        let cdn = latest(play.script).map_or("", |beacon| beacon.cdn);
        for (at_ms, measure, value) in parts(&play) {
            let minute = at_ms.div_euclid(MINUTE_MS);
            let bucket = (
                minute,
                play.play.title.content_id.clone(),
                viewer.device.class,
                viewer.network.country,
                cdn,
            );
            *buckets
                .entry(bucket)
                .or_default()
                .entry(measure)
                .or_default() += value;
        }
    }
    buckets.retain(|_, measures| measures.values().any(|value| *value > 0));
    let buckets: Vec<(Bucket, Measures)> = buckets.into_iter().collect();
    let key = |(minute, content, class, country, cdn): &Bucket| {
        format!(
            "{} {} {content} {class} {country} {cdn}",
            truth.tenant,
            minute * 60
        )
    };
    Expectation {
        view: "quality_by_minute_v",
        key: &[
            "tenant",
            "minute",
            "content_id",
            "device_class",
            "country",
            "cdn",
        ],
        is_by_session: false,
        keys: buckets.iter().map(|(bucket, _)| key(bucket)).collect(),
        row: Box::new(move |index, _| row(truth, &buckets[index])),
    }
}

fn row(
    truth: &Truth,
    ((minute, content, class, country, cdn), measures): &(Bucket, Measures),
) -> Row {
    let mut row = vec![
        ("tenant", is(truth.tenant.clone())),
        ("minute", is(json!((minute * 60).to_string()))),
        ("content_id", is(content.clone())),
        ("device_class", is(*class)),
        ("country", is(*country)),
        ("cdn", is(*cdn)),
    ];
    row.extend(MEASURES.map(|name| (name, is(measures.get(name).copied().unwrap_or(0)))));
    row
}

/// Everything that a play adds: when, to which measure, how much.
fn parts(play: &PlayTruth<'_>) -> Vec<(i64, &'static str, i64)> {
    let mut parts = vec![(play.started_ms, "attempts", 1)];
    if let Some(first_frame_ms) = play.play.first_frame_ms {
        parts.push((first_frame_ms, "plays", 1));
        parts.push((play.ended_ms, "ended_plays", 1));
        if let Some(startup_ms) = play.startup_ms() {
            parts.push((first_frame_ms, "startup_ms_sum", startup_ms));
            parts.push((first_frame_ms, "startup_count", 1));
        }
    }
    match play.end_reason {
        "exited_before_start" => parts.push((play.ended_ms, "exits_before_start", 1)),
        "failed_before_start" => parts.push((play.ended_ms, "failures_before_start", 1)),
        "failed" => parts.push((play.ended_ms, "failures", 1)),
        "timed_out" => parts.push((play.ended_ms, "timeouts", 1)),
        _ => {}
    }
    for interval in &play.intervals {
        if interval.condition == Condition::Stalled {
            parts.push((interval.from_ms, "stall_count", 1));
        }
        if let Some(measure) = time_measure(interval.condition) {
            parts.extend(
                minutes(interval.from_ms, interval.to_ms).map(|(at_ms, ms)| (at_ms, measure, ms)),
            );
        }
    }
    for rendition in &play.renditions {
        for (at_ms, ms) in minutes(rendition.from_ms, rendition.to_ms) {
            parts.push((at_ms, "bitrate_known_ms", ms));
            parts.push((at_ms, "bitrate_kbit_ms", ms * rendition.value));
        }
    }
    let counted = play
        .beacons()
        .filter_map(|beacon| Some((beacon.at_ms, event_measure(beacon.event)?, 1)));
    parts.extend(counted);
    parts
}

fn time_measure(condition: Condition) -> Option<&'static str> {
    match condition {
        Condition::Starting => Some("starting_ms"),
        Condition::Playing => Some("playing_ms"),
        Condition::Stalled => Some("stalled_ms"),
        Condition::Seeking => Some("seeking_ms"),
        Condition::Paused => Some("paused_ms"),
        Condition::Ad => Some("ad_ms"),
        Condition::Preloading => None,
    }
}

fn event_measure(event: Event) -> Option<&'static str> {
    match event {
        Event::Error => Some("error_count"),
        Event::AdStart => Some("ad_start_count"),
        Event::AdEnd => Some("ad_end_count"),
        Event::AdSkip => Some("ad_skip_count"),
        Event::AdClick => Some("ad_click_count"),
        _ => None,
    }
}

/// The part of a stretch in each minute: where that part begins, and how long it is; ms.
fn minutes(from_ms: i64, to_ms: i64) -> impl Iterator<Item = (i64, i64)> {
    let mut at_ms = from_ms;
    std::iter::from_fn(move || {
        if at_ms >= to_ms {
            return None;
        }
        let minute_ends_ms = (at_ms.div_euclid(MINUTE_MS) + 1) * MINUTE_MS;
        let part = (at_ms, minute_ends_ms.min(to_ms) - at_ms);
        at_ms = minute_ends_ms;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn a_stretch_is_cut_at_full_minutes() {
        let parts: Vec<_> = minutes(59_000, 180_001).collect();
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
            minutes(60_000, 120_000).collect::<Vec<_>>(),
            [(60_000, 60_000)]
        );
        assert_eq!(minutes(5, 5).count(), 0);
    }
}
