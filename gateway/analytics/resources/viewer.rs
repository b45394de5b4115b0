//! `GET /v1/viewers/{viewer_id}`: what one viewer does now, and did before.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use crate::analytics::AnalyticsState;
use crate::analytics::cache::{Answer, Computed};
use crate::analytics::error::Refusal;
use crate::analytics::explore::cells;
use crate::analytics::params::{QueryString, Tenant, bad};
use crate::analytics::queries;
use crate::analytics::reader::Param;
use crate::analytics::session::PlaySummary;
use crate::analytics::sessions::search::Search;
use crate::analytics::stamp::{Stamp, rfc3339};
use crate::analytics::viewers::LiveViewer;

/// Longest viewer id; bytes.
const ID_MAX_BYTES: usize = 1_024;
const DEFAULT_SPAN: Span = Span::days(7);
const LONGEST_SPAN: Span = Span::days(31);
const DEFAULT_LIMIT: u32 = 50;
const GREATEST_LIMIT: u32 = 1_000;

/// Answer of `GET /v1/viewers/{viewer_id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ViewerAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// Its end, which does not belong to it; RFC 3339.
    pub to: String,
    /// The viewer, as the platform names them; a hash where the gateway hashes viewer ids.
    pub viewer_id: String,
    /// The views of the warehouse that were read.
    pub computed_from: Vec<&'static str>,
    /// What they do now, by device, the latest seen first; empty when they are not there.
    pub now: Vec<LiveViewer>,
    /// What their plays that touch the window add up to.
    pub totals: ViewerTotals,
    /// Whether more plays touch the window than `limit` allowed.
    pub has_more: bool,
    /// Their plays, the latest started first, as lists show them.
    pub plays: Vec<PlaySummary>,
}

/// What a viewer's plays add up to.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct ViewerTotals {
    /// Plays asked for.
    pub plays: u64,
    /// Of these, with a first frame.
    pub started_plays: u64,
    /// Of these, that failed, before or after the first frame.
    pub failures: u64,
    /// Time that titles played; ms.
    pub playing_ms: u64,
    /// Time stalled; ms.
    pub stalled_ms: u64,
    /// CTA-2066 watched time; ms.
    pub watch_ms: u64,
    /// Stalls; count.
    pub stall_count: u64,
    /// Distinct beacons that came.
    pub beacons_received: u64,
    /// Beacons that never came.
    pub beacons_lost: u64,
    /// Begin of the first play; event time, RFC 3339; null without any.
    pub first_seen_at: Option<String>,
    /// Latest beacon; event time, RFC 3339; null without any.
    pub last_seen_at: Option<String>,
    /// What they watched; at most 100 titles.
    pub content_ids: Vec<String>,
}

/// One viewer: what they do now, and their plays in a window. A viewer who has none is no failure: the lists are empty.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/viewers/{viewer_id}",
    tag = "viewers",
    params(
        ("viewer_id" = String, Path, description = "As the platform names the viewer", max_length = 1024, example = "v-42"),
        ("from" = Option<String>, Query, description = "Begin of the window: RFC 3339 or relative; by default 7 days before `to`", example = "now-7d"),
        ("to" = Option<String>, Query, description = "Its end; by default now; at most 31 days after `from`", example = "now"),
        ("time_zone" = Option<String>, Query, description = "Whose days relative times mean; by default UTC", example = "Europe/Vienna"),
        ("limit" = Option<u32>, Query, description = "Most plays; by default 50", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, description = "The viewer", body = ViewerAnswer))
)]
pub async fn get_viewer(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    Path(viewer_id): Path<String>,
    mut query: QueryString,
) -> Result<Answer, Refusal> {
    let range = query.steady_range(DEFAULT_SPAN, LONGEST_SPAN)?.widened(1);
    let limit = query.limit(DEFAULT_LIMIT, GREATEST_LIMIT)?;
    query.finish()?;
    if viewer_id.is_empty() || viewer_id.len() > ID_MAX_BYTES {
        let reason = format!("must have 1 to {ID_MAX_BYTES} bytes");
        return Err(bad("viewer_id", &reason).into());
    }
    let key = format!("viewer {tenant} {} {limit} {viewer_id:?}", range.key());
    let compute = async {
        let [from, to, _] = range.params();
        let viewer = ("viewer_id", Param::Text(viewer_id.clone()));
        let of_totals = [from, to, viewer.clone()];
        let plays = Search::of_viewer(range.clone(), viewer_id.clone(), limit).text(limit + 1)?;
        let reader = &state.reader;
        let (stamp, now, totals, mut plays) = tokio::try_join!(
            Stamp::read(reader, &tenant, range.now, state.settings.horizons()),
            reader.rows::<LiveViewer>(queries::VIEWER_NOW, &tenant, std::slice::from_ref(&viewer)),
            reader.row::<ViewerTotals>(queries::VIEWER_TOTALS, &tenant, &of_totals),
            cells::read::<PlaySummary>(reader, &tenant, &plays),
        )?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = plays.len() > wanted;
        plays.truncate(wanted);
        // What they do now is in it, whenever the window ends.
        let lifetime = stamp.lifetime(range.now);
        let answer = ViewerAnswer {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            viewer_id,
            computed_from: vec!["live_viewers_there_t", "session_facts_t", "sessions_t"],
            now,
            totals,
            has_more,
            plays,
        };
        Ok(Computed { answer, lifetime })
    };
    state.cache.answer(key, compute).await
}
