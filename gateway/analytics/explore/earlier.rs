//! The window with which another one is compared.

use time::{Duration as Span, OffsetDateTime};

use crate::analytics::error::QueryError;
use crate::analytics::params::range::moment;
use crate::analytics::params::zone::TimeUnit;
use crate::analytics::params::{QueryString, Range, bad};

use super::buckets::Buckets;

const MOMENT_MAX_BYTES: usize = 200;

/// The latest minute may still be computed, so it would be compared with a full one.
const UNSETTLED: Span = Span::MINUTE;

/// Two windows.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What it is about.
    pub now: Buckets,
    /// What it is compared with.
    pub before: Buckets,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// What it is about.
    Now,
    /// What it is compared with.
    Before,
}

impl Pair {
    /// The windows to be asked for, each with what its steps are: both in one where that is possible.
    pub fn windows(&self) -> Vec<(Buckets, &'static [Side])> {
        match Buckets::halves(&self.before.range, &self.now.range) {
            Some(both) => vec![(both, &[Side::Before, Side::Now])],
            None => vec![
                (self.now.clone(), &[Side::Now]),
                (self.before.clone(), &[Side::Before]),
            ],
        }
    }

    /// One of the windows.
    pub fn side(&self, side: Side) -> &Buckets {
        match side {
            Side::Now => &self.now,
            Side::Before => &self.before,
        }
    }
}

impl QueryString {
    /// The window, cut to what is settled to the minute, and by `against` the one that it is compared with: `previous` (the
    /// default: as long, right before it), `day_before`, `week_before`, or a window as `from/to`.
    ///
    /// # Errors
    /// When one of them cannot be understood, or nothing is left of the window.
    pub(super) fn pair(&mut self, default: Span, longest: Span) -> Result<Pair, QueryError> {
        let against = self.text("against", MOMENT_MAX_BYTES)?;
        let mut range = self.range(default, longest)?;
        let settled = range.now - UNSETTLED;
        if range.to > settled {
            let minute = range.zone.begin_of(TimeUnit::Minute, settled);
            let cut = range.to - minute;
            range.to = minute;
            // A window that was told as a length stays as long.
            range.from = (range.from - cut).max(OffsetDateTime::UNIX_EPOCH);
        }
        let now = Buckets::whole(range);
        let before = Buckets::whole(before(&now.range, &against, longest)?);
        Ok(Pair { now, before })
    }
}

fn before(range: &Range, against: &str, longest: Span) -> Result<Range, QueryError> {
    let mut earlier = range.clone();
    let days = match against {
        "" | "previous" => {
            let length = range.to - range.from;
            (earlier.from, earlier.to) = (range.from - length, range.from);
            return Ok(earlier);
        }
        "day_before" => 1,
        "week_before" => 7,
        told => {
            (earlier.from, earlier.to) = told_pair(range, told)?;
            if earlier.from >= earlier.to || earlier.to - earlier.from > longest {
                return Err(bad(
                    "against",
                    "must be a window that is not empty and no longer than that of `from` and `to` may be",
                ));
            }
            return Ok(earlier);
        }
    };
    let day = |moment| {
        range
            .zone
            .earlier(moment, days, TimeUnit::Day)
            .unwrap_or(moment)
    };
    (earlier.from, earlier.to) = (day(range.from), day(range.to));
    Ok(earlier)
}

/// Both ends; each may have a slash of its own.
fn told_pair(range: &Range, told: &str) -> Result<(OffsetDateTime, OffsetDateTime), QueryError> {
    let read = |text| moment("against", text, range.now, &range.zone);
    let mut places = told.match_indices('/');
    let pair = places.find_map(|(place, _)| {
        let (from, to) = (read(&told[..place]).ok()?, read(&told[place + 1..]).ok()?);
        Some((from, to))
    });
    pair.ok_or_else(|| {
        bad(
            "against",
            "must be previous, day_before, week_before, or a window as from/to, such as now-2h/now-1h",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::params::Zone;
    use time::macros::datetime;

    fn against(told: &str) -> Result<(OffsetDateTime, OffsetDateTime), String> {
        let range = Range {
            from: datetime!(2026-10-25 12:00 UTC),
            to: datetime!(2026-10-25 13:00 UTC),
            now: datetime!(2026-10-25 14:30 UTC),
            zone: Zone::named("Europe/Vienna").unwrap(),
            moves: false,
        };
        let earlier = before(&range, told, Span::days(31)).map_err(|error| error.to_string())?;
        Ok((earlier.from, earlier.to))
    }

    #[test]
    fn windows_are_compared_with_earlier_ones() {
        let noon = datetime!(2026-10-25 12:00 UTC);
        assert_eq!(against("previous"), Ok((noon - Span::HOUR, noon)));
        // The clocks changed that night: an hour later by UTC is the same hour of the day before.
        let day_before = datetime!(2026-10-24 11:00 UTC);
        assert_eq!(
            against("day_before"),
            Ok((day_before, day_before + Span::HOUR))
        );
        let told = (
            datetime!(2026-10-24 22:00 UTC),
            datetime!(2026-10-25 14:00 UTC),
        );
        assert_eq!(against("now/d/now/h"), Ok(told));
        assert_eq!(
            against("2026-10-24T22:00:00Z/2026-10-25T14:00:00Z"),
            Ok(told)
        );
        for refused in ["tomorrow", "now", "now/now-1h", "/", "now-1h/now-2h"] {
            assert!(against(refused).is_err(), "{refused}");
        }
    }
}
