//! The narrator: keeps the time, the player's condition and the heartbeats, and writes both sides down.

use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::cast::{Dice, Viewer};

use super::Script;
use super::beacon::{Beacon, Entry, Group, Playback};
use super::event::{Event, State};
use super::scene::{Condition, Ending, Scene};

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
            script: Script {
                viewer,
                beacons: Vec::new(),
                scenes: Vec::new(),
                bitrates: Vec::new(),
                first_frame_ms: None,
                was_asked: false,
                ending: Ending::Silent,
            },
        }
    }

    /// The viewer's true condition from now on; none when nothing is being watched.
    pub(crate) fn enter(&mut self, condition: Option<Condition>) {
        match condition {
            Some(Condition::Playing) => {
                self.script.first_frame_ms.get_or_insert(self.now_ms);
            }
            Some(Condition::Starting) if self.script.first_frame_ms.is_none() => {
                self.script.was_asked = true
            }
            _ => {}
        }
        let now_ms = self.now_ms;
        if let Some(open) = self.script.scenes.last_mut()
            && open.to_ms.is_none()
        {
            if Some(open.condition) == condition {
                return;
            }
            open.to_ms = Some(now_ms);
            if open.from_ms == now_ms {
                self.script.scenes.pop();
            }
        }
        let Some(condition) = condition else { return };
        match self.script.scenes.last_mut() {
            Some(before) if before.condition == condition && before.to_ms == Some(now_ms) => {
                before.to_ms = None
            }
            _ => self.script.scenes.push(Scene {
                condition,
                from_ms: now_ms,
                to_ms: None,
            }),
        }
    }

    /// The condition that lasts now.
    pub(crate) fn condition(&self) -> Option<Condition> {
        self.script
            .scenes
            .last()
            .filter(|scene| scene.to_ms.is_none())
            .map(|scene| scene.condition)
    }

    /// The player reports a state.
    pub(crate) fn report(&mut self, state: State) -> &mut Beacon {
        self.state = Some(state);
        self.announce_bitrate();
        self.tell(Event::PlayState)
    }

    /// The bitrate that the next report names, as the ledger knows it.
    pub(crate) fn announce_bitrate(&mut self) {
        if let Some(bitrate_kbps) = self.playback.bitrate_kbps
            && bitrate_kbps > 0
        {
            self.script.bitrates.push((self.now_ms, bitrate_kbps));
        }
    }

    /// The client makes a beacon, with the player's condition on it.
    pub(crate) fn tell(&mut self, event: Event) -> &mut Beacon {
        let index = self.script.beacons.len();
        let viewer = &self.script.viewer;
        let stream = match event {
            Event::Heartbeat if viewer.counts_beats_apart => Some("beats"),
            _ => viewer.stream,
        };
        let seq = self
            .script
            .beacons
            .iter()
            .filter(|beacon| beacon.stream == stream)
            .count();
        self.script.beacons.push(Beacon {
            index,
            stream,
            seq: seq as u64,
            at_ms: self.now_ms,
            event,
            state: self.state,
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
        if self.script.first_frame_ms.is_some() {
            self.playback.buffer_ms = Some(self.rng.within(0..30_000) as u32);
            self.playback.throughput_kbps = Some(self.rng.within(1_500..60_000) as u32);
            let is_live = self.script.viewer.title.duration_ms.is_none();
            self.playback.live_latency_ms = is_live.then(|| self.rng.within(1_800..30_000) as u32);
        }
    }

    fn heartbeat(&mut self) {
        let counters = self.rng.chance(25.0).then(|| self.counters());
        let weight = self.rng.chance(3.0).then_some(1);
        let beacon = self.tell(Event::Heartbeat);
        beacon.sampling_weight = weight;
        beacon.groups.extend(counters);
    }

    /// The client's own totals so far.
    fn counters(&self) -> Group {
        let total = |condition: Condition| -> u64 {
            let scenes = self
                .script
                .scenes
                .iter()
                .filter(|scene| scene.condition == condition);
            let ms: i64 = scenes
                .map(|scene| scene.to_ms.unwrap_or(self.now_ms) - scene.from_ms)
                .sum();
            ms.unsigned_abs()
        };
        let count = |condition: Condition| -> u64 {
            self.script
                .scenes
                .iter()
                .filter(|scene| scene.condition == condition)
                .count() as u64
        };
        let errors = self
            .script
            .beacons
            .iter()
            .filter(|beacon| beacon.event == Event::Error)
            .count();
        Group {
            field: "counters",
            entries: vec![
                ("played_ms", Entry::Number(total(Condition::Playing))),
                ("stalled_ms", Entry::Number(total(Condition::Stalled))),
                ("paused_ms", Entry::Number(total(Condition::Paused))),
                ("seeking_ms", Entry::Number(total(Condition::Seeking))),
                ("ad_ms", Entry::Number(total(Condition::Ad))),
                ("stall_count", Entry::Number(count(Condition::Stalled))),
                ("seek_count", Entry::Number(count(Condition::Seeking))),
                ("error_count", Entry::Number(errors as u64)),
            ],
        }
    }
}
