//! An answer on its way to the client.

use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};

use super::stored::Stored;

/// An answer on its way to the client.
#[derive(Debug)]
pub struct Answer {
    stored: Arc<Stored>,
    is_from_cache: bool,
    is_stale: bool,
}

impl Answer {
    pub(super) fn new(stored: Arc<Stored>, is_from_cache: bool, is_stale: bool) -> Self {
        Self {
            stored,
            is_from_cache,
            is_stale,
        }
    }

    /// Where it came from, as metrics tell it.
    pub(super) fn outcome(&self) -> &'static str {
        match (self.is_from_cache, self.is_stale) {
            (_, true) => "stale",
            (true, false) => "fresh",
            (false, false) => "computed",
        }
    }

    /// The answer as one JSON object.
    pub fn json(&self) -> String {
        // The stored text begins with `{`, and every answer has at least its stamp after it.
        format!(
            "{{\"from_cache\":{},\"stale\":{},{}",
            self.is_from_cache,
            self.is_stale,
            &self.stored.json[1..]
        )
    }

    /// Its entity tag: weak, since `from_cache` and the encoding differ from one sending to the next.
    pub fn tag(&self) -> &str {
        &self.stored.tag
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, "application/json"),
            // A cache on the way may keep it, and asks each time whether it still holds.
            (CACHE_CONTROL, "private, no-cache"),
            (ETAG, self.tag()),
        ];
        (headers, self.json()).into_response()
    }
}
