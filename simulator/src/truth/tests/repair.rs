//! Stalls of which nobody heard, and what the client's totals still know.

use super::hand::{first_play, go, other, quit, story, totals};
use crate::script::event::State;
use crate::script::scene::{Condition, Scene};
use crate::script::story::Story;
use crate::truth::repair::Repaired;

/// Plays 5 s, stalls 2 s, plays 12 s with a heartbeat that tells totals.
fn stalled() -> Story {
    let mut story = story();
    go(&mut story, State::Starting, Condition::Starting, 1_000);
    go(&mut story, State::Playing, Condition::Playing, 5_000);
    go(&mut story, State::Rebuffering, Condition::Stalled, 2_000);
    go(&mut story, State::Playing, Condition::Playing, 12_000);
    story
}

/// Leaves, with the totals in the last beacon; loses both reports of the stall.
fn leave_and_lose(story: &mut Story) -> Vec<Scene> {
    let totals = crate::script::counters::counters(&story.script, story.now_ms);
    quit(story);
    if let Some(last) = story.script.beacons.last_mut() {
        last.groups.push(totals);
    }
    let from_ms = story.script.plays[0].scenes[2].from_ms;
    let to_ms = story.script.plays[0].scenes[2].to_ms;
    for beacon in &mut story.script.beacons {
        beacon.is_lost |= beacon.at_ms == from_ms || Some(beacon.at_ms) == to_ms;
    }
    story.script.plays[0].hush(from_ms);
    story.script.plays[0].unheard.clone()
}

#[test]
fn a_stall_of_which_nobody_heard_is_repaired_by_the_clients_totals() {
    let mut story = stalled();
    let unheard = leave_and_lose(&mut story);
    assert_eq!(unheard.len(), 1);
    let truth = first_play(&story);
    // By what is told, playing went on.
    assert_eq!(totals(&truth), [1_000, 19_000, 0, 0, 0, 0]);
    let repaired = Repaired::of(&truth);
    assert_eq!((repaired.playing_ms, repaired.stalled_ms), (17_000, 2_000));
    assert_eq!((repaired.stall_count, repaired.repaired_ms), (1, 2_000));
    assert!(repaired.is_repaired);
    // Time was moved, not made.
    assert_eq!(repaired.watch_ms(&truth), 20_000);
    assert_eq!(truth.longest_ms(Condition::Stalled), 0);
}

#[test]
fn where_nothing_is_known_to_be_lost_the_timeline_stands() {
    let mut story = stalled();
    let mut totals = crate::script::counters::counters(&story.script, story.now_ms);
    for (_, total) in &mut totals.entries {
        *total = crate::script::beacon::Entry::Number(999_999);
    }
    quit(&mut story);
    story.script.beacons[0].groups.push(totals);
    let repaired = Repaired::of(&first_play(&story));
    assert!(!repaired.is_repaired);
    assert_eq!((repaired.stalled_ms, repaired.stall_count), (2_000, 1));
}

#[test]
fn sessions_of_several_plays_are_not_repaired() {
    let mut story = stalled();
    story.turn_to(other(), false);
    go(&mut story, State::Playing, Condition::Playing, 1_000);
    leave_and_lose(&mut story);
    let repaired = Repaired::of(&first_play(&story));
    assert!(!repaired.is_repaired);
    assert_eq!(repaired.stalled_ms, 0);
}
