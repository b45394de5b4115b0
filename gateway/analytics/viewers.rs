//! `GET /v1/viewers/live`: what each viewer is doing now.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::AnalyticsState;
use super::cache::{Answer, Computed};
use super::error::{QueryError, Refusal};
use super::explore::question::Method;
use super::explore::text::Text;
use super::explore::written;
use super::params::{Format, QueryString, Range, Tenant};
use super::queries;
use super::reader::{Param, Reader};
use super::stamp::Stamp;
use crate::definitions::Family;

/// The words of `status`.
pub const STATUSES: [&str; 7] = [
    "watching",
    "paused",
    "in_ad",
    "starting",
    "buffering",
    "finished",
    "gone",
];
/// Of these, the words of those who are not there any more.
const LEFT: [&str; 2] = ["finished", "gone"];

pub(super) const DEFAULT_LIMIT: u32 = 100;
const GREATEST_LIMIT: u32 = 1000;

/// Answer of `GET /v1/viewers/live`.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveViewers {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Sessions in each status, those who left within the last ten minutes included.
    pub statuses: BTreeMap<String, u64>,
    /// Sessions that are there: all but finished and gone.
    pub viewers_now: u64,
    /// The viewers asked for, the latest seen first.
    pub viewers: Vec<LiveViewer>,
}

/// What one viewer is doing now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct LiveViewer {
    /// Hash of tenant and session id; decimal text, since JSON numbers lose its last digits.
    pub session_key: String,
    /// One playback, as the client names it.
    pub session_id: String,
    /// Person or household watching, empty = not told.
    pub viewer_id: String,
    /// Device class, empty = unknown.
    pub device_class: String,
    /// Country, empty = unknown.
    pub country: String,
    /// Title, empty = not told.
    pub content_id: String,
    /// The play state last told.
    pub state: String,
    /// Inside an ad break.
    pub in_ad: bool,
    /// `finished`, `gone`, `paused`, `in_ad`, `starting`, `buffering` or `watching`;
    /// `docs/sessions.md`, section 8.
    pub status: String,
    /// Playhead; ms.
    pub position_ms: Option<i64>,
    /// Bitrate; kbit/s.
    pub bitrate_kbps: Option<u32>,
    /// Media ahead of the playhead; ms.
    pub buffer_ms: Option<u32>,
    /// When that was; event time as the gateway estimates it, RFC 3339.
    pub last_seen_at: String,
}

#[derive(Deserialize)]
struct StatusCount {
    status: String,
    viewers: u64,
}

/// Lists live viewers: `?status=&limit=`.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/viewers/live",
    tag = "live",
    params(
        ("status" = Option<String>, Query, description = "watching, paused, in_ad, starting, buffering, finished or gone; by default everybody who is there", example = "watching"),
        ("limit" = Option<u32>, Query, description = "Most viewers; by default 100", minimum = 1, maximum = 1000),
        ("format" = Option<String>, Query, description = "How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says", example = "csv"),
    ),
    responses((status = 200, description = "Viewers, the latest seen first", body = LiveViewers))
)]
pub async fn list_live_viewers(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let format = query.format(&headers)?;
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    let status = query.word("status", &STATUSES)?;
    query.finish()?;
    if format != Format::Json {
        let key = format!("viewers {tenant} {status} {limit}");
        let method = Method {
            definition: Family::Playhead.word(),
            computed_from: vec![if LEFT.contains(&status.as_str()) {
                "live_viewers_lately_t"
            } else {
                "live_viewers_there_t"
            }],
        };
        let mut text = Text::plain(
            queries::LIST_LIVE_VIEWERS,
            [
                ("status", Param::Text(status.clone())),
                ("limit", Param::Count(limit)),
            ],
        );
        text.sql = list_of(&status);
        let now = Range::now();
        return written::by_server(&state, &tenant, key, format, &now, &method, text).await;
    }
    let answer = answer(&state, &tenant, status, limit).await?;
    Ok(answer.into_response())
}

/// The query of the viewers in a status. Those who left are looked for among the sessions of the last ten minutes, the
/// others among those who may be there.
fn list_of(status: &str) -> String {
    let whom = if LEFT.contains(&status) {
        "_lately"
    } else {
        "_there"
    };
    queries::LIST_LIVE_VIEWERS.sql.replace("${whom}", whom)
}

/// The viewers in a status, or everybody who is there.
pub(super) async fn answer(
    state: &AnalyticsState,
    tenant: &str,
    status: String,
    limit: u32,
) -> Result<Answer, Refusal> {
    let key = format!("viewers {tenant} {status} {limit}");
    let compute = async {
        let now = OffsetDateTime::now_utc();
        let file = queries::LIST_LIVE_VIEWERS;
        let sql = list_of(&status);
        let params = [
            ("status", Param::Text(status)),
            ("limit", Param::Count(limit)),
        ];
        let (stamp, statuses, viewers) = tokio::try_join!(
            Stamp::read(&state.reader, tenant, now, state.settings.horizons()),
            count_statuses(&state.reader, tenant),
            state
                .reader
                .rows_of::<LiveViewer>(file, &sql, tenant, &params),
        )?;
        let lifetime = stamp.lifetime(now);
        let viewers_now = count_present(&statuses);
        Ok(Computed {
            answer: LiveViewers {
                stamp,
                statuses,
                viewers_now,
                viewers,
            },
            lifetime,
        })
    };
    state.cache.answer(key, compute).await
}

/// How many sessions are in each status; every word has a number.
async fn count_statuses(
    reader: &Reader,
    tenant: &str,
) -> Result<BTreeMap<String, u64>, QueryError> {
    let rows = reader
        .rows::<StatusCount>(queries::COUNT_STATUSES, tenant, &[])
        .await?;
    let mut statuses = no_viewers();
    statuses.extend(rows.into_iter().map(|row| (row.status, row.viewers)));
    Ok(statuses)
}

/// Every status with nobody in it.
pub(super) fn no_viewers() -> BTreeMap<String, u64> {
    let words = STATUSES.iter().map(|status| (*status).to_owned());
    words.map(|status| (status, 0)).collect()
}

/// Those who are there.
pub(super) fn count_present(statuses: &BTreeMap<String, u64>) -> u64 {
    statuses
        .iter()
        .filter(|(status, _)| !LEFT.contains(&status.as_str()))
        .map(|(_, viewers)| viewers)
        .sum()
}
