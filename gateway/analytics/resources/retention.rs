//! `GET /v1/retention`: of the viewers first seen in a week, how many came again.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use super::table::ratio;
use crate::analytics::AnalyticsState;
use crate::analytics::cache::{Answer, Computed};
use crate::analytics::error::Refusal;
use crate::analytics::params::{QueryString, Tenant};
use crate::analytics::queries;
use crate::analytics::stamp::{Stamp, rfc3339};

const DEFAULT_SPAN: Span = Span::weeks(8);
const LONGEST_SPAN: Span = Span::days(400);

/// Answer of `GET /v1/retention`.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// Its end, which does not belong to it; RFC 3339.
    pub to: String,
    /// The views of the warehouse that were read.
    pub computed_from: Vec<&'static str>,
    /// The weeks in which viewers were first seen, in order.
    pub cohorts: Vec<Cohort>,
}

/// The viewers first seen in a week.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cohort {
    /// Monday of that week, UTC.
    pub first_week: String,
    /// How many they are.
    pub viewers: u64,
    /// The weeks in which some of them came; the first is that in which they were first seen.
    pub weeks: Vec<CohortWeek>,
}

/// A week of a cohort.
#[derive(Debug, Serialize, ToSchema)]
pub struct CohortWeek {
    /// Weeks after the first.
    pub week_no: u16,
    /// Those who came.
    pub viewers: u64,
    /// Their share of the cohort; 0 to 1.
    pub retention_ratio: Option<f64>,
    /// Their plays with a first frame.
    pub plays: u64,
    /// Time that they played; ms.
    pub playing_ms: u64,
}

#[derive(Deserialize)]
struct CohortRow {
    first_week: String,
    week_no: u16,
    viewers: u64,
    plays: u64,
    playing_ms: u64,
}

/// The retention of the viewers first seen in the weeks of a window; whole weeks from Monday, UTC.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/retention",
    tag = "audience",
    params(
        ("from" = Option<String>, Query, description = "Begin of the window: RFC 3339 or relative; by default 8 weeks before `to`", example = "now-8w"),
        ("to" = Option<String>, Query, description = "Its end; by default now; at most 400 days after `from`", example = "now"),
        ("time_zone" = Option<String>, Query, description = "Whose days relative times mean; weeks are UTC all the same", example = "Europe/Vienna"),
    ),
    responses((status = 200, description = "The cohorts of the window", body = RetentionAnswer))
)]
pub async fn get_retention(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    mut query: QueryString,
) -> Result<Answer, Refusal> {
    let range = query.range(DEFAULT_SPAN, LONGEST_SPAN)?.widened(60);
    query.finish()?;
    let key = format!("retention {tenant} {}", range.key());
    let compute = async {
        let [from, to, _] = range.params();
        let window = [from, to];
        let (stamp, rows) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, range.now, state.settings.horizons()),
            state
                .reader
                .rows::<CohortRow>(queries::RETENTION, &tenant, &window),
        )?;
        let lifetime = stamp.lifetime(range.to);
        let answer = RetentionAnswer {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            computed_from: vec!["viewers_by_first_week_t"],
            cohorts: cohorts(rows),
        };
        Ok(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}

/// Rows come by first week, and week by week.
fn cohorts(rows: Vec<CohortRow>) -> Vec<Cohort> {
    let mut cohorts: Vec<Cohort> = Vec::new();
    for row in rows {
        let is_known = cohorts
            .last()
            .is_some_and(|last| last.first_week == row.first_week);
        if !is_known {
            cohorts.push(Cohort {
                first_week: row.first_week,
                viewers: row.viewers,
                weeks: Vec::new(),
            });
        }
        if let Some(cohort) = cohorts.last_mut() {
            cohort.weeks.push(CohortWeek {
                week_no: row.week_no,
                viewers: row.viewers,
                retention_ratio: ratio(row.viewers, cohort.viewers),
                plays: row.plays,
                playing_ms: row.playing_ms,
            });
        }
    }
    cohorts
}
