//! `GET /v1/timeseries`: metrics step by step.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;
use time::Duration as Span;
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::Computed;
use crate::analytics::error::{QueryError, Refusal};
use crate::analytics::params::{QueryString, Tenant, bad};
use crate::analytics::stamp::{Stamp, rfc3339};

use super::buckets::Buckets;
use super::cells::{Asked, within};
use super::choose::finest_seconds;
use super::described::{Narrowed, Window};
use super::question::{Method, Subject};
use super::sorted::sorting;
use super::text::Sorting;
use super::written::{self, Table, Told};

const DEFAULT_SERIES: u32 = 10;
const GREATEST_SERIES: u32 = 100;
const VALUES_MAX: usize = 200_000;
const DEFAULT_SPAN: Span = Span::HOUR;
const LONGEST_SPAN: Span = Span::days(31);

/// Answer of `GET /v1/timeseries`.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimeseriesAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the first step; RFC 3339.
    pub from: String,
    /// End of the last step, which does not belong to it; RFC 3339.
    pub to: String,
    /// Length of a step; a day may be an hour longer or shorter where clocks change.
    pub step_seconds: u32,
    /// How it was computed.
    #[serde(flatten)]
    pub method: Method,
    /// Where each step begins; RFC 3339.
    pub times: Vec<String>,
    /// The leading groups, or the one of all plays.
    pub series: Vec<Series>,
}

/// The metrics of one combination of values.
#[derive(Debug, Serialize, ToSchema)]
pub struct Series {
    /// Each dimension with its value; empty = unknown.
    #[schema(value_type = BTreeMap<String, String>)]
    pub group: BTreeMap<&'static str, String>,
    /// Each metric with a value a step; null when there is nothing to tell it from.
    #[schema(value_type = BTreeMap<String, Vec<Option<f64>>>)]
    pub metrics: BTreeMap<String, Vec<Value>>,
}

impl Told for TimeseriesAnswer {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn method(&self) -> &Method {
        &self.method
    }
}

/// Metrics step by step, by the values of dimensions.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/timeseries",
    tag = "metrics",
    params(
        Window,
        Narrowed,
        ("step" = Option<String>, Query, description = "1s, 10s, 1m, 5m, 15m, 1h, 1d or auto, the default: as fits the window. The window is widened to full steps", example = "5m"),
        ("order" = Option<String>, Query, description = "By what the leading groups are found: a metric or dimension of the question; with - before it the greatest. By default the first metric, the greatest", example = "-plays"),
        ("limit" = Option<u32>, Query, description = "Most groups; by default 10", minimum = 1, maximum = 100),
    ),
    responses((status = 200, description = "Metrics step by step", body = TimeseriesAnswer))
)]
pub async fn get_timeseries(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let format = query.format(&headers)?;
    let subject = Subject::take(&mut query)?;
    let sorting = sorting(&mut query, &subject)?;
    let limit = query.limit(DEFAULT_SERIES, GREATEST_SERIES)?;
    let step = query.step()?;
    let range = query.range(DEFAULT_SPAN, LONGEST_SPAN)?;
    query.finish()?;
    let mut asked = Asked {
        metrics: subject.metrics.clone(),
        group_by: subject.group_by.clone(),
        filters: subject.filters.clone(),
        buckets: Buckets::whole(range.clone()),
    };
    let finest = finest_seconds(&asked.metrics, &asked.dimensions());
    asked.buckets = Buckets::of(range, step, finest)?;
    let series_max = if subject.group_by.is_empty() {
        1
    } else {
        limit as usize
    };
    if asked.buckets.count() * series_max * asked.metrics.len() > VALUES_MAX {
        return Err(bad(
            "step",
            "makes too many values with so many groups and metrics",
        )
        .into());
    }
    let method = Method {
        definition: subject.family.word(),
        computed_from: asked.views()?,
    };
    let key = format!(
        "timeseries {tenant} {} {} {} {sorting:?} {limit}",
        asked.buckets.range.key(),
        asked.buckets.step_seconds(),
        subject.key()
    );
    if format.is_binary() {
        let shown = leading(&state, &tenant, &asked, &sorting, limit).await?;
        let shown: BTreeSet<_> = shown.into_iter().collect();
        let text = written::cells_text(&asked, &subject.names(), &within(&shown))?;
        return written::by_server(
            &state,
            &tenant,
            key,
            format,
            &asked.buckets.range,
            &method,
            text,
        )
        .await;
    }
    let compute = async {
        let range = &asked.buckets.range;
        let (stamp, series) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, range.now, state.settings.horizons()),
            series(&state, &tenant, &asked, &sorting, limit),
        )?;
        let lifetime = stamp.lifetime(range.to);
        let answer = TimeseriesAnswer {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            step_seconds: asked.buckets.step_seconds(),
            method: method.clone(),
            times: asked.buckets.times(),
            series,
        };
        Ok(Computed { answer, lifetime })
    };
    written::answer(&state, key, format, compute, |answer| {
        table(answer, &subject)
    })
    .await
}

/// The groups that are shown, the leading ones first.
async fn leading(
    state: &AnalyticsState,
    tenant: &str,
    asked: &Asked,
    sorting: &Sorting,
    limit: u32,
) -> Result<Vec<Vec<String>>, QueryError> {
    if asked.group_by.is_empty() {
        return Ok(vec![Vec::new()]);
    }
    let whole = Asked {
        buckets: Buckets::whole(asked.buckets.range.clone()),
        ..asked.clone()
    };
    let page = whole.page(&state.reader, tenant, sorting, limit).await?;
    Ok(page.groups.into_iter().map(|(groups, _)| groups).collect())
}

async fn series(
    state: &AnalyticsState,
    tenant: &str,
    asked: &Asked,
    sorting: &Sorting,
    limit: u32,
) -> Result<Vec<Series>, QueryError> {
    let shown = leading(state, tenant, asked, sorting, limit).await?;
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let values: BTreeSet<_> = shown.iter().cloned().collect();
    let cells = asked.cells(&state.reader, tenant, &within(&values)).await?;
    let series = shown.into_iter().map(|groups| {
        let mut metrics = BTreeMap::<_, Vec<_>>::new();
        for bucket in 0..asked.buckets.count() {
            let values = cells.values(&groups, bucket, &asked.metrics);
            for (metric, value) in asked.metrics.iter().zip(values) {
                metrics.entry(metric.name.clone()).or_default().push(value);
            }
        }
        let dimensions = asked.group_by.iter().map(|dimension| dimension.word());
        Series {
            group: dimensions.zip(groups).collect(),
            metrics,
        }
    });
    Ok(series.collect())
}

/// A row for each group and step.
fn table(answer: &TimeseriesAnswer, subject: &Subject) -> Table {
    let groups = subject.group_by.iter().map(|group| group.word());
    let columns = ["time"].into_iter().chain(groups).map(str::to_owned);
    let rows = answer.series.iter().flat_map(|series| {
        answer.times.iter().enumerate().map(move |(index, time)| {
            let groups = subject.group_by.iter();
            let groups = groups.map(|group| Value::from(series.group[group.word()].as_str()));
            let values = subject.metrics.iter();
            let values = values.map(|metric| series.metrics[&metric.name][index].clone());
            [Value::from(time.as_str())]
                .into_iter()
                .chain(groups)
                .chain(values)
                .collect()
        })
    });
    Table {
        columns: columns.chain(subject.names()).collect(),
        rows: rows.collect(),
    }
}
