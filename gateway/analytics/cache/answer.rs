//! An answer on its way to the client.

use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};

use super::stored::Stored;

/// How an answer was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was stored, and told at once.
    Stored,
    /// Somebody else was computing it, and it was waited for.
    Shared,
    /// It was computed for this question.
    Computed,
    /// It is a former one, since the warehouse is away or slow.
    Stale,
}

/// An answer on its way to the client.
#[derive(Debug)]
pub struct Answer {
    stored: Arc<Stored>,
    origin: Origin,
}

impl Origin {
    /// Its word in metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stored => "fresh",
            Self::Shared => "shared",
            Self::Computed => "computed",
            Self::Stale => "stale",
        }
    }
}

impl Answer {
    pub(super) fn new(stored: Arc<Stored>, origin: Origin) -> Self {
        Self { stored, origin }
    }

    /// How it was come by.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The answer as one JSON object.
    pub fn json(&self) -> String {
        // The stored text begins with `{`, and every answer has at least its stamp after it.
        format!(
            "{{\"from_cache\":{},\"stale\":{},{}",
            self.origin != Origin::Computed,
            self.origin == Origin::Stale,
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
