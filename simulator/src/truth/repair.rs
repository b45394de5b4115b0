//! What a client's own totals know of a session that lost beacons cannot tell any more.

use crate::script::event::Event;
use crate::script::scene::Condition;

use super::delivery::lost;
use super::play::PlayTruth;

/// The numbers of a play that its client's totals may raise; those of the timeline where there is nothing to repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repaired {
    pub(crate) playing_ms: i64,
    pub(crate) stalled_ms: i64,
    pub(crate) paused_ms: i64,
    pub(crate) seeking_ms: i64,
    pub(crate) ad_ms: i64,
    pub(crate) stall_count: i64,
    pub(crate) seek_count: i64,
    pub(crate) error_count: i64,
    /// Time taken from playing, or added where there was no playing left; ms.
    pub(crate) repaired_ms: i64,
    pub(crate) is_repaired: bool,
}

impl Repaired {
    /// The numbers of that play.
    pub(crate) fn of(play: &PlayTruth<'_>) -> Self {
        let mut numbers = Self {
            playing_ms: play.total_ms(Condition::Playing),
            stalled_ms: play.total_ms(Condition::Stalled),
            paused_ms: play.total_ms(Condition::Paused),
            seeking_ms: play.total_ms(Condition::Seeking),
            ad_ms: play.total_ms(Condition::Ad),
            stall_count: play.times_in(Condition::Stalled) as i64,
            seek_count: play.times_in(Condition::Seeking) as i64,
            error_count: play.count(Event::Error) as i64,
            repaired_ms: 0,
            is_repaired: false,
        };
        if play.script.plays.len() > 1 || lost(play.script) == 0 {
            return numbers;
        }
        let told = |key: &str| {
            let totals = play.speaking_for_it();
            totals
                .filter_map(|beacon| beacon.number("counters", key))
                .max()
                .unwrap_or(0)
        };
        let before = numbers;
        let times = [
            (&mut numbers.stalled_ms, told("stalled_ms")),
            (&mut numbers.paused_ms, told("paused_ms")),
            (&mut numbers.seeking_ms, told("seeking_ms")),
            (&mut numbers.ad_ms, told("ad_ms")),
        ];
        for (ms, told_ms) in times {
            let more_ms = (told_ms - *ms).max(0);
            *ms += more_ms;
            numbers.repaired_ms += more_ms;
        }
        numbers.playing_ms = (numbers.playing_ms - numbers.repaired_ms).max(0);
        numbers.stall_count = numbers.stall_count.max(told("stall_count"));
        numbers.seek_count = numbers.seek_count.max(told("seek_count"));
        numbers.error_count = numbers.error_count.max(told("error_count"));
        numbers.is_repaired = numbers != before;
        numbers
    }

    /// CTA-2066 watched time: everything but pauses and preloading; ms; 0 when nothing was shown.
    pub(crate) fn watch_ms(&self, play: &PlayTruth<'_>) -> i64 {
        let starting_ms = play.total_ms(Condition::Starting);
        match play.is_started() {
            true => starting_ms + self.playing_ms + self.stalled_ms + self.seeking_ms + self.ad_ms,
            false => 0,
        }
    }
}
