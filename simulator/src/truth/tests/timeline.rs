//! Timelines told by hand, with their sums worked out by hand.

use std::sync::Arc;

use super::hand::{BEGIN_MS, end, first_play, go, story, totals, viewer};
use crate::cast::viewer::Viewer;
use crate::script::event::{Event, State};
use crate::script::scene::{Condition, Ending};
use crate::script::story::Story;
use crate::truth::delivery::lost;
use crate::truth::repair::Repaired;
use crate::truth::stretch::{Stretch, total_ms, weighted};

#[test]
fn a_session_with_everything_adds_up() {
    let mut story = story();
    go(&mut story, State::Preloading, Condition::Preloading, 700);
    go(&mut story, State::Starting, Condition::Starting, 1_200);
    story.report(State::Rebuffering);
    story.pass(300);
    go(&mut story, State::Playing, Condition::Playing, 20_000);
    go(&mut story, State::Rebuffering, Condition::Stalled, 2_500);
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    go(&mut story, State::Paused, Condition::Paused, 4_000);
    go(&mut story, State::Seeking, Condition::Seeking, 400);
    story.report(State::Rebuffering);
    story.pass(600);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    story.begin_break("mid-roll");
    story.pass(6_000);
    story.report(State::Rebuffering);
    story.pass(250);
    story.end_break(Some(Condition::Stalled));
    story.pass(50);
    go(&mut story, State::Playing, Condition::Playing, 3_000);
    let at_ms = story.now_ms;
    end(&mut story, Ending::Exited { at_ms });
    story.report(State::Quit);

    let truth = first_play(&story);
    // starting, playing, stalled, seeking, paused, ad
    assert_eq!(totals(&truth), [1_500, 29_000, 2_550, 1_000, 4_000, 6_250]);
    assert_eq!(truth.startup_ms(), Some(1_500));
    assert_eq!(truth.preload_ms(), 700);
    assert_eq!(
        Repaired::of(&truth).watch_ms(&truth),
        1_500 + 29_000 + 2_550 + 1_000 + 6_250
    );
    assert_eq!(
        (
            truth.times_in(Condition::Stalled),
            truth.times_in(Condition::Seeking)
        ),
        (2, 1)
    );
    assert_eq!(truth.end_reason, "exited");
    assert_eq!(truth.ended_ms, BEGIN_MS + 45_000);
    assert_eq!(truth.count(Event::Heartbeat), 4);
    assert_eq!(story.script.plays[0].first_frame_ms, Some(BEGIN_MS + 2_200));
}

#[test]
fn bitrate_counts_only_while_playing_and_known() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 500);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    story.playback.bitrate_kbps = Some(1_600);
    story.tell(Event::BitrateChange);
    story.pass(4_000);
    story.playback.bitrate_kbps = Some(3_200);
    go(&mut story, State::Rebuffering, Condition::Stalled, 2_000);
    go(&mut story, State::Playing, Condition::Playing, 500);
    let at_ms = story.now_ms;
    end(&mut story, Ending::Finished { at_ms });

    let truth = first_play(&story);
    let from_ms = BEGIN_MS + 1_500;
    assert_eq!(
        truth.renditions,
        [
            Stretch {
                from_ms,
                to_ms: from_ms + 4_000,
                value: 1_600
            },
            Stretch {
                from_ms: from_ms + 6_000,
                to_ms: from_ms + 6_500,
                value: 3_200
            },
        ]
    );
    assert_eq!(total_ms(&truth.renditions), 4_500);
    assert_eq!(weighted(&truth.renditions), 4_000 * 1_600 + 500 * 3_200);
    assert_eq!(truth.bitrate_switches(), (1, 1));
}

#[test]
fn silence_adds_one_heartbeat_after_the_last_beacon_that_arrived() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 1_000);
    go(&mut story, State::Playing, Condition::Playing, 33_000);
    let truth = first_play(&story);
    // Heartbeats at 10, 20 and 30 s; silence from 34 s on, which nobody can know.
    assert_eq!(truth.last_seen_ms, BEGIN_MS + 30_000);
    assert_eq!(
        (truth.ended_ms, truth.end_reason),
        (BEGIN_MS + 40_000, "timed_out")
    );
    assert_eq!(totals(&truth), [1_000, 39_000, 0, 0, 0, 0]);
    assert_eq!(lost(truth.script), 0);

    // The heartbeat at 20 s is lost: a gap. The one at 30 s as well: the session seems to end earlier.
    story.script.beacons[3].is_lost = true;
    assert_eq!(lost(&story.script), 1);
    story.script.beacons[4].is_lost = true;
    let truth = first_play(&story);
    assert_eq!(lost(truth.script), 0);
    assert_eq!(truth.ended_ms, BEGIN_MS + 20_000);
    assert_eq!(totals(&truth), [1_000, 19_000, 0, 0, 0, 0]);
}

#[test]
fn a_client_that_tells_no_heartbeat_is_given_the_default() {
    let viewer = Viewer {
        tells_heartbeat: false,
        ..viewer()
    };
    let mut story = Story::new(Arc::new(viewer), BEGIN_MS);
    go(&mut story, State::Paused, Condition::Paused, 0);
    assert_eq!(first_play(&story).ended_ms, BEGIN_MS + 30_000);
}

#[test]
fn leaving_before_the_first_frame_is_no_watching() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 4_000);
    story.begin_break("pre-roll");
    story.pass(6_000);
    let at_ms = story.now_ms;
    end(&mut story, Ending::Exited { at_ms });
    story.tell(Event::SessionEnd);
    let truth = first_play(&story);
    assert_eq!(truth.end_reason, "exited_before_start");
    assert_eq!(
        (Repaired::of(&truth).watch_ms(&truth), truth.startup_ms()),
        (0, None)
    );
    assert_eq!(totals(&truth), [4_000, 0, 0, 0, 0, 6_000]);
}

#[test]
fn a_pre_roll_is_no_start_up_time() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 900);
    story.begin_break("pre-roll");
    story.pass(15_000);
    story.end_break(Some(Condition::Starting));
    story.pass(150);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    let truth = first_play(&story);
    assert_eq!(truth.startup_ms(), Some(1_050));
    assert_eq!(truth.total_ms(Condition::Ad), 15_000);
}

#[test]
fn a_reload_is_starting_but_no_start_up() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    go(&mut story, State::Starting, Condition::Starting, 800);
    go(&mut story, State::Playing, Condition::Playing, 200);
    let truth = first_play(&story);
    // Nobody saw playback being asked for, so the start-up time is unknown and not zero.
    assert_eq!(truth.startup_ms(), None);
    assert_eq!(truth.total_ms(Condition::Starting), 800);
}
