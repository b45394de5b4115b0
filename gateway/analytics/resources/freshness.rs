//! `GET /v1/freshness`: how far the warehouse is, stage by stage.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::{Answer, Computed};
use crate::analytics::error::Refusal;
use crate::analytics::params::{QueryString, Tenant};
use crate::analytics::queries;
use crate::analytics::stamp::Stamp;

/// The stage whose rows are messages that could not be read.
const DEAD_LETTERS: &str = "dead_letters";

/// Answer of `GET /v1/freshness`.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreshnessAnswer {
    /// How fresh it is: `complete_to` and `final_before` are the answer in short.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// How long ago `complete_to` is; ms; null when the last hour has no session.
    pub complete_age_ms: Option<i64>,
    /// How long ago `complete_to` is while beacons come without a pause: silence is waited for, then the passes run; ms.
    pub settling_ms: u64,
    /// The views of the warehouse that were read.
    pub computed_from: Vec<&'static str>,
    /// The stages, in the order in which a beacon comes through them. A stage in which nothing is to be done stands still.
    pub stages: Vec<Stage>,
    /// Kafka messages that the warehouse could not read.
    pub dead_letters: DeadLetters,
}

/// A stage of the warehouse.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stage {
    /// `beacons` (taken in from Kafka) and `sessions` (computed) of this tenant, then each pass by its name, of all tenants.
    pub stage: String,
    /// The newest it has written; server time, RFC 3339; null when nothing within a day.
    pub newest_at: Option<String>,
    /// How long ago that was; ms.
    pub age_ms: Option<u64>,
    /// How long after the newest beacon was taken in it stands; ms; 0 when it has caught up.
    pub lag_ms: Option<u64>,
}

/// Messages that could not be read, of all tenants, kept for 90 days.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct DeadLetters {
    /// How many.
    pub count: u64,
    /// The latest; server time, RFC 3339; null when there is none.
    pub newest_at: Option<String>,
}

#[derive(Deserialize)]
struct StageRow {
    stage: String,
    newest_at: Option<String>,
    age_ms: Option<u64>,
    items: Option<u64>,
}

/// How far the warehouse is: complete to when, how far behind each stage is, and what could not be read.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/freshness",
    tag = "operations",
    responses((status = 200, description = "The stages of the warehouse", body = FreshnessAnswer))
)]
pub async fn get_freshness(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    query: QueryString,
) -> Result<Answer, Refusal> {
    query.finish()?;
    let compute = async {
        let now = OffsetDateTime::now_utc();
        let horizons = state.settings.horizons();
        let (stamp, rows) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, now, horizons),
            state
                .reader
                .rows::<StageRow>(queries::FRESHNESS_STAGES, &tenant, &[]),
        )?;
        let lifetime = stamp.lifetime(now);
        let (stages, dead_letters) = told(rows);
        let complete_to = stamp.complete_to_moment;
        let age = complete_to.map(|moment| (now - moment).whole_milliseconds());
        let answer = FreshnessAnswer {
            stamp,
            complete_age_ms: age.and_then(|age| i64::try_from(age).ok()),
            settling_ms: u64::try_from(horizons.settling.as_millis()).unwrap_or(u64::MAX),
            computed_from: vec!["stages_t"],
            stages,
            dead_letters,
        };
        Ok(Computed { answer, lifetime })
    };
    state
        .cache
        .answer(format!("stages {tenant}"), compute)
        .await
}

fn told(rows: Vec<StageRow>) -> (Vec<Stage>, DeadLetters) {
    let beacons_age = rows.first().and_then(|row| row.age_ms);
    let (mut stages, mut dead_letters) = (Vec::new(), DeadLetters::default());
    for row in rows {
        if row.stage == DEAD_LETTERS {
            dead_letters = DeadLetters {
                count: row.items.unwrap_or_default(),
                newest_at: row.newest_at,
            };
        } else {
            let behind = row.age_ms.zip(beacons_age);
            stages.push(Stage {
                stage: row.stage,
                newest_at: row.newest_at,
                age_ms: row.age_ms,
                lag_ms: behind.map(|(age, newest)| age.saturating_sub(newest)),
            });
        }
    }
    (stages, dead_letters)
}
