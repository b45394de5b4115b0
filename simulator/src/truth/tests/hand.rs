//! How the stories are told.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::cast::title::{Title, catalogue};
use crate::cast::viewer::{Casting, Clock, Viewer};
use crate::event::Event as Whole;
use crate::script::beacon::{Entry, Group};
use crate::script::event::{Event, State};
use crate::script::scene::{Condition, Ending};
use crate::script::story::Story;
use crate::send::Journal;
use crate::truth::Truth;
use crate::truth::cell::Expected;
use crate::truth::play::PlayTruth;
use crate::truth::views::expectations;

/// 2026-11-20 23:59:00 UTC.
pub(super) const BEGIN_MS: i64 = 1_795_219_140_000;

/// A viewer without chance: heartbeats each ten seconds, which it tells, and every beacon names its title.
pub(super) fn viewer() -> Viewer {
    let casting = Casting {
        run: "hand".to_owned(),
        seed: 1,
        wrong_clock_percent: 0.0,
        counts_anew_percent: 0.0,
        zapping_percent: 0.0,
        patience_ms: 600_000,
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
        names_content_seldom: false,
        stream: None,
        first_seq: 0,
        titles: vec![film()],
        clock,
        seed: 7,
        ..casting.viewer(0, BEGIN_MS)
    }
}

/// A film of a hundred seconds.
pub(super) fn film() -> Arc<Title> {
    title("film")
}

/// Another film of a hundred seconds.
pub(super) fn other() -> Arc<Title> {
    title("other")
}

fn title(content_id: &str) -> Arc<Title> {
    Arc::new(Title {
        content_id: content_id.to_owned(),
        title: content_id.to_uppercase(),
        stream_type: "vod",
        duration_ms: Some(100_000),
        details: Vec::new(),
    })
}

pub(super) fn story() -> Story {
    Story::new(Arc::new(viewer()), BEGIN_MS)
}

/// Reports a state and is in that condition from now on, for that long.
pub(super) fn go(story: &mut Story, state: State, condition: Condition, ms: i64) {
    story.enter(Some(condition));
    story.report(state);
    story.pass(ms);
}

/// Reports another state in the same condition, for that long.
pub(super) fn say(story: &mut Story, state: State, ms: i64) {
    story.report(state);
    story.pass(ms);
}

/// It ends now; who tells it is the caller's.
pub(super) fn end(story: &mut Story, ending: Ending) {
    story.play().ending = ending;
    story.enter(None);
}

/// The viewer leaves, and says so.
pub(super) fn quit(story: &mut Story) {
    let at_ms = story.now_ms;
    end(story, Ending::Exited { at_ms });
    story.report(State::Quit);
}

/// Such a beacon, with these entries in that group.
pub(super) fn tell_group(
    story: &mut Story,
    event: Event,
    field: &'static str,
    entries: Vec<(&'static str, Entry)>,
) {
    let group = Group { field, entries };
    story.tell(event).groups.push(group);
}

pub(super) fn first_play(story: &Story) -> PlayTruth<'_> {
    PlayTruth::of(&story.script, 0, 30_000)
}

pub(super) fn plays(story: &Story) -> Vec<PlayTruth<'_>> {
    let places = 0..story.script.plays.len();
    places
        .map(|place| PlayTruth::of(&story.script, place, 30_000))
        .collect()
}

/// Starting, playing, stalled, seeking, paused, in an ad; ms.
pub(super) fn totals(truth: &PlayTruth<'_>) -> [i64; 6] {
    use Condition::{Ad, Paused, Playing, Seeking, Stalled, Starting};
    [Starting, Playing, Stalled, Seeking, Paused, Ad].map(|condition| truth.total_ms(condition))
}

/// The truth of an event with that one session, of which nothing was sent.
pub(super) fn truth_of(story: Story) -> Truth {
    let event = Whole {
        run: "hand".to_owned(),
        scripts: vec![story.script],
        parcels: Vec::new(),
    };
    let journal = Journal::of(&event.scripts);
    Truth::of(&Arc::new(event), &journal, "default", 30_000)
}

/// What `sessions_v` must show of the first play.
pub(super) fn column(truth: &Truth, name: &str) -> Expected {
    let views = expectations(truth);
    let sessions = views.iter().find(|view| view.view == "sessions_v").unwrap();
    let row = (sessions.row)(0, &Map::new());
    row.into_iter()
        .find(|(column, _)| *column == name)
        .unwrap()
        .1
}

pub(super) fn shown(truth: &Truth, name: &str) -> Value {
    match column(truth, name) {
        Expected::Is(value) => value,
        Expected::Near(number) => json!(number),
        other => panic!("{name} is {other:?}"),
    }
}

/// Everything that a view must show, row by row.
pub(super) fn rows(truth: &Truth, view: &str) -> Vec<Map<String, Value>> {
    let views = expectations(truth);
    let view = views.iter().find(|one| one.view == view).unwrap();
    let value = |expected| match expected {
        Expected::Is(value) => value,
        Expected::Near(number) => json!(number),
        Expected::Between(..) | Expected::Count(..) => Value::Null,
    };
    let row = |index| {
        let columns = (view.row)(index, &Map::new()).into_iter();
        columns
            .map(|(name, expected)| (name.to_owned(), value(expected)))
            .collect()
    };
    (0..view.keys.len()).map(row).collect()
}
