//! The ledger on stories told by hand, with numbers worked out by hand.

use std::sync::Arc;

use super::session::{Rendition, SessionTruth};
use crate::cast::title::catalogue;
use crate::cast::viewer::{Casting, Clock, Viewer};
use crate::script::event::{Event, State};
use crate::script::scene::{Condition, Ending};
use crate::script::story::Story;

/// 2026-11-20 23:59:00 UTC.
const BEGIN_MS: i64 = 1_795_219_140_000;

/// A viewer without chance: heartbeats each ten seconds, which it tells.
fn viewer() -> Viewer {
    let casting = Casting {
        run: "hand".to_owned(),
        seed: 1,
        wrong_clock_percent: 0.0,
        titles: Arc::new(catalogue().into_iter().map(Arc::new).collect()),
    };
    let clock = Clock {
        ahead_ms: 0,
        measured: false,
    };
    Viewer {
        heartbeat_ms: 10_000,
        tells_heartbeat: true,
        is_test: false,
        counts_beats_apart: false,
        stream: None,
        clock,
        seed: 7,
        ..casting.viewer(0, BEGIN_MS)
    }
}

fn story() -> Story {
    Story::new(Arc::new(viewer()), BEGIN_MS)
}

/// Reports a state and is in that condition from now on, for that long.
fn go(story: &mut Story, state: State, condition: Condition, ms: i64) {
    story.enter(Some(condition));
    story.report(state);
    story.pass(ms);
}

fn totals(truth: &SessionTruth<'_>) -> [i64; 6] {
    use Condition::{Ad, Paused, Playing, Seeking, Stalled, Starting};
    [Starting, Playing, Stalled, Seeking, Paused, Ad].map(|condition| truth.total_ms(condition))
}

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
    story.script.ending = Ending::Exited {
        at_ms: story.now_ms,
    };
    story.enter(None);
    story.report(State::Quit);

    let truth = SessionTruth::of(&story.script, 30_000);
    // starting, playing, stalled, seeking, paused, ad
    assert_eq!(totals(&truth), [1_500, 29_000, 2_550, 1_000, 4_000, 6_250]);
    assert_eq!(truth.startup_ms(), Some(1_500));
    assert_eq!(truth.preload_ms(), 700);
    assert_eq!(truth.watch_ms(), 1_500 + 29_000 + 2_550 + 1_000 + 6_250);
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
    assert_eq!(story.script.first_frame_ms, Some(BEGIN_MS + 2_200));
}

#[test]
fn bitrate_counts_only_while_playing_and_known() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 500);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    story.playback.bitrate_kbps = Some(1_600);
    story.announce_bitrate();
    story.tell(Event::BitrateChange);
    story.pass(4_000);
    story.playback.bitrate_kbps = Some(3_200);
    go(&mut story, State::Rebuffering, Condition::Stalled, 2_000);
    go(&mut story, State::Playing, Condition::Playing, 500);
    story.script.ending = Ending::Finished {
        at_ms: story.now_ms,
    };
    story.enter(None);

    let truth = SessionTruth::of(&story.script, 30_000);
    let from_ms = BEGIN_MS + 1_500;
    assert_eq!(
        truth.renditions,
        [
            Rendition {
                from_ms,
                to_ms: from_ms + 4_000,
                bitrate_kbps: 1_600
            },
            Rendition {
                from_ms: from_ms + 6_000,
                to_ms: from_ms + 6_500,
                bitrate_kbps: 3_200
            },
        ]
    );
    assert_eq!(truth.bitrate_known_ms(), 4_500);
    assert_eq!(truth.bitrate_kbit_ms(), 4_000 * 1_600 + 500 * 3_200);
    assert_eq!(truth.bitrate_switches(), 1);
}

#[test]
fn silence_adds_one_heartbeat_after_the_last_beacon_that_arrived() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 1_000);
    go(&mut story, State::Playing, Condition::Playing, 33_000);
    let truth = SessionTruth::of(&story.script, 30_000);
    // Heartbeats at 10, 20 and 30 s; silence from 34 s on, which nobody can know.
    assert_eq!(truth.last_seen_ms, BEGIN_MS + 30_000);
    assert_eq!(
        (truth.ended_ms, truth.end_reason),
        (BEGIN_MS + 40_000, "timed_out")
    );
    assert_eq!(totals(&truth), [1_000, 39_000, 0, 0, 0, 0]);
    assert_eq!(truth.lost(), 0);

    // The heartbeat at 20 s is lost: a gap. The one at 30 s as well: the session seems to end earlier.
    story.script.beacons[3].is_lost = true;
    assert_eq!(SessionTruth::of(&story.script, 30_000).lost(), 1);
    story.script.beacons[4].is_lost = true;
    let truth = SessionTruth::of(&story.script, 30_000);
    assert_eq!(truth.lost(), 0);
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
    assert_eq!(
        SessionTruth::of(&story.script, 30_000).ended_ms,
        BEGIN_MS + 30_000
    );
}

#[test]
fn leaving_before_the_first_frame_is_no_watching() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 4_000);
    story.begin_break("pre-roll");
    story.pass(6_000);
    story.script.ending = Ending::Exited {
        at_ms: story.now_ms,
    };
    story.enter(None);
    story.tell(Event::SessionEnd);
    let truth = SessionTruth::of(&story.script, 30_000);
    assert_eq!(truth.end_reason, "exited_before_start");
    assert_eq!((truth.watch_ms(), truth.startup_ms()), (0, None));
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
    let truth = SessionTruth::of(&story.script, 30_000);
    assert_eq!(truth.startup_ms(), Some(1_050));
    assert_eq!(truth.total_ms(Condition::Ad), 15_000);
}

#[test]
fn a_reload_is_starting_but_no_start_up() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    go(&mut story, State::Starting, Condition::Starting, 800);
    go(&mut story, State::Playing, Condition::Playing, 200);
    let truth = SessionTruth::of(&story.script, 30_000);
    // Nobody saw playback being asked for, so the start-up time is unknown and not zero.
    assert_eq!(truth.startup_ms(), None);
    assert_eq!(truth.total_ms(Condition::Starting), 800);
}
