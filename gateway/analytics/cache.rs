//! Answers that were computed lately: one computation for all who ask at the same time, a bounded
//! amount of memory, and a lifetime that each answer brings along.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use moka::Expiry;
use serde::Serialize;

use super::error::{QueryError, Refusal};

/// A computed answer, before anybody was told.
#[derive(Debug)]
pub struct Computed<T> {
    /// What is told; serialises to a JSON object.
    pub answer: T,
    /// How long it may be told again.
    pub lifetime: Duration,
}

#[derive(Clone)]
struct Stored {
    json: Arc<str>,
    lifetime: Duration,
}

/// The answers. Clones share them.
#[derive(Clone)]
pub struct Cache {
    answers: moka::future::Cache<String, Stored>,
}

impl fmt::Debug for Cache {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cache")
            .field("answers", &self.answers.entry_count())
            .finish()
    }
}

struct OwnLifetime;

impl Expiry<String, Stored> for OwnLifetime {
    fn expire_after_create(&self, _: &String, stored: &Stored, _: Instant) -> Option<Duration> {
        Some(stored.lifetime)
    }
}

impl Cache {
    /// Holds at most `max_bytes` of answers.
    pub fn new(max_bytes: u64) -> Self {
        let weigh = |key: &String, stored: &Stored| {
            u32::try_from(key.len() + stored.json.len()).unwrap_or(u32::MAX)
        };
        let answers = moka::future::Cache::builder()
            .max_capacity(max_bytes)
            .weigher(weigh)
            .expire_after(OwnLifetime)
            .build();
        Self { answers }
    }

    /// The answer to the question `key`: a stored one, or that of `compute`, which runs once for
    /// all who wait. Failures are shared with those who wait, and not stored.
    ///
    /// # Errors
    /// What `compute` gave.
    pub async fn answer<T, F>(&self, key: String, compute: F) -> Result<Answer, Refusal>
    where
        T: Serialize,
        F: Future<Output = Result<Computed<T>, QueryError>>,
    {
        let store = async {
            let outcome = compute.await.and_then(|computed| {
                let json = serde_json::to_string(&computed.answer)?;
                Ok(Stored {
                    json: json.into(),
                    lifetime: computed.lifetime,
                })
            });
            outcome.inspect_err(log_failure)
        };
        let entry = self
            .answers
            .entry(key)
            .or_try_insert_with(store)
            .await
            .map_err(Refusal)?;
        let is_from_cache = !entry.is_fresh();
        Ok(Answer {
            json: entry.into_value().json,
            is_from_cache,
        })
    }
}

/// An answer on its way to the client.
#[derive(Debug)]
pub struct Answer {
    json: Arc<str>,
    is_from_cache: bool,
}

impl Answer {
    /// The answer as one JSON object.
    pub fn json(&self) -> String {
        // The stored text begins with `{`, and every answer has at least its stamp after it.
        format!(
            "{{\"from_cache\":{},{}",
            self.is_from_cache,
            &self.json[1..]
        )
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let body = self.json();
        let headers = [
            (CONTENT_TYPE, "application/json"),
            (CACHE_CONTROL, "no-store"),
        ];
        (headers, body).into_response()
    }
}

/// Once for all who waited; what a client did wrong is no failure of ours.
fn log_failure(error: &QueryError) {
    let mut chain = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        chain = format!("{chain}: {deeper}");
        cause = deeper.source();
    }
    match error {
        QueryError::BadParameter { .. } | QueryError::UnknownSession(_) => {
            tracing::debug!(reason = error.reason(), "{chain}")
        }
        _ => tracing::error!(reason = error.reason(), "{chain}"),
    }
}
