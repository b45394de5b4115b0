//! Error answers: `application/problem+json` (RFC 9457) with a stable reason name.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What a client is told when its request as a whole is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable name, in snake case.
    pub reason: &'static str,
    /// What happened and what to do, for a person.
    pub detail: String,
    /// When to try again; seconds.
    pub retry_after_seconds: Option<u32>,
    /// Members of this kind of problem, for a program.
    pub more: BTreeMap<&'static str, Value>,
}

/// A problem (RFC 9457). Some kinds have further members: `line`, `column` and `advice` of a query that cannot be
/// read, `what` and `advice` of one that is not allowed, `code` of what ClickHouse refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:playhead:problem:` and the reason.
    #[schema(example = "urn:playhead:problem:bad_parameter")]
    pub r#type: String,
    /// The words of the status.
    #[schema(value_type = String, example = "Bad Request")]
    pub title: &'static str,
    /// HTTP status.
    #[schema(example = 400)]
    pub status: u16,
    /// Stable name, in snake case.
    #[schema(value_type = String, example = "bad_parameter")]
    pub reason: &'static str,
    /// What happened and what to do, for a person.
    pub detail: String,
    /// Members of this kind of problem.
    #[serde(flatten)]
    #[schema(ignore)]
    pub more: BTreeMap<&'static str, Value>,
}

impl Problem {
    /// A refusal that trying again does not change.
    pub fn new(status: StatusCode, reason: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            reason,
            detail: detail.into(),
            retry_after_seconds: None,
            more: BTreeMap::new(),
        }
    }

    /// 503: nothing is wrong with the request, send it again after this many seconds.
    pub fn unavailable(
        reason: &'static str,
        retry_after_seconds: u32,
        detail: impl Into<String>,
    ) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, reason, detail).after(retry_after_seconds)
    }

    /// The same, with the time after which to try again; seconds.
    #[must_use]
    pub fn after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// The same with one more member, for a program.
    #[must_use]
    pub fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.more.insert(member, value.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            r#type: format!("urn:playhead:problem:{}", self.reason),
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            reason: self.reason,
            detail: self.detail,
            more: self.more,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
