//! The queries of the API: one file each under `sql/queries/`, parameters bound by the server.

/// A query file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryFile {
    /// Path under `sql/queries/`.
    pub name: &'static str,
    /// Its text.
    pub sql: &'static str,
}

macro_rules! query_files {
    ($($(#[$doc:meta])* $constant:ident = $path:literal;)*) => {
        $($(#[$doc])* pub const $constant: QueryFile =
            QueryFile { name: $path, sql: include_str!(concat!("../../sql/queries/", $path)) };)*

        /// Every query of the API.
        pub const ALL: &[QueryFile] = &[$($constant),*];
    };
}

query_files! {
    /// The newest moment of play that is computed.
    FRESHNESS = "freshness.sql";
    /// The concurrency curve and its peak.
    CONCURRENCY = "live/concurrency.sql";
    /// Sessions in each status now, and those there on each device class.
    LIVE_PRESENT = "live/present.sql";
    /// Quality by minute and by device class.
    LIVE_MINUTES = "live/minutes.sql";
    /// The leading titles.
    LIVE_TITLES = "live/titles.sql";
    /// Their quality.
    LIVE_TITLE_QUALITY = "live/title_quality.sql";
    /// What the players call them.
    LIVE_NAMES = "live/names.sql";
    /// Metrics over minutes; the formulas have their place in it.
    QUALITY_MINUTES = "quality/minutes.sql";
    /// Metrics over the sessions that began in a window; likewise.
    QUALITY_SESSIONS = "quality/sessions.sql";
    /// Metrics over the sessions that touch a window; likewise.
    QUALITY_AUDIENCE = "quality/audience.sql";
    /// Metrics over the concurrency curve; likewise.
    QUALITY_SECONDS = "quality/seconds.sql";
    /// Plays that touch a window, as a list shows them.
    LIST_SESSIONS = "sessions/list_sessions.sql";
    /// The same with every column.
    LIST_WHOLE_SESSIONS = "sessions/list_whole_sessions.sql";
    /// One session with its timeline.
    SHOW_SESSION = "sessions/show_session.sql";
    /// Metrics over the ad breaks that began in a window; likewise.
    QUALITY_BREAKS = "quality/breaks.sql";
    /// Metrics over the days that a window touches; likewise.
    QUALITY_DAYS = "quality/days.sql";
    /// The values of a dimension with the most viewers now.
    TOP_NOW = "top/now.sql";
    /// The values of a dimension of the audience with the most of a metric.
    TOP_OF_TITLES = "top/titles.sql";
    /// The same for the other sets of dimensions.
    TOP_OF_SETS = "top/sets.sql";
    /// The minutes that were computed again lately.
    CHANGED_MINUTES = "changed_minutes.sql";
    /// Metrics over minutes by device class; the formulas have their place in it.
    EXPLORE_TOTALS = "explore/totals.sql";
    /// Metrics over minutes by dimensions of the audience, in short steps; the formulas have their place in it.
    EXPLORE_MINUTES = "explore/minutes.sql";
    /// The same by other dimensions; the formulas have their place in it.
    EXPLORE_MINUTES_SETS = "explore/minutes_sets.sql";
    /// Metrics over minutes by dimensions of the audience, in hours or more; the formulas have their place in it.
    EXPLORE_SPANS = "explore/spans.sql";
    /// The same by other dimensions; the formulas have their place in it.
    EXPLORE_SPANS_SETS = "explore/spans_sets.sql";
    /// Metrics over minutes by seconds; the formulas have their place in it.
    EXPLORE_SECONDS = "explore/seconds.sql";
    /// The same by ten seconds; the formulas have their place in it.
    EXPLORE_TEN_SECONDS = "explore/ten_seconds.sql";
    /// Metrics over the plays that began in a window; the formulas have their place in it.
    EXPLORE_PLAYS = "explore/plays.sql";
    /// Metrics over the plays that touch a window; the formulas have their place in it.
    EXPLORE_AUDIENCE = "explore/audience.sql";
    /// Metrics over the concurrency curve; the formulas have their place in it.
    EXPLORE_CURVE = "explore/curve.sql";
    /// The same by device class and CDN; the formulas have their place in it.
    EXPLORE_CURVE_PARTS = "explore/curve_parts.sql";
    /// Metrics over the ad breaks that began in a window; the formulas have their place in it.
    EXPLORE_BREAKS = "explore/breaks.sql";
    /// Metrics over the days that a window touches; the formulas have their place in it.
    EXPLORE_DAYS = "explore/days.sql";
    /// Rows of another one by each of its groups for itself.
    EXPLORE_APART = "explore/apart.sql";
    /// A page of the rows of these.
    EXPLORE_PAGE = "explore/page.sql";
    /// Their rows under the names that readers know.
    EXPLORE_TABLE = "explore/table.sql";
    /// Rows that were computed here.
    EXPLORE_TOLD = "explore/told.sql";
    /// The values of a dimension of the audience.
    EXPLORE_VALUES = "explore/values.sql";
    /// The same of the other sets of dimensions.
    EXPLORE_VALUES_SETS = "explore/values_sets.sql";
    /// The same of what no rollup has.
    EXPLORE_VALUES_PLAYS = "explore/values_plays.sql";
    /// Sessions in each status now.
    COUNT_STATUSES = "viewers/count_statuses.sql";
    /// What each viewer is doing now.
    LIST_LIVE_VIEWERS = "viewers/list_live_viewers.sql";
    /// What became of ads and breaks.
    ADS = "resources/ads.sql";
    /// From the impression to the end of the title.
    FUNNEL = "resources/funnel.sql";
    /// The same from the attempt on, by what only sessions know.
    FUNNEL_OF_SESSIONS = "resources/funnel_of_sessions.sql";
    /// Which part of a title was watched.
    ENGAGEMENT = "resources/engagement.sql";
    /// How far the plays of a title came.
    COMPLETION = "resources/completion.sql";
    /// Viewers who came again.
    RETENTION = "resources/retention.sql";
    /// How beacons came through.
    DELIVERY = "resources/delivery.sql";
    /// What went wrong, and for whom.
    ERRORS = "resources/errors.sql";
    /// How far each stage is.
    FRESHNESS_STAGES = "resources/freshness_stages.sql";
    /// What was taken in.
    USAGE = "resources/usage.sql";
    /// The same by write key.
    USAGE_OF_SESSIONS = "resources/usage_of_sessions.sql";
    /// What one viewer's plays add up to.
    VIEWER_TOTALS = "resources/viewer_totals.sql";
    /// What one viewer does now.
    VIEWER_NOW = "resources/viewer_now.sql";
    /// Where a session lies on its client's clock.
    BEACONS_BOUNDS = "resources/beacons_bounds.sql";
    /// The raw beacons of a session.
    BEACONS = "resources/beacons.sql";
}

#[cfg(test)]
mod tests {
    use super::ALL;
    use crate::warehouse::{PieceKind, pieces};

    #[test]
    fn every_file_says_what_it_is_for() {
        for query in ALL {
            for word in ["-- Purpose: ", "-- Parameters: ", "-- Cost: "] {
                assert!(query.sql.contains(word), "{} lacks `{word}`", query.name);
            }
        }
    }

    #[test]
    fn every_file_reads_only_tenant_confined_views() {
        for query in ALL {
            let code: String = pieces(query.sql)
                .iter()
                .filter(|piece| piece.kind == PieceKind::Code)
                .map(|piece| piece.text)
                .collect();
            let words: Vec<_> = code.split_whitespace().collect();
            let reads =
                |before: &str, word: &str| word == "FROM" || (word == "JOIN" && before != "ARRAY");
            let sources = words
                .windows(3)
                .filter(|three| reads(three[0], three[1]))
                .map(|three| three[2]);
            for source in sources {
                assert!(
                    source == "(" || source.contains("_t(tenant"),
                    "{} reads {source}",
                    query.name
                );
            }
        }
    }
}
