//! One embedded file as a response: type, validator, lifetime.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;

use super::content_type::content_type;
use super::missing::missing;

#[derive(Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Pages;

/// How long browsers may use a file without asking.
#[derive(Clone, Copy)]
pub(super) enum Lifetime {
    /// For ever: its name changes with its content.
    Immutable,
    /// Not at all: they ask each time, and are told when nothing changed.
    Revalidated,
}

impl Lifetime {
    const fn cache_control(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidated => "no-cache",
        }
    }
}

/// The file at `path` inside `web/dist`; 304 when the browser has it already.
pub(super) fn answer(path: &str, request: &HeaderMap, lifetime: Lifetime) -> Response {
    // A debug build reads the folder, where such a path could name another of its files.
    let is_plain = path.split('/').all(|part| part != "..");
    let Some(file) = is_plain.then(|| Pages::get(path)).flatten() else {
        return missing(Pages::get("index.html").is_some());
    };
    let tag = entity_tag(&file.metadata.sha256_hash());
    let cached = [
        (ETAG, tag.clone()),
        (CACHE_CONTROL, lifetime.cache_control().to_owned()),
    ];
    if has(request, &tag) {
        return (StatusCode::NOT_MODIFIED, cached).into_response();
    }
    let body = Body::from(file.data.into_owned());
    (cached, [(CONTENT_TYPE, content_type(path))], body).into_response()
}

/// Weak, because the same file is sent plain and compressed.
fn entity_tag(hash: &[u8; 32]) -> String {
    let mut tag = String::from("W/\"");
    for byte in hash.iter().take(16) {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    tag
}

fn has(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|candidate| candidate.trim() == tag)
}
