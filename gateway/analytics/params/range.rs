//! The window of a question, absolute or relative to now.

use time::format_description::well_known::Rfc3339;
use time::{Duration as Span, OffsetDateTime};

use super::bad;
use super::query_string::QueryString;
use super::zone::{TimeUnit, Zone};
use crate::analytics::error::QueryError;
use crate::analytics::reader::Param;
use crate::analytics::stamp::rfc3339;

/// What a moment may look like, for whoever wrote another.
const GRAMMAR: &str = "must be a time such as 2026-11-21T10:00:00Z, or relative: now, now-15m, now-7d, now/d, now-1d/d (units s, m, h, d, w)";

/// Moments relative to now are told to so many seconds, so that whoever asks again and again asks the same for a while.
const STEADY_SECONDS: u32 = 60;
/// The same in windows shorter than [`SHORT`].
const SHORT_STEADY_SECONDS: u32 = 10;
const SHORT: Span = Span::minutes(10);

/// A window: `to` does not belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Its begin.
    pub from: OffsetDateTime,
    /// Its end.
    pub to: OffsetDateTime,
    /// The moment to which it was relative.
    pub now: OffsetDateTime,
    /// Whose days and hours were meant.
    pub zone: Zone,
    /// Whether it was told relative to now, ends now, and so moves on with it.
    pub moves: bool,
}

impl Range {
    /// No window: what is there now.
    pub fn now() -> Self {
        let now = OffsetDateTime::now_utc();
        Self {
            from: now,
            to: now,
            now,
            zone: Zone::utc(),
            moves: false,
        }
    }

    /// The same, begun and ended at full multiples of `seconds` since 1970, so that it is no shorter. Whoever asks twice within
    /// one of them asks the same.
    #[must_use]
    pub fn widened(mut self, seconds: u32) -> Self {
        let length = i128::from(seconds.max(1)) * 1_000_000_000;
        let floor = |moment: OffsetDateTime| {
            let nanos = moment.unix_timestamp_nanos();
            nanos - nanos.rem_euclid(length)
        };
        let at = |nanos, otherwise| {
            OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(otherwise)
        };
        let end = floor(self.to);
        let is_full = end == self.to.unix_timestamp_nanos();
        self.to = at(if is_full { end } else { end + length }, self.to);
        self.from = at(floor(self.from), self.from);
        self
    }

    /// Its length; seconds.
    pub fn seconds(&self) -> u32 {
        u32::try_from((self.to - self.from).whole_seconds()).unwrap_or(u32::MAX)
    }

    /// How long it has lasted: a window that is not over is as long as it has lasted; seconds.
    pub fn lasted_seconds(&self) -> u32 {
        let lasted = self.to.min(self.now) - self.from;
        u32::try_from(lasted.whole_seconds().max(0)).unwrap_or(u32::MAX)
    }

    /// The window as queries take it: `from`, `to` and `window_seconds`.
    pub fn params(&self) -> [(&'static str, Param); 3] {
        [
            ("from", Param::Moment(self.from)),
            ("to", Param::Moment(self.to)),
            ("window_seconds", Param::Count(self.lasted_seconds())),
        ]
    }

    /// The same question about a window that stays where it is: that of a page that goes on.
    #[must_use]
    pub fn at(mut self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        (self.from, self.to, self.moves) = (from, to, false);
        self
    }

    /// What of it tells one question from another. A window that moves is told by how far it lies from the minute that runs: in
    /// the next minute it is the same question, whose former answer is told while the next one is computed, or while the
    /// warehouse is away.
    pub fn key(&self) -> String {
        let zone = self.zone.name();
        let is_whole = self.from.nanosecond() == 0 && self.to.nanosecond() == 0;
        if self.moves && is_whole {
            let now = self.now.unix_timestamp();
            let minute = now - now.rem_euclid(60);
            let [from, to] = [self.from, self.to].map(|end| end.unix_timestamp() - minute);
            return format!("{from:+} {to:+} {zone}");
        }
        format!("{} {} {zone}", rfc3339(self.from), rfc3339(self.to))
    }
}

impl QueryString {
    /// The window: `from` and `to` as times in RFC 3339 or relative to now, in `time_zone`. Without an end it ends now,
    /// without a begin it is as long as `default`.
    ///
    /// # Errors
    /// When one of them cannot be understood, or the window is empty or longer than `longest`.
    pub fn range(&mut self, default: Span, longest: Span) -> Result<Range, QueryError> {
        let (range, _) = self.range_at(OffsetDateTime::now_utc(), default, longest)?;
        Ok(range)
    }

    /// The same for resources whose windows have no steps. What of it is relative to now is widened to full minutes, or in
    /// windows shorter than ten minutes to full ten seconds: pages that ask again and again then share an answer. Moments
    /// in RFC 3339 stay as they are.
    ///
    /// # Errors
    /// As [`QueryString::range`].
    pub fn steady_range(&mut self, default: Span, longest: Span) -> Result<Range, QueryError> {
        let told = self.range_at(OffsetDateTime::now_utc(), default, longest)?;
        Ok(steady(told))
    }

    /// The window, and whether its begin and its end are relative to now.
    fn range_at(
        &mut self,
        now: OffsetDateTime,
        default: Span,
        longest: Span,
    ) -> Result<(Range, (bool, bool)), QueryError> {
        let zone = match self.take("time_zone") {
            Some(name) => Zone::named(&name)?,
            None => Zone::utc(),
        };
        let from = self.take("from");
        let to = self.take("to");
        let is_relative = |text: &Option<String>, otherwise: bool| {
            text.as_ref()
                .map_or(otherwise, |text| text.starts_with("now"))
        };
        let to_is_relative = is_relative(&to, true);
        let from_is_relative = is_relative(&from, to_is_relative);
        let to = to.map_or(Ok(now), |text| moment("to", &text, now, &zone))?;
        let from = from.map_or(Ok(to - default), |text| moment("from", &text, now, &zone))?;
        if from >= to {
            return Err(bad("from", "must be before `to`"));
        }
        if to - from > longest {
            let reason = match longest.whole_hours() {
                hours if hours > 48 => format!("must be at most {} days before `to`", hours / 24),
                hours => format!("must be at most {hours} hours before `to`"),
            };
            return Err(bad("from", &reason));
        }
        let range = Range {
            from,
            to,
            now,
            zone,
            moves: from_is_relative && to_is_relative && to == now,
        };
        Ok((range, (from_is_relative, to_is_relative)))
    }
}

/// The window with its relative moments widened.
fn steady((mut range, is_relative): (Range, (bool, bool))) -> Range {
    let seconds = if range.to - range.from < SHORT {
        SHORT_STEADY_SECONDS
    } else {
        STEADY_SECONDS
    };
    let wide = range.clone().widened(seconds);
    if is_relative.0 {
        range.from = wide.from;
    }
    if is_relative.1 {
        range.to = wide.to;
    }
    range
}

/// A moment, absolute or relative.
pub(in crate::analytics) fn moment(
    name: &str,
    text: &str,
    now: OffsetDateTime,
    zone: &Zone,
) -> Result<OffsetDateTime, QueryError> {
    let told = match text.strip_prefix("now") {
        Some(rest) => relative(rest, now, zone),
        // A `+` of a zone offset that was not escaped arrives as a space.
        None => OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339).ok(),
    };
    let moment = told.ok_or_else(|| bad(name, GRAMMAR))?;
    if (1970..2200).contains(&moment.year()) {
        Ok(moment)
    } else {
        Err(bad(name, "must lie between the years 1970 and 2199"))
    }
}

/// What stands after `now`: how long before it, and the unit whose begin is meant.
fn relative(rest: &str, now: OffsetDateTime, zone: &Zone) -> Option<OffsetDateTime> {
    let (length, begin) = match rest.split_once('/') {
        Some((length, begin)) => (length, Some(unit(begin)?)),
        None => (rest, None),
    };
    let moment = if length.is_empty() {
        now
    } else {
        let length = length.strip_prefix('-')?;
        let (count, of) = length.split_at(length.char_indices().last()?.0);
        let is_number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|_| is_number)?;
        zone.earlier(now, count, unit(of)?)?
    };
    Some(begin.map_or(moment, |unit| zone.begin_of(unit, moment)))
}

fn unit(word: &str) -> Option<TimeUnit> {
    Some(match word {
        "s" => TimeUnit::Second,
        "m" => TimeUnit::Minute,
        "h" => TimeUnit::Hour,
        "d" => TimeUnit::Day,
        "w" => TimeUnit::Week,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00:30.5 UTC);

    fn range(pairs: &[(&str, &str)]) -> Result<Range, String> {
        QueryString::of(pairs)
            .range_at(NOW, Span::HOUR, Span::days(31))
            .map(|(range, _)| range)
            .map_err(|error| error.to_string())
    }

    /// The window of a resource without steps, asked `later` after [`NOW`].
    fn steady_window(pairs: &[(&str, &str)], later: Span) -> (OffsetDateTime, OffsetDateTime) {
        let told = QueryString::of(pairs).range_at(NOW + later, Span::HOUR, Span::days(31));
        let range = steady(told.unwrap());
        (range.from, range.to)
    }

    fn window(from: &str, to: &str) -> (OffsetDateTime, OffsetDateTime) {
        let range = range(&[("from", from), ("to", to)]).unwrap();
        (range.from, range.to)
    }

    #[test]
    fn windows_are_absolute_or_relative() {
        let hour = range(&[]).unwrap();
        assert_eq!((hour.from, hour.to), (NOW - Span::HOUR, NOW));
        assert_eq!(window("now-15m", "now"), (NOW - Span::minutes(15), NOW));
        assert_eq!(
            window("now-1d/d", "now/d"),
            (
                datetime!(2026-11-20 0:00 UTC),
                datetime!(2026-11-21 0:00 UTC)
            )
        );
        assert_eq!(
            window("now/w", "now/h"),
            (
                datetime!(2026-11-16 0:00 UTC),
                datetime!(2026-11-21 12:00 UTC)
            )
        );
        assert_eq!(
            window("2026-11-21T10:00:00 02:00", "2026-11-21T10:00:00Z"),
            (
                datetime!(2026-11-21 8:00 UTC),
                datetime!(2026-11-21 10:00 UTC)
            )
        );
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let day = range(&[("from", "now/d"), ("time_zone", "Europe/Vienna")]).unwrap();
        assert_eq!(day.from, datetime!(2026-11-20 23:00 UTC));
        assert_eq!(
            day.key(),
            "2026-11-20T23:00:00.000Z 2026-11-21T12:00:30.500Z Europe/Vienna"
        );
    }

    #[test]
    fn a_window_that_moves_is_the_same_question_in_the_next_minute() {
        let key = |pairs: &[(&str, &str)], later: Span| {
            let told = QueryString::of(pairs).range_at(NOW + later, Span::HOUR, Span::days(31));
            steady(told.unwrap()).key()
        };
        let second = Span::SECOND;
        for moving in [
            &[][..],
            &[("from", "now-30m")],
            &[("from", "now-1d"), ("to", "now")],
        ] {
            assert_eq!(key(moving, second), key(moving, second * 61), "{moving:?}");
        }
        assert_eq!(key(&[("from", "now-30m")], second), "-1800 +60 UTC");
        // It is another one where its length changes, where it has ended, and where it is told by the clock.
        for other in [
            ("from", "now/d"),
            ("to", "now-1h"),
            ("from", "2026-11-21T11:00:00Z"),
        ] {
            assert_ne!(
                key(&[other], second),
                key(&[other], second * 61),
                "{other:?}"
            );
        }
        let page = range(&[("from", "now-30m")]).unwrap();
        let (from, to) = (page.from, page.to);
        assert!(page.at(from, to).key().starts_with("2026-11-21T11:30"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "no",
            "now-",
            "now-m",
            "now-5",
            "now--5m",
            "now-5y",
            "now-5m/",
            "now/y",
            "now-5m-5m",
            "now 5m",
            "now-é",
            "now-99999999999m",
            "now-9999999w",
            "2026-11-21",
            "1969-01-01T00:00:00Z",
            "9999-01-01T00:00:00Z",
        ] {
            assert!(range(&[("from", text)]).is_err(), "{text:?}");
        }
        let told = range(&[("from", "now"), ("to", "now-1h")]);
        assert_eq!(
            told,
            Err("parameter `from`: must be before `to`".to_owned())
        );
        let told = range(&[("from", "now-32d")]);
        assert_eq!(
            told,
            Err("parameter `from`: must be at most 31 days before `to`".to_owned())
        );
    }

    #[test]
    fn who_asks_again_asks_the_same() {
        let soon = Span::seconds(25);
        let minutes = (
            datetime!(2026-11-21 11:00 UTC),
            datetime!(2026-11-21 12:01 UTC),
        );
        assert_eq!(steady_window(&[], Span::ZERO), minutes);
        assert_eq!(steady_window(&[], soon), minutes);
        assert_ne!(steady_window(&[], Span::MINUTE), minutes);
        let short = [("from", "now-2m")];
        let seconds = (
            datetime!(2026-11-21 11:58:30 UTC),
            datetime!(2026-11-21 12:00:40 UTC),
        );
        assert_eq!(steady_window(&short, Span::ZERO), seconds);
        assert_eq!(steady_window(&short, Span::seconds(9)), seconds);
        // What is told as a moment is meant so, and what is already full stays.
        let told = [("from", "2026-11-21T11:00:07.5Z"), ("to", "now")];
        assert_eq!(
            steady_window(&told, soon),
            (datetime!(2026-11-21 11:00:07.5 UTC), minutes.1)
        );
        let told = [("to", "2026-11-21T11:00:07.5Z")];
        let end = datetime!(2026-11-21 11:00:07.5 UTC);
        assert_eq!(steady_window(&told, soon), (end - Span::HOUR, end));
        let yesterday = [("from", "now-1d/d"), ("to", "now/d")];
        assert_eq!(steady_window(&yesterday, soon), window("now-1d/d", "now/d"));
    }

    #[test]
    fn widened_windows_are_full() {
        let minutes = range(&[("from", "now-2m")]).unwrap().widened(60);
        assert_eq!(
            (minutes.from, minutes.to),
            (
                datetime!(2026-11-21 11:58 UTC),
                datetime!(2026-11-21 12:01 UTC)
            )
        );
        assert_eq!((minutes.seconds(), minutes.lasted_seconds()), (180, 150));
        assert_eq!(minutes.clone().widened(60), minutes);
    }
}
