//! `GET /.well-known/gpc.json`: tells whoever asks that Global Privacy Control is honoured here.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// The resource as the specification has it. The date is that of the rules in `docs/privacy.md`.
const GPC: &str = "{\"gpc\":true,\"lastUpdate\":\"2026-11-22\"}\n";

/// Answers with the resource.
pub async fn get_gpc() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "max-age=86400"),
    ];
    (headers, GPC)
}
