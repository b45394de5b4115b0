//! `GET /v1/changes`: which values of which dimensions a metric's change comes from.
//!
//! - [`parts`]: the metric as a sum or a ratio of sums;
//! - [`sums`]: these sums by the values of each dimension, in both windows;
//! - [`decompose`]: what each value contributed, and whether chance could have.

pub mod decompose;
pub mod parts;
pub mod sums;

use axum::extract::State;
use serde::Serialize;
use time::Duration as Span;
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::{Answer, Computed};
use crate::analytics::error::{QueryError, Refusal};
use crate::analytics::params::{Dimension, QueryString, Tenant, bad};
use crate::analytics::stamp::{Stamp, rfc3339};
use crate::definitions::Family;

use super::described::Window;
use super::question::{Method, Subject};
use decompose::contribution;
use parts::Parts;
use sums::{ByValue, Questions};

const DEFAULT_LIMIT: u32 = 10;
const GREATEST_LIMIT: u32 = 100;
const DIMENSIONS_MAX: usize = 12;
const DEFAULT_SPAN: Span = Span::minutes(15);
const LONGEST_SPAN: Span = Span::days(7);

/// The dimensions that are looked through when none are named: those that the rollups hold.
const LOOKED_THROUGH: [Dimension; 8] = [
    Dimension::Cdn,
    Dimension::AppVersion,
    Dimension::Country,
    Dimension::DeviceClass,
    Dimension::ContentId,
    Dimension::Isp,
    Dimension::Region,
    Dimension::Source,
];

/// Answer of `GET /v1/changes`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesAnswer {
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
    /// Name of the metric.
    pub metric: String,
    /// The metric in the window; null when there is nothing to tell it from.
    pub value: Option<f64>,
    /// The metric in the earlier window; likewise.
    pub before: Option<f64>,
    /// By how much it is greater.
    pub change: Option<f64>,
    /// The dimensions that were looked through.
    #[schema(value_type = Vec<String>)]
    pub dimensions: Vec<Dimension>,
    /// What the change comes from, beyond what chance and a change everywhere make, the greatest first.
    pub contributors: Vec<Contributor>,
}

/// A value of a dimension from which a change comes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contributor {
    /// The dimension.
    #[schema(value_type = String)]
    pub dimension: Dimension,
    /// Its value; empty = unknown.
    pub value: String,
    /// By how much it changed the metric; those of all values of a dimension make the whole change.
    pub contribution: f64,
    /// The contribution as a share of the whole change; above 1 where others went the other way, null where nothing changed.
    pub share: Option<f64>,
    /// Of the contribution, what is beyond its part in a change that is the same everywhere; contributors are sorted by it.
    pub excess: f64,
    /// Of the contribution, what comes from its having more or less of the whole; 0 of sums.
    pub mix_effect: f64,
    /// Of the contribution, what comes from its own number; 0 of sums.
    pub rate_effect: f64,
    /// The metric of this value in the window; null when it was not there.
    pub value_now: Option<f64>,
    /// The metric of this value in the earlier window; null when it was not there.
    pub value_before: Option<f64>,
}

/// Which values of which dimensions a metric's change comes from.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/changes",
    tag = "metrics",
    params(
        Window,
        ("metric" = Option<String>, Query, description = "A metric or concept that is a sum or a ratio of sums; by default plays", example = "rebuffering_ratio"),
        ("definition" = Option<Family>, Query, description = "In whose terms a concept is understood; by default cta2066"),
        ("against" = Option<String>, Query, description = "previous (the default: as long, right before it), day_before, week_before, or a window as from/to", example = "day_before"),
        ("dimensions" = Option<String>, Query, description = "Dimensions to look through, separated by commas, at most 12; by default those of the rollups", example = "cdn,app_version"),
        ("filter" = Option<Vec<String>>, Query, description = "`dimension:operator:value`; all must hold", example = json!(["country:in:DE,AT"])),
        ("limit" = Option<u32>, Query, description = "Most contributors; by default 10", minimum = 1, maximum = 100),
    ),
    responses((status = 200, description = "What the change comes from", body = ChangesAnswer))
)]
pub async fn get_changes(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    mut query: QueryString,
) -> Result<Answer, Refusal> {
    let mut dimensions = query.dimensions("dimensions", DIMENSIONS_MAX)?;
    let subject = Subject::take(&mut query)?;
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    let pair = query.pair(DEFAULT_SPAN, LONGEST_SPAN)?;
    query.finish()?;
    let [metric] = subject.metrics.as_slice() else {
        return Err(bad("metric", "must be one metric").into());
    };
    if !subject.group_by.is_empty() {
        return Err(bad("group_by", "is not known here; see `dimensions`").into());
    }
    let parts = Parts::of(metric).ok_or_else(|| {
        bad(
            "metric",
            "must be a sum or a ratio of sums: what values contribute to a peak, a percentile, a rate over the window or a number of distinct viewers does not add up",
        )
    })?;
    if dimensions.is_empty() {
        dimensions = LOOKED_THROUGH.to_vec();
    }
    let questions = Questions {
        metric,
        parts: &parts,
        filters: &subject.filters,
        pair: &pair,
    };
    let method = Method {
        definition: subject.family.word(),
        computed_from: questions.views(&dimensions)?,
    };
    let (now, before) = (&pair.now.range, &pair.before.range);
    let key = format!(
        "changes {tenant} {} {} {} {dimensions:?} {limit}",
        now.key(),
        before.key(),
        subject.key()
    );
    let compute = async {
        let (stamp, sums) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, now.now, state.settings.horizons()),
            questions.read(&state.reader, &tenant, &dimensions),
        )?;
        let is_ratio = parts.denominator.is_some();
        let value = sums.whole.now.value(is_ratio);
        let earlier = sums.whole.before.value(is_ratio);
        let change = value.zip(earlier).map(|(now, before)| now - before);
        let mut contributors: Vec<_> = sums
            .of
            .iter()
            .filter_map(|each| contributor(&parts, each))
            .collect();
        contributors.sort_by(|one, other| {
            let greatest = other.excess.abs().total_cmp(&one.excess.abs());
            greatest.then_with(|| (one.dimension, &one.value).cmp(&(other.dimension, &other.value)))
        });
        contributors.truncate(limit as usize);
        let lifetime = stamp.lifetime(now.to);
        let answer = ChangesAnswer {
            stamp,
            from: rfc3339(now.from),
            to: rfc3339(now.to),
            before_from: rfc3339(before.from),
            before_to: rfc3339(before.to),
            method: method.clone(),
            metric: metric.name.clone(),
            value,
            before: earlier,
            change,
            dimensions: dimensions.clone(),
            contributors,
        };
        Ok::<_, QueryError>(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}

fn contributor(parts: &Parts, each: &ByValue) -> Option<Contributor> {
    let is_ratio = parts.denominator.is_some();
    let told = contribution(parts.scatter, &each.whole, &each.sums)?;
    let whole = each
        .whole
        .now
        .value(is_ratio)
        .zip(each.whole.before.value(is_ratio));
    let change = whole
        .map(|(now, before)| now - before)
        .filter(|change| *change != 0.0);
    Some(Contributor {
        dimension: each.dimension,
        value: each.value.clone(),
        contribution: told.contribution,
        share: change.map(|change| told.contribution / change),
        excess: told.excess,
        mix_effect: told.mix_effect,
        rate_effect: told.rate_effect,
        value_now: each.sums.now.value(is_ratio),
        value_before: each.sums.before.value(is_ratio),
    })
}
