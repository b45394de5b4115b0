//! The ads of a play.

use crate::script::event::Event;
use crate::truth::cell::{Row, is};
use crate::truth::play::PlayTruth;

pub(super) fn columns(play: &PlayTruth<'_>) -> Row {
    let quartile = |percent: i64| {
        let reached = play
            .beacons()
            .filter(|beacon| beacon.event == Event::AdQuartile);
        is(reached
            .filter(|beacon| beacon.number("ad", "quartile") == Some(percent))
            .count())
    };
    vec![
        ("ad_break_count", is(play.count(Event::AdBreakStart))),
        ("ad_start_count", is(play.count(Event::AdStart))),
        ("ad_end_count", is(play.count(Event::AdEnd))),
        ("ad_skip_count", is(play.count(Event::AdSkip))),
        ("ad_click_count", is(play.count(Event::AdClick))),
        ("ad_error_count", is(play.count(Event::AdError))),
        ("ad_impression_count", is(play.count(Event::AdImpression))),
        ("ad_first_quartile_count", quartile(25)),
        ("ad_midpoint_count", quartile(50)),
        ("ad_third_quartile_count", quartile(75)),
    ]
}
