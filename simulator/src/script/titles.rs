//! Going on to another title under the same session id.

use std::sync::Arc;

use crate::cast::Dice;
use crate::cast::title::Title;

use super::beacon::{Group, Playback};
use super::event::Event;
use super::play::Play;
use super::story::Story;

impl Story {
    /// The title that comes after this one, if the viewer stays.
    pub(crate) fn next_title(&self) -> Option<Arc<Title>> {
        let place = self.script.plays.len();
        self.script.viewer.titles.get(place).map(Arc::clone)
    }

    /// The player turns to `title`, in whatever condition it is. Some say so with a beacon of its own; of the others
    /// the first report names the new title, and the caller makes it at once.
    pub(crate) fn turn_to(&mut self, title: Arc<Title>, announces: bool) {
        self.enter(None);
        self.script.plays.push(Play::new(title, self.now_ms));
        self.owes_content = true;
        self.break_id = None;
        self.playback = Playback {
            // Some players still tell where they were, or what they showed, until the new title moves.
            position_ms: self.playback.position_ms.filter(|_| self.rng.chance(20.0)),
            bitrate_kbps: self.playback.bitrate_kbps.filter(|_| self.rng.chance(50.0)),
            playback_rate: None,
            in_ad: self.playback.in_ad.map(|_| false),
            ..self.playback
        };
        if announces {
            self.tell(Event::ContentChange).is_portrait = true;
            self.state = None;
            let ms = self.rng.within(0..400);
            self.pass(ms);
        }
    }

    /// The next title is offered while this one is still on: that is no turning to it.
    pub(crate) fn offer(&mut self, title: Arc<Title>) {
        let beacon = self.tell(Event::Impression);
        beacon.title = title;
        beacon.names_content = true;
        beacon.is_portrait = false;
        beacon.playback = Playback::default();
        beacon.groups.push(Group {
            field: "engagement",
            entries: vec![("placement", "next_up".into())],
        });
    }

    /// The page is loaded anew, and the client counts its beacons from 0 again under the old session id.
    pub(crate) fn count_anew(&mut self) {
        // Not in the same millisecond: what comes after must be later by the clock, since it is not by its number.
        self.pass(1);
        self.numbering.begin_anew();
        self.script.counter_resets += 1;
        self.reload();
    }
}
