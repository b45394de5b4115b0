//! `GET /refused-samples` on the operators' port: the samples as lines of JSON, the newest first.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Sample, Samples};
use crate::problem::Problem;

/// Which samples are asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamplesQuery {
    tenant: Option<String>,
    reason: Option<String>,
    limit: Option<usize>,
}

impl SamplesQuery {
    fn includes(&self, sample: &Sample) -> bool {
        let is =
            |asked: &Option<String>, told: &str| asked.as_deref().is_none_or(|asked| asked == told);
        is(&self.tenant, &sample.tenant) && is(&self.reason, sample.reason)
    }
}

/// The samples, filtered by `?tenant=` and `?reason=`, at most `?limit=` of them.
///
/// # Errors
/// 404 where none are kept.
pub async fn get_samples(
    State(samples): State<Samples>,
    Query(query): Query<SamplesQuery>,
) -> Result<Response, Problem> {
    let Some(kept) = samples.now() else {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "samples_off",
            "no samples are kept; gate.refused_samples_max says how many there may be",
        ));
    };
    let asked = kept.iter().filter(|sample| query.includes(sample));
    let lines = asked
        .take(query.limit.unwrap_or(usize::MAX))
        .filter_map(|sample| serde_json::to_string(&**sample).ok());
    let page = lines.fold(String::new(), |page, line| page + &line + "\n");
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], page).into_response())
}
