//! `GET /v1/engagement`: which part of a title is watched, watched again, skipped and left, and how far its plays come.

use std::time::Duration;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use super::table::ratio;
use crate::analytics::AnalyticsState;
use crate::analytics::cache::{Answer, Computed};
use crate::analytics::error::Refusal;
use crate::analytics::params::{QueryString, Tenant, bad};
use crate::analytics::queries;
use crate::analytics::reader::Param;
use crate::analytics::stamp::{Stamp, rfc3339};

/// Longest id of a title; bytes.
const ID_MAX_BYTES: usize = 1_024;
const DEFAULT_SPAN: Span = Span::days(1);
const LONGEST_SPAN: Span = Span::days(31);
const SHORTEST_STEP: Duration = Duration::from_secs(1);
const LONGEST_STEP: Duration = Duration::from_secs(3_600);

/// Answer of `GET /v1/engagement`.
#[derive(Debug, Serialize, ToSchema)]
pub struct EngagementAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window in which the plays began; RFC 3339.
    pub from: String,
    /// Its end, which does not belong to it; RFC 3339.
    pub to: String,
    /// The title.
    pub content_id: String,
    /// Length of a stretch of the title.
    pub step_seconds: u32,
    /// The views of the warehouse that were read.
    pub computed_from: Vec<&'static str>,
    /// How far the plays came.
    pub completion: Completion,
    /// The curve; entry i is about the title from i times `step_seconds` on.
    pub curve: Curve,
}

/// How far the plays of a title came; docs/views.md, section 6.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Completion {
    /// The counts.
    #[serde(flatten)]
    pub counts: CompletionCounts,
    /// Of the plays whose quarters are known, how many came to the end; 0 to 1; null of none.
    pub completion_ratio: Option<f64>,
}

/// Counts of plays.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct CompletionCounts {
    /// Plays with a first frame.
    pub plays: u64,
    /// Of these, whose quarters are known.
    pub measured_plays: u64,
    /// That were told to be finished.
    pub finishes: u64,
    /// That reached a quarter.
    pub reached_25: u64,
    /// The half.
    pub reached_50: u64,
    /// Three quarters.
    pub reached_75: u64,
    /// The end.
    pub reached_100: u64,
    /// Time played; ms.
    pub playing_ms: u64,
}

/// The curve of a title; lists of equal length. Of a stretch of several seconds the first three are means over its seconds.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Curve {
    /// Plays that showed it.
    pub plays_watched: Vec<f64>,
    /// How often they showed it: what is more than the plays is watched again.
    pub times_watched: Vec<f64>,
    /// Plays that leapt over it and never showed it.
    pub plays_skipped: Vec<f64>,
    /// Plays whose last second lies in it.
    pub plays_ended: Vec<u64>,
}

#[derive(Deserialize)]
struct Step {
    step: u32,
    plays_watched: u64,
    times_watched: u64,
    plays_skipped: u64,
    plays_ended: u64,
}

/// The engagement curve and completion of the plays of a title that began in a window.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/engagement",
    tag = "audience",
    params(
        ("content_id" = String, Query, description = "The title", max_length = 1024, example = "film-1"),
        ("from" = Option<String>, Query, description = "Begin of the window in which the plays began: RFC 3339 or relative; by default a day before `to`", example = "now-7d"),
        ("to" = Option<String>, Query, description = "Its end; by default now; at most 31 days after `from`", example = "now"),
        ("time_zone" = Option<String>, Query, description = "Whose days relative times mean; by default UTC", example = "Europe/Vienna"),
        ("step" = Option<String>, Query, description = "Length of a stretch of the title, `1s` to `1h`; by default `1s`", example = "10s"),
    ),
    responses((status = 200, description = "The curve of the title", body = EngagementAnswer))
)]
pub async fn get_engagement(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    mut query: QueryString,
) -> Result<Answer, Refusal> {
    let range = query.steady_range(DEFAULT_SPAN, LONGEST_SPAN)?.widened(1);
    let step = query.window("step", SHORTEST_STEP, SHORTEST_STEP, LONGEST_STEP)?;
    let content_id = query.text("content_id", ID_MAX_BYTES)?;
    query.finish()?;
    if content_id.is_empty() {
        return Err(bad("content_id", "must name a title").into());
    }
    let step_seconds = u32::try_from(step.as_secs()).unwrap_or(1);
    let key = format!(
        "engagement {tenant} {} {step_seconds} {content_id:?}",
        range.key()
    );
    let compute = async {
        let [from, to, _] = range.params();
        let title = ("content_id", Param::Text(content_id.clone()));
        let of_steps = [
            from.clone(),
            to.clone(),
            title.clone(),
            ("step_seconds", Param::Count(step_seconds)),
        ];
        let of_title = [from, to, title];
        let reader = &state.reader;
        let (stamp, steps, counts) = tokio::try_join!(
            Stamp::read(reader, &tenant, range.now, state.settings.horizons()),
            reader.rows::<Step>(queries::ENGAGEMENT, &tenant, &of_steps),
            reader.row::<CompletionCounts>(queries::COMPLETION, &tenant, &of_title),
        )?;
        let lifetime = stamp.lifetime(range.to);
        let answer = EngagementAnswer {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            content_id,
            step_seconds,
            computed_from: vec!["content_engagement_t", "completion_t"],
            completion: Completion {
                completion_ratio: ratio(counts.reached_100, counts.measured_plays),
                counts,
            },
            curve: curve(&steps, step_seconds),
        };
        Ok(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}

/// Stretches in which nothing happened have no row, and zeros in the curve.
fn curve(steps: &[Step], step_seconds: u32) -> Curve {
    let length = steps.last().map_or(0, |step| step.step as usize + 1);
    let mut curve = Curve {
        plays_watched: vec![0.0; length],
        times_watched: vec![0.0; length],
        plays_skipped: vec![0.0; length],
        plays_ended: vec![0; length],
    };
    // Sums of a day's seconds stay far below 2^53, where f64 is exact.
    let mean = |sum: u64| (sum as f64 / f64::from(step_seconds) * 1e3).round() / 1e3;
    for step in steps {
        let place = step.step as usize;
        curve.plays_watched[place] = mean(step.plays_watched);
        curve.times_watched[place] = mean(step.times_watched);
        curve.plays_skipped[place] = mean(step.plays_skipped);
        curve.plays_ended[place] = step.plays_ended;
    }
    curve
}
