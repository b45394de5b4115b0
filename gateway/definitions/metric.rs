//! One definition of a metric.

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A metric as `sql/metrics.toml` defines it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Unique, in snake case, with its unit.
    pub name: String,
    /// The question that it answers; definitions of one concept stand side by side.
    pub concept: String,
    /// Whose definition it is.
    pub family: Family,
    /// What it counts, for a person.
    pub meaning: String,
    /// Unit of its value.
    pub unit: Unit,
    /// What its formula reads.
    pub grain: Grain,
    /// SQL aggregate over the columns of the grain's view.
    pub formula: String,
    /// The columns that the formula needs.
    pub columns: Vec<String>,
    /// Whether more of it is good news.
    pub higher_is: HigherIs,
    /// How far the value may be from the truth; empty when it is exact.
    #[serde(default)]
    pub error: String,
    /// Where the definition is written down, and what of it is our reading.
    pub source: String,
}

/// Gives each variant its word, the same in the registry, the API and on the command line.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        // The derive does not see words that come out of a macro.
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = ObjectBuilder::new().schema_type(Type::String);
                words.enum_values(Some([$($word),*])).into()
            }
        }

        impl ToSchema for $name {}
    };
}

words! {
    /// Whose definition a metric is.
    Family {
        /// The standard CTA-2066.
        Cta2066 = "cta2066",
        /// As Mux Data publishes it.
        Mux = "mux",
        /// As Conviva publishes it, or as it is commonly told.
        Conviva = "conviva",
        /// This project's own.
        Playhead = "playhead",
    }
}

words! {
    /// What a formula reads.
    Grain {
        /// `quality_by_minute_v`: the minutes of the window.
        Minute = "minute",
        /// `sessions_v`: the sessions that began in the window.
        Session = "session",
        /// `sessions_v`: the sessions that touch the window.
        Audience = "audience",
        /// `concurrent_viewers_v`: the seconds of the window.
        Second = "second",
        /// `ad_breaks_v`: the ad breaks that began in the window.
        Break = "break",
        /// `viewer_days_v`: the days that the window touches.
        Day = "day",
    }
}

words! {
    /// Whether more of a metric is good news.
    HigherIs {
        /// More is better.
        Better = "better",
        /// More is worse.
        Worse = "worse",
        /// It says nothing about quality.
        Neither = "neither",
    }
}

words! {
    /// Unit of a value.
    Unit {
        /// How many.
        Count = "count",
        /// How many in a second.
        PerSecond = "per_second",
        /// How many in a minute.
        PerMinute = "per_minute",
        /// How many in a session.
        PerSession = "per_session",
        /// Milliseconds.
        Ms = "ms",
        /// Kilobits per second.
        Kbps = "kbps",
        /// A share, from 0 to 1.
        Ratio = "ratio",
        /// From 0 to 100.
        Score = "score",
    }
}

impl Grain {
    /// The reader view whose columns a formula of this grain may use.
    pub fn view(self) -> &'static str {
        match self {
            Self::Minute => "quality_by_minute_v",
            Self::Session | Self::Audience => "sessions_v",
            Self::Second => "concurrent_viewers_v",
            Self::Break => "ad_breaks_v",
            Self::Day => "viewer_days_v",
        }
    }
}
