//! `GET /v1/dimensions`, by what numbers can be told apart, and `GET /v1/dimensions/{dimension}/values`, for filters.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::Computed;
use crate::analytics::error::Refusal;
use crate::analytics::params::full_hours::full_hours;
use crate::analytics::params::{Dimension, Format, QueryString, Tenant};
use crate::analytics::queries::{self, QueryFile};
use crate::analytics::reader::Param;
use crate::analytics::stamp::{Stamp, rfc3339};
use crate::definitions::Family;

use super::described::Window;
use super::question::Method;
use super::source::{Set, Source};
use super::text::Text;
use super::written;

const DEFAULT_LIMIT: u32 = 100;
const GREATEST_LIMIT: u32 = 1_000;
const SEARCH_MAX_BYTES: usize = 256;
const DEFAULT_SPAN: Span = Span::DAY;
const LONGEST_SPAN: Span = Span::days(31);
/// Of what no rollup has, every play is read.
const LONGEST_SPAN_OF_PLAYS: Span = Span::days(7);

/// Answer of `GET /v1/dimensions`.
#[derive(Debug, Serialize, ToSchema)]
pub struct DimensionList {
    /// Every dimension.
    pub dimensions: Vec<DimensionShown>,
}

/// A dimension.
#[derive(Debug, Serialize, ToSchema)]
pub struct DimensionShown {
    /// Its name in `group_by`, `filter` and answers.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// The sets of dimensions in whose rollups it is: asked with others of one of these, a window may be 31 days long.
    /// None: it is counted play by play, in a window of 7 days at most.
    pub sets: Vec<&'static str>,
}

/// Answer of `GET /v1/dimensions/{dimension}/values`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValueList {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// End of the window, which does not belong to it; RFC 3339.
    pub to: String,
    /// The dimension.
    pub dimension: &'static str,
    /// The view that was read.
    pub computed_from: &'static str,
    /// Its values, the most frequent first.
    pub values: Vec<ValueShown>,
}

/// A value of a dimension.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ValueShown {
    /// The value, empty = unknown.
    pub value: String,
    /// Playbacks that were asked for with it.
    pub attempts: u64,
}

/// Shows every dimension.
///
/// # Errors
/// 400 for a parameter.
#[utoipa::path(
    get,
    path = "/v1/dimensions",
    tag = "metrics",
    responses((status = 200, description = "Every dimension", body = DimensionList))
)]
pub async fn list_dimensions(
    Tenant(_): Tenant,
    query: QueryString,
) -> Result<Json<DimensionList>, Refusal> {
    query.finish()?;
    let shown = Dimension::ALL.iter().map(|dimension| {
        let audience = Source::Spans.column(*dimension).map(|_| "audience");
        let others = Set::ALL.into_iter();
        let others = others.filter(|set| Source::SpansOf(*set).column(*dimension).is_some());
        DimensionShown {
            name: dimension.word(),
            meaning: dimension.meaning().trim(),
            sets: audience.into_iter().chain(others.map(Set::word)).collect(),
        }
    });
    Ok(Json(DimensionList {
        dimensions: shown.collect(),
    }))
}

/// The values of a dimension, the most frequent first.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/dimensions/{dimension}/values",
    tag = "metrics",
    params(
        ("dimension" = String, Path, description = "A dimension, as GET /v1/dimensions names it", example = "cdn"),
        Window,
        ("search" = Option<String>, Query, description = "Only values that have this in them, in any case", example = "aka"),
        ("limit" = Option<u32>, Query, description = "Most values; by default 100", minimum = 1, maximum = 1000),
        ("format" = Option<String>, Query, description = "How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says", example = "csv"),
    ),
    responses((status = 200, description = "Its values in the window; by default the day until now", body = ValueList))
)]
pub async fn list_dimension_values(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    Path(dimension): Path<String>,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let format = query.format(&headers)?;
    let dimension = Dimension::of(&dimension, "dimension")?;
    let (source, file) = source_of(dimension);
    let search = query.text("search", SEARCH_MAX_BYTES)?;
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    let longest = match source {
        Source::Plays => LONGEST_SPAN_OF_PLAYS,
        _ => LONGEST_SPAN,
    };
    let range = query.range(DEFAULT_SPAN, longest)?.widened(60);
    query.finish()?;
    let key = format!(
        "values {tenant} {} {} {limit} {search:?}",
        range.key(),
        dimension.word()
    );
    let [from, to, _] = range.params();
    let [hours_from, hours_to, parted_hour] = full_hours(range.from, range.to, range.now, None);
    let set = source.set().map_or("", Set::word).to_owned();
    let params = [
        from,
        to,
        hours_from,
        hours_to,
        parted_hour,
        ("search", Param::Text(search)),
        ("dimension_set", Param::Text(set)),
        ("limit", Param::Count(limit)),
    ];
    let column = source.column(dimension).unwrap_or_default();
    let sql = file.sql.replace("${dimension}", column);
    if format != Format::Json {
        let mut text = Text::plain(file, params);
        text.sql = sql;
        let method = Method {
            definition: Family::Playhead.word(),
            computed_from: vec![source.view()],
        };
        return written::by_server(&state, &tenant, key, format, &range, &method, text).await;
    }
    let compute = async {
        let (stamp, values) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, range.now, state.settings.horizons()),
            state
                .reader
                .rows_of::<ValueShown>(file, &sql, &tenant, &params),
        )?;
        let lifetime = stamp.lifetime(range.to);
        let answer = ValueList {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            dimension: dimension.word(),
            computed_from: source.view(),
            values,
        };
        Ok(Computed { answer, lifetime })
    };
    Ok(state.cache.answer(key, compute).await?.into_response())
}

/// The rollup that has a dimension, else the plays.
fn source_of(dimension: Dimension) -> (Source, QueryFile) {
    // By rising numbers of rows, as in `choose`.
    let mut rollups = [
        Source::SpansOf(Set::Network),
        Source::SpansOf(Set::Application),
        Source::Spans,
        Source::SpansOf(Set::Experiment),
    ]
    .into_iter();
    let source = rollups.find(|source| source.column(dimension).is_some());
    let source = source.unwrap_or(Source::Plays);
    let file = match source {
        Source::Spans => queries::EXPLORE_VALUES,
        Source::SpansOf(_) => queries::EXPLORE_VALUES_SETS,
        _ => queries::EXPLORE_VALUES_PLAYS,
    };
    (source, file)
}
