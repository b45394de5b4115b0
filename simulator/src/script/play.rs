//! One play of a session: one title from where the player turns to it until it turns to another, or stops.

use std::sync::Arc;

use crate::cast::title::Title;

use super::scene::{Condition, Ending, Scene, Spell};

/// A play as it was meant.
#[derive(Debug)]
pub(crate) struct Play {
    pub(crate) title: Arc<Title>,
    /// When the player turned to the title; the first play begins with the session instead. Unix ms.
    pub(crate) begins_ms: i64,
    /// In order, without overlap, with gaps where there was no condition.
    pub(crate) scenes: Vec<Scene>,
    /// When the player was in the background.
    pub(crate) background: Vec<Spell>,
    pub(crate) first_frame_ms: Option<i64>,
    /// Where in the title the first frame stood, if the player knew; ms.
    pub(crate) first_position_ms: Option<i64>,
    /// Playback was asked for before the first frame, so there is a start-up time.
    pub(crate) was_asked: bool,
    /// How often another CDN took over.
    pub(crate) cdn_switches: usize,
    pub(crate) ending: Ending,
    /// Stalls that nothing else happened in: two reports tell of each.
    pub(crate) plain_stalls: Vec<PlainStall>,
    /// Scenes of which every report was lost. They are no longer among `scenes`, where playing seems to go on.
    pub(crate) unheard: Vec<Scene>,
}

/// A stall, and the beacons that told where it began and ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlainStall {
    pub(crate) from_ms: i64,
    /// Index of the beacon.
    pub(crate) began_by: usize,
    pub(crate) ended_by: usize,
}

impl Play {
    /// The player turns to `title` at `begins_ms` (true time).
    pub(crate) fn new(title: Arc<Title>, begins_ms: i64) -> Self {
        Self {
            title,
            begins_ms,
            scenes: Vec::new(),
            background: Vec::new(),
            first_frame_ms: None,
            first_position_ms: None,
            was_asked: false,
            cdn_switches: 0,
            ending: Ending::Silent,
            plain_stalls: Vec::new(),
            unheard: Vec::new(),
        }
    }

    /// The condition that lasts now.
    pub(crate) fn condition(&self) -> Option<Condition> {
        self.scenes
            .last()
            .filter(|scene| scene.to_ms.is_none())
            .map(|scene| scene.condition)
    }

    /// Another condition from `now_ms` on; a scene of no length never was.
    pub(crate) fn enter(&mut self, condition: Option<Condition>, now_ms: i64) {
        if let Some(open) = self.scenes.last_mut()
            && open.to_ms.is_none()
        {
            if Some(open.condition) == condition {
                return;
            }
            open.to_ms = Some(now_ms);
            if open.from_ms == now_ms {
                self.scenes.pop();
            }
        }
        let Some(condition) = condition else { return };
        match self.scenes.last_mut() {
            Some(before) if before.condition == condition && before.to_ms == Some(now_ms) => {
                before.to_ms = None
            }
            _ => self.scenes.push(Scene {
                condition,
                from_ms: now_ms,
                to_ms: None,
            }),
        }
    }

    /// Nobody hears of the stall that began at `from_ms`: by all that is told, playing went on.
    pub(crate) fn hush(&mut self, from_ms: i64) {
        let is_it =
            |scene: &Scene| scene.condition == Condition::Stalled && scene.from_ms == from_ms;
        let Some(place) = self.scenes.iter().position(is_it) else {
            return;
        };
        self.unheard.push(self.scenes[place]);
        self.scenes[place].condition = Condition::Playing;
        let mut joined: Vec<Scene> = Vec::with_capacity(self.scenes.len());
        for scene in self.scenes.drain(..) {
            match joined.last_mut() {
                Some(before)
                    if before.condition == scene.condition
                        && before.to_ms == Some(scene.from_ms) =>
                {
                    before.to_ms = scene.to_ms
                }
                _ => joined.push(scene),
            }
        }
        self.scenes = joined;
    }
}
