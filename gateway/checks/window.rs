//! The stretch of time that the checks look at.

use std::time::Duration;

use time::{Duration as Span, OffsetDateTime};

use crate::config::SessionsConfig;

/// The pass of the minutes runs every 10 s and takes a few; a minute more for a machine under load.
const MARGIN: Duration = Duration::from_secs(75);

/// From a moment, up to another that does not belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its begin; a full minute.
    pub since: OffsetDateTime,
    /// Its end; a full minute.
    pub until: OffsetDateTime,
}

impl Window {
    /// The last full minute that is settled: sessions silent since are closed, and every pass has run.
    pub fn settled(now: OffsetDateTime, sessions: &SessionsConfig) -> OffsetDateTime {
        let waits = sessions.liveness_seconds + sessions.refresh_seconds * SessionsConfig::SLICES;
        full_minute(now - Duration::from_secs(waits.into()) - MARGIN)
    }

    /// From what was told; what was not is the hour before the last settled minute.
    ///
    /// # Errors
    /// When it would end before it begins; the message says so.
    pub fn new(
        since: Option<OffsetDateTime>,
        until: Option<OffsetDateTime>,
        settled: OffsetDateTime,
    ) -> Result<Self, String> {
        let until = full_minute(until.unwrap_or(settled));
        let since = full_minute(since.unwrap_or(until - Span::HOUR));
        if since < until {
            Ok(Self { since, until })
        } else {
            Err(format!(
                "the window must begin at least a full minute before it ends, and ends at {until}"
            ))
        }
    }
}

fn full_minute(moment: OffsetDateTime) -> OffsetDateTime {
    let beyond = Span::seconds(i64::from(moment.second()));
    moment.replace_nanosecond(0).unwrap_or(moment) - beyond
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_last_settled_hour_is_what_is_looked_at() {
        let sessions = SessionsConfig::default();
        let settled = Window::settled(datetime!(2026-11-21 12:05:10.5 UTC), &sessions);
        // 90 s of silence, 120 s until the last slice is computed, 75 s.
        assert_eq!(settled, datetime!(2026-11-21 12:00 UTC));
        let window = Window::new(None, None, settled).unwrap();
        assert_eq!(window.since, datetime!(2026-11-21 11:00 UTC));
        assert_eq!(window.until, settled);
    }

    #[test]
    fn a_window_that_ends_before_it_begins_is_refused() {
        let settled = datetime!(2026-11-21 12:02 UTC);
        let same_minute = Some(datetime!(2026-11-21 12:02:30 UTC));
        assert!(Window::new(same_minute, None, settled).is_err());
        assert!(Window::new(None, Some(settled - Span::DAY), settled).is_ok());
    }
}
