//! Conditional requests: who has the answer already is told so, and nothing is sent.

use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// Answers 304 where the client names the tag of what would be sent.
pub(super) async fn answer_conditionally(request: Request, next: Next) -> Response {
    let known = request.headers().get_all(IF_NONE_MATCH).iter();
    let known: Vec<HeaderValue> = known.cloned().collect();
    let mut response = next.run(request).await;
    if !known.is_empty() && response.status() == StatusCode::OK && names(&known, response.headers())
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING] {
            response.headers_mut().remove(name);
        }
    }
    response
}

/// Whether one of the tags is that of the answer, compared weakly as RFC 9110 has it for this header.
fn names(known: &[HeaderValue], headers: &HeaderMap) -> bool {
    let Some(tag) = headers.get(ETAG).and_then(|tag| tag.to_str().ok()) else {
        return false;
    };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let told = known.iter().filter_map(|value| value.to_str().ok());
    told.flat_map(|value| value.split(','))
        .any(|each| each.trim() == "*" || opaque(each) == opaque(tag))
}
