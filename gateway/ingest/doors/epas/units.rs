//! Units: the specification's page says milliseconds, its types and its SDKs say seconds.

/// No title is longer in seconds; a greater number counts milliseconds. A day.
const TITLE_MAX_SECONDS: f64 = 86_400.0;
/// No rendition has more in kbit/s; a greater number counts bit/s.
const BITRATE_MAX_KBPS: f64 = 200_000.0;
/// Conversions below it are exact.
const EXACT_MAX: f64 = 9e15;

/// What positions and durations of an event are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
}

impl Unit {
    /// `?unit=s` or `?unit=ms` settles it for a client that is known.
    pub(super) fn of_query(query: &str) -> Option<Self> {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let (_, unit) = pairs.find(|(name, _)| name == "unit")?;
        match &*unit {
            "s" => Some(Self::Seconds),
            "ms" => Some(Self::Milliseconds),
            _ => None,
        }
    }

    /// What an event most likely counts in: a fraction is of a second, and a title longer than a day
    /// is counted in milliseconds.
    pub(super) fn guess(playhead: Option<f64>, duration: Option<f64>) -> Self {
        let has_fraction = |number: f64| number.fract() != 0.0;
        if playhead.is_some_and(has_fraction) || duration.is_some_and(has_fraction) {
            return Self::Seconds;
        }
        match duration.or(playhead) {
            Some(longest) if longest > TITLE_MAX_SECONDS => Self::Milliseconds,
            _ => Self::Seconds,
        }
    }

    /// The number in ms.
    pub(super) fn to_ms(self, number: f64) -> Option<i64> {
        let ms = match self {
            Self::Seconds => number * 1_000.0,
            Self::Milliseconds => number,
        };
        // In this range the conversion is exact.
        (0.0..EXACT_MAX).contains(&ms).then_some(ms.round() as i64)
    }
}

/// A bitrate in kbit/s; players' libraries count in bit/s, and some applications pass that on.
pub(super) fn bitrate_kbps(number: f64) -> Option<u32> {
    let kbps = if number > BITRATE_MAX_KBPS {
        number / 1_000.0
    } else {
        number
    };
    // Below 2^32 the conversion is exact.
    (kbps > 0.0 && kbps < f64::from(u32::MAX)).then_some(kbps.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_told_from_milliseconds() {
        use Unit::{Milliseconds, Seconds};
        for (playhead, duration, unit) in [
            (Some(7.893_825), Some(20.0), Seconds),
            (Some(15.0), Some(20.08), Seconds),
            (Some(3_600.0), Some(7_200.0), Seconds),
            (Some(3_600_000.0), Some(7_200_000.0), Milliseconds),
            (Some(1_000.0), Some(7_200_000.0), Milliseconds),
            (Some(400_000.0), None, Milliseconds),
            (None, None, Seconds),
        ] {
            assert_eq!(
                Unit::guess(playhead, duration),
                unit,
                "{playhead:?} {duration:?}"
            );
        }
        assert_eq!(Unit::of_query("key=a&unit=ms"), Some(Milliseconds));
        assert_eq!(Unit::of_query("unit=hours"), None);
    }

    #[test]
    fn numbers_that_are_none_are_left_out() {
        assert_eq!(Unit::Seconds.to_ms(7.893_825), Some(7_894));
        assert_eq!(Unit::Seconds.to_ms(-1.0), None);
        assert_eq!(Unit::Milliseconds.to_ms(1e300), None);
    }

    #[test]
    fn bits_are_told_from_kilobits() {
        assert_eq!(bitrate_kbps(391.316), Some(391));
        assert_eq!(bitrate_kbps(25_000.0), Some(25_000));
        assert_eq!(bitrate_kbps(1_019_416.0), Some(1_019));
        assert_eq!(bitrate_kbps(-1.0), None);
        assert_eq!(bitrate_kbps(0.0), None);
    }
}
