//! Several titles under one session id.

use serde_json::json;

use super::hand::{
    BEGIN_MS, end, film, go, other, plays, quit, rows, story, tell_group, totals, truth_of,
};
use crate::script::event::{Event, State};
use crate::script::scene::{Condition, Ending};
use crate::truth::play::PlayTruth;

fn ends<'a>(plays: &[PlayTruth<'a>]) -> Vec<(&'a str, &'static str)> {
    plays
        .iter()
        .map(|play| (play.play.title.content_id.as_str(), play.end_reason))
        .collect()
}

#[test]
fn a_title_that_is_left_for_another_was_exited_and_reaches_to_it() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 1_000);
    go(&mut story, State::Playing, Condition::Playing, 25_000);
    story.turn_to(other(), false);
    go(&mut story, State::Starting, Condition::Starting, 2_000);
    go(&mut story, State::Playing, Condition::Playing, 4_000);
    quit(&mut story);
    let plays = plays(&story);
    assert_eq!(ends(&plays), [("film", "exited"), ("other", "exited")]);
    assert_eq!(totals(&plays[0]), [1_000, 25_000, 0, 0, 0, 0]);
    assert_eq!(totals(&plays[1]), [2_000, 4_000, 0, 0, 0, 0]);
    let turned_ms = BEGIN_MS + 26_000;
    assert_eq!(
        (plays[0].ended_ms, plays[0].last_seen_ms),
        (turned_ms, turned_ms)
    );
    assert_eq!(
        (plays[1].started_ms, plays[1].startup_ms()),
        (turned_ms, Some(2_000))
    );
    // Heartbeats at 10 and 20 s, and at 30 s.
    assert_eq!(plays[0].count(Event::Heartbeat), 2);
    assert_eq!(plays[1].count(Event::Heartbeat), 1);
}

#[test]
fn a_title_left_before_its_first_frame_was_exited_before_its_start() {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 3_000);
    story.turn_to(other(), true);
    let turned_ms = story.now_ms;
    go(&mut story, State::Starting, Condition::Starting, 500);
    let plays = plays(&story);
    assert_eq!(
        ends(&plays),
        [("film", "exited_before_start"), ("other", "timed_out")]
    );
    assert_eq!(totals(&plays[0]), [3_000, 0, 0, 0, 0, 0]);
    // The change is told at 3.0 s; only from the next report on there is a condition.
    assert_eq!(plays[1].started_ms, BEGIN_MS + 3_000);
    assert_eq!(plays[1].intervals[0].from_ms, turned_ms);
}

#[test]
fn a_title_that_was_over_stays_finished_and_time_after_it_is_nobodys() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    let over_ms = story.now_ms;
    end(&mut story, Ending::Finished { at_ms: over_ms });
    story.report(State::Ended);
    story.pass(8_000);
    story.turn_to(other(), false);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    quit(&mut story);
    let plays = plays(&story);
    assert_eq!(ends(&plays), [("film", "finished"), ("other", "exited")]);
    assert_eq!(
        (plays[0].ended_ms, plays[0].last_seen_ms),
        (over_ms, over_ms + 8_000)
    );
    assert_eq!(totals(&plays[0]), [0, 5_000, 0, 0, 0, 0]);
}

#[test]
fn going_back_to_the_first_title_is_a_third_play_that_knows_no_totals() {
    let mut story = story();
    story.playback.position_ms = Some(0);
    go(&mut story, State::Playing, Condition::Playing, 4_000);
    story.turn_to(other(), false);
    story.playback.position_ms = Some(50_000);
    go(&mut story, State::Playing, Condition::Playing, 2_000);
    story.turn_to(film(), false);
    story.playback.position_ms = Some(30_000);
    story.playback.dropped_frames = Some(9);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    quit(&mut story);
    let plays = plays(&story);
    assert_eq!(
        ends(&plays),
        [("film", "exited"), ("other", "exited"), ("film", "exited")]
    );
    let furthest = |play: &PlayTruth<'_>| {
        let told = play.speaking_for_it();
        told.filter_map(|beacon| beacon.playback.position_ms).max()
    };
    // The last beacon that names the film stands at 31 s, and counts for the first play of it.
    assert_eq!(furthest(&plays[0]), Some(31_000));
    assert_eq!(furthest(&plays[1]), Some(50_000));
    assert_eq!(furthest(&plays[2]), None);
    assert_eq!(plays[2].play.first_position_ms, Some(30_000));
    assert_eq!(plays[2].about_the_title().count(), 3);
}

#[test]
fn beacons_that_name_no_title_count_for_the_first_one() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 4_000);
    story.turn_to(other(), false);
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    story.playback.position_ms = Some(77_000);
    story.tell(Event::Metadata).names_content = false;
    story.pass(1);
    quit(&mut story);
    let plays = plays(&story);
    let unnamed = |play: &PlayTruth<'_>| {
        let told = play.speaking_for_it();
        told.filter(|beacon| !beacon.names_content).count()
    };
    assert_eq!((unnamed(&plays[0]), unnamed(&plays[1])), (1, 0));
}

#[test]
fn an_offer_of_the_next_title_turns_to_nothing() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 4_000);
    story.offer(other());
    story.pass(1_000);
    quit(&mut story);
    assert_eq!(totals(&plays(&story)[0]), [0, 5_000, 0, 0, 0, 0]);
}

#[test]
fn nothing_is_carried_from_one_title_to_the_next() {
    let mut story = story();
    story.playback.bitrate_kbps = Some(3_200);
    story.playback.height = Some(720);
    go(&mut story, State::Playing, Condition::Playing, 4_000);
    story.playback.playback_rate = Some(2.0);
    story.tell(Event::PlaybackRateChange);
    story.set_background(true);
    story.begin_break("mid-roll");
    story.pass(3_000);
    story.turn_to(other(), true);
    let started_ms = story.now_ms;
    story.playback.bitrate_kbps = None;
    story.playback.height = None;
    go(&mut story, State::Playing, Condition::Playing, 2_000);
    story.playback.bitrate_kbps = Some(400);
    story.tell(Event::BitrateChange);
    story.pass(1_000);
    story.set_background(false);
    quit(&mut story);
    let plays = plays(&story);
    assert_eq!(totals(&plays[0]), [0, 4_000, 0, 0, 0, 3_000]);
    assert_eq!(totals(&plays[1]), [0, 3_000, 0, 0, 0, 0]);
    assert_eq!(
        (plays[0].background_ms(), plays[1].background_ms()),
        (3_000, 0)
    );
    assert_eq!(plays[1].media_ms(), 3_000);
    assert_eq!(plays[1].renditions.len(), 1);
    assert_eq!(plays[1].renditions[0].from_ms, started_ms + 2_000);
    assert_eq!(plays[1].bitrate_switches(), (0, 0));
    assert!(plays[1].heights.is_empty());
}

#[test]
fn events_belong_to_the_play_in_which_they_happened() {
    let mut story = story();
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    tell_group(
        &mut story,
        Event::Error,
        "error",
        vec![("code", "a".into())],
    );
    story.turn_to(other(), false);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    tell_group(
        &mut story,
        Event::Error,
        "error",
        vec![("code", "b".into())],
    );
    tell_group(
        &mut story,
        Event::Error,
        "error",
        vec![("code", "c".into())],
    );
    let counts: Vec<usize> = plays(&story)
        .iter()
        .map(|play| play.count(Event::Error))
        .collect();
    assert_eq!(counts, [1, 2]);
}

#[test]
fn every_view_counts_each_play_at_its_title() {
    let mut story = story();
    // 23:59:00; the second title begins at 00:00:10.
    go(&mut story, State::Playing, Condition::Playing, 70_000);
    story.turn_to(other(), false);
    go(&mut story, State::Starting, Condition::Starting, 500);
    go(&mut story, State::Playing, Condition::Playing, 4_500);
    story.tell(Event::Metadata).is_portrait = true;
    quit(&mut story);
    let truth = truth_of(story);

    let sessions = rows(&truth, "sessions_v");
    let of = |name: &str| {
        sessions
            .iter()
            .map(|row| row[name].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("play_no"), [json!(1), json!(2)]);
    assert_eq!(of("content_id"), [json!("film"), json!("other")]);
    assert_eq!(of("content_title"), [json!("FILM"), json!("OTHER")]);
    // Deliveries stand on the first: three states, heartbeats at 10 to 70 s, the details, and the end.
    assert_eq!(of("beacons_received"), [json!(12), json!(0)]);
    assert_eq!(of("beacons_sent"), [json!(12), json!(0)]);
    assert!(of("experiments")[1]["start_page"].is_string());

    let minutes = rows(&truth, "quality_by_minute_v");
    let minutes: Vec<_> = minutes
        .iter()
        .map(|row| {
            [
                "content_id",
                "attempts",
                "plays",
                "playing_ms",
                "ended_plays",
            ]
            .map(|name| &row[name])
        })
        .collect();
    let numbers = |content: &str, numbers: [i64; 4]| {
        let [attempts, plays, ms, ended] = numbers.map(|number| json!(number));
        [json!(content), attempts, plays, ms, ended]
    };
    assert_eq!(minutes.len(), 3);
    for (found, expected) in minutes.into_iter().zip([
        numbers("film", [1, 1, 60_000, 0]),
        numbers("film", [0, 0, 10_000, 1]),
        numbers("other", [1, 1, 4_500, 1]),
    ]) {
        assert_eq!(found.map(Clone::clone), expected);
    }

    let live = rows(&truth, "live_viewers_v");
    assert_eq!(live.len(), 1);
    assert_eq!(
        (&live[0]["content_id"], &live[0]["status"]),
        (&json!("other"), &json!("gone"))
    );

    let seconds = rows(&truth, "concurrent_viewers_v");
    assert_eq!(seconds.len(), 75);
    assert_eq!(
        (&seconds[70]["starting"], &seconds[71]["playing"]),
        (&json!(1), &json!(1))
    );
}
