//! Which state of the player an event of the media plugin tells.
//!
//! The plugin's `play` is the viewer's wish and not the first frame, and its buffering has no word
//! for what is waited for. What each event tells beside itself decides, since events come in any
//! order and by any gateway.

use serde_json::{Map, Value};

use super::entities::Entities;
use crate::beacon::PlayState;

/// How much later than `play` the first frame is put where nothing was buffered: beyond the rounding
/// of the two clocks that tell both. Ms.
const AFTER_PLAY_MS: i64 = 20;

/// A pause event counts the moment since the pause already. S.
const PAUSED_JUST_NOW_SECONDS: f64 = 0.1;

/// What an event tells of the player beside itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Condition {
    is_paused: bool,
    is_ended: bool,
    /// Whether there is a media session, without which the rest is not known.
    has_session: bool,
    /// Since the first play, waiting included; s.
    time_played: f64,
    /// Waiting for data; s.
    time_buffering: f64,
    time_paused: f64,
}

impl Condition {
    pub(super) fn of(entities: &Entities) -> Self {
        let flag = |name: &str| {
            let value = entities.player.as_ref().and_then(|player| player.get(name));
            value.and_then(Value::as_bool).unwrap_or_default()
        };
        let seconds = |name: &str| number(entities.session.as_ref(), name).unwrap_or_default();
        Self {
            is_paused: flag("paused"),
            is_ended: flag("ended"),
            has_session: entities.session.is_some(),
            time_played: seconds("timePlayed"),
            time_buffering: seconds("timeBuffering"),
            time_paused: seconds("timePaused"),
        }
    }

    /// The state after `play`: the first one of a session asks for playback, any other one resumes it.
    pub(super) fn after_play(self) -> PlayState {
        let is_first = self.time_played == 0.0 && self.time_buffering == 0.0;
        if self.has_session && is_first {
            PlayState::Starting
        } else {
            PlayState::Playing
        }
    }

    /// The state when a seek or the buffering is over.
    pub(super) fn after_wait(self) -> PlayState {
        if self.is_paused {
            PlayState::Paused
        } else {
            PlayState::Playing
        }
    }

    /// The state that a sign of life finds.
    pub(super) fn now(self) -> PlayState {
        if self.is_ended {
            PlayState::Ended
        } else {
            self.after_wait()
        }
    }

    /// Whether the session began within so many seconds of viewing.
    pub(super) fn began_within(self, seconds: f64) -> bool {
        self.time_played <= seconds
    }

    /// When the first frame was shown, told by a later event of a session that had nothing to wait
    /// for: such a session tells no moment of its own at which playing began. Unix ms.
    pub(super) fn unbuffered_first_frame_ms(self, client_time_ms: i64) -> Option<i64> {
        let is_told = self.has_session
            && self.time_played > 0.0
            && self.time_buffering == 0.0
            && self.time_paused < PAUSED_JUST_NOW_SECONDS;
        if !is_told {
            return None;
        }
        // A day at most, so that the conversion is exact.
        let played_ms = (self.time_played.min(86_400.0) * 1_000.0).round() as i64;
        let after_play_ms = AFTER_PLAY_MS.min(played_ms);
        Some(
            client_time_ms
                .saturating_sub(played_ms)
                .saturating_add(after_play_ms),
        )
    }
}

/// A number of an entity that is not negative.
pub(super) fn number(entity: Option<&Map<String, Value>>, name: &str) -> Option<f64> {
    let number = entity?.get(name)?.as_f64()?;
    (number >= 0.0).then_some(number)
}
