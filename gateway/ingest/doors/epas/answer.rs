//! Answers in the specification's words.

use std::hash::{BuildHasher, RandomState};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::ingest::RequestRefusal;

/// The body of an answer.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EpasAnswer {
    /// The session; -1 where none is known.
    session_id: Value,
    /// How often the client is to send a heartbeat; ms. On `init` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    heartbeat_interval: Option<u32>,
    /// Whether the event was taken; not on `init`.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The stable name of why it was not taken: `docs/outcomes.md`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl EpasAnswer {
    pub(super) fn init(session_id: Option<String>, heartbeat_ms: u32) -> Self {
        Self {
            session_id: known(session_id),
            heartbeat_interval: Some(heartbeat_ms),
            ..Self::default()
        }
    }

    pub(super) fn valid(session_id: Option<String>) -> Self {
        Self {
            session_id: known(session_id),
            valid: Some(true),
            ..Self::default()
        }
    }

    pub(super) fn invalid(session_id: Option<String>, reason: &'static str, message: &str) -> Self {
        Self {
            session_id: known(session_id),
            valid: Some(false),
            message: Some(format!("Invalid player event: {message}")),
            reason: Some(reason),
            heartbeat_interval: None,
        }
    }
}

impl IntoResponse for EpasAnswer {
    fn into_response(self) -> Response {
        let status = if self.valid == Some(false) {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::OK
        };
        (status, Json(self)).into_response()
    }
}

/// The answer to a body that is no event at all.
pub(super) fn refused(refusal: &RequestRefusal) -> Response {
    if refusal.retry_after_seconds().is_some() {
        return refusal.clone().into_response();
    }
    let body = EpasAnswer::invalid(None, refusal.as_str(), &refusal.to_string());
    (refusal.status(), Json(body)).into_response()
}

/// An id for a session whose client brings none: the shape of a random UUID.
pub(super) fn new_session_id() -> String {
    // Each hasher of the standard library starts from keys of its own.
    let random = || RandomState::new().hash_one(0_u8);
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

fn known(session_id: Option<String>) -> Value {
    session_id.map_or(Value::from(-1), Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_ids_are_uuids_and_differ() {
        let (one, other) = (new_session_id(), new_session_id());
        assert_ne!(one, other);
        let parts: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert!(one.split('-').nth(2).unwrap().starts_with('4'), "{one}");
    }
}
