//! `GET /v1/comparison`: metrics of a window beside those of an earlier one.

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
use crate::analytics::params::{QueryString, Tenant};
use crate::analytics::stamp::{Stamp, rfc3339};

use super::buckets::Buckets;
use super::cells::{Asked, Cells, within};
use super::described::{Narrowed, Window};
use super::question::{Method, Subject};
use super::text::{SortKey, Sorting};
use super::written::{self, Table, Told};

const DEFAULT_LIMIT: u32 = 100;
const GREATEST_LIMIT: u32 = 1_000;
/// Groups of each window that are looked at, the greatest by the first metric.
const GROUPS_MAX: u32 = 5_000;
const DEFAULT_SPAN: Span = Span::HOUR;
const LONGEST_SPAN: Span = Span::days(31);
/// Sorted by how much the first metric changed.
const ORDERS: [&str; 3] = ["value", "change", "change_ratio"];

/// Answer of `GET /v1/comparison`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// End of the window, which does not belong to it; RFC 3339.
    pub to: String,
    /// Begin of the earlier window; RFC 3339.
    pub before_from: String,
    /// End of the earlier window, which does not belong to it; RFC 3339.
    pub before_to: String,
    /// How it was computed.
    #[serde(flatten)]
    pub method: Method,
    /// The leading ones first.
    pub rows: Vec<ComparisonRow>,
}

/// The metrics of one combination of values.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparisonRow {
    /// Each dimension with its value; empty = unknown.
    #[schema(value_type = BTreeMap<String, String>)]
    pub group: BTreeMap<&'static str, String>,
    /// Each metric now and before.
    pub metrics: BTreeMap<String, Compared>,
}

/// A number beside an earlier one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Compared {
    /// In the window; null when there is nothing to tell it from.
    #[schema(value_type = Option<f64>)]
    pub value: Value,
    /// In the earlier window; likewise.
    #[schema(value_type = Option<f64>)]
    pub before: Value,
    /// By how much it is greater; null when one of them is.
    pub change: Option<f64>,
    /// The change as a share of what it was before; null when that was 0 or unknown.
    pub change_ratio: Option<f64>,
}

impl Compared {
    /// Both with their difference.
    pub fn of(value: Value, before: Value) -> Self {
        let change = value
            .as_f64()
            .zip(before.as_f64())
            .map(|(now, then)| now - then);
        let then = before.as_f64().filter(|then| *then != 0.0);
        Self {
            change_ratio: change.zip(then).map(|(change, then)| change / then.abs()),
            change,
            value,
            before,
        }
    }

    fn sorted_by(&self, order: &str) -> Option<f64> {
        match order {
            "change" => self.change,
            "change_ratio" => self.change_ratio,
            _ => self.value.as_f64(),
        }
    }
}

impl Told for ComparisonAnswer {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn method(&self) -> &Method {
        &self.method
    }
}

/// Metrics of a window beside those of an earlier one.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/comparison",
    tag = "metrics",
    params(
        Window,
        Narrowed,
        ("against" = Option<String>, Query, description = "previous (the default: as long, right before it), day_before, week_before, or a window as from/to", example = "week_before"),
        ("order" = Option<String>, Query, description = "Of the first metric: value, change or change_ratio; with - before it the greatest first. By default -value", example = "-change"),
        ("limit" = Option<u32>, Query, description = "Most rows; by default 100", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "Metrics of two windows side by side", body = ComparisonAnswer))
)]
pub async fn get_comparison(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let format = query.format(&headers)?;
    let subject = Subject::take(&mut query)?;
    let order = query.order_of(&ORDERS)?;
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    let pair = query.pair(DEFAULT_SPAN, LONGEST_SPAN)?;
    query.finish()?;
    let asked = |buckets: &Buckets| Asked {
        metrics: subject.metrics.clone(),
        group_by: subject.group_by.clone(),
        filters: subject.filters.clone(),
        buckets: buckets.clone(),
    };
    let (now, before) = (asked(&pair.now), asked(&pair.before));
    let mut computed_from = now.views()?;
    computed_from.extend(before.views()?);
    computed_from.sort_unstable();
    computed_from.dedup();
    let method = Method {
        definition: subject.family.word(),
        computed_from,
    };
    let (name, is_descending) = order.map_or(("value".to_owned(), true), |order| {
        (order.name, order.is_descending)
    });
    let key = format!(
        "comparison {tenant} {} {} {} {name} {is_descending} {limit}",
        now.buckets.range.key(),
        before.buckets.range.key(),
        subject.key(),
    );
    let compute = async {
        let range = &now.buckets.range;
        let (stamp, cells) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, range.now, state.settings.horizons()),
            both(&state, &tenant, &now, &before),
        )?;
        let mut rows = rows(&cells, &now);
        let first = &subject.metrics[0].name;
        rows.sort_by(|one, other| {
            let value = |row: &ComparisonRow| row.metrics[first].sorted_by(&name);
            let (one_value, other_value) = (value(one), value(other));
            // What has no value comes last, either way; equals by name.
            let sorted = match (one_value, other_value) {
                (Some(one), Some(other)) if is_descending => other.total_cmp(&one),
                (Some(one), Some(other)) => one.total_cmp(&other),
                (one, other) => one.is_none().cmp(&other.is_none()),
            };
            sorted.then_with(|| one.group.cmp(&other.group))
        });
        rows.truncate(limit as usize);
        let lifetime = stamp.lifetime(range.to);
        let answer = ComparisonAnswer {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            before_from: rfc3339(before.buckets.range.from),
            before_to: rfc3339(before.buckets.range.to),
            method: method.clone(),
            rows,
        };
        Ok(Computed { answer, lifetime })
    };
    let table = |answer: &ComparisonAnswer| table(answer, &subject);
    if format.is_binary() {
        let texts = subject.group_by.len() + 1;
        let how = (table, texts);
        return written::binary(&state, &tenant, key, format, compute, how).await;
    }
    written::answer(&state, key, format, compute, table).await
}

/// The cells of both windows, of the groups that lead in one of them.
async fn both(
    state: &AnalyticsState,
    tenant: &str,
    now: &Asked,
    before: &Asked,
) -> Result<[Cells; 2], QueryError> {
    let reader = &state.reader;
    if now.group_by.is_empty() {
        let cells = tokio::try_join!(
            now.cells(reader, tenant, &[]),
            before.cells(reader, tenant, &[])
        )?;
        return Ok(cells.into());
    }
    let sorting = Sorting {
        by: SortKey::Value(0),
        is_descending: true,
        after: None,
    };
    let (mut of_now, mut of_before) = tokio::try_join!(
        now.page(reader, tenant, &sorting, GROUPS_MAX),
        before.page(reader, tenant, &sorting, GROUPS_MAX),
    )?;
    // Where there are more groups than are looked at, what leads in one window may not lead in the other.
    let missing = |page: &Cells, other: &Cells| -> BTreeSet<Vec<String>> {
        let groups = other.rows.keys().map(|(groups, _)| groups.clone());
        groups
            .filter(|groups| !page.rows.contains_key(&(groups.clone(), 0)))
            .collect()
    };
    let groups = missing(&of_now.cells, &of_before.cells);
    if of_now.has_more && !groups.is_empty() {
        let cells = now.cells(reader, tenant, &within(&groups)).await?;
        of_now.cells.rows.extend(cells.rows);
    }
    let groups = missing(&of_before.cells, &of_now.cells);
    if of_before.has_more && !groups.is_empty() {
        let cells = before.cells(reader, tenant, &within(&groups)).await?;
        of_before.cells.rows.extend(cells.rows);
    }
    Ok([of_now.cells, of_before.cells])
}

fn rows([now, before]: &[Cells; 2], asked: &Asked) -> Vec<ComparisonRow> {
    let mut groups: BTreeSet<_> = now.rows.keys().chain(before.rows.keys()).collect();
    let all = (Vec::new(), 0);
    if asked.group_by.is_empty() {
        groups.insert(&all);
    }
    let row = |groups: &[String]| {
        let values = now.values(groups, 0, &asked.metrics);
        let earlier = before.values(groups, 0, &asked.metrics);
        let names = asked.metrics.iter().map(|metric| metric.name.clone());
        let compared = values.into_iter().zip(earlier);
        let compared = compared.map(|(value, before)| Compared::of(value, before));
        ComparisonRow {
            group: asked
                .group_by
                .iter()
                .zip(groups)
                .map(|(dimension, value)| (dimension.word(), value.clone()))
                .collect(),
            metrics: names.zip(compared).collect(),
        }
    };
    groups.into_iter().map(|(groups, _)| row(groups)).collect()
}

/// A row for each group and metric.
fn table(answer: &ComparisonAnswer, subject: &Subject) -> Table {
    let groups = subject.group_by.iter().map(|group| group.word());
    let names = ["metric", "value", "before", "change", "change_ratio"];
    let rows = answer.rows.iter().flat_map(|row| {
        subject.metrics.iter().map(|metric| {
            let groups = subject.group_by.iter();
            let groups = groups.map(|group| Value::from(row.group[group.word()].as_str()));
            let compared = &row.metrics[&metric.name];
            let values = [
                Value::from(metric.name.as_str()),
                compared.value.clone(),
                compared.before.clone(),
                Value::from(compared.change),
                Value::from(compared.change_ratio),
            ];
            groups.chain(values).collect()
        })
    });
    Table {
        columns: groups.chain(names).map(str::to_owned).collect(),
        rows: rows.collect(),
    }
}
