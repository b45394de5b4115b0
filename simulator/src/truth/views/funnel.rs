//! `funnel_v` and `completion_v`: how far people get, from the offer to the end of the title.

use std::collections::BTreeMap;

use super::Expectation;
use super::sessions::quartile;
use super::windows::calendar::day_of;
use crate::script::event::Event;
use crate::truth::Truth;
use crate::truth::cell::{Row, is};
use crate::truth::delivery::latest;
use crate::truth::play::PlayTruth;
use crate::truth::repair::Repaired;

const DIMENSIONS: [&str; 7] = [
    "day",
    "content_id",
    "device_class",
    "country",
    "cdn",
    "app_version",
    "source",
];

const STEPS: [&str; 7] = [
    "impressions",
    "attempts",
    "first_frames",
    "reached_25",
    "reached_50",
    "reached_75",
    "reached_100",
];

pub(super) fn expectations(truth: &Truth) -> [Expectation<'_>; 2] {
    [funnel(truth), completion(truth)]
}

/// Quarters of the title that a started play is known to have reached.
fn quarters(play: &PlayTruth<'_>) -> usize {
    let known = quartile(play).filter(|_| play.is_started());
    known.unwrap_or(0).unsigned_abs() as usize
}

fn funnel(truth: &Truth) -> Expectation<'_> {
    let mut sums: BTreeMap<[String; 7], [u64; 7]> = BTreeMap::new();
    for (_, play) in truth.plays() {
        let viewer = &play.script.viewer;
        let place = [
            day_of(play.started_ms),
            play.play.title.content_id.clone(),
            viewer.device.class.to_owned(),
            viewer.network.country.to_owned(),
            latest(play.script)
                .map_or("", |beacon| beacon.cdn)
                .to_owned(),
            viewer.device.app_version.to_owned(),
            "native_json".to_owned(),
        ];
        let steps = sums.entry(place).or_default();
        steps[1] += 1;
        steps[2] += u64::from(play.is_started());
        for reached in &mut steps[3..3 + quarters(&play)] {
            *reached += 1;
        }
    }
    let scripts = truth.event.scripts.iter();
    for script in scripts.filter(|script| script.is_counted()) {
        let offers = script
            .arriving()
            .filter(|beacon| beacon.event == Event::Impression);
        for offer in offers {
            let place = [
                day_of(offer.at_ms),
                offer.title.content_id.clone(),
                script.viewer.device.class.to_owned(),
                script.viewer.network.country.to_owned(),
                offer.cdn.to_owned(),
                script.viewer.device.app_version.to_owned(),
                "native_json".to_owned(),
            ];
            sums.entry(place).or_default()[0] += 1;
        }
    }
    let rows = sums.into_iter().map(|(place, steps)| {
        let dimensions = DIMENSIONS.into_iter().zip(place.iter().cloned().map(is));
        let mut row: Row = dimensions.collect();
        row.extend(STEPS.into_iter().zip(steps.map(is)));
        (place.join(" "), row)
    });
    expectation(truth, "funnel_v", &DIMENSIONS, rows.collect())
}

/// How far the plays of a title got.
#[derive(Debug, Default)]
struct Completion {
    /// Series, season and episode; the greatest that any play told.
    details: [String; 3],
    plays: u64,
    measured: u64,
    finishes: u64,
    reached: [u64; 4],
    playing_ms: i64,
}

fn completion(truth: &Truth) -> Expectation<'_> {
    let mut sums: BTreeMap<[String; 2], Completion> = BTreeMap::new();
    for (_, play) in truth.plays().iter().filter(|(_, play)| play.is_started()) {
        let content_id = play.play.title.content_id.clone();
        let sum = sums
            .entry([day_of(play.started_ms), content_id])
            .or_default();
        for (greatest, key) in sum.details.iter_mut().zip(["series", "season", "episode"]) {
            let told = play.about_the_title().filter(|beacon| beacon.is_portrait);
            let details = told.flat_map(|beacon| &beacon.title.details);
            for (_, value) in details.filter(|(name, _)| *name == key) {
                if *value > *greatest {
                    greatest.clone_from(value);
                }
            }
        }
        sum.plays += 1;
        sum.measured += u64::from(quartile(play).is_some());
        sum.finishes += u64::from(play.end_reason == "finished");
        for reached in &mut sum.reached[..quarters(play)] {
            *reached += 1;
        }
        sum.playing_ms += Repaired::of(play).playing_ms;
    }
    let rows = sums.into_iter().map(|(place, sum)| {
        let [series, season, episode] = sum.details;
        let [day, content_id] = place.clone();
        let row = vec![
            ("day", is(day)),
            ("content_id", is(content_id)),
            ("series", is(series)),
            ("season", is(season)),
            ("episode", is(episode)),
            ("plays", is(sum.plays)),
            ("measured_plays", is(sum.measured)),
            ("finishes", is(sum.finishes)),
            ("reached_25", is(sum.reached[0])),
            ("reached_50", is(sum.reached[1])),
            ("reached_75", is(sum.reached[2])),
            ("reached_100", is(sum.reached[3])),
            ("playing_ms", is(sum.playing_ms)),
        ];
        (place.join(" "), row)
    });
    expectation(truth, "completion_v", &DIMENSIONS[..2], rows.collect())
}

fn expectation<'a>(
    truth: &'a Truth,
    view: &'static str,
    dimensions: &[&'static str],
    rows: Vec<(String, Row)>,
) -> Expectation<'a> {
    let (keys, rows): (Vec<String>, Vec<Row>) = rows.into_iter().unzip();
    Expectation {
        view,
        key: [&["tenant"], dimensions].concat(),
        is_by_session: false,
        keys: keys
            .iter()
            .map(|key| format!("{} {key}", truth.tenant))
            .collect(),
        row: Box::new(move |index, _| {
            let mut row = rows[index].clone();
            row.push(("tenant", is(truth.tenant.clone())));
            row
        }),
    }
}
