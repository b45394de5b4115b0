//! `POST /v1/sql`: one SELECT of an analyst's over the documented views, confined to the tenant.
//!
//! `request` reads the text and its window. `parse` makes one SELECT of it, or says what to write instead.
//! `fence` walks over it: `relations`, `expressions`, `calls`, `data_types` and `names` let pass what is on
//! the lists (`views`, `functions`) and refuse all else; on its way each view becomes its tenant-confined form.
//! `rewrite` writes the result, which the parser must read back as the same: only that text runs. `run` estimates
//! it, binds tenant and window as parameters, and sets the limits; `formats` writes the answer, `failure` says what
//! ClickHouse said.
//!
//! This is the first fence. Where ClickHouse has users, their grants are the last one (`sql/production/`).

pub mod formats;
pub mod refusal;
pub mod request;
pub mod rewrite;
pub mod run;
pub mod views;

mod advice;
mod calls;
mod data_types;
mod expressions;
mod failure;
mod fence;
mod functions;
mod names;
mod parse;
mod relations;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use axum::response::Response;
use time::OffsetDateTime;

use super::AnalyticsState;
use super::params::{QueryString, Tenant};
use crate::problem::ProblemBody;

use refusal::SqlRefusal;
use request::SqlRequest;

/// The largest body: a text of the longest length that can be configured, with room for its escapes.
pub const BODY_MAX_BYTES: usize = 1024 * 1024;

/// `POST /v1/sql`
///
/// # Errors
/// A request that is not understood, a query that may not run, a limit that was met, or what ClickHouse says.
#[utoipa::path(
    post,
    path = "/v1/sql",
    tag = "sql",
    params(
        ("from" = Option<String>, Query, description = "Begin of the window of the views, where the body is plain text; RFC 3339, now or now-6h", example = "now-6h", max_length = 64),
        ("to" = Option<String>, Query, description = "Its end", example = "now", max_length = 64),
        ("session_key" = Option<String>, Query, description = "The session whose beacons are read; a whole number", max_length = 64),
    ),
    request_body(description = "One SELECT over the documented views, as JSON with its window, or as plain text",
        content((request::Body = "application/json"), (String = "text/plain"))),
    responses(
        (status = 200, description = "The result", content(
            (serde_json::Value = "application/json"), (String = "application/x-ndjson"), (String = "text/csv"),
            (Vec<u8> = "application/vnd.apache.arrow.stream"), (Vec<u8> = "application/vnd.apache.parquet"))),
        (status = 406, description = "No known format is accepted", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A limit was met", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn post_sql(
    State(state): State<AnalyticsState>,
    Tenant(tenant): Tenant,
    address: QueryString,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, SqlRefusal> {
    if !state.sql.config().enabled {
        return Err(SqlRefusal::Disabled);
    }
    let body = body.map_err(|_| SqlRefusal::Body {
        max_bytes: BODY_MAX_BYTES,
    })?;
    let request = SqlRequest::read(&headers, address, &body, OffsetDateTime::now_utc())?;
    let bytes = state.sql.run(&tenant, &request).await?;
    let rows_max = state.sql.config().result_rows_max;
    request
        .format
        .answer(bytes, (request.from, request.to), rows_max)
}
