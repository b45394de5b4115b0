//! From arrival to the first frame, or to leaving before it.

use crate::cast::Dice;

use super::beacon::{Entry, Group};
use super::event::{Event, State};
use super::scene::Condition;
use super::story::Story;

impl Story {
    /// The title is offered on a page before anybody asks for playback.
    pub(crate) fn see_the_poster(&mut self) {
        let impression = format!("impression-{}", self.rng.within(0..1_000_000));
        let placement = self.rng.pick(&["hero", "continue_watching", "search"]);
        self.tell(Event::Impression).groups.push(Group {
            field: "engagement",
            entries: vec![
                ("impression_id", impression.into()),
                ("placement", placement.into()),
            ],
        });
        let ms = self.rng.within(400..20_000);
        self.pass(ms);
    }

    /// The player loads before playback is asked for.
    pub(crate) fn preload(&mut self) {
        self.enter(Some(Condition::Preloading));
        self.report(State::Preloading);
        let ms = self.rng.within(200..9_000);
        self.pass(ms);
        if self.rng.chance(8.0) {
            // In a tab that is opened behind the one in front.
            self.set_background(true);
            let ms = self.rng.around(5_000);
            self.pass(ms);
        }
    }

    /// Playback is asked for; the wait for the first frame begins.
    pub(crate) fn ask_to_play(&mut self) {
        self.enter(Some(Condition::Starting));
        self.report(State::Starting).is_portrait = true;
        let ms = self.rng.around(500);
        self.pass(ms);
        if self.playback.background == Some(true) && self.rng.chance(80.0) {
            self.set_background(false);
            let ms = self.rng.around(200);
            self.pass(ms);
        }
        if self.rng.chance(10.0) {
            // Buffering before the first frame is part of the start-up.
            self.report(State::Rebuffering);
            let ms = self.rng.around(800);
            self.pass(ms);
        }
        if self.rng.chance(4.0) {
            // The browser refuses to play by itself, until the viewer clicks.
            self.enter(Some(Condition::Paused));
            self.report(State::Paused);
            let ms = self.rng.around(15_000);
            self.pass(ms);
            self.enter(Some(Condition::Starting));
            self.report(State::Starting);
            let ms = self.rng.around(300);
            self.pass(ms);
        }
    }

    /// The first frame moves; the player tells how long each part of the start-up took.
    pub(crate) fn show_the_first_frame(&mut self) {
        if !self.is_started() {
            self.take_up_the_title();
        }
        self.enter(Some(Condition::Playing));
        self.take_rendition();
        let part = |ms: i64| Entry::Number(ms.unsigned_abs());
        let mut entries = vec![
            ("player_ms", part(self.rng.within(20..400))),
            ("manifest_ms", part(self.rng.within(20..600))),
            ("first_segment_ms", part(self.rng.within(30..1_500))),
        ];
        if self.rng.chance(60.0) {
            entries.push(("drm_ms", part(self.rng.within(40..900))));
        }
        if !self.play().was_asked {
            // Known to the player alone: nothing was told before.
            entries.push(("total_ms", Entry::Number(1_700)));
        }
        let trace = format!(
            "00-{:032x}-{:016x}-01",
            self.script.viewer.seed, self.now_ms
        );
        let beacon = self.report(State::Playing);
        beacon.traceparent = Some(trace);
        beacon.groups.push(Group {
            field: "startup",
            entries,
        });
    }

    /// From its beginning, or from where the viewer once left it; a few players do not know yet where.
    fn take_up_the_title(&mut self) {
        let resumes = self.play().title.duration_ms.is_some() && self.rng.chance(25.0);
        let from_ms = match resumes {
            true => self.rng.within(30_000..500_000),
            false => 0,
        };
        self.playback.position_ms = (!self.rng.chance(4.0)).then_some(from_ms);
        self.playback.playback_rate = Some(1.0);
    }

    /// An ad break before the first frame.
    pub(crate) fn watch_a_pre_roll(&mut self) {
        // Some players report "playing" for the ad, others stay in "starting".
        let reports_playing = self.rng.chance(50.0);
        self.begin_break("pre-roll");
        if reports_playing {
            self.report(State::Playing);
        }
        self.watch_ads();
        if reports_playing {
            // What plays when the break ends is the content: its first frame is there with the end of the break.
            self.take_up_the_title();
            self.end_break(Some(Condition::Playing));
        } else {
            self.end_break(Some(Condition::Starting));
            let ms = self.rng.around(300);
            self.pass(ms);
        }
    }
}
