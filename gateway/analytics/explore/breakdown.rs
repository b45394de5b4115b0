//! `GET /v1/breakdown`: metrics by the values of dimensions over a window.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration as Span, OffsetDateTime};
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::Computed;
use crate::analytics::error::Refusal;
use crate::analytics::params::{QueryString, Tenant};
use crate::analytics::stamp::{Stamp, rfc3339};

use super::buckets::Buckets;
use super::cells::Asked;
use super::described::{Narrowed, Paged, Window};
use super::question::{Method, Subject};
use super::sorted::sorting;
use super::written::{self, Table, Told};

const DEFAULT_LIMIT: u32 = 100;
const GREATEST_LIMIT: u32 = 10_000;
const DEFAULT_SPAN: Span = Span::HOUR;
const LONGEST_SPAN: Span = Span::days(31);

/// Answer of `GET /v1/breakdown`.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakdownAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// End of the window, which does not belong to it; RFC 3339.
    pub to: String,
    /// How it was computed.
    #[serde(flatten)]
    pub method: Method,
    /// The leading ones first.
    pub rows: Vec<BreakdownRow>,
    /// Where the next page begins; null on the last.
    pub next_cursor: Option<String>,
}

/// The metrics of one combination of values.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakdownRow {
    /// Each dimension with its value; empty = unknown.
    #[schema(value_type = BTreeMap<String, String>)]
    pub group: BTreeMap<&'static str, String>,
    /// Each metric with its value; null when there is nothing to tell it from.
    #[schema(value_type = BTreeMap<String, Option<f64>>)]
    pub metrics: BTreeMap<String, Value>,
}

impl Told for BreakdownAnswer {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn method(&self) -> &Method {
        &self.method
    }
}

/// Where a page ended, and the window that it was of.
#[derive(Serialize, Deserialize)]
struct After {
    from: i64,
    to: i64,
    bits: u64,
    groups: Vec<String>,
}

/// Metrics by the values of dimensions.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/breakdown",
    tag = "metrics",
    params(Window, Narrowed, Paged),
    responses((status = 200, description = "Metrics by the values of dimensions", body = BreakdownAnswer))
)]
pub async fn get_breakdown(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question("breakdown");
    let after: Option<After> = query.cursor(question)?;
    let format = query.format(&headers)?;
    let subject = Subject::take(&mut query)?;
    let mut sorting = sorting(&mut query, &subject)?;
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    let mut range = query.range(DEFAULT_SPAN, LONGEST_SPAN)?;
    query.finish()?;
    if let Some(after) = after {
        let moment = |seconds| OffsetDateTime::from_unix_timestamp(seconds);
        if let (Ok(from), Ok(to)) = (moment(after.from), moment(after.to)) {
            range = range.at(from, to);
        }
        let mut groups = after.groups;
        groups.resize(subject.group_by.len(), String::new());
        sorting.after = Some((after.bits, groups));
    }
    let asked = Asked {
        metrics: subject.metrics.clone(),
        group_by: subject.group_by.clone(),
        filters: subject.filters.clone(),
        buckets: Buckets::whole(range),
    };
    // What cannot be told is refused before anything is stored.
    let method = Method {
        definition: subject.family.word(),
        computed_from: asked.views()?,
    };
    // With the question as it was spelled: the cursor of an answer is bound to it.
    let key = format!(
        "breakdown {tenant} {question:?} {} {} {sorting:?} {limit}",
        asked.buckets.range.key(),
        subject.key()
    );
    if format.is_binary() {
        let names = subject.names();
        let text = written::page_text(&asked, &names, &sorting, limit)?;
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
        let (stamp, page) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, range.now, state.settings.horizons()),
            asked.page(&state.reader, &tenant, &sorting, limit),
        )?;
        let names = subject.names();
        let group_by = &subject.group_by;
        let row = |groups: &[String]| BreakdownRow {
            group: group_by
                .iter()
                .zip(groups)
                .map(|(dimension, value)| (dimension.word(), value.clone()))
                .collect(),
            metrics: names
                .iter()
                .cloned()
                .zip(page.cells.values(groups, 0, &subject.metrics))
                .collect(),
        };
        let rows: Vec<_> = page.groups.iter().map(|(groups, _)| row(groups)).collect();
        let last = page.groups.last().filter(|_| page.has_more);
        let next_cursor = last
            .map(|(groups, bits)| {
                question.cursor(After {
                    from: range.from.unix_timestamp(),
                    to: range.to.unix_timestamp(),
                    bits: *bits,
                    groups: groups.clone(),
                })
            })
            .transpose()?;
        let lifetime = stamp.lifetime(range.to);
        let answer = BreakdownAnswer {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            method: method.clone(),
            rows,
            next_cursor,
        };
        Ok(Computed { answer, lifetime })
    };
    written::answer(&state, key, format, compute, |answer| {
        let dimensions = subject.group_by.iter().map(|group| group.word().to_owned());
        Table {
            columns: dimensions.chain(subject.names()).collect(),
            rows: answer
                .rows
                .iter()
                .map(|row| {
                    let groups = subject
                        .group_by
                        .iter()
                        .map(|group| Value::from(row.group[group.word()].as_str()));
                    let values = subject
                        .metrics
                        .iter()
                        .map(|metric| row.metrics[&metric.name].clone());
                    groups.chain(values).collect()
                })
                .collect(),
        }
    })
    .await
}
