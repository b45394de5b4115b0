//! Which hours of a window are told as hours; what lies around them is told in minutes.

use time::{Duration as Span, OffsetDateTime};

use crate::analytics::reader::Param;

/// What is younger may not have been summed up to hours yet.
const UNSUMMED: Span = Span::minutes(15);

/// The values for `quality_spans_t` and `quality_spans_sets_t` beside those of the window: `hours_from` and `hours_to`, its full
/// hours, and `parted_hour`, the one of them that is told in minutes since two steps `meet` in it; 1970 when there is none.
pub fn full_hours(
    from: OffsetDateTime,
    to: OffsetDateTime,
    now: OffsetDateTime,
    meet: Option<OffsetDateTime>,
) -> [(&'static str, Param); 3] {
    let begun = hour_of(from);
    let hours_from = if begun == from {
        begun
    } else {
        begun + Span::HOUR
    };
    let hours_to = hour_of(to.min(now - UNSUMMED)).max(hours_from);
    let parted = meet.filter(|moment| hour_of(*moment) != *moment);
    let parted_hour = parted.map_or(OffsetDateTime::UNIX_EPOCH, hour_of);
    [
        ("hours_from", Param::Moment(hours_from)),
        ("hours_to", Param::Moment(hours_to)),
        ("parted_hour", Param::Moment(parted_hour)),
    ]
}

/// The begin of the hour of UTC.
fn hour_of(moment: OffsetDateTime) -> OffsetDateTime {
    let hour = moment.to_offset(time::UtcOffset::UTC);
    hour.replace_minute(0)
        .and_then(|hour| hour.replace_second(0))
        .and_then(|hour| hour.replace_nanosecond(0))
        .unwrap_or(hour)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn told(
        from: OffsetDateTime,
        to: OffsetDateTime,
        meet: Option<OffsetDateTime>,
    ) -> [OffsetDateTime; 3] {
        let now = datetime!(2026-11-21 12:10 UTC);
        full_hours(from, to, now, meet).map(|(_, value)| match value {
            Param::Moment(moment) => moment,
            other => panic!("{other:?} is no moment"),
        })
    }

    #[test]
    fn hours_lie_within_the_window_and_a_quarter_of_an_hour_ago() {
        let none = OffsetDateTime::UNIX_EPOCH;
        let noon = datetime!(2026-11-21 12:00 UTC);
        let hour = Span::HOUR;
        // At ten past twelve the hour before noon may not be summed up yet.
        assert_eq!(
            told(noon - 3 * hour, noon, None),
            [noon - 3 * hour, noon - hour, none]
        );
        assert_eq!(
            told(noon - 5 * hour, noon - 2 * hour, None),
            [noon - 5 * hour, noon - 2 * hour, none]
        );
        let past = Span::minutes(20);
        assert_eq!(
            told(noon - 5 * hour + past, noon - 2 * hour + past, None),
            [noon - 4 * hour, noon - 2 * hour, none]
        );
        // None at all, rather than hours that end before they begin.
        assert_eq!(told(noon - past, noon, None), [noon, noon, none]);
    }

    #[test]
    fn the_hour_in_which_windows_meet_is_told_in_minutes() {
        let noon = datetime!(2026-11-21 12:00 UTC);
        let (from, to) = (noon - 8 * Span::HOUR, noon - 2 * Span::HOUR);
        let parted = |meet| told(from, to, Some(meet))[2];
        assert_eq!(
            parted(datetime!(2026-11-21 7:20 UTC)),
            datetime!(2026-11-21 7:00 UTC)
        );
        assert_eq!(
            parted(datetime!(2026-11-21 7:00 UTC)),
            OffsetDateTime::UNIX_EPOCH
        );
    }
}
