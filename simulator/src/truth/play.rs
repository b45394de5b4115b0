//! One play's truth: its timeline as it was meant, and the sums over it.

use crate::script::Script;
use crate::script::beacon::Beacon;
use crate::script::event::Event;
use crate::script::play::Play;
use crate::script::scene::{Condition, Ending, Scene};

use super::stretch::{Interval, Stretch, playing, weighted, while_known};

/// The rate at which media plays until another one is told; thousandths.
const NORMAL_RATE: i64 = 1_000;

/// No player starts so fast: what one tells up to it is something else; ms.
const NO_STARTUP_MS: i64 = 5;

/// A closed play.
#[derive(Debug)]
pub(crate) struct PlayTruth<'a> {
    pub(crate) script: &'a Script,
    pub(crate) play: &'a Play,
    /// Its place in the session, counted from 0.
    pub(crate) place: usize,
    pub(crate) started_ms: i64,
    pub(crate) last_seen_ms: i64,
    pub(crate) ended_ms: i64,
    pub(crate) end_reason: &'static str,
    pub(crate) intervals: Vec<Interval>,
    /// Playing while the bitrate was known; kbit/s.
    pub(crate) renditions: Vec<Stretch>,
    /// Playing while the picture's height was known; pixels.
    pub(crate) heights: Vec<Stretch>,
    /// Playing, by the rate; thousandths.
    pub(crate) rates: Vec<Stretch>,
}

impl<'a> PlayTruth<'a> {
    /// The truth of the play at that place of a session of which at least one beacon arrives.
    pub(crate) fn of(script: &'a Script, place: usize, default_heartbeat_ms: i64) -> Self {
        let play = &script.plays[place];
        let next_ms = script.plays.get(place + 1).map(|next| next.begins_ms);
        let times = || script.arriving().map(|beacon| beacon.at_ms);
        let started_ms = match place {
            0 => times().min().unwrap_or_default(),
            _ => play.begins_ms,
        };
        let last_seen_ms = next_ms.unwrap_or(times().max().unwrap_or_default());
        let told = script
            .arriving()
            .filter_map(|beacon| beacon.heartbeat_interval_ms)
            .max();
        // Who falls silent is taken to have gone on for one heartbeat after the last sign of life; who turns to
        // another title has left this one then.
        let open_ms = next_ms.unwrap_or(last_seen_ms + told.unwrap_or(default_heartbeat_ms));
        let by_start = |started, before| match play.first_frame_ms {
            Some(_) => started,
            None => before,
        };
        let (ended_ms, end_reason) = match play.ending {
            Ending::Silent if next_ms.is_some() => {
                (open_ms, by_start("exited", "exited_before_start"))
            }
            Ending::Silent => (open_ms, "timed_out"),
            Ending::Finished { at_ms } => (at_ms, "finished"),
            Ending::Exited { at_ms } => (at_ms, by_start("exited", "exited_before_start")),
            Ending::Failed { at_ms, .. } => (at_ms, by_start("failed", "failed_before_start")),
        };
        let close = |scene: &Scene| Interval {
            condition: scene.condition,
            from_ms: scene.from_ms,
            to_ms: scene.to_ms.unwrap_or(open_ms),
        };
        let intervals: Vec<Interval> = play.scenes.iter().map(close).collect();
        let mut truth = Self {
            script,
            play,
            place,
            started_ms,
            last_seen_ms,
            ended_ms,
            end_reason,
            intervals,
            renditions: Vec::new(),
            heights: Vec::new(),
            rates: Vec::new(),
        };
        truth.renditions = while_known(&truth.intervals, &truth.told_bitrates());
        truth.heights = while_known(&truth.intervals, &truth.told_heights());
        truth.rates = while_known(&truth.intervals, &truth.told_rates());
        truth
    }

    /// The beacons that arrive, and were made during the play.
    pub(crate) fn beacons(&self) -> impl DoubleEndedIterator<Item = &'a Beacon> {
        let place = self.place;
        self.script
            .arriving()
            .filter(move |beacon| beacon.play == place)
    }

    /// The beacons that speak of the play's title, wherever in the session they were made: those that name it, and
    /// for the first title those that name none.
    pub(crate) fn about_the_title(&self) -> impl Iterator<Item = &'a Beacon> {
        let content_id = &self.play.title.content_id;
        let is_first_title = *content_id == self.script.plays[0].title.content_id;
        self.script
            .arriving()
            .filter(move |beacon| match beacon.names_content {
                true => beacon.title.content_id == *content_id,
                false => is_first_title,
            })
    }

    /// The same, for numbers that are told by whole beacons: these count for the first play of a title, and further
    /// plays of it have none.
    pub(crate) fn speaking_for_it(&self) -> impl Iterator<Item = &'a Beacon> {
        let before = &self.script.plays[..self.place];
        let is_again = before
            .iter()
            .any(|play| play.title.content_id == self.play.title.content_id);
        self.about_the_title().filter(move |_| !is_again)
    }

    /// Whether content was shown.
    pub(crate) fn is_started(&self) -> bool {
        self.play.first_frame_ms.is_some()
    }

    /// A refusal by rule ended it.
    pub(crate) fn is_business_failure(&self) -> bool {
        matches!(
            self.play.ending,
            Ending::Failed {
                is_business: true,
                ..
            }
        )
    }

    /// Total time in a condition; ms.
    pub(crate) fn total_ms(&self, condition: Condition) -> i64 {
        self.lengths(condition, i64::MAX).sum()
    }

    /// How often the condition was entered.
    pub(crate) fn times_in(&self, condition: Condition) -> usize {
        self.lengths(condition, i64::MAX).count()
    }

    /// The longest time in a condition without a break; ms, 0 when it was never entered.
    pub(crate) fn longest_ms(&self, condition: Condition) -> i64 {
        self.lengths(condition, i64::MAX).max().unwrap_or(0)
    }

    /// Start-up time; ms; as it was seen, else as the player tells it; none when neither is known.
    pub(crate) fn startup_ms(&self) -> Option<i64> {
        let told = || self.told_startup("total_ms");
        self.seen_startup_ms()
            .or_else(|| told().filter(|ms| *ms > NO_STARTUP_MS))
    }

    /// None when there was no first frame or nobody saw playback being asked for; ms.
    fn seen_startup_ms(&self) -> Option<i64> {
        let first_frame_ms = self.play.first_frame_ms?;
        self.play
            .was_asked
            .then(|| self.lengths(Condition::Starting, first_frame_ms).sum())
    }

    /// A part of the start-up as the player tells it; ms.
    pub(crate) fn told_startup(&self, key: &str) -> Option<i64> {
        let told = self.speaking_for_it();
        told.filter_map(|beacon| beacon.number("startup", key))
            .max()
    }

    /// Time in preloading before the first frame; ms.
    pub(crate) fn preload_ms(&self) -> i64 {
        self.lengths(
            Condition::Preloading,
            self.play.first_frame_ms.unwrap_or(i64::MAX),
        )
        .sum()
    }

    /// Time in the background, in whatever condition but preloading; ms.
    pub(crate) fn background_ms(&self) -> i64 {
        let counted = self
            .intervals
            .iter()
            .filter(|interval| interval.condition != Condition::Preloading);
        counted
            .flat_map(|interval| {
                let spells = self.play.background.iter();
                spells.map(|spell| {
                    interval.overlap_ms(spell.from_ms, spell.to_ms.unwrap_or(i64::MAX))
                })
            })
            .sum()
    }

    /// Media played, whatever the rate; ms of the title.
    pub(crate) fn media_ms(&self) -> i64 {
        weighted(&self.rates) / 1000
    }

    /// Each stretch of playing between two reports of which the first told a position: from and to; ms of the title.
    pub(crate) fn watched(&self) -> Vec<(i64, i64)> {
        let reports: Vec<&Beacon> = self
            .beacons()
            .filter(|beacon| beacon.event.is_mark())
            .collect();
        let rates = self.told_rates();
        let mut watched = Vec::new();
        for (index, report) in reports.iter().enumerate() {
            let at_ms = report.at_ms;
            let until_ms = reports.get(index + 1).map_or(i64::MAX, |next| next.at_ms);
            let interval =
                playing(&self.intervals).find(|one| (one.from_ms..one.to_ms).contains(&at_ms));
            let ms = interval.map_or(0, |interval| interval.overlap_ms(at_ms, until_ms));
            let rate = rates.iter().rev().find(|(told_ms, _)| *told_ms <= at_ms);
            let rate = rate.map_or(NORMAL_RATE, |(_, rate)| *rate);
            if let Some(from_ms) = report.playback.position_ms.filter(|_| ms > 0) {
                watched.push((from_ms, from_ms + ms * rate / 1000));
            }
        }
        watched
    }

    /// How often the known bitrate changed, and how often to a greater one.
    pub(crate) fn bitrate_switches(&self) -> (usize, usize) {
        let told = self.told_bitrates();
        let count = |differs: fn(i64, i64) -> bool| {
            told.windows(2)
                .filter(|pair| differs(pair[0].1, pair[1].1))
                .count()
        };
        (
            count(|before, after| before != after),
            count(|before, after| before < after),
        )
    }

    /// How many beacons of that kind arrived.
    pub(crate) fn count(&self, event: Event) -> usize {
        self.beacons()
            .filter(|beacon| beacon.event == event)
            .count()
    }

    fn told_bitrates(&self) -> Vec<(i64, i64)> {
        self.told_by_states(|beacon| beacon.playback.bitrate_kbps)
    }

    fn told_heights(&self) -> Vec<(i64, i64)> {
        self.told_by_states(|beacon| beacon.playback.height)
    }

    /// The rates, from the beginning on.
    fn told_rates(&self) -> Vec<(i64, i64)> {
        let changes = self
            .beacons()
            .filter(|beacon| beacon.event == Event::PlaybackRateChange);
        let told = changes.filter_map(|beacon| {
            let rate = (beacon.playback.playback_rate? * 1000.0).round() as i64;
            (rate > 0).then_some((beacon.at_ms, rate))
        });
        [(i64::MIN, NORMAL_RATE)].into_iter().chain(told).collect()
    }

    /// What state and bitrate reports told, and when; 0 is no value.
    fn told_by_states(&self, value: fn(&Beacon) -> Option<u32>) -> Vec<(i64, i64)> {
        self.beacons()
            .filter(|beacon| matches!(beacon.event, Event::PlayState | Event::BitrateChange))
            .filter_map(|beacon| Some((beacon.at_ms, i64::from(value(beacon)?))))
            .filter(|(_, value)| *value > 0)
            .collect()
    }

    fn lengths(&self, condition: Condition, before_ms: i64) -> impl Iterator<Item = i64> {
        self.intervals
            .iter()
            .filter(move |one| one.condition == condition && one.from_ms < before_ms)
            .map(Interval::ms)
    }
}
