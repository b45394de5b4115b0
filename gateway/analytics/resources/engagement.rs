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

/// From this second of the title on, how many more plays than before do each.
#[derive(Deserialize)]
struct Change {
    second: u32,
    watching: i64,
    times: i64,
    skipping: i64,
    ending: i64,
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
        let of_title = [from, to, title];
        let reader = &state.reader;
        let (stamp, changes, counts) = tokio::try_join!(
            Stamp::read(reader, &tenant, range.now, state.settings.horizons()),
            reader.rows::<Change>(queries::ENGAGEMENT, &tenant, &of_title),
            reader.row::<CompletionCounts>(queries::COMPLETION, &tenant, &of_title),
        )?;
        let lifetime = stamp.lifetime(range.to);
        let answer = EngagementAnswer {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            content_id,
            step_seconds,
            computed_from: vec!["title_engagement_t", "completion_t"],
            completion: Completion {
                completion_ratio: ratio(counts.reached_100, counts.measured_plays),
                counts,
            },
            curve: curve(&changes, step_seconds),
        };
        Ok(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}

/// Stretches in which nothing happened have zeros. A list is as long as the title at most, and no title is longer than a day: what
/// a play says to have watched beyond that is in no change (V0181).
fn curve(changes: &[Change], step_seconds: u32) -> Curve {
    // Of each stretch, the seconds that plays watched, watched again, skipped and ended in.
    let mut stretches: Vec<[i64; 4]> = Vec::new();
    let mut doing = [0_i64; 4];
    for pair in changes.windows(2) {
        let [change, next] = pair else { continue };
        let more = [
            change.watching,
            change.times,
            change.skipping,
            change.ending,
        ];
        doing
            .iter_mut()
            .zip(more)
            .for_each(|(all, more)| *all += more);
        if doing == [0; 4] {
            continue;
        }
        let mut second = change.second;
        while second < next.second {
            let stretch = second / step_seconds;
            let end = next
                .second
                .min(stretch.saturating_add(1).saturating_mul(step_seconds));
            let stretch = stretch as usize;
            if stretches.len() <= stretch {
                stretches.resize(stretch + 1, [0; 4]);
            }
            let lasted = i64::from(end - second);
            let sums = stretches[stretch].iter_mut().zip(doing);
            sums.for_each(|(sum, plays)| *sum += plays * lasted);
            second = end;
        }
    }
    // Sums of a day's seconds stay far below 2^53, where f64 is exact.
    let mean = |sum: i64| (sum as f64 / f64::from(step_seconds) * 1e3).round() / 1e3;
    let means = |kind: usize| stretches.iter().map(|sums| mean(sums[kind])).collect();
    Curve {
        plays_watched: means(0),
        times_watched: means(1),
        plays_skipped: means(2),
        plays_ended: stretches
            .iter()
            .map(|sums| sums[3].unsigned_abs())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Second by second, as slowly and obviously as it goes.
    fn second_by_second(changes: &[Change], step_seconds: u32) -> Vec<[f64; 4]> {
        let of = |second: u32| {
            let before = changes.iter().filter(|change| change.second <= second);
            before.fold([0_i64; 4], |[a, b, c, d], change| {
                [
                    a + change.watching,
                    b + change.times,
                    c + change.skipping,
                    d + change.ending,
                ]
            })
        };
        let end = changes
            .iter()
            .map(|change| change.second)
            .max()
            .unwrap_or(0);
        let mut steps = vec![[0.0; 4]; end.div_ceil(step_seconds) as usize];
        for second in 0..end {
            let step = &mut steps[(second / step_seconds) as usize];
            let [watching, times, skipping, ending] = of(second).map(|plays| plays as f64);
            let mean = [watching, times, skipping].map(|plays| plays / f64::from(step_seconds));
            step.iter_mut()
                .zip(mean)
                .for_each(|(sum, more)| *sum += more);
            step[3] += ending;
        }
        while steps.last().is_some_and(|step| *step == [0.0; 4]) {
            steps.pop();
        }
        steps
    }

    #[test]
    fn changes_add_up_to_the_curve() {
        let change = |second, watching, times, skipping, ending| Change {
            second,
            watching,
            times,
            skipping,
            ending,
        };
        // Two plays from the begin, one leaps from 7 to 25 and ends at 31; the other ends at 12, nothing until 25.
        let title = [
            change(0, 2, 3, 0, 0),
            change(7, -1, -2, 1, 0),
            change(12, 0, 0, 0, 1),
            change(13, -1, -1, 0, -1),
            change(25, 1, 1, -1, 0),
            change(31, 0, 0, 0, 1),
            change(32, -1, -1, 0, -1),
        ];
        let nothing_until_late = [change(4_000, 1, 1, 0, 0), change(4_001, -1, -1, 0, 0)];
        for changes in [&title[..], &nothing_until_late, &[], &title[..1]] {
            for step_seconds in [1, 2, 7, 10, 60, 3_600] {
                let curve = curve(changes, step_seconds);
                let expected = second_by_second(changes, step_seconds);
                assert_eq!(curve.plays_watched.len(), expected.len());
                for (step, expected) in expected.iter().enumerate() {
                    let told = [
                        curve.plays_watched[step],
                        curve.times_watched[step],
                        curve.plays_skipped[step],
                        curve.plays_ended[step] as f64,
                    ];
                    for (told, expected) in told.iter().zip(expected) {
                        assert!((told - expected).abs() < 1e-3, "{step} of {step_seconds}");
                    }
                }
            }
        }
    }
}
