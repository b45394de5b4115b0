//! `GET /v1/usage`: what was taken in, by day or hour and door, or by write key.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use super::table::{Ranked, Source, Table, TableParams};
use crate::analytics::AnalyticsState;
use crate::analytics::error::Refusal;
use crate::analytics::params::{Dimension, QueryString, Tenant, bad};
use crate::analytics::queries;

/// The longest window by write key: no rollup knows it, so each session of the window is read.
const LONGEST_BY_KEY: Span = Span::days(31);

/// What time is told apart by: the column of each rollup, and its length in seconds.
const UNITS: [(&str, u32); 2] = [("day", 86_400), ("hour", 3_600)];

/// An hour as the API writes moments.
const HOUR: &str = "formatDateTime(s.hour, '%Y-%m-%dT%H:00:00.000Z', 'UTC')";

const TABLE: Table = Table {
    resource: "usage",
    column: of_applications,
    own: &[("day", "s.day"), ("hour", HOUR)],
    orders: &[
        "attempts",
        "plays",
        "playing_ms",
        "beacons_received",
        "beacons_lost",
        "beacons_duplicated",
    ],
    ratios: &[],
    lists: &[],
    first_by: "beacons_received",
    longest: Span::days(366),
};

/// What was taken in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct UsageMetrics {
    /// Plays that were asked for, by when they began.
    pub attempts: u64,
    /// Plays that showed their first frame, by when they did.
    pub plays: u64,
    /// Time that titles played; ms.
    pub playing_ms: u64,
    /// Distinct beacons of the sessions that ended then.
    pub beacons_received: u64,
    /// Beacons of these that never came.
    pub beacons_lost: u64,
    /// Copies that were sent again.
    pub beacons_duplicated: u64,
}

/// What one tenant's players sent, by day and door unless something else is asked for. By `write_key`, the id of the key that
/// players showed, the window is at most 31 days; a session that showed several counts for the greatest of them.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/usage",
    tag = "operations",
    params(TableParams),
    responses((status = 200, description = "A row for each combination of values, by default for each day and door", body = Ranked<UsageMetrics>))
)]
pub async fn get_usage(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question(TABLE.resource);
    let mut asked = TABLE.asked(&mut query, &headers, question, &["day", "source"])?;
    query.finish()?;
    let is_told = |unit: &str| asked.groups.iter().any(|group| group.word == unit);
    if is_told("day") && is_told("hour") {
        return Err(bad("group_by", "must be by `day` or by `hour`, not by both").into());
    }
    let [day, hour] = UNITS;
    let (unit, seconds) = if is_told(hour.0) { hour } else { day };
    let is_by_key = asked.dimensions.contains(&Dimension::WriteKey);
    if is_by_key && asked.range.to - asked.range.from > LONGEST_BY_KEY {
        return Err(bad("from", "must be at most 31 days before `to` by `write_key`").into());
    }
    asked.range = asked.range.widened(seconds);
    let source = if is_by_key {
        Source {
            fill: vec![("${seconds}", seconds.to_string())],
            ..Source::plain(queries::USAGE_OF_SESSIONS, &["sessions_t"])
        }
    } else {
        let views: &[&str] = if unit == hour.0 {
            &["quality_by_hour_sets_t"]
        } else {
            &["quality_by_day_sets_t"]
        };
        Source {
            fill: vec![("${unit}", unit.to_owned())],
            ..Source::plain(queries::USAGE, views)
        }
    };
    TABLE
        .answer::<UsageMetrics>(&state, &tenant, asked, source)
        .await
}

fn of_applications(dimension: Dimension) -> Option<&'static str> {
    Some(match dimension {
        Dimension::DeviceClass => "s.device_class",
        Dimension::AppVersion => "s.app_version",
        Dimension::Source => "s.source",
        Dimension::WriteKey => "s.write_key",
        _ => return None,
    })
}
