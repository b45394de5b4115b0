//! `GET /v1/funnel`: from the impression to the end of the title, and where people are lost.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use super::table::{Ranked, Source, Table, TableParams, of_sessions, ratio};
use crate::analytics::AnalyticsState;
use crate::analytics::error::Refusal;
use crate::analytics::params::{Dimension, QueryString, Tenant};
use crate::analytics::queries;

const TABLE: Table = Table {
    resource: "funnel",
    column: of_sessions,
    own: &[],
    orders: &[
        "attempts",
        "first_frames",
        "reached_25",
        "reached_50",
        "reached_75",
        "reached_100",
    ],
    ratios: &[],
    lists: &[],
    first_by: "attempts",
    longest: Span::days(31),
};

/// A funnel.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(from = "FunnelCounts")]
pub struct FunnelMetrics {
    /// How many came to each step.
    #[serde(flatten)]
    pub counts: FunnelCounts,
    /// The same step by step, with what was lost before it; without impressions the first is the attempt.
    pub steps: Vec<FunnelStep>,
}

/// How many came to each step; docs/views.md, section 4.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct FunnelCounts {
    /// Times that the title was offered; null where only sessions know the dimensions asked for.
    pub impressions: Option<u64>,
    /// Plays that were asked for.
    pub attempts: u64,
    /// Of these, with a first frame.
    pub first_frames: u64,
    /// Of these, that reached a quarter of the title.
    pub reached_25: u64,
    /// Half of it.
    pub reached_50: u64,
    /// Three quarters of it.
    pub reached_75: u64,
    /// Its end.
    pub reached_100: u64,
}

/// A step of the funnel.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct FunnelStep {
    /// `impressions`, `attempts`, `first_frames`, `reached_25`, `reached_50`, `reached_75` or `reached_100`.
    pub step: String,
    /// How many came to it.
    pub count: u64,
    /// How many of the step before did not; negative where attempts came from elsewhere than impressions; null of the first.
    pub dropped: Option<i64>,
    /// Of the step before, how many came to it; null of the first, and of nothing.
    pub kept_ratio: Option<f64>,
    /// Of the first step, how many came to it; null of nothing.
    pub kept_of_first_ratio: Option<f64>,
}

impl From<FunnelCounts> for FunnelMetrics {
    fn from(counts: FunnelCounts) -> Self {
        let told = [
            ("impressions", counts.impressions),
            ("attempts", Some(counts.attempts)),
            ("first_frames", Some(counts.first_frames)),
            ("reached_25", Some(counts.reached_25)),
            ("reached_50", Some(counts.reached_50)),
            ("reached_75", Some(counts.reached_75)),
            ("reached_100", Some(counts.reached_100)),
        ];
        let mut known = told
            .into_iter()
            .filter_map(|(step, count)| Some((step, count?)))
            // Where nobody tells impressions there is no such step.
            .skip_while(|(step, count)| *step == "impressions" && *count == 0);
        let mut steps: Vec<FunnelStep> = Vec::new();
        for (step, count) in known.by_ref() {
            let before = steps.last().map(|step| step.count);
            let first = steps.first().map_or(count, |step| step.count);
            steps.push(FunnelStep {
                step: step.to_owned(),
                count,
                dropped: before.map(|before| signed(before) - signed(count)),
                kept_ratio: before.and_then(|before| ratio(count, before)),
                kept_of_first_ratio: ratio(count, first),
            });
        }
        Self { counts, steps }
    }
}

/// Counts stay far below 2^63.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The funnel of what began in a window.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/funnel",
    tag = "audience",
    params(TableParams),
    responses((status = 200, description = "A row for each combination of values", body = Ranked<FunnelMetrics>))
)]
pub async fn get_funnel(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question(TABLE.resource);
    let asked = TABLE.asked(&mut query, &headers, question, &[])?;
    query.finish()?;
    let is_known_of_impressions = asked
        .dimensions
        .iter()
        .all(|dimension| is_offered(*dimension));
    let source = if is_known_of_impressions {
        Source::plain(queries::FUNNEL, &["funnel_steps_t"])
    } else {
        Source::plain(queries::FUNNEL_OF_SESSIONS, &["sessions_t"])
    };
    TABLE
        .answer::<FunnelMetrics>(&state, &tenant, asked, source)
        .await
}

/// Whether impressions are told apart by it.
fn is_offered(dimension: Dimension) -> bool {
    matches!(
        dimension,
        Dimension::ContentId
            | Dimension::DeviceClass
            | Dimension::Country
            | Dimension::Cdn
            | Dimension::AppVersion
            | Dimension::Source
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_tells_what_was_lost() {
        let counts = FunnelCounts {
            impressions: Some(200),
            attempts: 50,
            first_frames: 40,
            reached_25: 30,
            reached_50: 20,
            reached_75: 0,
            reached_100: 0,
        };
        let steps = FunnelMetrics::from(counts.clone()).steps;
        let told: Vec<_> = steps
            .iter()
            .map(|step| {
                (
                    step.count,
                    step.dropped,
                    step.kept_ratio,
                    step.kept_of_first_ratio,
                )
            })
            .collect();
        assert_eq!(told[0], (200, None, None, Some(1.0)));
        assert_eq!(told[2], (40, Some(10), Some(0.8), Some(0.2)));
        assert_eq!(told[6], (0, Some(0), None, Some(0.0)));
        for impressions in [None, Some(0)] {
            let counts = FunnelCounts {
                impressions,
                ..counts.clone()
            };
            assert_eq!(FunnelMetrics::from(counts).steps[0].step, "attempts");
        }
    }
}
