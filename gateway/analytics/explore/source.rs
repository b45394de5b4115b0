//! What is read: each source with its query, its time and the columns of its dimensions.

use crate::analytics::params::Dimension;
use crate::analytics::queries::{self, QueryFile};

/// A set of dimensions that the rollups hold beside that of the audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    /// CDN, country, region, provider.
    Network,
    /// Device class, application version, door.
    Application,
    /// Device class, experiment with variant.
    Experiment,
}

/// Where numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Minutes by device class.
    Totals,
    /// Minutes by content, device class, country and CDN.
    Minutes,
    /// Hours by these, with minutes at the ends of the window, and where two steps meet within an hour.
    Spans,
    /// Minutes in another set of dimensions.
    MinutesOf(Set),
    /// Hours in another set, with minutes at the ends of the window.
    SpansOf(Set),
    /// Seconds by device class and CDN.
    Seconds,
    /// Ten seconds by these.
    TenSeconds,
    /// The plays that began in the window.
    Plays,
    /// The plays that touch the window.
    Audience,
    /// The concurrency curve.
    Curve,
    /// The concurrency of seconds, by device class and CDN.
    CurveParts,
    /// The ad breaks that began in the window.
    Breaks,
    /// The days that the window touches.
    Days,
}

const OF_AUDIENCE: [Dimension; 4] = [
    Dimension::ContentId,
    Dimension::DeviceClass,
    Dimension::Country,
    Dimension::Cdn,
];
const OF_SECONDS: [Dimension; 2] = [Dimension::DeviceClass, Dimension::Cdn];

/// A variant says nothing without its experiment.
const VARIANT: &str = "concat(experiment, ': ', variant)";

impl Set {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Network, Self::Application, Self::Experiment];

    /// Its word in the rollups.
    pub fn word(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Application => "application",
            Self::Experiment => "experiment",
        }
    }

    fn dimensions(self) -> &'static [Dimension] {
        match self {
            Self::Network => &[
                Dimension::Cdn,
                Dimension::Country,
                Dimension::Region,
                Dimension::Isp,
            ],
            Self::Application => &[
                Dimension::DeviceClass,
                Dimension::AppVersion,
                Dimension::Source,
            ],
            Self::Experiment => &[Dimension::DeviceClass, Dimension::Variant],
        }
    }
}

impl Source {
    /// The query into which formulas and dimensions go.
    pub fn query(self) -> QueryFile {
        match self {
            Self::Totals => queries::EXPLORE_TOTALS,
            Self::Minutes => queries::EXPLORE_MINUTES,
            Self::Spans => queries::EXPLORE_SPANS,
            Self::MinutesOf(_) => queries::EXPLORE_MINUTES_SETS,
            Self::SpansOf(_) => queries::EXPLORE_SPANS_SETS,
            Self::Seconds => queries::EXPLORE_SECONDS,
            Self::TenSeconds => queries::EXPLORE_TEN_SECONDS,
            Self::Plays => queries::EXPLORE_PLAYS,
            Self::Audience => queries::EXPLORE_AUDIENCE,
            Self::Curve => queries::EXPLORE_CURVE,
            Self::CurveParts => queries::EXPLORE_CURVE_PARTS,
            Self::Breaks => queries::EXPLORE_BREAKS,
            Self::Days => queries::EXPLORE_DAYS,
        }
    }

    /// The view that it reads, for whoever wants to know how a number was computed.
    pub fn view(self) -> &'static str {
        match self {
            Self::Totals => "quality_totals_t",
            Self::Minutes => "quality_minutes_t",
            Self::Spans => "quality_spans_t",
            Self::MinutesOf(_) => "quality_minutes_sets_t",
            Self::SpansOf(_) => "quality_spans_sets_t",
            Self::Seconds | Self::CurveParts => "quality_by_second_t",
            Self::TenSeconds => "quality_by_ten_seconds_t",
            Self::Plays | Self::Audience => "play_measures_t",
            Self::Curve => "concurrent_viewers_t",
            Self::Breaks => "ad_break_facts_t",
            Self::Days => "viewer_days_t",
        }
    }

    /// The set that its rows are to be of.
    pub fn set(self) -> Option<Set> {
        match self {
            Self::MinutesOf(set) | Self::SpansOf(set) => Some(set),
            _ => None,
        }
    }

    /// SQL: the time of a row; Unix seconds.
    pub fn time(self) -> &'static str {
        match self {
            Self::Totals | Self::Minutes | Self::MinutesOf(_) => "toUnixTimestamp(minute)",
            Self::Spans | Self::SpansOf(_) => "toUnixTimestamp(at)",
            Self::Seconds | Self::Curve | Self::CurveParts => "toUnixTimestamp(second)",
            Self::TenSeconds => "toUnixTimestamp(ten_seconds)",
            Self::Plays | Self::Audience => "toUnixTimestamp(started_at)",
            Self::Breaks => "toUnixTimestamp(begun_at)",
            Self::Days => "toUnixTimestamp(toDateTime(day, 'UTC'))",
        }
    }

    /// SQL: the value of a dimension; `None` where the source does not tell it apart.
    pub fn column(self, dimension: Dimension) -> Option<&'static str> {
        let known: &[Dimension] = match self {
            Self::Totals => &[Dimension::DeviceClass],
            Self::Minutes | Self::Spans => &OF_AUDIENCE,
            Self::MinutesOf(set) | Self::SpansOf(set) => set.dimensions(),
            Self::Seconds | Self::TenSeconds | Self::CurveParts => &OF_SECONDS,
            // A play is in several experiments.
            Self::Plays | Self::Audience if dimension != Dimension::Variant => Dimension::ALL,
            _ => &[],
        };
        let is_known = known.contains(&dimension);
        is_known.then(|| match dimension {
            Dimension::Variant => VARIANT,
            other => other.word(),
        })
    }

    /// Whether its rows hold zeros of plays that turned out to be of another value.
    pub fn has_zeros(self) -> bool {
        matches!(
            self,
            Self::Totals | Self::Minutes | Self::Spans | Self::MinutesOf(_) | Self::SpansOf(_)
        )
    }
}
