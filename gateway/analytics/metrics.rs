//! `GET /v1/metrics`, the registry of metrics, and `GET /v1/quality`, their values in a window.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use time::{Duration as Span, OffsetDateTime};
use utoipa::ToSchema;

use crate::definitions::select::{value_name, with_formulas};
use crate::definitions::{Family, Grain, Metric, Registry, registry};

use super::AnalyticsState;
use super::cache::{Answer, Computed};
use super::error::{QueryError, Refusal};
use super::params::{QueryString, Tenant, bad};
use super::queries::{self, QueryFile};
use super::reader::Param;
use super::stamp::{Stamp, rfc3339};

const DEFAULT_SPAN: Span = Span::hours(1);
const LONGEST_SPAN: Span = Span::days(31);

/// Shows every definition.
///
/// # Errors
/// 400 for a parameter.
#[utoipa::path(
    get,
    path = "/v1/metrics",
    tag = "metrics",
    responses((status = 200, description = "Every definition", body = Registry))
)]
pub async fn list_metrics(query: QueryString) -> Result<Json<&'static Registry>, Refusal> {
    query.finish()?;
    Ok(Json(registry()))
}

/// Answer of `GET /v1/quality`.
#[derive(Debug, Serialize, ToSchema)]
pub struct QualityAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window, a full minute; RFC 3339.
    pub from: String,
    /// End of the window, a full minute that does not belong to it; RFC 3339.
    pub to: String,
    /// In whose terms concepts were understood.
    #[schema(value_type = String, example = "cta2066")]
    pub definition: &'static str,
    /// Each metric with its value; null when there is nothing to tell it from.
    #[schema(value_type = BTreeMap<String, Option<f64>>)]
    pub metrics: BTreeMap<&'static str, Value>,
}

/// Computes metrics over a window: `?from=&to=&metrics=&definition=`.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/quality",
    tag = "metrics",
    params(
        ("from" = Option<String>, Query, description = "Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`", example = "now-1h"),
        ("to" = Option<String>, Query, description = "End of the window, which does not belong to it; likewise. By default now; at most 31 days after `from`", example = "now"),
        ("time_zone" = Option<String>, Query, description = "Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC", example = "Europe/Vienna"),
        ("metrics" = Option<String>, Query, description = "Metrics or concepts, separated by commas; by default all that read minutes, or those of `definition`", example = "rebuffering_ratio,plays"),
        ("definition" = Option<Family>, Query, description = "In whose terms concepts are understood; by default cta2066"),
    ),
    responses((status = 200, description = "Each metric with its value", body = QualityAnswer))
)]
pub async fn get_quality(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    mut query: QueryString,
) -> Result<Answer, Refusal> {
    let words: Vec<_> = Family::ALL.iter().map(|family| family.word()).collect();
    let definition = query.word("definition", &words)?;
    let told = Family::ALL
        .iter()
        .find(|family| family.word() == definition);
    let names = query.list("metrics");
    let range = query.range(DEFAULT_SPAN, LONGEST_SPAN)?.widened(60);
    query.finish()?;
    let metrics = wanted(&names, told.copied())?;
    let family = told.copied().unwrap_or(Family::Cta2066);

    let (from, to, now) = (range.from, range.to, range.now);
    let list: Vec<_> = metrics.iter().map(|metric| metric.name.as_str()).collect();
    let key = format!(
        "quality {tenant} {} {} {}",
        range.key(),
        family.word(),
        list.join(",")
    );
    let compute = async {
        let (stamp, values) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, now, state.settings.horizons()),
            compute(&state, &tenant, (from, to, now), &metrics),
        )?;
        let lifetime = stamp.lifetime(to);
        let answer = QualityAnswer {
            stamp,
            from: rfc3339(from),
            to: rfc3339(to),
            definition: family.word(),
            metrics: values,
        };
        Ok(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}

/// The definitions that a question is about. Without names: those of the family that was told; without that either,
/// all that read minutes, which cost little.
fn wanted(names: &[String], told: Option<Family>) -> Result<Vec<&'static Metric>, QueryError> {
    let all = registry().metrics.iter();
    let mut metrics: Vec<&'static Metric> = match (names, told) {
        ([], None) => all.filter(|metric| metric.grain == Grain::Minute).collect(),
        ([], Some(family)) => registry().of_family(family).collect(),
        (names, told) => {
            let family = told.unwrap_or(Family::Cta2066);
            let resolved = names.iter().map(|name| registry().resolve(name, family));
            resolved
                .collect::<Result<_, _>>()
                .map_err(|unknown| bad("metrics", &unknown.to_string()))?
        }
    };
    // The same question in another order is the same question, also to the cache.
    metrics.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    metrics.dedup_by(|one, other| one.name == other.name);
    Ok(metrics)
}

/// One query for each view that the metrics read.
async fn compute(
    state: &AnalyticsState,
    tenant: &str,
    (from, to, now): (OffsetDateTime, OffsetDateTime, OffsetDateTime),
    metrics: &[&'static Metric],
) -> Result<BTreeMap<&'static str, Value>, QueryError> {
    // A window that is not over is as long as it has lasted.
    let lasted = (to.min(now) - from).whole_seconds().max(0);
    let params = [
        ("from", Param::Moment(from)),
        ("to", Param::Moment(to)),
        (
            "window_seconds",
            Param::Count(u32::try_from(lasted).unwrap_or(u32::MAX)),
        ),
    ];
    let of_grain = async |grain: Grain| {
        let own: Vec<_> = metrics
            .iter()
            .copied()
            .filter(|metric| metric.grain == grain)
            .collect();
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let file = query_of(grain);
        let sql = with_formulas(file.sql, &own);
        let rows: Vec<BTreeMap<String, Value>> =
            state.reader.rows_of(file, &sql, tenant, &params).await?;
        // Without GROUP BY there is always one row.
        let mut row = rows.into_iter().next().unwrap_or_default();
        let each = own.iter().enumerate();
        let values = each.map(|(index, metric)| {
            let value = row.remove(&value_name(index)).unwrap_or_default();
            (metric.name.as_str(), value)
        });
        Ok::<_, QueryError>(values.collect())
    };
    let (minutes, sessions, audience, seconds, breaks, days) = tokio::try_join!(
        of_grain(Grain::Minute),
        of_grain(Grain::Session),
        of_grain(Grain::Audience),
        of_grain(Grain::Second),
        of_grain(Grain::Break),
        of_grain(Grain::Day),
    )?;
    Ok([minutes, sessions, audience, seconds, breaks, days]
        .into_iter()
        .flatten()
        .collect())
}

/// The query into which the formulas of a grain go.
fn query_of(grain: Grain) -> QueryFile {
    match grain {
        Grain::Minute => queries::QUALITY_MINUTES,
        Grain::Session => queries::QUALITY_SESSIONS,
        Grain::Audience => queries::QUALITY_AUDIENCE,
        Grain::Second => queries::QUALITY_SECONDS,
        Grain::Break => queries::QUALITY_BREAKS,
        Grain::Day => queries::QUALITY_DAYS,
    }
}

/// The full minute at or before a moment.
pub(super) fn minute_of(moment: OffsetDateTime) -> OffsetDateTime {
    let beyond = moment.unix_timestamp_nanos().rem_euclid(60_000_000_000);
    // Less than a minute of nanoseconds fits.
    moment - Span::nanoseconds(i64::try_from(beyond).unwrap_or(0))
}

/// The full minute at or after a moment.
pub(super) fn up_to_minute(moment: OffsetDateTime) -> OffsetDateTime {
    let floor = minute_of(moment);
    if floor == moment {
        floor
    } else {
        floor + Span::MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn names(names: &[&str], told: Option<Family>) -> Vec<&'static str> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let metrics = wanted(&names, told).unwrap_or_default();
        metrics.iter().map(|metric| metric.name.as_str()).collect()
    }

    #[test]
    fn windows_are_full_minutes() {
        let at = datetime!(2026-11-21 12:00:30.5 UTC);
        assert_eq!(minute_of(at), datetime!(2026-11-21 12:00 UTC));
        assert_eq!(up_to_minute(at), datetime!(2026-11-21 12:01 UTC));
        assert_eq!(up_to_minute(minute_of(at)), minute_of(at));
        let before_1970 = datetime!(1969-12-31 23:59:30 UTC);
        assert_eq!(minute_of(before_1970), datetime!(1969-12-31 23:59 UTC));
    }

    #[test]
    fn questions_mean_definitions() {
        assert_eq!(
            names(&["rebuffering_ratio", "plays"], Some(Family::Conviva)),
            ["conviva_rebuffering_ratio", "plays"]
        );
        assert_eq!(
            names(&["plays", "rebuffering_ratio", "plays"], None),
            ["cta2066_rebuffering_ratio", "plays"]
        );
        assert!(names(&[], Some(Family::Mux)).contains(&"mux_startup_score"));
        let cheap = names(&[], None);
        assert!(cheap.contains(&"plays") && !cheap.contains(&"overall_score"));
    }
}
