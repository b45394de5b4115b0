//! `GET /v1/sessions` and `GET /v1/sessions/{session_id}`.

pub(in crate::analytics) mod search;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use time::macros::datetime;
use time::{Duration as Span, OffsetDateTime};
use utoipa::ToSchema;

use super::AnalyticsState;
use super::cache::{Answer, Computed};
use super::error::{QueryError, Refusal};
use super::explore::question::Method;
use super::explore::text::Text;
use super::explore::{cells, written};
use super::params::{Format, QueryString, Tenant, bad};
use super::queries;
use super::reader::{Param, Reader};
use super::session::{Play, PlaySummary, PlayTimeline};
use super::stamp::{Stamp, rfc3339};
use crate::definitions::Family;
use crate::problem::ProblemBody;
use search::{Columns, Search};

const DEFAULT_SPAN: Span = Span::hours(1);
const LONGEST_SPAN: Span = Span::days(31);
const DEFAULT_LIMIT: u32 = 100;
const GREATEST_LIMIT: u32 = 1000;
/// Longest session id that the gateway accepts; bytes.
const SESSION_ID_MAX_BYTES: usize = 128;
/// Longest id of another kind that is looked for; bytes.
const ID_MAX_BYTES: usize = 1_024;

/// Answer of `GET /v1/sessions`.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Begin of the window; RFC 3339.
    pub from: String,
    /// End of the window, which does not belong to it; RFC 3339.
    pub to: String,
    /// Whether more plays touch the window than `limit` allowed.
    pub has_more: bool,
    /// The plays that touch the window, the latest started first; most sessions have one. With `columns=all` each has every
    /// column of `Play`.
    #[schema(value_type = Vec<PlaySummary>)]
    pub sessions: Vec<Listed>,
    /// `cursor` of the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// A play of a list, with the columns that were asked for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Listed {
    /// Those of a list.
    Summary(Box<PlaySummary>),
    /// Every one.
    All(Box<Play>),
}

impl Listed {
    /// What it tells in either case.
    fn summary(&self) -> &PlaySummary {
        match self {
            Self::Summary(summary) => summary,
            Self::All(play) => &play.summary,
        }
    }

    async fn read(
        reader: &Reader,
        tenant: &str,
        columns: Columns,
        text: &Text,
    ) -> Result<Vec<Self>, QueryError> {
        Ok(match columns {
            Columns::Summary => {
                let plays = cells::read::<PlaySummary>(reader, tenant, text).await?;
                plays
                    .into_iter()
                    .map(|play| Self::Summary(Box::new(play)))
                    .collect()
            }
            Columns::All => {
                let plays = cells::read::<Play>(reader, tenant, text).await?;
                plays
                    .into_iter()
                    .map(|play| Self::All(Box::new(play)))
                    .collect()
            }
        })
    }
}

/// Answer of `GET /v1/sessions/{session_id}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionAnswer {
    /// How fresh it is.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Its plays with their timelines, in order; most sessions have one.
    pub plays: Vec<PlayTimeline>,
}

/// Lists the plays that touch a window: `?from=&to=&time_zone=&viewer_id=&content_id=&filter=&columns=&limit=&cursor=`.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    tag = "sessions",
    params(
        ("from" = Option<String>, Query, description = "Begin of the window: RFC 3339, or relative such as now-15m, now-1d/d, then widened to full minutes. By default an hour before `to`", example = "2026-11-21T10:00:00Z"),
        ("to" = Option<String>, Query, description = "End of the window, which does not belong to it; likewise. By default now; at most 31 days after `from`", example = "2026-11-21T11:00:00Z"),
        ("time_zone" = Option<String>, Query, description = "Whose days relative times mean; by default UTC", example = "Europe/Vienna"),
        ("viewer_id" = Option<String>, Query, description = "Only of this viewer", max_length = 1024),
        ("content_id" = Option<String>, Query, description = "Only of this title", max_length = 1024),
        ("filter" = Option<Vec<String>>, Query, description = "Which plays are listed, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`, `in`, `not_in` (values separated by commas), `matches` (RE2)", example = json!(["end_reason:is:failed"])),
        ("columns" = Option<String>, Query, description = "What is told of each: `summary`, what lists show, or `all`, every column but the timelines; by default `summary`", example = "summary"),
        ("limit" = Option<u32>, Query, description = "Most plays of a page; by default 100", minimum = 1, maximum = 1000),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
        ("format" = Option<String>, Query, description = "How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says", example = "csv"),
    ),
    responses((status = 200, description = "The plays that touch the window, the latest started first", body = SessionList))
)]
pub async fn list_sessions(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question("sessions");
    let format = query.format(&headers)?;
    let asked = Search::asked(&mut query, question)?;
    query.finish()?;
    let key = asked.key(&tenant, question);
    let range = &asked.range;
    if format != Format::Json {
        let method = Method {
            definition: Family::Playhead.word(),
            computed_from: asked.views().to_vec(),
        };
        let text = asked.text(asked.limit)?;
        return written::by_server(&state, &tenant, key, format, range, &method, text).await;
    }
    // One more than are told, to know whether there are more.
    let text = asked.text(asked.limit + 1)?;
    let compute = async {
        let (stamp, mut sessions) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, range.now, state.settings.horizons()),
            Listed::read(&state.reader, &tenant, asked.columns, &text),
        )?;
        let wanted = usize::try_from(asked.limit).unwrap_or(usize::MAX);
        let has_more = sessions.len() > wanted;
        sessions.truncate(wanted);
        let next_cursor = match sessions.last() {
            Some(last) if has_more => Some(asked.cursor(question, last.summary())?),
            _ => None,
        };
        let lifetime = stamp.lifetime(range.to);
        let answer = SessionList {
            stamp,
            from: rfc3339(range.from),
            to: rfc3339(range.to),
            has_more,
            sessions,
            next_cursor,
        };
        Ok(Computed { answer, lifetime })
    };
    Ok(state.cache.answer(key, compute).await?.into_response())
}

/// Shows the plays of one session, with their timelines.
///
/// # Errors
/// 404 when there is none of that id, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/sessions/{session_id}",
    tag = "sessions",
    params(("session_id" = String, Path, description = "As the player names the session", max_length = 128, example = "s-42")),
    responses(
        (status = 200, description = "The plays of the session with their timelines", body = SessionAnswer),
        (status = 404, description = "No session of that id", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn get_session(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    Path(session_id): Path<String>,
    query: QueryString,
) -> Result<Answer, Refusal> {
    query.finish()?;
    if session_id.len() > SESSION_ID_MAX_BYTES {
        return Err(bad("session_id", "is longer than any session id").into());
    }
    let key = format!("session {tenant} {session_id}");
    let compute = async {
        let now = OffsetDateTime::now_utc();
        let params = [
            ("session_id", Param::Text(session_id.clone())),
            ("from", Param::Moment(datetime!(1900-01-01 0:00 UTC))),
            ("to", Param::Moment(datetime!(2299-01-01 0:00 UTC))),
        ];
        let (stamp, plays) = tokio::try_join!(
            Stamp::read(&state.reader, &tenant, now, state.settings.horizons()),
            state
                .reader
                .rows::<PlayTimeline>(queries::SHOW_SESSION, &tenant, &params),
        )?;
        if plays.is_empty() {
            return Err(QueryError::UnknownSession(session_id));
        }
        // A late beacon may change an ended session as well.
        let lifetime = stamp.lifetime(now);
        Ok(Computed {
            answer: SessionAnswer { stamp, plays },
            lifetime,
        })
    };
    state.cache.answer(key, compute).await
}
