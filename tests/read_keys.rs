//! Read keys: who is let in, with what, for how long; nothing here asks the warehouse.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::scratch::warehouse_at;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::access::{Access, ReadKeyFile};
use playhead::analytics::{AnalyticsSettings, AnalyticsState, router};
use playhead::config::{ReadKeysConfig, ReadKeysMode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// A file of keys in a folder of its own.
struct Keys(TempDir);

impl Keys {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("read-keys.json")
    }

    /// `playhead keys`: whether it went well, and its output.
    fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_playhead"))
            .arg("keys")
            .args(arguments)
            .arg("--file")
            .arg(self.path())
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// The text of a new key of tenant acme.
    fn make(&self, arguments: &[&str]) -> String {
        let told = ["make", "--read", "--tenant", "acme"];
        let (is_done, key, said) = self.run(&[&told, arguments].concat());
        assert!(is_done, "{said}");
        key
    }

    fn api(&self) -> Router {
        let config = ReadKeysConfig {
            mode: ReadKeysMode::Enforce,
            keys_file: self.path(),
            keys_reload_ms: 100,
            ..ReadKeysConfig::default()
        };
        api(Access::open(&config, CancellationToken::new()).unwrap())
    }
}

fn api(access: Access) -> Router {
    let warehouse = warehouse_at("http://127.0.0.1:1", "playhead");
    let settings = AnalyticsSettings {
        liveness: Duration::from_secs(180),
        refresh: Duration::from_secs(5),
        frozen_after: Duration::from_secs(192 * 3_600),
        max_concurrent_queries: 2,
        query_timeout: Duration::from_secs(5),
        cache_max_bytes: 1024 * 1024,
    };
    router(AnalyticsState::new(warehouse, settings).with_access(access))
}

async fn send(api: &Router, method: &str, path: &str, key: &str) -> (StatusCode, HeaderMap, Value) {
    let mut request = Request::builder().method(method).uri(path);
    if !key.is_empty() {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let request = request
        .body(Body::from("SELECT count() FROM sessions_v"))
        .unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    (parts.status, parts.headers, body)
}

/// Status and reason of a request for the catalogue of metrics.
async fn outcome(api: &Router, key: &str) -> (u16, String) {
    let (status, _, body) = send(api, "GET", "/v1/metrics", key).await;
    let reason = body["reason"].as_str().unwrap_or_default().to_owned();
    (status.as_u16(), reason)
}

async fn wait_for(api: &Router, key: &str, expected: (u16, &str)) {
    let give_up = Instant::now() + Duration::from_secs(20);
    loop {
        let (status, reason) = outcome(api, key).await;
        if (status, reason.as_str()) == expected {
            return;
        }
        assert!(Instant::now() < give_up, "{status} {reason}");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn only_a_known_key_in_the_header_opens() {
    let keys = Keys::new();
    let key = keys.make(&[]);
    let api = keys.api();
    assert_eq!(outcome(&api, &key).await, (200, String::new()));
    let (status, headers, body) = send(&api, "GET", "/v1/metrics", "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(headers["www-authenticate"], "Bearer");
    assert_eq!(headers["content-type"], "application/problem+json");
    assert_eq!(body["reason"], "missing_read_key");
    // Neither a part of it, nor one that differs in the last letter, nor a write key.
    let last = if key.ends_with('A') { 'B' } else { 'A' };
    let close = format!("{}{last}", &key[..key.len() - 1]);
    let write = format!("phw_{}", "A".repeat(32));
    for other in [close.as_str(), &key[..16], &write, "Bearer", "a b"] {
        let (status, reason) = outcome(&api, other).await;
        assert_eq!(
            (status, reason.as_str()),
            (401, "unknown_read_key"),
            "{other}"
        );
    }
    // Never in an address, which ends in logs.
    let (status, _, _) = send(&api, "GET", &format!("/v1/metrics?key={key}"), "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    // The description of the API is no secret.
    for open in ["/openapi.json", "/docs/api", "/docs/api.css"] {
        assert_eq!(
            send(&api, "GET", open, "").await.0,
            StatusCode::OK,
            "{open}"
        );
    }
}

#[tokio::test]
async fn queries_need_a_scope_of_their_own() {
    let keys = Keys::new();
    let (read, sql, admin) = (
        keys.make(&[]),
        keys.make(&["--scope", "sql"]),
        keys.make(&["--scope", "admin"]),
    );
    let api = keys.api();
    let (status, _, body) = send(&api, "POST", "/v1/sql", &read).await;
    assert_eq!(
        (status, &body["scope"]),
        (StatusCode::FORBIDDEN, &Value::from("sql"))
    );
    assert_eq!(outcome(&api, &sql).await, (403, "missing_scope".to_owned()));
    for key in [&sql, &admin] {
        // It came in; only the warehouse is not there.
        let (status, _, _) = send(&api, "POST", "/v1/sql", key).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(outcome(&api, &admin).await.0, 200);
}

#[tokio::test]
async fn a_key_has_a_rate() {
    let keys = Keys::new();
    let key = keys.make(&["--requests-per-second", "1"]);
    let api = keys.api();
    let mut refused = None;
    for _ in 0..5 {
        let (status, headers, body) = send(&api, "GET", "/v1/metrics", &key).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((headers["retry-after"].clone(), body["reason"].clone()));
        }
    }
    let (retry_after, reason) = refused.unwrap();
    assert_eq!(
        (retry_after.to_str().unwrap(), reason.as_str().unwrap()),
        ("1", "too_many_requests")
    );
}

#[tokio::test]
async fn keys_come_and_go_while_the_gateway_runs() {
    let keys = Keys::new();
    let first = keys.make(&["--name", "dashboards"]);
    let api = keys.api();
    let second = keys.make(&[]);
    wait_for(&api, &second, (200, "")).await;

    // A new one like the first, which ends at once.
    let (is_done, fresh, said) = keys.run(&["rotate", &first[..16], "--overlap-hours", "0"]);
    assert!(is_done, "{said}");
    wait_for(&api, &fresh, (200, "")).await;
    wait_for(&api, &first, (401, "expired_read_key")).await;

    let (is_done, said, _) = keys.run(&["revoke", &second]);
    assert!(
        is_done && said == format!("{} is revoked", &second[..16]),
        "{said}"
    );
    wait_for(&api, &second, (401, "revoked_read_key")).await;

    // A file that cannot be used changes nothing.
    std::fs::write(keys.path(), "{").unwrap();
    sleep(Duration::from_millis(400)).await;
    assert_eq!(outcome(&api, &fresh).await.0, 200);
}

#[test]
fn the_file_and_the_list_tell_no_key() {
    let keys = Keys::new();
    let key = keys.make(&["--scope", "read", "--scope", "sql", "--expires-days", "90"]);
    let file = std::fs::read_to_string(keys.path()).unwrap();
    assert!(
        file.contains(&key[..16]) && !file.contains(&key[16..]),
        "{file}"
    );
    let (_, list, _) = keys.run(&["list", "--read"]);
    assert!(
        list.contains("read,sql") && !list.contains(&key[16..]),
        "{list}"
    );
    let entry = &ReadKeyFile::read(&keys.path()).unwrap().read_keys[0];
    assert!(entry.expires.is_some());
    // What a read key cannot have, and a tenant that is no word.
    for wrong in [
        ["make", "--read", "--tenant", "acme", "--door", "native"],
        ["make", "--read", "--tenant", "a b", "--scope", "read"],
        ["make", "--tenant", "acme", "--scope", "read", "--json"],
    ] {
        assert!(!keys.run(&wrong).0, "{wrong:?}");
    }
}

#[tokio::test]
async fn without_keys_the_default_tenant_is_read_and_a_missing_file_is_told() {
    let api = api(Access::default());
    assert_eq!(outcome(&api, "").await.0, 200);
    let config = ReadKeysConfig {
        mode: ReadKeysMode::Enforce,
        keys_file: Path::new("/nowhere/read-keys.json").to_owned(),
        ..ReadKeysConfig::default()
    };
    let error = Access::open(&config, CancellationToken::new()).unwrap_err();
    assert!(
        error.to_string().contains("/nowhere/read-keys.json"),
        "{error}"
    );
}
