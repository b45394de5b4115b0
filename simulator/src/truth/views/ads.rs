//! `ads_v` and `ad_breaks_v`: what became of each ad and of each break.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Expectation;
use crate::script::beacon::Beacon;
use crate::script::event::Event;
use crate::script::scene::Condition;
use crate::truth::Truth;
use crate::truth::cell::{Row, is, moment};
use crate::truth::delivery::latest;
use crate::truth::play::PlayTruth;

/// A break as it was told, or what of ads came before the first one.
#[derive(Debug, Default)]
struct Break {
    number: usize,
    begun_ms: i64,
    ended_ms: Option<i64>,
    id: String,
    /// By the ad's name.
    ads: BTreeMap<String, Ad>,
    /// Time in an ad until the next break begins; ms.
    ad_ms: i64,
}

/// An ad in a break, however often it was shown there.
#[derive(Debug, Default)]
struct Ad {
    first_ms: i64,
    counts: BTreeMap<&'static str, u64>,
    error_code: String,
    on_ms: i64,
}

impl Ad {
    fn count(&self, column: &str) -> u64 {
        self.counts.get(column).copied().unwrap_or(0)
    }
}

impl Break {
    fn count(&self, column: &str) -> u64 {
        self.ads.values().map(|ad| ad.count(column)).sum()
    }
}

const AD_COUNTS: [&str; 9] = [
    "impression_count",
    "start_count",
    "first_quartile_count",
    "midpoint_count",
    "third_quartile_count",
    "complete_count",
    "skip_count",
    "click_count",
    "error_count",
];

const BREAK_COUNTS: [&str; 4] = ["start_count", "complete_count", "skip_count", "error_count"];

pub(super) fn expectations(truth: &Truth) -> [Expectation<'_>; 2] {
    [of_ads(truth), of_breaks(truth)]
}

fn of_ads(truth: &Truth) -> Expectation<'_> {
    let mut rows = Vec::new();
    for (_, play) in truth.plays() {
        for told in breaks(&play) {
            for (id, ad) in &told.ads {
                let mut row = place(truth, &play, &told);
                row.extend([
                    ("ad_id", is(id.clone())),
                    ("at", moment(ad.first_ms)),
                    ("error_code", is(ad.error_code.clone())),
                    ("ad_ms", is(ad.on_ms)),
                    ("is_break_filled", is(told.count("start_count") > 0)),
                ]);
                row.extend(AD_COUNTS.map(|column| (column, is(ad.count(column)))));
                rows.push((key(&play, &format!("{} {id}", told.number)), row));
            }
        }
    }
    expectation(
        "ads_v",
        vec!["session_id", "play_no", "break_no", "ad_id"],
        rows,
    )
}

fn of_breaks(truth: &Truth) -> Expectation<'_> {
    let mut rows = Vec::new();
    for (_, play) in truth.plays() {
        for told in breaks(&play).iter().filter(|told| told.number > 0) {
            let mut row = place(truth, &play, told);
            row.extend([
                ("begun_at", moment(told.begun_ms)),
                ("ended_at", told.ended_ms.map_or(is(Value::Null), moment)),
                ("ad_ms", is(told.ad_ms)),
                ("is_filled", is(told.count("start_count") > 0)),
            ]);
            row.extend(BREAK_COUNTS.map(|column| (column, is(told.count(column)))));
            rows.push((key(&play, &told.number.to_string()), row));
        }
    }
    expectation(
        "ad_breaks_v",
        vec!["session_id", "play_no", "break_no"],
        rows,
    )
}

fn expectation<'a>(
    view: &'static str,
    key: Vec<&'static str>,
    rows: Vec<(String, Row)>,
) -> Expectation<'a> {
    let (keys, rows): (Vec<String>, Vec<Row>) = rows.into_iter().unzip();
    Expectation {
        view,
        key,
        is_by_session: true,
        keys,
        row: Box::new(move |index, _| rows[index].clone()),
    }
}

fn key(play: &PlayTruth<'_>, rest: &str) -> String {
    let session_id = &play.script.viewer.session_id;
    format!("{session_id} {} {rest}", play.place + 1)
}

fn place(truth: &Truth, play: &PlayTruth<'_>, told: &Break) -> Row {
    let viewer = &play.script.viewer;
    let cdn = latest(play.script).map_or("", |beacon| beacon.cdn);
    vec![
        ("tenant", is(truth.tenant.clone())),
        ("session_key", is(truth.session_key(play.script))),
        ("session_id", is(viewer.session_id.clone())),
        ("play_no", is(play.place + 1)),
        ("break_no", is(told.number)),
        ("break_id", is(told.id.clone())),
        ("content_id", is(play.play.title.content_id.clone())),
        ("device_class", is(viewer.device.class)),
        ("country", is(viewer.network.country)),
        ("cdn", is(cdn)),
        ("app_version", is(viewer.device.app_version)),
    ]
}

/// The breaks of a play in their order; the first holds what came before any, if something did.
fn breaks(play: &PlayTruth<'_>) -> Vec<Break> {
    let mut breaks = vec![Break::default()];
    // The ad that is on, and since when.
    let mut on: Option<(String, i64)> = None;
    for beacon in play.beacons() {
        let number = breaks.len();
        let Some(told) = breaks.last_mut() else { break };
        let id = beacon.entry("ad", "ad_id").unwrap_or_default();
        let is_this = on.as_ref().is_some_and(|(ad, _)| *ad == id);
        let is_over = match beacon.event {
            Event::AdBreakStart | Event::AdBreakEnd | Event::AdStart => true,
            Event::AdEnd | Event::AdSkip | Event::AdError => is_this,
            _ => false,
        };
        if is_over && let Some((ad, since_ms)) = on.take() {
            told.ads.entry(ad).or_default().on_ms += in_ad_ms(play, since_ms, beacon.at_ms);
        }
        match beacon.event {
            Event::AdBreakStart => breaks.push(Break {
                number,
                begun_ms: beacon.at_ms,
                ..Break::default()
            }),
            Event::AdBreakEnd => {
                told.ended_ms.get_or_insert(beacon.at_ms);
            }
            Event::AdStart => on = Some((id, beacon.at_ms)),
            _ => {}
        }
        if let Some(told) = breaks.last_mut() {
            note(told, beacon);
        }
    }
    if let (Some((ad, since_ms)), Some(told)) = (on, breaks.last_mut()) {
        told.ads.entry(ad).or_default().on_ms += in_ad_ms(play, since_ms, i64::MAX);
    }
    for index in 0..breaks.len() {
        let until_ms = breaks.get(index + 1).map_or(i64::MAX, |next| next.begun_ms);
        breaks[index].ad_ms = in_ad_ms(play, breaks[index].begun_ms, until_ms);
    }
    breaks
}

/// Counts a report of an ad, and takes the names that it tells.
fn note(told: &mut Break, beacon: &Beacon) {
    let break_id = beacon.entry("ad", "break_id").unwrap_or_default();
    told.id = break_id.max(std::mem::take(&mut told.id));
    let Some(column) = column(beacon) else { return };
    let id = beacon.entry("ad", "ad_id").unwrap_or_default();
    let ad = told.ads.entry(id).or_insert_with(|| Ad {
        first_ms: beacon.at_ms,
        ..Ad::default()
    });
    *ad.counts.entry(column).or_default() += 1;
    if beacon.event == Event::AdError {
        let code = beacon.entry("ad", "error_code").unwrap_or_default();
        ad.error_code = code.max(std::mem::take(&mut ad.error_code));
    }
}

fn column(beacon: &Beacon) -> Option<&'static str> {
    Some(match beacon.event {
        Event::AdImpression => "impression_count",
        Event::AdStart => "start_count",
        Event::AdQuartile => match beacon.number("ad", "quartile") {
            Some(25) => "first_quartile_count",
            Some(50) => "midpoint_count",
            Some(75) => "third_quartile_count",
            _ => return None,
        },
        Event::AdEnd => "complete_count",
        Event::AdSkip => "skip_count",
        Event::AdClick => "click_count",
        Event::AdError => "error_count",
        _ => return None,
    })
}

/// How much of the time between two moments the play was in an ad; ms.
fn in_ad_ms(play: &PlayTruth<'_>, from_ms: i64, to_ms: i64) -> i64 {
    let ads = play.intervals.iter();
    ads.filter(|interval| interval.condition == Condition::Ad)
        .map(|interval| interval.overlap_ms(from_ms, to_ms))
        .sum()
}
