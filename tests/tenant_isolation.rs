//! Every address of the API, as its own description lists them, asked with another tenant's key and ids.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::num::NonZeroU32;
use std::time::Duration;

use crate::landing::{insert, migrate, wait_for_sessions};
use crate::record::packed;
use crate::scratch::in_database;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use playhead::analytics::access::{Access, ReadKeyEntry, ReadKeyFile, Scope};
use playhead::analytics::{AnalyticsSettings, AnalyticsState, openapi, router};
use playhead::beacon::session_key;
use playhead::config::{ReadKeysConfig, ReadKeysMode};
use playhead::gate::keys::{KeyKind, NewKey};
use playhead::warehouse::Warehouse;
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// Stands in everything that acme's beacons tell, and nowhere else.
const SECRET: &str = "acmesecret";

/// Keys of both tenants, that open everything: acme's and the other's.
fn keys(folder: &std::path::Path) -> (Access, [String; 2]) {
    let mut file = ReadKeyFile::default();
    let made = ["acme", "other"].map(|tenant| {
        let key = NewKey::make(KeyKind::Read).unwrap();
        file.read_keys.push(ReadKeyEntry {
            id: key.id,
            sha256: key.sha256,
            tenant: tenant.to_owned(),
            name: String::new(),
            scopes: vec![Scope::Admin],
            requests_per_second: NonZeroU32::new(100_000),
            created: String::new(),
            expires: None,
            revoked: None,
        });
        key.text
    });
    let config = ReadKeysConfig {
        mode: ReadKeysMode::Enforce,
        keys_file: folder.join("read-keys.json"),
        ..ReadKeysConfig::default()
    };
    file.write(&config.keys_file).unwrap();
    let access = Access::open(&config, CancellationToken::new()).unwrap();
    (access, made)
}

fn api(warehouse: &Warehouse, access: Access) -> Router {
    let settings = AnalyticsSettings {
        liveness: Duration::from_secs(180),
        refresh: Duration::from_secs(5),
        frozen_after: Duration::from_secs(192 * 3_600),
        max_concurrent_queries: 8,
        query_timeout: Duration::from_secs(60),
        cache_max_bytes: 16 * 1024 * 1024,
    };
    router(AnalyticsState::new(warehouse.clone(), settings).with_access(access))
}

/// A session of a tenant that tells `word` wherever it can tell something.
fn session(tenant: &str, word: &str) -> Vec<Value> {
    let begins_ms = (OffsetDateTime::now_utc().unix_timestamp() - 120) * 1_000;
    let name = format!("{word}-session");
    let told = [(0, 1, 1), (1_000, 1, 2), (20_000, 6, 2), (110_000, 2, 2)];
    let rows = told.iter().enumerate().map(|(seq, (after_ms, event, state))| {
        let at_ms = begins_ms + after_ms;
        packed(json!({
            "tenant": tenant, "session_id": name, "session_key": session_key(tenant, &name), "stream": "json", "seq": seq,
            "seq_is_ordinal": true, "event": event, "state": state, "client_time_ms": at_ms, "sent_time_ms": at_ms,
            "received_time_ms": at_ms, "event_time_ms": at_ms, "device_class": 2,
            "content_id": format!("{word}-title"), "viewer_id": format!("{word}-viewer"), "cdn": format!("{word}-cdn"),
            "app_version": format!("{word}-app"), "error": {"code": format!("{word}-error")},
        }))
    });
    rows.collect()
}

/// What a parameter is filled with, so that an answer would tell something of acme's.
fn value(parameter: &Value) -> String {
    let name = parameter["name"].as_str().unwrap();
    let ids = [
        ("session_id", "session"),
        ("viewer_id", "viewer"),
        ("content_id", "title"),
    ];
    if let Some((_, what)) = ids.iter().find(|(known, _)| *known == name) {
        return format!("{SECRET}-{what}");
    }
    if name == "session_key" {
        return session_key("acme", &format!("{SECRET}-session")).to_string();
    }
    match &parameter["example"] {
        Value::String(example) => example.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// An answer without the parameters that it repeats once, each under its own name.
fn without_what_was_asked(address: &str, answer: String) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let told = |name: &str, value: &str| format!("\"{name}\":\"{value}\"");
    let of_path = path
        .split('/')
        .flat_map(|part| ["session_id", "viewer_id"].map(|name| told(name, part)));
    let of_query =
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| told(&name, &value));
    of_path
        .chain(of_query)
        .fold(answer, |answer, told| answer.replacen(&told, "", 1))
}

/// Addresses of an operation: with what it must have, and with everything that names something.
fn addresses(path: &str, operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let mut path = path.to_owned();
    for parameter in parameters
        .iter()
        .filter(|parameter| parameter["in"] == "path")
    {
        let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
        let value = match parameter["name"].as_str().unwrap() {
            "session_id" | "viewer_id" => value(parameter),
            _ => parameter["example"].as_str().unwrap_or("cdn").to_owned(),
        };
        path = path.replace(&name, &escaped(&value));
    }
    let of_query = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query");
    let written = |parameter: &Value| {
        let name = parameter["name"].as_str().unwrap();
        format!("{name}={}", escaped(&value(parameter)))
    };
    let is_id = |parameter: &Value| value(parameter).contains(SECRET);
    let must: Vec<_> = of_query
        .clone()
        .filter(|parameter| parameter["required"] == true)
        .map(written)
        .collect();
    let more: Vec<_> = of_query
        .filter(|parameter| parameter["required"] == true || is_id(parameter))
        .map(written)
        .collect();
    let mut addresses = vec![format!("{path}?{}", must.join("&"))];
    if more.len() > must.len() {
        addresses.push(format!("{path}?{}", more.join("&")));
    }
    addresses
}

/// Status and text; of a stream what comes within some seconds.
async fn ask(api: &Router, method: &str, address: &str, key: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(address)
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "text/plain");
    let query = "SELECT session_id, viewer_id, content_id, tenant FROM sessions_v";
    let request = request.body(Body::from(query)).unwrap();
    let response = api.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let mut body = response.into_body();
    let mut text = String::new();
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            let bytes = frame.into_data().unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(&bytes));
            if text.contains("event: ") {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(30), reading).await;
    (status, text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_address_tells_one_tenant_of_another() {
    in_database(|warehouse| async move {
        migrate(&warehouse).await;
        let beacons = [session("acme", SECRET), session("other", "own")].concat();
        insert(&warehouse, &beacons).await;
        wait_for_sessions(&warehouse, 2).await;
        let folder = tempfile::tempdir().unwrap();
        let (access, [acme, other]) = keys(folder.path());
        let api = api(&warehouse, access);
        let document = serde_json::to_value(openapi::document()).unwrap();
        let (mut asked, mut telling) = (0, Vec::new());
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                for address in addresses(path, operation) {
                    let method = method.to_uppercase();
                    // Acme's own answer first, so that it is stored when the other asks for the same.
                    let (status, text) = ask(&api, &method, &address, &acme).await;
                    assert!(
                        !status.is_server_error(),
                        "{method} {address}: {status} {text}"
                    );
                    if status.is_success() && text.contains(SECRET) {
                        telling.push(path.clone());
                    }
                    let (status, text) = ask(&api, &method, &address, &other).await;
                    assert!(
                        !status.is_server_error(),
                        "{method} {address}: {status} {text}"
                    );
                    // What the question itself names may be named again, in a refusal or beside an empty answer.
                    let told = without_what_was_asked(&address, text.clone());
                    let is_told = told.contains(SECRET) && status.is_success();
                    assert!(!is_told, "{method} {address} tells: {text}");
                    let (status, _) = ask(&api, &method, &address, "").await;
                    assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {address}");
                    asked += 1;
                }
            }
        }
        assert!(asked >= 11, "{asked}");
        // The same questions do tell acme something, or this test would prove nothing.
        for path in [
            "/v1/sessions",
            "/v1/sessions/{session_id}",
            "/v1/live",
            "/v1/viewers/live",
            "/v1/sql",
            "/v1/streams/live",
        ] {
            assert!(
                telling.iter().any(|told| told == path),
                "{path} tells nothing: {telling:?}"
            );
        }
    })
    .await;
}
