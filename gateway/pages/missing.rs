//! What a binary without built pages answers.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

const NOT_BUILT: &str = "<!doctype html>
<html lang=\"en\"><meta charset=\"utf-8\"><title>Playhead</title>
<h1>The pages are not part of this build</h1>
<p>Run <code>make web</code> (it needs Node), build the gateway again, and reload.
Beacons and the API work without them.</p></html>
";

/// 404 for a file of built pages that does not exist, else 503 with what to run.
pub(super) fn missing(pages_are_built: bool) -> Response {
    if pages_are_built {
        (StatusCode::NOT_FOUND, "There is no such file.\n").into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response()
    }
}
