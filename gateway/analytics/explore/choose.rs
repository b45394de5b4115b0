//! Which source tells a metric by these dimensions in these steps: the smallest one that holds them all.

use std::collections::BTreeSet;

use crate::analytics::error::QueryError;
use crate::analytics::params::{Dimension, bad};
use crate::definitions::{Grain, Metric};

use super::buckets::Buckets;
use super::source::{Set, Source};

/// How long a window of plays, one by one, may be where dimensions are asked for; seconds.
const PLAYS_SECONDS_MAX: u32 = 7 * 86_400;
/// How long a window of seconds may be; seconds.
const SECONDS_MAX: u32 = 86_400;
const HOUR_SECONDS: u32 = 3_600;

/// The measures that the rollups of seconds hold.
const MEASURES_OF_SECONDS: [&str; 16] = [
    "starting_ms",
    "playing_ms",
    "stalled_ms",
    "seeking_ms",
    "paused_ms",
    "ad_ms",
    "attempts",
    "plays",
    "ended_plays",
    "exits_before_start",
    "failures_before_start",
    "failures",
    "timeouts",
    "stall_count",
    "error_count",
    "ad_start_count",
];

/// The finest step in which all these metrics are told by these dimensions; seconds.
pub fn finest_seconds(metrics: &[&Metric], dimensions: &BTreeSet<Dimension>) -> u32 {
    let is_to_seconds = |metric: &&Metric| match metric.grain {
        Grain::Second => true,
        Grain::Minute => {
            let mut columns = metric.columns.iter();
            holds(Source::Seconds, dimensions)
                && columns.all(|column| MEASURES_OF_SECONDS.contains(&column.as_str()))
        }
        Grain::Session | Grain::Audience | Grain::Break | Grain::Day => false,
    };
    if metrics.iter().all(is_to_seconds) {
        1
    } else {
        60
    }
}

/// The source of a metric.
///
/// # Errors
/// When nothing tells it by these dimensions, or only what a window of this length must not read.
pub fn source(
    metric: &Metric,
    dimensions: &BTreeSet<Dimension>,
    buckets: &Buckets,
) -> Result<Source, QueryError> {
    match metric.grain {
        Grain::Minute => of_minutes(metric, dimensions, buckets),
        Grain::Session => of_plays(Source::Plays, metric, dimensions, buckets),
        Grain::Audience => of_plays(Source::Audience, metric, dimensions, buckets),
        Grain::Second if dimensions.is_empty() => Ok(Source::Curve),
        Grain::Second if holds(Source::CurveParts, dimensions) => {
            if buckets.range.seconds() > SECONDS_MAX {
                let reason = format!("`{}` by dimensions is told of a day at most", metric.name);
                return Err(bad("from", &reason));
            }
            Ok(Source::CurveParts)
        }
        Grain::Break if dimensions.is_empty() => Ok(Source::Breaks),
        // The rollup of days knows those of UTC.
        Grain::Day if dimensions.is_empty() && buckets.fits(86_400) => Ok(Source::Days),
        Grain::Day if dimensions.is_empty() => Err(bad(
            "step",
            &format!("`{}` is told by days of UTC; ask for step=1d", metric.name),
        )),
        Grain::Second => Err(untold(metric, "device_class and cdn")),
        Grain::Break | Grain::Day => Err(untold(metric, "none")),
    }
}

fn of_minutes(
    metric: &Metric,
    dimensions: &BTreeSet<Dimension>,
    buckets: &Buckets,
) -> Result<Source, QueryError> {
    if buckets.step_seconds() < 60 {
        return Ok(match buckets.step_seconds() {
            10.. => Source::TenSeconds,
            _ => Source::Seconds,
        });
    }
    if holds(Source::Totals, dimensions) {
        return Ok(Source::Totals);
    }
    // Two steps that meet within an hour have that one in minutes.
    let are_halves = buckets.halves_meet().is_some() && buckets.step_seconds() > HOUR_SECONDS;
    let (audience, of_set): (_, fn(Set) -> Source) = if buckets.fits(HOUR_SECONDS) || are_halves {
        (Source::Spans, Source::SpansOf)
    } else {
        (Source::Minutes, Source::MinutesOf)
    };
    // By rising numbers of rows: the network's are some hundred times fewer than those by titles. Plays without an experiment
    // are not in the last one, which therefore comes into question for nothing but variants.
    let mut sources = [
        of_set(Set::Network),
        of_set(Set::Application),
        audience,
        of_set(Set::Experiment),
    ]
    .into_iter();
    match sources.find(|source| holds(*source, dimensions)) {
        Some(source) => Ok(source),
        None => of_plays(Source::Plays, metric, dimensions, buckets),
    }
}

fn of_plays(
    source: Source,
    metric: &Metric,
    dimensions: &BTreeSet<Dimension>,
    buckets: &Buckets,
) -> Result<Source, QueryError> {
    if !holds(source, dimensions) {
        let reason = format!(
            "`variant` is told of metrics over minutes, alone or with device_class; `{}` by these dimensions is not",
            metric.name
        );
        return Err(bad("group_by", &reason));
    }
    if !dimensions.is_empty() && buckets.range.seconds() > PLAYS_SECONDS_MAX {
        let words: Vec<_> = dimensions.iter().map(|each| each.word()).collect();
        let reason = format!(
            "`{}` by {} is counted play by play, which a window of 7 days at most may be",
            metric.name,
            words.join(", ")
        );
        return Err(bad("from", &reason));
    }
    Ok(source)
}

fn holds(source: Source, dimensions: &BTreeSet<Dimension>) -> bool {
    dimensions.iter().all(|each| source.column(*each).is_some())
}

fn untold(metric: &Metric, known: &str) -> QueryError {
    let reason = format!(
        "`{}` is told apart by no other dimension than: {known}",
        metric.name
    );
    bad("group_by", &reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::explore::buckets::Step;
    use crate::analytics::params::{Range, Zone};
    use crate::definitions::registry;
    use time::Duration as Span;
    use time::macros::datetime;

    fn range(length: Span) -> Range {
        let to = datetime!(2026-11-21 12:00 UTC);
        Range {
            from: to - length,
            to,
            now: to,
            zone: Zone::utc(),
            moves: false,
        }
    }

    fn chosen(
        metric: &str,
        dimensions: &[Dimension],
        length: Span,
        step: u32,
    ) -> Result<Source, String> {
        let metric = registry().get(metric).unwrap();
        let dimensions: BTreeSet<_> = dimensions.iter().copied().collect();
        let finest = finest_seconds(&[metric], &dimensions);
        let buckets = match step {
            0 => Ok(Buckets::whole(range(length))),
            step => Buckets::of(range(length), Step::Seconds(step), finest),
        };
        buckets
            .and_then(|buckets| source(metric, &dimensions, &buckets))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_smallest_source_is_read() {
        use Dimension::{AppVersion, Cdn, ContentId, Country, DeviceClass, Isp, OsName, Variant};
        let hour = Span::HOUR;
        assert_eq!(chosen("plays", &[], hour, 0), Ok(Source::Totals));
        assert_eq!(
            chosen("plays", &[DeviceClass], hour, 60),
            Ok(Source::Totals)
        );
        assert_eq!(
            chosen("plays", &[Cdn], hour, 60),
            Ok(Source::MinutesOf(Set::Network))
        );
        assert_eq!(
            chosen("plays", &[Country], hour, 0),
            Ok(Source::SpansOf(Set::Network))
        );
        assert_eq!(
            chosen("plays", &[Cdn, DeviceClass], hour, 60),
            Ok(Source::Minutes)
        );
        assert_eq!(
            chosen("plays", &[Cdn, ContentId], Span::DAY, 3_600),
            Ok(Source::Spans)
        );
        assert_eq!(
            chosen("plays", &[Cdn, Isp], hour, 0),
            Ok(Source::SpansOf(Set::Network))
        );
        assert_eq!(
            chosen("plays", &[AppVersion], hour, 300),
            Ok(Source::MinutesOf(Set::Application))
        );
        assert_eq!(
            chosen("plays", &[Variant, DeviceClass], hour, 0),
            Ok(Source::SpansOf(Set::Experiment))
        );
        assert_eq!(
            chosen("plays", &[Cdn, AppVersion], hour, 0),
            Ok(Source::Plays)
        );
        assert_eq!(chosen("plays", &[OsName], hour, 60), Ok(Source::Plays));
        assert_eq!(
            chosen("plays", &[Cdn], Span::minutes(10), 1),
            Ok(Source::Seconds)
        );
        assert_eq!(chosen("plays", &[Cdn], hour, 10), Ok(Source::TenSeconds));
        assert_eq!(
            chosen("overall_score", &[Country], hour, 0),
            Ok(Source::Plays)
        );
        assert_eq!(
            chosen("unique_viewers", &[], hour, 60),
            Ok(Source::Audience)
        );
        assert_eq!(
            chosen("peak_concurrent_viewers", &[], hour, 60),
            Ok(Source::Curve)
        );
        assert_eq!(
            chosen("peak_concurrent_viewers", &[Cdn], hour, 60),
            Ok(Source::CurveParts)
        );
        assert_eq!(
            chosen("new_viewers", &[], Span::DAY, 86_400),
            Ok(Source::Days)
        );
    }

    #[test]
    fn what_nothing_tells_is_refused() {
        use Dimension::{Cdn, Country, OsName, Variant};
        for (metric, dimensions, length, step) in [
            ("plays", &[OsName][..], Span::days(8), 0),
            ("plays", &[Variant, Cdn], Span::HOUR, 0),
            ("plays", &[Country], Span::minutes(10), 10),
            ("overall_score", &[Variant], Span::HOUR, 0),
            ("overall_score", &[], Span::minutes(10), 10),
            ("peak_concurrent_viewers", &[Country], Span::HOUR, 0),
            ("peak_concurrent_viewers", &[Cdn], Span::days(2), 0),
            ("new_viewers", &[Cdn], Span::DAY, 0),
            ("new_viewers", &[], Span::HOUR, 3_600),
            ("ad_fill_ratio", &[Cdn], Span::HOUR, 0),
        ] {
            let told = chosen(metric, dimensions, length, step);
            assert!(told.is_err(), "{metric} {dimensions:?} {told:?}");
        }
    }
}
