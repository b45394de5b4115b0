//! `GET /v1/top`: the greatest values of a dimension by any metric, over a window or now.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration as Span, OffsetDateTime};
use utoipa::ToSchema;

use crate::definitions::select::{value_name, with_formulas};
use crate::definitions::{Family, Grain, Metric, registry};

use super::AnalyticsState;
use super::cache::{Answer, Computed};
use super::error::{QueryError, Refusal};
use super::metrics::{minute_of, up_to_minute};
use super::params::{QueryString, Tenant, bad};
use super::queries;
use super::reader::{Param, Reader};
use super::stamp::{Stamp, rfc3339};

/// Dimensions that stand in the windows by title; each is a column.
const OF_TITLES: [&str; 4] = ["content_id", "device_class", "country", "cdn"];
/// Dimensions that stand in the other sets of dimensions, and the set.
const OF_SETS: [(&str, &str); 5] = [
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

/// Ranks the values of a dimension: `?dimension=&metric=&from=&to=&limit=&definition=`.
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
        ("from" = Option<String>, Query, description = "Begin of the window; RFC 3339. By default an hour before `to`", example = "2026-11-21T10:00:00Z"),
        ("to" = Option<String>, Query, description = "End of the window, which does not belong to it; RFC 3339. By default now; at most 31 days after `from`", example = "2026-11-21T11:00:00Z"),
        ("definition" = Option<Family>, Query, description = "In whose terms a concept is understood; by default cta2066"),
        ("limit" = Option<u32>, Query, description = "Most values; by default 10", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "The values with the most of the metric", body = TopAnswer))
)]
pub async fn get_top(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    mut query: QueryString,
) -> Result<Answer, Refusal> {
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
        return now(&state, &tenant, dimension, limit).await;
    }
    let known: Vec<_> = OF_SETS.iter().map(|(dimension, _)| *dimension).collect();
    let dimension = dimension(&mut query, &[&OF_TITLES[..], &known[..]].concat())?;
    let metric = metric(&mut query, name)?;
    let (told_from, told_to) = (query.moment("from")?, query.moment("to")?);
    query.finish()?;

    let now = OffsetDateTime::now_utc();
    let to = told_to.unwrap_or(now);
    let from = told_from.unwrap_or(to - DEFAULT_SPAN);
    if from >= to {
        return Err(bad("from", "must be before `to`").into());
    }
    if to - from > LONGEST_SPAN {
        return Err(bad("from", "must be at most 31 days before `to`").into());
    }
    let (from, to) = (minute_of(from), up_to_minute(to));
    let (begin, end) = (rfc3339(from), rfc3339(to));
    let key = format!(
        "top {tenant} {begin} {end} {dimension} {} {limit}",
        metric.name
    );
    let compute = async {
        let lasted = (to.min(now) - from).whole_seconds().max(0);
        let set = OF_SETS.iter().find(|(known, _)| *known == dimension);
        let params = [
            ("from", Param::Moment(from)),
            ("to", Param::Moment(to)),
            (
                "window_seconds",
                Param::Count(u32::try_from(lasted).unwrap_or(u32::MAX)),
            ),
            (
                "dimension_set",
                Param::Text(set.map_or("", |(_, set)| set).to_owned()),
            ),
            ("limit", Param::Count(limit)),
        ];
        let file = if set.is_some() {
            queries::TOP_OF_SETS
        } else {
            queries::TOP_OF_TITLES
        };
        // One of the words above, so nothing that a reader wrote comes into the text.
        let told = if dimension == VARIANT {
            VARIANT_TOLD
        } else {
            dimension.as_str()
        };
        let sql = with_formulas(file.sql, &[metric]).replace(PLACE, told);
        let (stamp, rows) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, now, state.settings.horizons()),
            async {
                let rows: Vec<BTreeMap<String, Value>> =
                    state.reader.rows_of(file, &sql, &tenant, &params).await?;
                Ok(rows.into_iter().map(top_row).collect())
            },
        )?;
        let lifetime = stamp.lifetime(to);
        let answer = TopAnswer {
            stamp,
            from: Some(begin),
            to: Some(end),
            dimension,
            metric: metric.name.clone(),
            rows,
        };
        Ok(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}

/// Who is there now.
async fn now(
    state: &AnalyticsState,
    tenant: &str,
    dimension: String,
    limit: u32,
) -> Result<Answer, Refusal> {
    let key = format!("top_now {tenant} {dimension} {limit}");
    let compute = async {
        let now = OffsetDateTime::now_utc();
        let params = [("limit", Param::Count(limit))];
        let sql = queries::TOP_NOW.sql.replace(PLACE, &dimension);
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
    state.cache.answer(key, compute).await
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
