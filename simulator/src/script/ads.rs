//! Ad breaks: everything inside one is advertising, whatever else the player reports.

use crate::cast::Dice;

use super::beacon::{Entry, Group};
use super::event::{Event, State};
use super::scene::Condition;
use super::story::Story;

impl Story {
    /// A break begins.
    pub(crate) fn begin_break(&mut self, break_type: &'static str) {
        self.playback.in_ad = Some(true);
        self.enter(Some(Condition::Ad));
        let break_id = format!("break-{}", self.now_ms % 100_000);
        // Half of the clients name the break with each of its ads.
        let names_break = self.script.viewer.seed.is_multiple_of(2);
        self.break_id = names_break.then(|| break_id.clone());
        self.tell(Event::AdBreakStart).groups.push(Group {
            field: "ad",
            entries: vec![
                ("break_id", break_id.into()),
                ("break_type", break_type.into()),
            ],
        });
    }

    /// A break ends, and what the player last reported shows through again: `condition`.
    pub(crate) fn end_break(&mut self, condition: Option<Condition>) {
        self.playback.in_ad = Some(false);
        self.enter(condition);
        self.tell(Event::AdBreakEnd);
    }

    /// The ads of a break: shown, skipped, clicked, failed; with stalls and pauses among them.
    pub(crate) fn watch_ads(&mut self) {
        let pod = self.rng.within(1..4);
        for pod_position in 1..=pod {
            let creative = self.rng.within(0..12);
            let duration_ms = self.rng.pick(&[6_000, 15_000, 20_000, 30_000]);
            self.watch_ad(pod_position, creative, duration_ms);
        }
    }

    fn watch_ad(&mut self, pod_position: i64, creative: i64, duration_ms: i64) {
        let mut ad = vec![
            ("ad_id", Entry::Text(format!("ad-{creative:02}"))),
            (
                "creative_id",
                Entry::Text(format!("creative-{creative:02}")),
            ),
            ("pod_position", Entry::Number(pod_position.unsigned_abs())),
            ("duration_ms", Entry::Number(duration_ms.unsigned_abs())),
        ];
        ad.extend(self.break_id.clone().map(|id| ("break_id", id.into())));
        if self.rng.chance(5.0) {
            let mut failed = ad.clone();
            failed.push(("error_code", (self.rng.pick(&["303", "400", "901"])).into()));
            self.tell_ad(Event::AdError, failed);
            let ms = self.rng.within(0..2_000);
            self.pass(ms);
            return;
        }
        self.tell_ad(Event::AdStart, ad.clone());
        self.tell_ad(Event::AdImpression, ad.clone());
        let skipped_after = self.rng.chance(15.0).then(|| self.rng.within(1..4));
        for quarter in 1..=4 {
            self.pass(duration_ms / 4);
            if self.rng.chance(5.0) {
                self.buffer_in_the_ad();
            }
            if self.rng.chance(1.5) {
                self.pause_in_the_ad();
            }
            if self.rng.chance(2.0) {
                self.tell_ad(Event::AdClick, ad.clone());
            }
            if skipped_after == Some(quarter) {
                self.tell_ad(Event::AdSkip, ad);
                return;
            }
            if quarter < 4 {
                let mut reached = ad.clone();
                reached.push(("quartile", Entry::Number(quarter.unsigned_abs() * 25)));
                self.tell_ad(Event::AdQuartile, reached);
            }
        }
        self.tell_ad(Event::AdEnd, ad);
    }

    fn tell_ad(&mut self, event: Event, entries: Vec<(&'static str, Entry)>) {
        self.tell(event).groups.push(Group {
            field: "ad",
            entries,
        });
    }

    fn buffer_in_the_ad(&mut self) {
        let Some(before) = self.state else { return };
        self.report(State::Rebuffering);
        let ms = self.rng.around(1_200);
        self.pass(ms);
        self.report(before);
    }

    /// Pausing stops the ad as well: that time is a pause.
    fn pause_in_the_ad(&mut self) {
        let Some(before) = self.state else { return };
        self.enter(Some(Condition::Paused));
        self.report(State::Paused);
        let ms = self.rng.around(12_000);
        self.pass(ms);
        self.enter(Some(Condition::Ad));
        self.report(before);
    }
}
