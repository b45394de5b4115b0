//! The numbers of a play beyond its timeline.

use std::sync::Arc;

use serde_json::json;

use super::hand::{
    BEGIN_MS, column, end, first_play, go, quit, shown, story, tell_group, truth_of, viewer,
};
use crate::cast::viewer::Viewer;
use crate::event::Event as Whole;
use crate::script::event::{Event, State};
use crate::script::scene::{Condition, Ending};
use crate::script::story::Story;
use crate::send::Journal;
use crate::truth::Truth;
use crate::truth::delivery::{copies, lost};
use crate::truth::stretch::{top, total_ms, weighted};

#[test]
fn media_is_time_by_rate() {
    let mut story = story();
    story.playback.position_ms = Some(0);
    go(&mut story, State::Playing, Condition::Playing, 4_001);
    story.playback.playback_rate = Some(1.25);
    story.tell(Event::PlaybackRateChange);
    story.pass(3_001);
    go(&mut story, State::Rebuffering, Condition::Stalled, 2_000);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    quit(&mut story);
    let truth = first_play(&story);
    // 4,001 x 1 + 4,001 x 1.25 = 9,002.25, rounded down once.
    assert_eq!(truth.media_ms(), 9_002);
    // From 4,001: 3,001 x 1.25 = 3,751.25; the playhead stands in the stall; 1,000 x 1.25 more.
    assert_eq!(
        truth.watched(),
        [(0, 4_001), (4_001, 7_752), (7_752, 9_002)]
    );
}

#[test]
fn bitrates_and_heights_are_weighted_by_playing_time() {
    let mut story = story();
    let mut show = |bitrate_kbps, height, ms| {
        story.playback.bitrate_kbps = Some(bitrate_kbps);
        story.playback.height = Some(height);
        go(&mut story, State::Playing, Condition::Playing, ms);
    };
    show(400, 234, 1_000);
    show(3_200, 720, 3_000);
    show(16_500, 2_160, 0);
    show(1_600, 540, 2_000);
    quit(&mut story);
    let truth = first_play(&story);
    // 16,500 was told and never seen: it is a switch up, but no top.
    assert_eq!(truth.bitrate_switches(), (3, 2));
    assert_eq!(
        (top(&truth.renditions), top(&truth.heights)),
        (Some(3_200), Some(720))
    );
    assert_eq!(weighted(&truth.renditions), 400_000 + 9_600_000 + 3_200_000);
    assert_eq!(weighted(&truth.heights), 234_000 + 2_160_000 + 1_080_000);
    assert_eq!(total_ms(&truth.heights), 6_000);
    let truth = truth_of(story);
    assert_eq!(shown(&truth, "average_height"), json!(579.0));
    assert_eq!(shown(&truth, "average_bitrate_kbps"), json!(2_200.0));
}

#[test]
fn the_background_counts_in_every_condition_but_preloading() {
    let mut story = story();
    go(&mut story, State::Preloading, Condition::Preloading, 500);
    story.set_background(true);
    story.pass(1_500);
    go(&mut story, State::Starting, Condition::Starting, 1_000);
    story.set_background(false);
    story.pass(700);
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    story.set_background(true);
    story.pass(2_000);
    story.set_background(true);
    go(&mut story, State::Paused, Condition::Paused, 3_000);
    quit(&mut story);
    story.pass(4_000);
    // Starting 1,000, playing 2,000, paused 3,000; after the end there is no time to count.
    assert_eq!(first_play(&story).background_ms(), 6_000);
}

#[test]
fn the_longest_stall_is_one_stall() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    go(&mut story, State::Rebuffering, Condition::Stalled, 800);
    story.report(State::Waiting);
    story.pass(900);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    go(&mut story, State::Rebuffering, Condition::Stalled, 1_500);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    quit(&mut story);
    let truth = first_play(&story);
    assert_eq!(truth.longest_ms(Condition::Stalled), 1_700);
    assert_eq!(truth.times_in(Condition::Stalled), 2);
}

#[test]
fn a_failure_is_the_businesss_when_the_refusal_comes_first() {
    let fail = |refusal_first: bool| {
        let mut story = story();
        go(&mut story, State::Starting, Condition::Starting, 900);
        let at_ms = story.now_ms;
        end(
            &mut story,
            Ending::Failed {
                at_ms,
                is_business: refusal_first,
            },
        );
        if !refusal_first {
            story.report(State::Failed);
        }
        let refusal = vec![
            ("code", "geo_blocked".into()),
            ("fatal", true.into()),
            ("business", true.into()),
        ];
        tell_group(&mut story, Event::Error, "error", refusal);
        truth_of(story)
    };
    let (first, second) = (fail(true), fail(false));
    assert_eq!(shown(&first, "is_business_failure"), json!(true));
    assert_eq!(shown(&second, "is_business_failure"), json!(false));
    for truth in [first, second] {
        assert_eq!(shown(&truth, "end_reason"), json!("failed_before_start"));
        assert_eq!(shown(&truth, "fatal_error_count"), json!(1));
        assert_eq!(shown(&truth, "events")[0]["code"], json!(32));
        assert_eq!(
            shown(&truth, "events")[0]["error_code"],
            json!("geo_blocked")
        );
    }
}

#[test]
fn quarters_are_reached_by_the_furthest_point() {
    let watch = |furthest_ms: i64, finishes: bool| {
        let mut story = story();
        story.playback.position_ms = Some(furthest_ms);
        go(&mut story, State::Playing, Condition::Playing, 100);
        story.playback.position_ms = Some(10);
        let at_ms = story.now_ms;
        if finishes {
            end(&mut story, Ending::Finished { at_ms });
            story.report(State::Ended);
        } else {
            quit(&mut story);
        }
        shown(&truth_of(story), "quartile")
    };
    // Of a hundred seconds.
    assert_eq!(watch(24_999, false), json!(0));
    assert_eq!(watch(25_000, false), json!(1));
    assert_eq!(watch(99_999, false), json!(3));
    assert_eq!(watch(250_000, false), json!(4));
    assert_eq!(watch(3_000, true), json!(4));
}

#[test]
fn positions_are_the_first_the_last_and_the_furthest() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 100);
    story.playback.position_ms = Some(40_000);
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    story.playback.position_ms = Some(12_000);
    quit(&mut story);
    let truth = truth_of(story);
    assert_eq!(shown(&truth, "first_position_ms"), json!(40_000));
    assert_eq!(shown(&truth, "last_position_ms"), json!(12_000));
    assert_eq!(shown(&truth, "furthest_position_ms"), json!(40_000));
}

#[test]
fn counting_anew_is_a_reset_and_hides_what_was_never_counted() {
    let viewer = Viewer {
        first_seq: 5,
        ..viewer()
    };
    let mut story = Story::new(Arc::new(viewer), BEGIN_MS);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    story.count_anew();
    quit(&mut story);
    assert_eq!(story.script.counter_resets, 1);
    let mut seqs: Vec<u64> = story.script.beacons.iter().map(|one| one.seq).collect();
    assert_eq!((seqs[0], seqs[1]), (5, 0));
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), story.script.beacons.len());
    // 0 to 5 were counted at least, by the greatest number.
    let greatest = seqs.last().unwrap() + 1;
    assert_eq!(lost(&story.script), greatest - seqs.len() as u64);
    let times: Vec<i64> = story.script.beacons.iter().map(|one| one.at_ms).collect();
    assert!(times[1] > times[0]);
}

#[test]
fn copies_count_by_their_moments_of_receipt() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    quit(&mut story);
    let event = Arc::new(Whole {
        run: "hand".to_owned(),
        scripts: vec![story.script],
        parcels: Vec::new(),
    });
    let journal = Journal::of(&event.scripts);
    let first = journal.sent(0, &[0, 1], 10, false);
    journal.answered(0, first, 15);
    let again = journal.sent(0, &[0, 1], 20, true);
    journal.answered(0, again, 25);
    // Sent once more, and never answered: the gateway may have taken it.
    journal.sent(0, &[1], 30, false);
    let truth = Truth::of(&event, &journal, "default", 30_000);
    assert_eq!(copies(&truth, 0, &event.scripts[0]), (2, 3));
    let expected = column(&truth, "beacons_duplicated");
    assert!(!expected.holds(&json!(1)) && expected.holds(&json!(2)));
    assert!(expected.holds(&json!(3)) && !expected.holds(&json!(4)));
}

#[test]
fn a_change_to_the_same_cdn_is_none() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    let mut hosts = vec![story.cdn];
    for _ in 0..20 {
        story.change_cdn();
        story.pass(10);
        hosts.push(story.cdn);
    }
    let changes = hosts.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(changes < 20);
    assert_eq!(shown(&truth_of(story), "cdn_switch_count"), json!(changes));
}
