//! The steps of a window: equal ones, or the days of a time zone.

use time::{Duration as Span, OffsetDateTime};

use crate::analytics::error::QueryError;
use crate::analytics::params::full_hours::full_hours;
use crate::analytics::params::zone::TimeUnit;
use crate::analytics::params::{QueryString, Range, bad};
use crate::analytics::reader::Param;
use crate::analytics::stamp::rfc3339;

/// A window may have so many steps.
const STEPS_MAX: i64 = 1_500;
/// So many are drawn well; `auto` takes the finest step that makes no more.
const STEPS_DRAWN: i64 = 180;
const DAY_SECONDS: u32 = 86_400;
/// Two of them are a week, the longest window of plays that are counted one by one.
const HALF_SECONDS_MAX: u32 = 7 * DAY_SECONDS / 2;
const STEPS: [(&str, u32); 7] = [
    ("1s", 1),
    ("10s", 10),
    ("1m", 60),
    ("5m", 300),
    ("15m", 900),
    ("1h", 3_600),
    ("1d", DAY_SECONDS),
];

/// How long the steps shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// As fits the window.
    Auto,
    /// This many seconds; a day is one of the time zone.
    Seconds(u32),
}

/// A window cut into steps, by number from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buckets {
    /// The window, begun and ended where steps do.
    pub range: Range,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    Whole,
    Equal(u32),
    /// Where each begins.
    Days(Vec<OffsetDateTime>),
}

impl QueryString {
    /// `step`: one of the known ones, `auto` when it is not given.
    ///
    /// # Errors
    /// When it is another one.
    pub(super) fn step(&mut self) -> Result<Step, QueryError> {
        let mut words = STEPS.map(|(word, _)| word).to_vec();
        words.push("auto");
        let word = self.word("step", &words)?;
        let known = STEPS.iter().find(|(each, _)| *each == word);
        Ok(known.map_or(Step::Auto, |(_, seconds)| Step::Seconds(*seconds)))
    }
}

impl Buckets {
    /// The window as one step, of full minutes.
    pub fn whole(range: Range) -> Self {
        Self {
            range: range.widened(60),
            shape: Shape::Whole,
        }
    }

    /// The window in steps, none shorter than `finest_seconds`; it is widened to full ones.
    ///
    /// # Errors
    /// When there would be too many, or the step is finer than that.
    pub fn of(range: Range, step: Step, finest_seconds: u32) -> Result<Self, QueryError> {
        let span = (range.to - range.from).whole_seconds();
        let step_seconds = match step {
            Step::Seconds(seconds) if seconds < finest_seconds => {
                let reason =
                    "is finer than these metrics are told by these dimensions; 1m is always told";
                return Err(bad("step", reason));
            }
            Step::Seconds(seconds) => seconds,
            Step::Auto => {
                let told = STEPS.iter().map(|(_, seconds)| *seconds);
                let fits = |seconds: &u32| {
                    *seconds >= finest_seconds && span / i64::from(*seconds) <= STEPS_DRAWN
                };
                told.clone().find(fits).unwrap_or(DAY_SECONDS)
            }
        };
        if span / i64::from(step_seconds) > STEPS_MAX {
            let reason = format!("makes more than {STEPS_MAX} steps of this window");
            return Err(bad("step", &reason));
        }
        if step_seconds == DAY_SECONDS {
            return Ok(Self::days(range));
        }
        // Hours of some zones begin at half past an hour of UTC, and their quarters where those of UTC do.
        let shift = range.zone.offset_seconds(range.from) % i64::from(step_seconds);
        let mut shifted = range;
        shifted.from += Span::seconds(shift);
        shifted.to += Span::seconds(shift);
        let mut range = shifted.widened(step_seconds);
        range.from -= Span::seconds(shift);
        range.to -= Span::seconds(shift);
        Ok(Self {
            range,
            shape: Shape::Equal(step_seconds),
        })
    }

    /// Two windows as two steps, where they are equally long and follow each other, so that one question asks for both.
    pub fn halves(first: &Range, second: &Range) -> Option<Self> {
        let seconds = second.seconds();
        let is_one = first.to == second.from && first.seconds() == seconds;
        let is_told = seconds.is_multiple_of(60) && (60..=HALF_SECONDS_MAX).contains(&seconds);
        (is_one && is_told).then(|| Self {
            range: Range {
                from: first.from,
                ..second.clone()
            },
            shape: Shape::Equal(seconds),
        })
    }

    fn days(mut range: Range) -> Self {
        let mut begins = Vec::new();
        let mut begin = range.zone.begin_of(TimeUnit::Day, range.from);
        range.from = begin;
        while begin < range.to {
            begins.push(begin);
            begin = range.zone.next_day(begin);
        }
        range.to = begin;
        Self {
            range,
            shape: Shape::Days(begins),
        }
    }

    /// How many steps there are.
    pub fn count(&self) -> usize {
        match &self.shape {
            Shape::Whole => 1,
            Shape::Equal(seconds) => (self.range.seconds() / seconds) as usize,
            Shape::Days(begins) => begins.len(),
        }
    }

    /// Length of a step; seconds. Days may be an hour shorter or longer.
    pub fn step_seconds(&self) -> u32 {
        match &self.shape {
            Shape::Whole => self.range.seconds(),
            Shape::Equal(seconds) => *seconds,
            Shape::Days(_) => DAY_SECONDS,
        }
    }

    /// Where each step begins; RFC 3339.
    pub fn times(&self) -> Vec<String> {
        match &self.shape {
            Shape::Whole => vec![rfc3339(self.range.from)],
            Shape::Equal(seconds) => (0..self.count())
                .map(|index| {
                    let after = i64::try_from(index).unwrap_or(0) * i64::from(*seconds);
                    rfc3339(self.range.from + Span::seconds(after))
                })
                .collect(),
            Shape::Days(begins) => begins.iter().map(|begin| rfc3339(*begin)).collect(),
        }
    }

    /// Where the one of two equal steps ends and the other begins; `None` of more or fewer.
    pub fn halves_meet(&self) -> Option<OffsetDateTime> {
        match &self.shape {
            Shape::Equal(seconds) if self.count() == 2 => {
                Some(self.range.from + Span::seconds(i64::from(*seconds)))
            }
            _ => None,
        }
    }

    /// Whether all of it is told by windows of this many seconds, counted from the full hours of UTC.
    pub fn fits(&self, seconds: u32) -> bool {
        let is_full = |moment: &OffsetDateTime| moment.unix_timestamp() % i64::from(seconds) == 0;
        match &self.shape {
            // What is read for it has its ends in minutes.
            Shape::Whole => true,
            Shape::Equal(step) => step % seconds == 0 && is_full(&self.range.from),
            Shape::Days(begins) => begins.iter().all(is_full),
        }
    }

    /// SQL: the number of the step in which a moment lies, told as Unix seconds.
    pub fn index(&self, seconds: &str) -> String {
        match &self.shape {
            Shape::Whole => "toUInt32(0)".to_owned(),
            Shape::Equal(_) => format!(
                "toUInt32(intDiv(toInt64({seconds}) - {{steps_from:Int64}}, {{step_seconds:Int64}}))"
            ),
            Shape::Days(_) => format!(
                "toUInt32(indexOf({{day_begins:Array(UInt32)}}, roundDown(toUInt32({seconds}), {{day_begins:Array(UInt32)}})) - 1)"
            ),
        }
    }

    /// SQL: how long the step `bucket` has lasted; seconds.
    pub fn window_seconds(&self) -> &'static str {
        match &self.shape {
            Shape::Whole => "{window_seconds:UInt32}",
            Shape::Equal(_) => {
                "greatest(0, least({step_seconds:Int64}, {now_seconds:Int64} - {steps_from:Int64} - bucket * {step_seconds:Int64}))"
            }
            Shape::Days(_) => "{day_seconds:Array(UInt32)}[bucket + 1]",
        }
    }

    /// SQL: where the step `bucket` begins.
    pub fn begin(&self) -> &'static str {
        match &self.shape {
            Shape::Whole => "toDateTime64({from:DateTime64(3, 'UTC')}, 0, 'UTC')",
            Shape::Equal(_) => {
                "toDateTime64({steps_from:Int64} + bucket * {step_seconds:Int64}, 0, 'UTC')"
            }
            Shape::Days(_) => "toDateTime64({day_begins:Array(UInt32)}[bucket + 1], 0, 'UTC')",
        }
    }

    /// The values for these.
    pub fn params(&self) -> Vec<(String, Param)> {
        let mut params: Vec<_> = self
            .range
            .params()
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        let mut add = |name: &str, value| params.push((name.to_owned(), value));
        let Range { from, to, now, .. } = self.range;
        for (name, value) in full_hours(from, to, now, self.halves_meet()) {
            add(name, value);
        }
        match &self.shape {
            Shape::Whole => {}
            Shape::Equal(seconds) => {
                add(
                    "steps_from",
                    Param::Number(self.range.from.unix_timestamp()),
                );
                add("step_seconds", Param::Number(i64::from(*seconds)));
                add(
                    "now_seconds",
                    Param::Number(self.range.now.unix_timestamp()),
                );
            }
            Shape::Days(begins) => {
                let as_seconds =
                    |moment: &OffsetDateTime| u32::try_from(moment.unix_timestamp()).unwrap_or(0);
                let ends = begins.iter().skip(1).chain([&self.range.to]);
                let lasted = begins.iter().zip(ends).map(|(begin, end)| {
                    let lasted = (*end).min(self.range.now) - *begin;
                    u32::try_from(lasted.whole_seconds().max(0)).unwrap_or(0)
                });
                add("day_seconds", Param::Counts(lasted.collect()));
                add(
                    "day_begins",
                    Param::Counts(begins.iter().map(as_seconds).collect()),
                );
            }
        }
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::params::Zone;
    use time::macros::datetime;

    fn range(from: OffsetDateTime, to: OffsetDateTime, zone: &str) -> Range {
        Range {
            from,
            to,
            now: to,
            zone: Zone::named(zone).unwrap(),
            moves: false,
        }
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let clocks_change = range(
            datetime!(2026-10-24 10:00 UTC),
            datetime!(2026-10-26 10:00 UTC),
            "Europe/Vienna",
        );
        let days = Buckets::of(clocks_change, Step::Seconds(DAY_SECONDS), 60).unwrap();
        assert_eq!(
            days.times(),
            [
                "2026-10-23T22:00:00.000Z",
                "2026-10-24T22:00:00.000Z",
                "2026-10-25T23:00:00.000Z"
            ]
        );
        let lasted = days
            .params()
            .into_iter()
            .find(|(name, _)| name == "day_seconds");
        // The window ends at 11 o'clock of its last day.
        assert!(
            matches!(lasted, Some((_, Param::Counts(lasted))) if lasted == [86_400, 90_000, 39_600])
        );
        assert!(days.fits(3_600) && !days.fits(DAY_SECONDS));
    }

    #[test]
    fn hours_are_those_of_the_zone() {
        let noon = datetime!(2026-11-21 12:10 UTC);
        let hours = |zone| {
            let steps = Buckets::of(
                range(noon - Span::HOUR, noon, zone),
                Step::Seconds(3_600),
                1,
            );
            let steps = steps.unwrap();
            (steps.times(), steps.fits(3_600))
        };
        let utc = ["2026-11-21T11:00:00.000Z", "2026-11-21T12:00:00.000Z"];
        assert_eq!(hours("UTC"), (utc.map(str::to_owned).to_vec(), true));
        let kolkata = ["2026-11-21T10:30:00.000Z", "2026-11-21T11:30:00.000Z"];
        assert_eq!(
            hours("Asia/Kolkata"),
            (kolkata.map(str::to_owned).to_vec(), false)
        );
        let new_york = Buckets::of(
            range(noon - Span::HOUR, noon, "America/New_York"),
            Step::Seconds(3_600),
            1,
        );
        assert_eq!(new_york.unwrap().times(), utc);
    }

    #[test]
    fn steps_fit_the_window() {
        let noon = datetime!(2026-11-21 12:00 UTC);
        let auto = |length, finest| {
            let steps = Buckets::of(range(noon - length, noon, "UTC"), Step::Auto, finest);
            steps.unwrap().step_seconds()
        };
        assert_eq!(auto(Span::MINUTE, 1), 1);
        assert_eq!(auto(Span::MINUTE, 60), 60);
        assert_eq!(auto(Span::HOUR, 60), 60);
        assert_eq!(auto(Span::DAY, 60), 900);
        assert_eq!(auto(Span::days(7), 60), 3_600);
        assert_eq!(auto(Span::days(31), 60), DAY_SECONDS);
        let hour = range(noon - Span::HOUR, noon, "UTC");
        assert!(Buckets::of(hour.clone(), Step::Seconds(1), 1).is_err());
        assert!(Buckets::of(hour, Step::Seconds(10), 60).is_err());
    }
}
