//! How sessions end, in the many ways in which players say so, or do not.

use crate::cast::Dice;

use super::beacon::Group;
use super::counters::counters;
use super::event::{Event, State};
use super::scene::Ending;
use super::story::Story;

impl Story {
    /// The title is over.
    pub(crate) fn finish(&mut self) {
        let now_ms = self.now_ms;
        self.play().ending = Ending::Finished { at_ms: now_ms };
        self.enter(None);
        match self.rng.within(0..10) {
            0 => {
                self.state = Some(State::Ended);
                self.end_session(Some("finished"));
            }
            1 => {
                self.report(State::Ended);
            }
            2 => {
                // A player that says "over" and then "left": the first one tells how it ended.
                self.report(State::Ended);
                self.linger();
                self.end_session(Some("exited"));
            }
            3 => {
                self.report(State::Ended);
                self.pause_by_itself();
                if self.rng.chance(50.0) {
                    self.linger();
                    self.end_session(Some("finished"));
                }
            }
            _ => {
                self.report(State::Ended);
                self.linger();
                self.end_session(Some("finished"));
            }
        }
        if self.rng.chance(8.0) {
            let ms = self.rng.within(500..15_000);
            self.pass(ms);
            self.rate();
        }
    }

    /// The viewer leaves, at any moment.
    pub(crate) fn exit(&mut self) {
        let now_ms = self.now_ms;
        self.play().ending = Ending::Exited { at_ms: now_ms };
        self.enter(None);
        match self.rng.within(0..5) {
            0 => {
                self.report(State::Quit);
            }
            1 => {
                self.report(State::Quit);
                self.linger();
                self.end_session(Some("exited"));
            }
            2 => {
                self.state = Some(State::Quit);
                self.end_session(None);
            }
            _ => {
                self.state = Some(State::Quit);
                self.end_session(Some("exited"));
            }
        }
    }

    /// A fatal error stops the session.
    pub(crate) fn fail(&mut self) {
        let now_ms = self.now_ms;
        let is_business = self.rng.chance(25.0);
        let way = self.rng.within(0..5);
        self.play().ending = Ending::Failed {
            at_ms: now_ms,
            // A player that says "failed" first has not said why when it is over.
            is_business: is_business && way != 0,
        };
        self.enter(None);
        let technical = self.rng.pick(&[
            "manifest_403",
            "segment_timeout",
            "decode_failed",
            "drm_denied",
        ]);
        self.state = Some(State::Failed);
        match way {
            0 => {
                self.report(State::Failed);
                self.err(technical, true, is_business);
            }
            1 => self.err(technical, true, is_business),
            2 => {
                self.err(technical, true, is_business);
                self.linger();
                self.end_session(Some("exited"));
            }
            3 => {
                self.err(technical, true, is_business);
                self.pause_by_itself();
            }
            _ => {
                self.err(
                    if is_business {
                        "geo_blocked"
                    } else {
                        technical
                    },
                    true,
                    is_business,
                );
                self.report(State::Failed);
                self.end_session(Some("failed"));
            }
        }
    }

    /// Nothing more is heard.
    pub(crate) fn fall_silent(&mut self) {
        self.play().ending = Ending::Silent;
    }

    /// After the end the viewer starts again, in the same session.
    pub(crate) fn begin_again(&mut self) {
        self.enter(None);
        self.report(State::Ended);
        if self.rng.chance(30.0) {
            self.pause_by_itself();
        }
        let ms = self.rng.within(2_000..40_000);
        self.pass(ms);
        self.playback.position_ms = Some(0);
        if self.rng.chance(50.0) {
            self.reload();
        } else {
            self.seek(true);
        }
    }

    /// The video element pauses when its title is over, and some players say so after they said that it is over
    /// (dash.js 5.2.1, one time in ten): no viewer paused.
    fn pause_by_itself(&mut self) {
        let ms = self.rng.within(1..6);
        self.pass(ms);
        self.report(State::Paused);
    }

    fn linger(&mut self) {
        if self.rng.chance(50.0) {
            let ms = self.rng.within(1..1_500);
            self.pass(ms);
        }
    }

    fn end_session(&mut self, reason: Option<&'static str>) {
        let tells_state = self.rng.chance(80.0);
        let totals = counters(&self.script, self.now_ms);
        let totals = self.rng.chance(50.0).then_some(totals);
        let beacon = self.tell(Event::SessionEnd);
        beacon.groups.extend(totals);
        beacon.exit_reason = reason;
        if !tells_state {
            beacon.state = None;
        }
    }

    fn rate(&mut self) {
        let rating = self.rng.within(1..6).unsigned_abs();
        self.tell(Event::Rating).groups.push(Group {
            field: "engagement",
            entries: vec![("rating", rating.into())],
        });
    }
}
