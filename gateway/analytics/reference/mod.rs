//! `GET /docs/api`: the OpenAPI document as a page, written once, without a script and from nowhere else.
//!
//! `operation` tells one call with its parameters and answers, `schema` what an answer is made of.

mod operation;
mod schema;

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use serde_json::{Map, Value};

use super::openapi;

const STYLE: &str = include_str!("style.css");
/// The style is the gateway's own file; nothing else is loaded.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static PAGE: LazyLock<String> = LazyLock::new(|| {
    // A tree of texts and numbers can always be written.
    page(&serde_json::to_value(openapi::document()).unwrap_or_default())
});

/// `GET /docs/api`
pub async fn get_reference() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, PAGE.as_str())
}

/// `GET /docs/api.css`
pub async fn get_style() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, STYLE)
}

/// The whole page.
fn page(document: &Value) -> String {
    let (mut list, mut calls, mut parts) = (String::new(), String::new(), String::new());
    for (path, item) in members(&document["paths"]) {
        for (method, described) in members(item) {
            operation::list(&mut list, method, path, described);
            operation::tell(&mut calls, method, path, described);
        }
    }
    for (name, described) in members(&document["components"]["schemas"]) {
        schema::tell(&mut parts, name, described);
    }
    let info = &document["info"];
    let (title, version) = (text(&info["title"]), text(&info["version"]));
    let about = escaped(text(&info["description"]));
    let mut page = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/docs/api.css\">\n</head>\n<body>\n\
         <header><h1>{title} <small>{version}</small></h1>\n<p>{about}</p>\n\
         <p>The same for programs: <a href=\"/openapi.json\">openapi.json</a>. Where the installation asks for a key, \
         send <code>Authorization: Bearer ph_read_…</code>.</p></header>\n\
         <nav aria-label=\"Calls\"><ul>\n{list}</ul></nav>\n<main>\n{calls}\
         <h2 id=\"schemas\">What answers are made of</h2>\n{parts}</main>\n</body>\n</html>\n"
    );
    page
}

/// The members of an object; none of anything else.
fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// A text; empty where there is none.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A text as it may stand in HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for each in text.chars() {
        match each {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            _ => safe.push(each),
        }
    }
    safe
}

/// A description: what stands between backquotes is code.
fn prose(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        let part = escaped(part);
        // Writing to a String cannot fail.
        let _ = if index % 2 == 1 {
            write!(html, "<code>{part}</code>")
        } else {
            write!(html, "{part}")
        };
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_tells_every_call_and_part() {
        let document = serde_json::to_value(openapi::document()).unwrap();
        let page = page(&document);
        for (path, _) in members(&document["paths"]) {
            assert!(page.contains(&escaped(path)), "{path}");
        }
        for (name, _) in members(&document["components"]["schemas"]) {
            assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        // Every link inside the page leads somewhere.
        for link in page.split("href=\"#").skip(1) {
            let id = link.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }

    #[test]
    fn what_is_told_cannot_become_markup() {
        assert_eq!(
            prose("a `<b>` & <i>"),
            "a <code>&lt;b&gt;</code> &amp; &lt;i&gt;"
        );
    }
}
