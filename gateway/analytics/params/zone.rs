//! Days and hours of a time zone.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};
use time::OffsetDateTime;

use super::bad;
use crate::analytics::error::QueryError;

/// No name of a zone is longer; bytes.
const NAME_MAX_BYTES: usize = 64;

/// A unit of time that a clock on the wall knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// 1 s.
    Second,
    /// 60 s.
    Minute,
    /// 60 minutes.
    Hour,
    /// From midnight to midnight: 23 to 25 hours, where clocks change.
    Day,
    /// From Monday to Monday.
    Week,
}

/// A time zone by its IANA name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone of this name, such as `Europe/Vienna`.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Self, QueryError> {
        let unknown = || {
            bad(
                "time_zone",
                "must be the IANA name of a time zone, such as Europe/Vienna or UTC",
            )
        };
        if name.len() > NAME_MAX_BYTES {
            return Err(unknown());
        }
        let zone = TimeZone::get(name).map_err(|_| unknown())?;
        Ok(Self(zone))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// How far its clocks are ahead of UTC at a moment; seconds.
    pub fn offset_seconds(&self, moment: OffsetDateTime) -> i64 {
        let timestamp = self.zoned(moment);
        timestamp.map_or(0, |zoned| zoned.offset().seconds().into())
    }

    /// The begin of the unit in which a moment lies.
    pub fn begin_of(&self, unit: TimeUnit, moment: OffsetDateTime) -> OffsetDateTime {
        let day_begin = |zoned: Zoned| {
            let days = match unit {
                TimeUnit::Week => zoned.weekday().to_monday_zero_offset().into(),
                _ => 0,
            };
            let day = zoned
                .checked_sub(jiff::Span::new().try_days(days).ok()?)
                .ok()?;
            moment_of(&day.start_of_day().ok()?)
        };
        let length = match unit {
            TimeUnit::Day | TimeUnit::Week => {
                return self.zoned(moment).and_then(day_begin).unwrap_or(moment);
            }
            TimeUnit::Hour => 3_600,
            TimeUnit::Minute => 60,
            TimeUnit::Second => 1,
        };
        // Hours of some zones begin at half past an hour of UTC.
        let local = moment.unix_timestamp() + self.offset_seconds(moment);
        let begin = moment.unix_timestamp() - local.rem_euclid(length);
        OffsetDateTime::from_unix_timestamp(begin).unwrap_or(moment)
    }

    /// The begin of the day after that in which a moment lies.
    pub fn next_day(&self, moment: OffsetDateTime) -> OffsetDateTime {
        let next = |zoned: Zoned| {
            let tomorrow = zoned.checked_add(1.day()).ok()?;
            moment_of(&tomorrow.start_of_day().ok()?)
        };
        self.zoned(moment)
            .and_then(next)
            .unwrap_or(moment + time::Duration::DAY)
    }

    /// The moment `count` units earlier: days and weeks by the clock on the wall.
    pub fn earlier(
        &self,
        moment: OffsetDateTime,
        count: u32,
        unit: TimeUnit,
    ) -> Option<OffsetDateTime> {
        let count = i64::from(count);
        let span = match unit {
            TimeUnit::Second => jiff::Span::new().try_seconds(count),
            TimeUnit::Minute => jiff::Span::new().try_minutes(count),
            TimeUnit::Hour => jiff::Span::new().try_hours(count),
            TimeUnit::Day => jiff::Span::new().try_days(count),
            TimeUnit::Week => jiff::Span::new().try_weeks(count),
        };
        let zoned = self.zoned(moment)?.checked_sub(span.ok()?).ok()?;
        moment_of(&zoned)
    }

    fn zoned(&self, moment: OffsetDateTime) -> Option<Zoned> {
        let timestamp = Timestamp::from_nanosecond(moment.unix_timestamp_nanos()).ok()?;
        Some(timestamp.to_zoned(self.0.clone()))
    }
}

fn moment_of(zoned: &Zoned) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(zoned.timestamp().as_nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn days_begin_at_the_zones_midnight() {
        let vienna = Zone::named("Europe/Vienna").unwrap();
        assert_eq!(vienna.name(), "Europe/Vienna");
        let at = datetime!(2026-11-21 23:30 UTC);
        assert_eq!(
            vienna.begin_of(TimeUnit::Day, at),
            datetime!(2026-11-21 23:00 UTC)
        );
        assert_eq!(
            vienna.begin_of(TimeUnit::Week, at),
            datetime!(2026-11-15 23:00 UTC)
        );
        assert_eq!(
            Zone::utc().begin_of(TimeUnit::Day, at),
            datetime!(2026-11-21 0:00 UTC)
        );
        let kolkata = Zone::named("Asia/Kolkata").unwrap();
        assert_eq!(
            kolkata.begin_of(TimeUnit::Hour, at),
            datetime!(2026-11-21 23:30 UTC)
        );
        assert_eq!(
            kolkata.begin_of(TimeUnit::Day, at),
            datetime!(2026-11-21 18:30 UTC)
        );
    }

    #[test]
    fn days_are_as_long_as_clocks_make_them() {
        let vienna = Zone::named("Europe/Vienna").unwrap();
        let before = datetime!(2026-10-24 22:00 UTC);
        assert_eq!(vienna.next_day(before), datetime!(2026-10-25 23:00 UTC));
        let after = datetime!(2026-10-25 12:00 UTC);
        assert_eq!(
            vienna.earlier(after, 1, TimeUnit::Day),
            Some(datetime!(2026-10-24 11:00 UTC))
        );
        assert_eq!(
            vienna.earlier(after, 24, TimeUnit::Hour),
            Some(datetime!(2026-10-24 12:00 UTC))
        );
    }

    #[test]
    fn names_are_known_or_refused() {
        for name in ["", "Mars/Olympus", "../../etc/passwd", &"x".repeat(65)] {
            assert!(Zone::named(name).is_err(), "{name}");
        }
        assert_eq!(
            Zone::named("utc").map(|zone| zone.name().to_owned()).ok(),
            Some("UTC".to_owned())
        );
    }
}
