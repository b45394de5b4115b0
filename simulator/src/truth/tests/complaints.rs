//! What users of other systems complained of: each complaint is a story, and the numbers that would have been right.

use super::hand::{BEGIN_MS, end, first_play, go, plays, quit, say, story, tell_group, totals};
use crate::script::event::{Event, State};
use crate::script::scene::{Condition, Ending};
use crate::truth::repair::Repaired;

#[test]
fn buffering_of_an_ad_is_no_rebuffering() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 500);
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    story.begin_break("mid-roll");
    story.pass(2_000);
    say(&mut story, State::Rebuffering, 3_000);
    say(&mut story, State::Playing, 1_000);
    story.end_break(Some(Condition::Playing));
    story.pass(4_000);
    quit(&mut story);
    let truth = first_play(&story);
    assert_eq!(totals(&truth), [500, 9_000, 0, 0, 0, 6_000]);
    assert_eq!(truth.times_in(Condition::Stalled), 0);
}

#[test]
fn failed_ads_are_no_rebuffering() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    story.begin_break("mid-roll");
    say(&mut story, State::Rebuffering, 1_500);
    tell_group(
        &mut story,
        Event::AdError,
        "ad",
        vec![("error_code", "303".into())],
    );
    story.pass(500);
    tell_group(
        &mut story,
        Event::AdError,
        "ad",
        vec![("error_code", "400".into())],
    );
    story.pass(500);
    story.end_break(Some(Condition::Playing));
    say(&mut story, State::Playing, 1_000);
    quit(&mut story);
    let truth = first_play(&story);
    assert_eq!(totals(&truth), [0, 6_000, 0, 0, 0, 2_500]);
    assert_eq!(
        (truth.count(Event::AdError), truth.end_reason),
        (2, "exited")
    );
}

#[test]
fn heartbeats_in_a_pause_with_a_seek_are_no_watching() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 1_000);
    go(&mut story, State::Playing, Condition::Playing, 9_000);
    go(&mut story, State::Paused, Condition::Paused, 600_000);
    go(&mut story, State::Seeking, Condition::Seeking, 300);
    go(&mut story, State::Paused, Condition::Paused, 900_000);
    quit(&mut story);
    let truth = first_play(&story);
    assert_eq!(totals(&truth), [1_000, 9_000, 0, 300, 1_500_000, 0]);
    assert_eq!(Repaired::of(&truth).watch_ms(&truth), 10_300);
    // One heartbeat each ten seconds of 1,510.3 s.
    assert_eq!(truth.count(Event::Heartbeat), 151);
}

#[test]
fn requests_show_that_somebody_is_there_as_heartbeats_do() {
    let mut story = story();
    story.next_heartbeat_ms = None;
    go(&mut story, State::Playing, Condition::Playing, 12_000);
    story.tell(Event::Request);
    story.pass(13_000);
    story.tell(Event::Request);
    let truth = first_play(&story);
    // The last sign of life at 25 s, and one heartbeat of ten seconds.
    assert_eq!(truth.last_seen_ms, BEGIN_MS + 25_000);
    assert_eq!(totals(&truth), [0, 35_000, 0, 0, 0, 0]);
}

#[test]
fn who_leaves_in_the_pre_roll_left_before_the_start_and_who_sees_content_did_not() {
    let open = || {
        let mut story = story();
        go(&mut story, State::Starting, Condition::Starting, 800);
        story.begin_break("pre-roll");
        // The player says "playing" of the ad.
        say(&mut story, State::Playing, 15_000);
        story
    };
    let mut left = open();
    quit(&mut left);
    let truth = first_play(&left);
    assert_eq!(truth.end_reason, "exited_before_start");
    assert_eq!(
        (truth.startup_ms(), Repaired::of(&truth).watch_ms(&truth)),
        (None, 0)
    );

    let mut stayed = open();
    stayed.end_break(Some(Condition::Playing));
    stayed.pass(1_000);
    quit(&mut stayed);
    let truth = first_play(&stayed);
    assert_eq!(
        (truth.end_reason, truth.startup_ms()),
        ("exited", Some(800))
    );
    assert_eq!(
        stayed.script.plays[0].first_frame_ms,
        Some(BEGIN_MS + 15_800)
    );
}

#[test]
fn an_exit_before_the_start_has_no_watch_time_although_time_passed() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 42_000);
    quit(&mut story);
    let truth = first_play(&story);
    assert_eq!(truth.total_ms(Condition::Starting), 42_000);
    assert_eq!(
        (Repaired::of(&truth).watch_ms(&truth), truth.is_started()),
        (0, false)
    );
}

#[test]
fn one_viewing_is_one_play_although_the_source_is_loaded_again_and_again() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 400);
    for _ in 0..5 {
        go(&mut story, State::Playing, Condition::Playing, 3_000);
        // Named as if it were another title, which it is not.
        story.tell(Event::ContentChange);
        go(&mut story, State::Starting, Condition::Starting, 200);
    }
    go(&mut story, State::Playing, Condition::Playing, 3_000);
    quit(&mut story);
    let plays = plays(&story);
    assert_eq!(plays.len(), 1);
    assert_eq!(totals(&plays[0]), [1_400, 18_000, 0, 0, 0, 0]);
    assert_eq!(plays[0].startup_ms(), Some(400));
}

#[test]
fn the_playhead_stands_while_paused() {
    let mut story = story();
    story.playback.position_ms = Some(0);
    go(&mut story, State::Playing, Condition::Playing, 7_000);
    go(&mut story, State::Paused, Condition::Paused, 25_000);
    go(&mut story, State::Playing, Condition::Playing, 2_000);
    let at_ms = story.now_ms;
    end(&mut story, Ending::Finished { at_ms });
    story.report(State::Ended);
    let truth = first_play(&story);
    assert_eq!(truth.watched(), [(0, 7_000), (7_000, 9_000)]);
    assert_eq!(truth.media_ms(), 9_000);
    assert_eq!(truth.ended_ms, BEGIN_MS + 34_000);
}

#[test]
fn buffering_after_a_seek_is_part_of_the_seek() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    go(&mut story, State::Seeking, Condition::Seeking, 300);
    say(&mut story, State::Rebuffering, 1_100);
    say(&mut story, State::Waiting, 200);
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    quit(&mut story);
    let truth = first_play(&story);
    assert_eq!(totals(&truth), [0, 10_000, 0, 1_600, 0, 0]);
    assert_eq!(truth.times_in(Condition::Seeking), 1);
    assert_eq!(truth.times_in(Condition::Stalled), 0);
}
