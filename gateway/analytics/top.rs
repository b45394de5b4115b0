//! `GET /v1/top`: the greatest values of a dimension by any metric, over a window or now.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration as Span, OffsetDateTime};
use utoipa::ToSchema;

use crate::definitions::select::{value_name, with_formulas};
use crate::definitions::{Family, Grain, Metric, registry};

use super::AnalyticsState;
use super::cache::Computed;
use super::error::{QueryError, Refusal};
use super::explore::question::Method;
use super::explore::text::Text;
use super::explore::written;
use super::params::full_hours::full_hours;
use super::params::{Format, QueryString, Range, Tenant, bad};
use super::queries;
use super::reader::{Param, Reader};
use super::stamp::{Stamp, rfc3339};

/// The dimension that stands in the windows by title alone.
const OF_TITLES: &str = "content_id";
/// Dimensions that stand in the other sets of dimensions, which have fewer rows, and the set.
const OF_SETS: [(&str, &str); 8] = [
    ("device_class", "application"),
    ("country", "network"),
    ("cdn", "network"),
    ("region", "network"),
    ("isp", "network"),
    ("app_version", "application"),
    ("source", "application"),
    (VARIANT, "experiment"),
];
/// A variant says nothing without its experiment.
const VARIANT: &str = "variant";
const VARIANT_TOLD: &str = "concat(experiment, ': ', variant)";
/// Where the dimension stands in a query's text.
const PLACE: &str = "${dimension}";
/// Dimensions of the viewers there now.
const OF_NOW: [&str; 4] = ["content_id", "device_class", "country", "status"];
/// What is counted now; the other metrics are computed over a window.
const VIEWERS_NOW: &str = "viewers_now";

const DEFAULT_LIMIT: u32 = 10;
const GREATEST_LIMIT: u32 = 1_000;
const DEFAULT_SPAN: Span = Span::hours(1);
const LONGEST_SPAN: Span = Span::days(31);

/// Answer of `GET /v1/top`.
#[derive(Debug, Serialize, ToSchema)]
pub struct TopAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339. Null when it is about now.
    pub from: Option<String>,
    /// End of the window, which does not belong to it; RFC 3339. Null when it is about now.
    pub to: Option<String>,
    /// By what the rows are told apart.
    pub dimension: String,
    /// Name of the metric.
    pub metric: String,
    /// The greatest first.
    pub rows: Vec<TopRow>,
}

/// A value of the dimension.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TopRow {
    /// The value, empty = unknown.
    pub value: String,
    /// Its number; null when there is nothing to tell it from.
    #[schema(value_type = Option<f64>)]
    pub number: Value,
}

/// Ranks the values of a dimension: `?dimension=&metric=&from=&to=&time_zone=&limit=&definition=`.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/top",
    tag = "metrics",
    params(
        ("dimension" = String, Query, description = "Over a window: content_id, device_class, country, cdn, region, isp, app_version, source or variant; of `viewers_now`: content_id, device_class, country or status", example = "cdn"),
        ("metric" = String, Query, description = "A metric or concept that reads minutes, or viewers_now", example = "plays"),
        ("from" = Option<String>, Query, description = "Begin of the window: RFC 3339, or relative such as now-15m, now-1d/d. By default an hour before `to`", example = "2026-11-21T10:00:00Z"),
        ("to" = Option<String>, Query, description = "End of the window, which does not belong to it; likewise. By default now; at most 31 days after `from`", example = "2026-11-21T11:00:00Z"),
        ("time_zone" = Option<String>, Query, description = "Whose days relative times mean; by default UTC", example = "Europe/Vienna"),
        ("definition" = Option<Family>, Query, description = "In whose terms a concept is understood; by default cta2066"),
        ("limit" = Option<u32>, Query, description = "Most values; by default 10", minimum = 1, maximum = 1000),
        ("format" = Option<String>, Query, description = "How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says", example = "csv"),
    ),
    responses((status = 200, description = "The values with the most of the metric", body = TopAnswer))
)]
pub async fn get_top(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let format = query.format(&headers)?;
    let metrics = query.list("metric");
    let [name] = metrics.as_slice() else {
        return Err(bad(
            "metric",
            "must be one metric, such as playing_ms, or viewers_now",
        )
        .into());
    };
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    if name == VIEWERS_NOW {
        let dimension = dimension(&mut query, &OF_NOW)?;
        query.finish()?;
        return now(&state, &tenant, dimension, limit, format).await;
    }
    let known = OF_SETS.iter().map(|(dimension, _)| *dimension);
    let known: Vec<_> = [OF_TITLES].into_iter().chain(known).collect();
    let dimension = dimension(&mut query, &known)?;
    let metric = metric(&mut query, name)?;
    let range = query.range(DEFAULT_SPAN, LONGEST_SPAN)?.widened(60);
    query.finish()?;

    let key = format!(
        "top {tenant} {} {dimension} {} {limit}",
        range.key(),
        metric.name
    );
    let set = OF_SETS.iter().find(|(known, _)| *known == dimension);
    let [from, to, window_seconds] = range.params();
    let [hours_from, hours_to, parted_hour] = full_hours(range.from, range.to, range.now, None);
    let params = [
        from,
        to,
        window_seconds,
        hours_from,
        hours_to,
        parted_hour,
        (
            "dimension_set",
            Param::Text(set.map_or("", |(_, set)| set).to_owned()),
        ),
        ("limit", Param::Count(limit)),
    ];
    let (file, view) = if set.is_some() {
        (queries::TOP_OF_SETS, "quality_spans_sets_t")
    } else {
        (queries::TOP_OF_TITLES, "quality_spans_t")
    };
    // One of the words above, so nothing that a reader wrote comes into the text.
    let told = if dimension == VARIANT {
        VARIANT_TOLD
    } else {
        dimension.as_str()
    };
    let sql = || with_formulas(file.sql, &[metric]).replace(PLACE, told);
    if format != Format::Json {
        let mut text = Text::plain(queries::EXPLORE_TABLE, params);
        text.sql = as_told(&sql());
        let method = method(view);
        return written::by_server(&state, &tenant, key, format, &range, &method, text).await;
    }
    let compute = async {
        let (stamp, rows) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, range.now, state.settings.horizons()),
            async {
                let rows: Vec<BTreeMap<String, Value>> =
                    state.reader.rows_of(file, &sql(), &tenant, &params).await?;
                Ok(rows.into_iter().map(top_row).collect())
            },
        )?;
        let lifetime = stamp.lifetime(range.to);
        let answer = TopAnswer {
            stamp,
            from: Some(rfc3339(range.from)),
            to: Some(rfc3339(range.to)),
            dimension: dimension.clone(),
            metric: metric.name.clone(),
            rows,
        };
        Ok(Computed { answer, lifetime })
    };
    Ok(state.cache.answer(key, compute).await?.into_response())
}

/// The rows of a query under the names that readers know.
fn as_told(sql: &str) -> String {
    let columns = format!("t.value AS `value`,\n    t.{} AS `number`", value_name(0));
    queries::EXPLORE_TABLE
        .sql
        .replace("${columns}", &columns)
        .replace("${order}", &format!("t.{} DESC, t.value", value_name(0)))
        .replace("${rows}", sql.trim_end())
}

fn method(view: &'static str) -> Method {
    Method {
        definition: Family::Playhead.word(),
        computed_from: vec![view],
    }
}

/// Who is there now.
async fn now(
    state: &AnalyticsState,
    tenant: &str,
    dimension: String,
    limit: u32,
    format: Format,
) -> Result<Response, Refusal> {
    let key = format!("top_now {tenant} {dimension} {limit}");
    let params = [("limit", Param::Count(limit))];
    let sql = queries::TOP_NOW.sql.replace(PLACE, &dimension);
    if format != Format::Json {
        let mut text = Text::plain(queries::TOP_NOW, params);
        text.sql = sql;
        let (range, method) = (Range::now(), method("live_viewers_there_t"));
        return written::by_server(state, tenant, key, format, &range, &method, text).await;
    }
    let compute = async {
        let now = OffsetDateTime::now_utc();
        let reader: &Reader = &state.reader;
        let (stamp, rows) = tokio::try_join!(
            Stamp::read(reader, tenant, now, state.settings.horizons()),
            reader.rows_of::<TopRow>(queries::TOP_NOW, &sql, tenant, &params),
        )?;
        let lifetime = stamp.lifetime(now);
        let answer = TopAnswer {
            stamp,
            from: None,
            to: None,
            dimension,
            metric: VIEWERS_NOW.to_owned(),
            rows,
        };
        Ok(Computed { answer, lifetime })
    };
    Ok(state.cache.answer(key, compute).await?.into_response())
}

fn dimension(query: &mut QueryString, known: &[&str]) -> Result<String, QueryError> {
    let dimension = query.word("dimension", known)?;
    match dimension.as_str() {
        "" => {
            let reason = format!("must be one of {}", known.join(", "));
            Err(bad("dimension", &reason))
        }
        _ => Ok(dimension),
    }
}

/// The one definition that is asked for; only what adds up over minutes can be told apart by dimensions.
fn metric(query: &mut QueryString, name: &str) -> Result<&'static Metric, QueryError> {
    let words: Vec<_> = Family::ALL.iter().map(|family| family.word()).collect();
    let told = query.word("definition", &words)?;
    let family = Family::ALL.iter().find(|family| family.word() == told);
    let metric = registry()
        .resolve(name, family.copied().unwrap_or(Family::Cta2066))
        .map_err(|unknown| bad("metric", &unknown.to_string()))?;
    match metric.grain {
        Grain::Minute => Ok(metric),
        _ => Err(bad(
            "metric",
            "must be of the grain minute; GET /v1/metrics tells the grain of each",
        )),
    }
}

fn top_row(mut row: BTreeMap<String, Value>) -> TopRow {
    let value = row.remove("value").unwrap_or_default();
    TopRow {
        value: value.as_str().unwrap_or_default().to_owned(),
        number: row.remove(&value_name(0)).unwrap_or_default(),
    }
}
