//! The request and the answer of an HTTP endpoint delivery.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::ingest::RequestRefusal;
use crate::ingest::extract::now_ms;

/// Longest error text; Firehose shows it in its log.
const MESSAGE_MAX_CHARS: usize = 200;

/// A delivery.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope<'b> {
    /// What the answer must repeat.
    #[serde(rename = "requestId", borrow)]
    pub(super) request_id: Cow<'b, str>,
    /// When Firehose made the request; Unix ms. Repetitions have the same.
    pub(super) timestamp: i64,
    /// The records, in the order of the stream.
    #[serde(borrow)]
    pub(super) records: Vec<Record<'b>>,
}

/// One record.
#[derive(Debug, Deserialize)]
pub(super) struct Record<'b> {
    /// Its data in base64.
    #[serde(borrow)]
    pub(super) data: Cow<'b, str>,
}

impl<'b> Envelope<'b> {
    /// Reads a body.
    ///
    /// # Errors
    /// A body that is no delivery.
    pub(super) fn read(body: &'b [u8]) -> Result<Self, RequestRefusal> {
        serde_json::from_slice(body)
            .map_err(|error| RequestRefusal::MalformedJson(error.to_string()))
    }
}

/// The body of an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// When it was answered; Unix ms.
    timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

impl DeliveryAnswer {
    pub(super) fn taken(request_id: Option<String>) -> Self {
        Self {
            request_id,
            timestamp: now_ms(),
            error_message: None,
        }
    }

    pub(super) fn failed(request_id: Option<String>, message: String) -> Self {
        Self {
            error_message: Some(message.chars().take(MESSAGE_MAX_CHARS).collect()),
            ..Self::taken(request_id)
        }
    }
}

impl IntoResponse for DeliveryAnswer {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}
