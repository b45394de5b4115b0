//! What happens after the first frame: playing, and everything that comes between.

use crate::cast::Dice;

use super::beacon::Group;
use super::event::{Event, State};
use super::play::PlainStall;
use super::scene::Condition;
use super::story::Story;

// kbit/s, width, height.
const RENDITIONS: [(u32, u32, u32); 7] = [
    (400, 416, 234),
    (800, 640, 360),
    (1_600, 960, 540),
    (3_200, 1_280, 720),
    (5_800, 1_920, 1_080),
    (9_100, 2_560, 1_440),
    (16_500, 3_840, 2_160),
];

impl Story {
    /// Sets bitrate and picture size to those of some rendition; 4 % of the players do not know theirs.
    pub(crate) fn take_rendition(&mut self) {
        if self.script.viewer.seed.is_multiple_of(25) {
            return;
        }
        let (bitrate_kbps, width, height) = self.rng.pick(&RENDITIONS);
        self.playback.bitrate_kbps = Some(bitrate_kbps);
        self.playback.width = Some(width);
        self.playback.height = Some(height);
    }

    /// Another rendition is shown.
    pub(crate) fn change_rendition(&mut self) {
        self.take_rendition();
        self.tell(Event::BitrateChange);
    }

    /// The buffer runs dry while playing.
    pub(crate) fn stall(&mut self) {
        let waits = self.rng.chance(20.0);
        let was_playing =
            self.condition() == Some(Condition::Playing) && self.state == Some(State::Playing);
        let from_ms = self.now_ms;
        self.enter(Some(Condition::Stalled));
        let began_by = self.report(if waits {
            State::Waiting
        } else {
            State::Rebuffering
        });
        let began_by = began_by.index;
        let ms = self.rng.around(2_500);
        self.pass(ms);
        if self.rng.chance(15.0) {
            self.change_rendition();
            let ms = self.rng.around(700);
            self.pass(ms);
        }
        if self.rng.chance(10.0) {
            // The viewer pauses, hoping that it fills, and goes on too early.
            self.rest(8_000);
            self.enter(Some(Condition::Stalled));
            self.report(State::Rebuffering);
            let ms = self.rng.around(900);
            self.pass(ms);
        }
        let between = &self.script.beacons[began_by + 1..];
        let is_plain = was_playing && !between.iter().any(|beacon| beacon.event.is_mark());
        self.resume();
        if is_plain {
            let ended_by = self.script.beacons.len() - 1;
            self.play().plain_stalls.push(PlainStall {
                from_ms,
                began_by,
                ended_by,
            });
        }
    }

    /// The viewer pauses; on a phone perhaps by leaving the application, which then sends nothing.
    pub(crate) fn pause(&mut self) {
        if self.script.viewer.device.class == "mobile" && self.rng.chance(40.0) {
            self.set_background(true);
            let due_ms = self.next_heartbeat_ms.take();
            self.rest(120_000);
            self.next_heartbeat_ms = due_ms.map(|due_ms| due_ms.max(self.now_ms));
            self.set_background(false);
        } else {
            self.rest(25_000);
        }
        if self.rng.chance(12.0) {
            self.seek(false);
        }
        self.resume();
    }

    /// The viewer pauses, and does not come back to this title.
    pub(crate) fn pause_for_good(&mut self) {
        self.rest(15_000);
    }

    fn rest(&mut self, mean_ms: i64) {
        self.enter(Some(Condition::Paused));
        self.report(State::Paused);
        let ms = self.rng.around(mean_ms);
        self.pass(ms);
    }

    /// The viewer moves the playhead; buffering after it belongs to the seek.
    pub(crate) fn seek(&mut self, goes_on: bool) {
        self.enter(Some(Condition::Seeking));
        self.report(State::Seeking);
        let ms = self.rng.around(350);
        self.pass(ms);
        let here_ms = self.playback.position_ms.unwrap_or(0);
        self.playback.position_ms = Some((here_ms + self.rng.within(-300_000..600_000)).max(0));
        if self.rng.chance(60.0) {
            self.report(State::Rebuffering);
            let ms = self.rng.around(900);
            self.pass(ms);
            if self.rng.chance(10.0) {
                self.report(State::Waiting);
                let ms = self.rng.around(400);
                self.pass(ms);
            }
        }
        if goes_on {
            self.resume();
        }
    }

    /// The player loads the title anew, after the first frame; some then name the title as if it were another one.
    pub(crate) fn reload(&mut self) {
        self.enter(Some(Condition::Starting));
        if self.rng.chance(25.0) {
            self.tell(Event::ContentChange);
        }
        self.report(State::Starting);
        let ms = self.rng.around(900);
        self.pass(ms);
        self.resume();
    }

    /// Frames move again.
    pub(crate) fn resume(&mut self) {
        self.enter(Some(Condition::Playing));
        self.report(State::Playing);
    }

    /// An ad break in the middle; some players need to buffer when the content comes back.
    pub(crate) fn watch_a_mid_roll(&mut self) {
        self.begin_break("mid-roll");
        self.watch_ads();
        if self.rng.chance(15.0) {
            self.report(State::Rebuffering);
            let ms = self.rng.around(300);
            self.pass(ms);
            self.end_break(Some(Condition::Stalled));
            let ms = self.rng.around(800);
            self.pass(ms);
            self.resume();
        } else {
            self.end_break(Some(Condition::Playing));
            if self.rng.chance(50.0) {
                self.resume();
            }
        }
    }

    /// Something failed, and playback went on.
    pub(crate) fn stumble(&mut self) {
        let code = self.rng.pick(&[
            "segment_404",
            "decode_warning",
            "manifest_stale",
            "drm_renewal",
        ]);
        // A rule that only warns ends nothing.
        let is_business = self.rng.chance(8.0);
        self.err(code, false, is_business);
        if self.rng.chance(30.0) {
            self.reload();
        }
    }

    /// An error is reported; what follows from it is the caller's.
    pub(crate) fn err(&mut self, code: &'static str, is_fatal: bool, is_business: bool) {
        let mut entries = vec![
            ("code", code.into()),
            ("message", format!("{code} while playing").into()),
        ];
        if is_fatal || self.rng.chance(50.0) {
            entries.push(("fatal", is_fatal.into()));
        }
        if is_business {
            entries.push(("business", true.into()));
        }
        self.tell(Event::Error).groups.push(Group {
            field: "error",
            entries,
        });
    }
}
