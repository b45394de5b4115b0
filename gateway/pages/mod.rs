//! The built-in pages (`PAGES` lists them), and what they load.
//!
//! `make web` builds them from `web/` into `web/dist`, and the binary carries them: a release build
//! embeds the files, a debug build reads the folder at each request, so that a rebuilt page shows
//! on reload. A binary built without them still runs; its pages say what to do.

mod asset;
mod content_type;
mod missing;

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::set_header::SetResponseHeaderLayer;

use self::asset::{Lifetime, answer};

/// What a page may load: its own files and nothing from elsewhere. `blob:` is how a player hands
/// media to the video element.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// The addresses of the pages, each with its file. What follows `/sessions/` the page itself reads.
const PAGES: [(&str, &str); 7] = [
    ("/", "index.html"),
    ("/explore", "explore.html"),
    ("/sessions", "sessions.html"),
    ("/sessions/{session_id}", "sessions.html"),
    ("/viewers", "viewers.html"),
    ("/integrator", "integrator.html"),
    ("/watch", "watch.html"),
];

/// The addresses of the pages, to be merged into the public router; it has no fallback.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let page = |file: &'static str| {
        get(move |headers: HeaderMap| async move { answer(file, &headers, Lifetime::Revalidated) })
    };
    PAGES
        .into_iter()
        .fold(Router::new(), |router, (path, file)| {
            router.route(path, page(file))
        })
        .route("/theme.js", get(theme))
        .route("/favicon.svg", get(icon))
        .route("/assets/{*path}", get(hashed))
        .route("/media/{*path}", get(media))
        // Segments are compressed already.
        .layer(
            CompressionLayer::new()
                .gzip(true)
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("video/"))),
        )
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "same-origin"))
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

async fn theme(headers: HeaderMap) -> Response {
    answer("theme.js", &headers, Lifetime::Revalidated)
}

async fn icon(headers: HeaderMap) -> Response {
    answer("favicon.svg", &headers, Lifetime::Revalidated)
}

async fn hashed(Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer(&format!("assets/{path}"), &headers, Lifetime::Immutable)
}

async fn media(Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer(&format!("media/{path}"), &headers, Lifetime::Revalidated)
}
