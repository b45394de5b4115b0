//! The built-in pages as a browser gets them. `make web` comes first.

#![expect(
    clippy::unwrap_used,
    reason = "in a test whatever goes wrong has to end it"
)]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

async fn get(path: &str, header: Option<(&str, &str)>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::get(path);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let pages: Router = playhead::pages::router();
    let response = pages
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    (
        parts.status,
        parts.headers,
        body.collect().await.unwrap().to_bytes().to_vec(),
    )
}

/// Every page, and what it and all that it loads may weigh, compressed; kB. What a page fetches later, such as the
/// map's outlines, is not part of it. The player's library makes the last one heavy.
const PAGES: [(&str, usize); 7] = [
    ("/", 60),
    ("/explore", 60),
    ("/sessions", 30),
    ("/sessions/any", 30),
    ("/viewers", 30),
    ("/integrator", 30),
    ("/watch", 230),
];

/// The addresses of the scripts and styles that a page names.
fn assets(page: &[u8]) -> Vec<String> {
    let text = String::from_utf8(page.to_vec()).unwrap();
    text.split('"')
        .filter(|part| part.starts_with("/assets/"))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn all_pages_and_what_they_name_are_served() {
    for (page, _) in PAGES {
        let (status, headers, body) = get(page, None).await;
        assert_eq!(status, StatusCode::OK, "{page}: run `make web` first");
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["cache-control"], "no-cache");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("default-src 'none'")
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let named = assets(&body);
        assert!(named.len() >= 2, "{page} names {named:?}");
        for asset in named {
            let (status, headers, body) = get(&asset, None).await;
            assert_eq!(status, StatusCode::OK, "{asset}");
            assert_eq!(
                headers["cache-control"],
                "public, max-age=31536000, immutable"
            );
            let expected = if asset.ends_with(".css") {
                "text/css"
            } else {
                "text/javascript"
            };
            assert!(
                headers["content-type"]
                    .to_str()
                    .unwrap()
                    .starts_with(expected),
                "{asset}"
            );
            assert!(!body.is_empty());
        }
    }
}

#[tokio::test]
async fn nothing_on_a_page_comes_from_elsewhere() {
    for (page, _) in PAGES {
        let (_, _, body) = get(page, None).await;
        let text = String::from_utf8(body).unwrap();
        assert!(
            !text.contains("http://") && !text.contains("https://") && !text.contains("src=\"//")
        );
    }
}

#[tokio::test]
async fn pages_stay_light() {
    for (page, most_kb) in PAGES {
        let (_, _, body) = get(page, None).await;
        let mut bytes = 0;
        for file in assets(&body).into_iter().chain([page.to_owned()]) {
            let (_, _, compressed) = get(&file, Some(("accept-encoding", "gzip"))).await;
            bytes += compressed.len();
        }
        assert!(
            bytes <= most_kb * 1000,
            "{page} weighs {bytes} bytes, compressed"
        );
    }
}

#[tokio::test]
async fn a_page_that_did_not_change_is_not_sent_again() {
    let (_, headers, _) = get("/", None).await;
    let tag = headers["etag"].to_str().unwrap().to_owned();
    let (status, headers, body) =
        get("/", Some(("if-none-match", &format!("\"other\", {tag}")))).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
    assert_eq!(headers["etag"].to_str().unwrap(), tag);
    assert!(body.is_empty());
}

#[tokio::test]
async fn scripts_are_compressed_and_segments_are_not() {
    let (_, _, page) = get("/watch", None).await;
    let script = assets(&page)
        .into_iter()
        .find(|asset| asset.ends_with(".js"))
        .unwrap();
    let (_, headers, small) = get(&script, Some(("accept-encoding", "gzip"))).await;
    assert_eq!(headers["content-encoding"], "gzip");
    let (_, _, plain) = get(&script, None).await;
    assert!(
        small.len() * 2 < plain.len(),
        "{} of {}",
        small.len(),
        plain.len()
    );

    let segment = "/media/clip/large/segment00.m4s";
    let (status, headers, _) = get(segment, Some(("accept-encoding", "gzip"))).await;
    assert_eq!(
        status,
        StatusCode::OK,
        "run web/media/make.sh and `make web` first"
    );
    assert_eq!(headers["content-type"], "video/mp4");
    assert!(!headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn only_files_of_the_pages_are_served() {
    for path in [
        "/assets/none.js",
        "/assets/../index.html",
        "/media/..%2f..%2fpackage.json",
        "/media/clip",
    ] {
        let (status, _, _) = get(path, None).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}
