//! The narrator: keeps the time, the player's condition and the heartbeats, and writes both sides down.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::cast::{Dice, Viewer};

use super::Script;
use super::beacon::{Beacon, Playback};
use super::counters::counters;
use super::event::{Event, State};
use super::numbering::Numbering;
use super::play::Play;
use super::scene::Condition;

/// A session while it is being told.
pub(crate) struct Story {
    pub(crate) rng: ChaCha8Rng,
    pub(crate) script: Script,
    /// True time in the story; Unix ms.
    pub(crate) now_ms: i64,
    /// What the player last reported.
    pub(crate) state: Option<State>,
    pub(crate) playback: Playback,
    pub(crate) cdn: &'static str,
    pub(crate) connection_type: &'static str,
    pub(crate) audio_language: &'static str,
    pub(crate) subtitle_language: Option<&'static str>,
    pub(crate) heartbeat_ms: i64,
    /// When the next heartbeat is due; absent while the client sends none.
    pub(crate) next_heartbeat_ms: Option<i64>,
    /// The ad break that goes on.
    pub(crate) break_id: Option<String>,
    /// No report of the play has named its title yet.
    pub(crate) owes_content: bool,
    pub(crate) numbering: Numbering,
}

impl Story {
    /// Begins the story of `viewer` at `arrives_ms` (true time).
    pub(crate) fn new(viewer: Arc<Viewer>, arrives_ms: i64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(viewer.seed ^ 0x0570_91E5),
            now_ms: arrives_ms,
            state: None,
            playback: Playback {
                muted: Some(false),
                full_screen: Some(true),
                ..Playback::default()
            },
            cdn: viewer.network.cdn,
            connection_type: viewer.network.connection_type,
            audio_language: "en",
            subtitle_language: Some("de"),
            heartbeat_ms: viewer.heartbeat_ms,
            next_heartbeat_ms: Some(arrives_ms + viewer.heartbeat_ms),
            break_id: None,
            owes_content: true,
            numbering: Numbering::new(viewer.first_seq),
            script: Script {
                plays: vec![Play::new(Arc::clone(viewer.title()), arrives_ms)],
                viewer,
                beacons: Vec::new(),
                counter_resets: 0,
            },
        }
    }

    /// The play that goes on.
    pub(crate) fn play(&mut self) -> &mut Play {
        let last = self.script.plays.len() - 1;
        &mut self.script.plays[last]
    }

    /// The viewer's true condition from now on; none when nothing is being watched.
    pub(crate) fn enter(&mut self, condition: Option<Condition>) {
        let (now_ms, position_ms) = (self.now_ms, self.playback.position_ms);
        let play = self.play();
        match condition {
            Some(Condition::Playing) if play.first_frame_ms.is_none() => {
                play.first_frame_ms = Some(now_ms);
                play.first_position_ms = position_ms;
            }
            Some(Condition::Starting) if play.first_frame_ms.is_none() => play.was_asked = true,
            _ => {}
        }
        play.enter(condition, now_ms);
    }

    /// Whether frames of the title have moved.
    pub(crate) fn is_started(&self) -> bool {
        let play = self.script.plays.last();
        play.is_some_and(|play| play.first_frame_ms.is_some())
    }

    /// The condition that lasts now.
    pub(crate) fn condition(&self) -> Option<Condition> {
        self.script.plays.last()?.condition()
    }

    /// The player reports a state.
    pub(crate) fn report(&mut self, state: State) -> &mut Beacon {
        self.state = Some(state);
        self.tell(Event::PlayState)
    }

    /// The client makes a beacon, with the player's condition on it.
    pub(crate) fn tell(&mut self, event: Event) -> &mut Beacon {
        let names_content = self.names_content(event);
        let index = self.script.beacons.len();
        let play = self.script.plays.len() - 1;
        let viewer = &self.script.viewer;
        let (stream, seq) = match event {
            Event::Heartbeat if viewer.counts_beats_apart => {
                (Some("beats"), self.numbering.take_beat())
            }
            _ => (viewer.stream, self.numbering.take()),
        };
        let says_state = event == Event::PlayState || !viewer.tells_state_once;
        self.script.beacons.push(Beacon {
            index,
            stream,
            seq,
            at_ms: self.now_ms,
            event,
            play,
            title: Arc::clone(&self.script.plays[play].title),
            names_content,
            state: self.state.filter(|_| says_state),
            is_portrait: index == 0 || index % 16 == 3,
            cdn: self.cdn,
            connection_type: self.connection_type,
            audio_language: self.audio_language,
            subtitle_language: self.subtitle_language,
            exit_reason: None,
            traceparent: None,
            sampling_weight: None,
            heartbeat_interval_ms: viewer.tells_heartbeat.then_some(self.heartbeat_ms),
            playback: self.playback,
            groups: Vec::new(),
            is_lost: false,
        });
        &mut self.script.beacons[index]
    }

    /// Most clients name the title in every beacon. The others do so now and then, but by the first report of a play;
    /// only what is preloaded first may stay without a name until playback is asked for.
    fn names_content(&mut self, event: Event) -> bool {
        if !self.script.viewer.names_content_seldom {
            return true;
        }
        let is_preloading_first =
            self.script.plays.len() == 1 && self.state == Some(State::Preloading);
        let must = match event {
            Event::Impression | Event::ContentChange => true,
            _ => self.owes_content && event.is_mark() && !is_preloading_first,
        };
        let does = must || self.rng.chance(40.0);
        self.owes_content &= !(does && event.is_mark());
        does
    }

    /// Time goes by: heartbeats are sent, and what plays moves on.
    pub(crate) fn pass(&mut self, ms: i64) {
        let end_ms = self.now_ms + ms;
        while let Some(due_ms) = self.next_heartbeat_ms
            && due_ms <= end_ms
        {
            self.advance(due_ms);
            self.heartbeat();
            self.next_heartbeat_ms = Some(due_ms + self.heartbeat_ms);
        }
        self.advance(end_ms);
    }

    fn advance(&mut self, to_ms: i64) {
        let passed_ms = to_ms - self.now_ms;
        self.now_ms = to_ms;
        if self.condition() == Some(Condition::Playing) {
            let rate = self.playback.playback_rate.unwrap_or(1.0);
            let position_ms = self.playback.position_ms.unwrap_or(0);
            self.playback.position_ms = Some(position_ms + (passed_ms as f64 * rate) as i64);
            if self.rng.chance(6.0) {
                let dropped = self.rng.within(1..40) as u32;
                self.playback.dropped_frames =
                    Some(self.playback.dropped_frames.unwrap_or(0) + dropped);
            }
        }
        if self.is_started() {
            self.playback.buffer_ms = Some(self.rng.within(0..30_000) as u32);
            self.playback.throughput_kbps = Some(self.rng.within(1_500..60_000) as u32);
            let is_live = self.play().title.duration_ms.is_none();
            self.playback.live_latency_ms = is_live.then(|| self.rng.within(1_800..30_000) as u32);
        }
    }

    fn heartbeat(&mut self) {
        let tells_counters = self.rng.chance(25.0);
        let counters = tells_counters.then(|| counters(&self.script, self.now_ms));
        let weight = self.rng.chance(3.0).then_some(1);
        let beacon = self.tell(Event::Heartbeat);
        beacon.sampling_weight = weight;
        beacon.groups.extend(counters);
    }
}
