//! Windows as the warehouse writes them.

use super::DAY_MS;

/// The window with that number since 1970: Unix seconds of its beginning, or the date where it is a day.
pub(super) fn text(number: i64, window_ms: i64) -> String {
    if window_ms == DAY_MS {
        date(number)
    } else {
        (number * window_ms / 1000).to_string()
    }
}

/// The date of a moment; Unix ms.
pub(in crate::truth::views) fn day_of(ms: i64) -> String {
    date(ms.div_euclid(DAY_MS))
}

/// The date so many days after 1970-01-01, found by counting years and months.
pub(in crate::truth::views) fn date(days: i64) -> String {
    let (mut year, mut left) = (1970, days);
    let is_leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    while left >= 365 + i64::from(is_leap(year)) {
        left -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates_and_other_windows_seconds() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(20_777), "2026-11-20");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(11_017), "2000-03-01");
        assert_eq!(date(20_818), "2026-12-31");
        assert_eq!(text(29_920_319, 60_000), "1795219140");
    }
}
