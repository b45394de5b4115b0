//! What each answer says of itself: when it was computed, and what may still change.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use utoipa::ToSchema;

use super::cache::{ClosedWindow, Lifetime};
use super::error::QueryError;
use super::reader::Reader;

/// How far behind play the warehouse's numbers settle, and freeze.
#[derive(Clone, Copy, Debug)]
pub struct Horizons {
    /// How long after a moment of play everything about it is computed.
    pub settling: Duration,
    /// How long after it nothing can change it any more.
    pub frozen_after: Duration,
}

/// How long an answer about a closed window is told, unless a late beacon changes it.
const CLOSED_FOR: Duration = Duration::from_secs(300);
/// Where it touches the present: at least so long,
const OPEN_FOR: Duration = Duration::from_secs(1);
/// or so many times as long as it took to compute, so that one question, asked by however many, keeps the warehouse busy for a
/// tenth of the time,
const REST: u32 = 9;
/// but no longer than the passes take to tell news.
const OPEN_AT_MOST: Duration = Duration::from_secs(10);

/// Stands in every answer.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq, ToSchema)]
pub struct Stamp {
    /// When the answer was computed; RFC 3339.
    pub computed_at: String,
    /// Everything received until then is in, and sessions silent by then are closed: the newest
    /// moment of play in the warehouse, less the liveness window and the pace of its passes. It
    /// stands still while nothing comes. RFC 3339; null when the last hour has no session.
    pub complete_to: Option<String>,
    /// What lies before is frozen: no beacon can be accepted that would change it. RFC 3339.
    pub final_before: String,
    /// The same moments, for whoever decides how long an answer holds.
    #[serde(skip)]
    pub complete_to_moment: Option<OffsetDateTime>,
    /// See `complete_to_moment`.
    #[serde(skip)]
    pub final_before_moment: Option<OffsetDateTime>,
    /// When its computation began.
    #[serde(skip)]
    pub began: Option<Instant>,
}

impl Stamp {
    /// Reads how far the warehouse is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn read(
        reader: &Reader,
        tenant: &str,
        now: OffsetDateTime,
        horizons: Horizons,
    ) -> Result<Self, QueryError> {
        let began = Instant::now();
        let newest = reader.newest(tenant, now).await?;
        Ok(Self {
            began: Some(began),
            ..Self::new(now, newest, horizons)
        })
    }

    fn new(now: OffsetDateTime, newest: Option<OffsetDateTime>, horizons: Horizons) -> Self {
        let complete_to = newest.map(|newest| newest.min(now) - horizons.settling);
        let final_before = now - horizons.frozen_after;
        Self {
            computed_at: rfc3339(now),
            complete_to: complete_to.map(rfc3339),
            final_before: rfc3339(final_before),
            complete_to_moment: complete_to,
            final_before_moment: Some(final_before),
            began: None,
        }
    }

    /// How long an answer about a window that ends at `to` may be served again; asked when it is computed.
    pub fn lifetime(&self, to: OffsetDateTime) -> Lifetime {
        let is_before = |moment: Option<OffsetDateTime>| moment.is_some_and(|moment| to <= moment);
        if is_before(self.final_before_moment) {
            Duration::from_secs(3600).into()
        } else if is_before(self.complete_to_moment) {
            // Late beacons may still come; the cache looks for what they change.
            Lifetime {
                fresh_for: CLOSED_FOR,
                closed: Some(ClosedWindow { from: None, to }),
            }
        } else {
            let took = self.began.map_or(Duration::ZERO, |began| began.elapsed());
            (took * REST).clamp(OPEN_FOR, OPEN_AT_MOST).into()
        }
    }
}

/// A moment as the API writes it: UTC, ms.
pub fn rfc3339(moment: OffsetDateTime) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    // Writing to a string cannot fail, and every component exists.
    moment
        .to_offset(UtcOffset::UTC)
        .format(&format)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration as Span;
    use time::macros::datetime;

    const HORIZONS: Horizons = Horizons {
        settling: Duration::from_secs(110),
        frozen_after: Duration::from_secs(8 * 86_400),
    };

    #[test]
    fn the_stamp_looks_back_from_the_newest_moment() {
        let now = datetime!(2026-11-21 12:00:00.250 UTC);
        let stamp = Stamp::new(now, Some(now - Span::seconds(3)), HORIZONS);
        assert_eq!(stamp.computed_at, "2026-11-21T12:00:00.250Z");
        assert_eq!(
            stamp.complete_to.as_deref(),
            Some("2026-11-21T11:58:07.250Z")
        );
        assert_eq!(stamp.final_before, "2026-11-13T12:00:00.250Z");
        assert_eq!(Stamp::new(now, None, HORIZONS).complete_to, None);
    }

    #[test]
    fn older_windows_hold_longer() {
        let now = datetime!(2026-11-21 12:00 UTC);
        let stamp = Stamp::new(now, Some(now), HORIZONS);
        assert_eq!(stamp.lifetime(now), Duration::from_secs(1).into());
        let slow = Stamp {
            began: Instant::now().checked_sub(Duration::from_secs(60)),
            ..stamp.clone()
        };
        assert_eq!(slow.lifetime(now), OPEN_AT_MOST.into());
        let closed = stamp.lifetime(now - Span::minutes(10));
        assert_eq!(closed.fresh_for, CLOSED_FOR);
        assert_eq!(
            closed.closed.map(|window| window.to),
            Some(now - Span::minutes(10))
        );
        assert_eq!(
            stamp.lifetime(now - Span::days(9)),
            Duration::from_secs(3600).into()
        );
    }
}
