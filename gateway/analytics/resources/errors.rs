//! `GET /v1/errors`: what goes wrong, for how many, and sessions in which to look.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use time::Duration as Span;
use utoipa::ToSchema;

use super::table::{Ranked, Source, Table, TableParams, of_sessions};
use crate::analytics::AnalyticsState;
use crate::analytics::error::Refusal;
use crate::analytics::params::{QueryString, Tenant};
use crate::analytics::queries;
use crate::analytics::reader::Param;

/// Longest code that is looked for; bytes.
const CODE_MAX_BYTES: usize = 1_024;
/// Marks of errors (docs/sessions.md, section 3) by the words of `kind`.
const KINDS: [(&str, &[&str]); 3] = [
    ("warning", &["30"]),
    ("fatal", &["31"]),
    ("refusal", &["32"]),
];

const TABLE: Table = Table {
    resource: "errors",
    column: of_sessions,
    own: &[("error_code", "happened.error_code")],
    orders: &[
        "error_count",
        "fatal_error_count",
        "refusal_count",
        "sessions",
        "viewers",
    ],
    ratios: &[],
    lists: &["examples"],
    first_by: "sessions",
    longest: Span::days(7),
};

/// How often something went wrong, and for whom.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ErrorMetrics {
    /// Errors of any kind.
    pub error_count: u64,
    /// Of these, fatal ones: the playback failed.
    pub fatal_error_count: u64,
    /// Of these, refusals by rule, such as geography or too many devices.
    pub refusal_count: u64,
    /// Sessions in which it happened.
    pub sessions: u64,
    /// Distinct viewers to whom it happened; sessions without a viewer id are left out.
    pub viewers: u64,
    /// First of them in the window; event time, RFC 3339.
    pub first_seen_at: String,
    /// Latest of them in the window; event time, RFC 3339.
    pub last_seen_at: String,
    /// The three sessions in which it happened last: `GET /v1/sessions/{session_id}` shows each.
    pub examples: Vec<ErrorExample>,
}

/// A session in which it happened.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ErrorExample {
    /// The session, as its client names it.
    pub session_id: String,
    /// Its viewer, empty = not told.
    pub viewer_id: String,
    /// Its title, empty = not told.
    pub content_id: String,
    /// When it happened there last; event time, RFC 3339.
    pub at: String,
}

/// The errors of a window, by their codes unless something else is asked for.
///
/// # Errors
/// 400 for a parameter, 503 when the warehouse cannot answer.
#[utoipa::path(
    get,
    path = "/v1/errors",
    tag = "sessions",
    params(
        TableParams,
        ("kind" = Option<String>, Query, description = "Only `fatal` errors, `warning`s (not fatal) or `refusal`s by rule", example = "fatal"),
        ("error_code" = Option<String>, Query, description = "Only this code", max_length = 1024),
    ),
    responses((status = 200, description = "A row for each combination of values, by default for each code", body = Ranked<ErrorMetrics>))
)]
pub async fn get_errors(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    headers: HeaderMap,
    mut query: QueryString,
) -> Result<Response, Refusal> {
    let question = query.question(TABLE.resource);
    let asked = TABLE.asked(&mut query, &headers, question, &["error_code"])?;
    let kind = query.word("kind", &KINDS.map(|(word, _)| word))?;
    let error_code = query.text("error_code", CODE_MAX_BYTES)?;
    query.finish()?;
    let of_kind = KINDS
        .iter()
        .filter(|(word, _)| kind.is_empty() || *word == kind);
    let codes = of_kind.flat_map(|(_, codes)| codes.iter().map(|code| (*code).to_owned()));
    let source = Source {
        more: vec![
            ("codes", Param::Texts(codes.collect())),
            ("error_code", Param::Text(error_code)),
        ],
        ..Source::plain(queries::ERRORS, &["play_measures_t"])
    };
    TABLE
        .answer::<ErrorMetrics>(&state, &tenant, asked, source)
        .await
}
