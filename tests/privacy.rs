//! Secrets of viewers, planted at every door, and looked for in all that leaves the gateway: the raw bytes
//! of Kafka, every text column of the warehouse, the log.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::scratch;

use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, brokers, client};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use playhead::warehouse::{Migrator, PlaceholderValues, Placeholders, Warehouse};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

const EMAIL: &str = "jo.planted@mail.example";
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ";
const TOKEN: &str = "tok-planted-4711";
const VIEWER: &str = "viewer-planted-4711";
const DEVICE: &str = "device-planted-4711";
const ADVERTISING: &str = "idfa-planted-4711";
const ADDRESS: &str = "198.51.100.77";
const KEY: &str = "hash-key-planted-0123456789abcdef0123456789";
/// The whole of each, and enough of it to be recognised by.
const PLANTED: [&str; 9] = [
    EMAIL,
    "jo.planted",
    JWT,
    "c2lnbmF0dXJlLXBsYW50ZWQ",
    TOKEN,
    VIEWER,
    DEVICE,
    ADDRESS,
    KEY,
];

/// What a player says of a failed request.
fn message() -> String {
    format!(
        "403 for {EMAIL}: https://u:{TOKEN}@cdn.example/a.m4s?sig={TOKEN}#{TOKEN} authorization: Bearer {TOKEN}x {JWT} password={TOKEN}"
    )
}

fn native(session: &str) -> Value {
    json!({
        "session_id": session, "event": "error", "seq": 0, "viewer_id": VIEWER, "device_id": DEVICE,
        "account_id": VIEWER, "profile_id": VIEWER,
        "error": {"code": "E1", "message": message(), "fatal": true},
        "tags": {"page": format!("https://tv.example/?token={TOKEN}"), "note": message(),
            EMAIL: "x", "client_address": ADDRESS},
        "app_config": {"licence": format!("token={TOKEN}")},
    })
}

/// Percent-encoded for a query.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A request of each door, each with a session of the door's name.
fn requests(gateway: &Gateway) -> Vec<(&'static str, RequestBuilder)> {
    let post = |path: &str, body: String| client().post(gateway.url(path)).body(body);
    let get = |path: String| client().get(gateway.url(&path));
    let quoted = message().replace('"', "");
    let schema = |name: &str| format!("iglu:com.snowplowanalytics.snowplow{name}/jsonschema/1-0-0");
    let snowplow_event = json!({
        "e": "ue", "eid": "5a1", "tv": "js", "p": "web", "uid": VIEWER, "duid": DEVICE,
        "url": format!("https://tv.example/?token={TOKEN}"), "dtm": "1795258402000",
        "ue_pr": json!({"schema": schema("/unstruct_event"), "data": {
            "schema": schema(".media/error_event"),
            "data": {"errorCode": "E1", "errorDescription": message()}}}).to_string(),
        "co": json!({"schema": schema("/contexts"), "data": [
            {"schema": schema(".media/session"), "data": {"mediaSessionId": "snowplow"}},
            {"schema": "iglu:com.acme/user/jsonschema/1-0-0", "data": {"mail": EMAIL, "note": message()}},
        ]}).to_string(),
    });
    let snowplow = json!({
        "schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
        "data": [snowplow_event],
    });
    let record = STANDARD.encode(native("firehose").to_string());
    let delivery = json!({"requestId": "r", "timestamp": 1_795_258_402_000_i64, "records": [{"data": record}]});
    let epas = json!({
        "event": "error", "sessionId": "epas", "timestamp": 1_795_258_402_000_i64,
        "userId": VIEWER, "deviceId": DEVICE,
        "payload": {"code": "E1", "message": message(), "mail": EMAIL,
            "contentUrl": format!("https://cdn.example/a?token={TOKEN}")},
    });
    let cmcd = format!(
        "cen=\"{quoted}\",cid=\"https://cdn.example/a?token={TOKEN}\",com.example-mail=\"{EMAIL}\",e=ce,mail=\"{EMAIL}\",nor=(\"a.m4s?token={TOKEN}\"),sid=\"cmcd\",sn=0,ts=1795258402000,url=\"https://cdn.example/a?token={TOKEN}\",v=2\n"
    );
    let requested = format!("com.example-note=\"{EMAIL}\",sid=\"cmcd_request\",sn=0");
    vec![
        ("json", post("/v1/beacons", native("json").to_string())),
        (
            "pixel",
            get(format!(
                "/v1/pixel.gif?session_id=pixel&event=error&seq=0&viewer_id={VIEWER}&error.message={}&tags.mail={}",
                encoded(&message()),
                encoded(EMAIL)
            )),
        ),
        ("cmcd", post("/v1/cmcd", cmcd)),
        (
            "cmcd_request",
            get(format!(
                "/v1/cmcd/request?CMCD={}&ts=1795258402000&url={}",
                encoded(&requested),
                encoded(&format!("https://cdn.example/a?token={TOKEN}"))
            )),
        ),
        ("epas", post("/v1/epas", epas.to_string())),
        (
            "snowplow",
            post("/com.snowplowanalytics.snowplow/tp2", snowplow.to_string()),
        ),
        ("firehose", post("/v1/firehose", delivery.to_string())),
        // What cannot be read or is refused holds them as well.
        (
            "",
            post(
                "/v1/beacons",
                format!("{}\n{{\"broken\": {JWT}", native("lines")),
            ),
        ),
        (
            "",
            post(
                "/v1/beacons",
                format!(
                    "{{\"session_id\":\"{VIEWER}\",\"event\":\"play_state\",\"state\":\"{TOKEN}\"}}"
                ),
            ),
        ),
        ("", post("/v1/cmcd", format!("{TOKEN}=,,\n"))),
    ]
}

fn holds(text: &[u8], secret: &str) -> bool {
    text.windows(secret.len())
        .any(|part| part == secret.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_planted_leaves_the_gateway() {
    let topic = Topic::create(brokers(), 1).await;
    scratch::in_database(|warehouse| async move {
        migrate(&warehouse, &topic).await;
        let keys = format!("2026-01-01 {KEY}");
        let gateway = Gateway::start(
            &topic,
            &[
                ("KAFKA__LINGER_MS", "5"),
                ("PRIVACY__IDS", "hash"),
                ("PRIVACY__HASH_KEYS", &keys),
                ("HTTP__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#),
                ("LOG__FILTER", "debug,hyper=info"),
            ],
        );
        let mut sessions = Vec::new();
        for (session, request) in requests(&gateway) {
            let sent = request.header("x-forwarded-for", ADDRESS).send().await.unwrap();
            if !session.is_empty() {
                assert!(sent.status().is_success(), "{session}: {}", sent.status());
                sessions.push(session);
            }
        }
        let messages = topic.messages();
        for secret in PLANTED {
            let found = messages.iter().any(|message| holds(message, secret));
            assert!(!found, "{secret} is in Kafka: {:#?}", topic.beacons());
            assert!(!gateway.logged().contains(secret), "{secret} is in the log");
        }
        // They were there to be found: every door's beacon came through, with what stands in their place.
        let beacons = topic.beacons();
        for session in sessions {
            let beacon = beacons.iter().find(|beacon| beacon.session_id() == session);
            let beacon = beacon.unwrap_or_else(|| panic!("{session} is not in Kafka"));
            if session != "cmcd" && session != "cmcd_request" {
                // EPAS names the viewer in other events.
                let is_hashed = beacon.viewer_id().starts_with("20260101.");
                assert!(is_hashed || session == "epas", "{beacon:?}");
                assert!(beacon.error["message"].contains("[email]"), "{beacon:?}");
            }
        }
        let json = beacons.iter().find(|beacon| beacon.session_id() == "json").unwrap();
        assert_eq!(json.tags["client_address"], "198.51.100.0/24");
        // The same viewer at two doors, and another field of the same text.
        let firehose = beacons.iter().find(|beacon| beacon.session_id() == "firehose");
        assert_eq!(json.viewer_id, firehose.unwrap().viewer_id);
        assert_ne!(json.viewer_id, json.account_id);

        wait_for_rows(&warehouse, beacons.len()).await;
        let texts = text_columns(&warehouse).await;
        assert!(texts.len() > 20, "{texts:?}");
        for (table, column) in texts {
            for secret in PLANTED {
                let sql = format!(
                    "SELECT count()::UInt32 AS found FROM `{table}` WHERE position(toString(`{column}`), '{secret}') > 0"
                );
                let found = rows(&warehouse, &sql).await;
                assert_eq!(found[0]["found"], 0, "{secret} is in {table}.{column}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_not_to_be_sold_is_spared() {
    let topic = Topic::create(brokers(), 1).await;
    let tenants = [
        ("KAFKA__LINGER_MS", "5"),
        ("HTTP__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#),
    ];
    let send = async |gateway: &Gateway, session: &str| {
        let mut beacon = native(session);
        beacon["tags"] = json!({"idfa": ADVERTISING, "firmware": "7"});
        let sent = client()
            .post(gateway.url("/v1/beacons"))
            .header("sec-gpc", "1")
            .header("x-forwarded-for", ADDRESS)
            .body(beacon.to_string())
            .send();
        assert_eq!(sent.await.unwrap().status(), 200);
    };
    let limited = Gateway::start(&topic, &tenants);
    send(&limited, "limited").await;
    let anonymous = Gateway::start(
        &topic,
        &[&tenants[..], &[("PRIVACY__GPC", "anonymous")]].concat(),
    );
    send(&anonymous, "anonymous").await;
    let marked = Gateway::start(
        &topic,
        &[&tenants[..], &[("PRIVACY__GPC", "mark")]].concat(),
    );
    send(&marked, "marked").await;

    let beacons = topic.beacons();
    let told = |session: &str| {
        let beacon = beacons
            .iter()
            .find(|beacon| beacon.session_id() == session)
            .unwrap();
        assert_eq!(beacon.privacy_gpc, Some(true));
        (
            beacon.tags.keys().map(String::as_str).collect::<Vec<_>>(),
            beacon.viewer_id.is_some(),
            beacon.device_id.is_some(),
        )
    };
    assert_eq!(told("limited"), (vec!["firmware"], true, true));
    assert_eq!(told("anonymous"), (vec!["firmware"], false, false));
    assert_eq!(
        told("marked"),
        (vec!["client_address", "firmware", "idfa"], true, true)
    );

    let page = client()
        .get(limited.url("/.well-known/gpc.json"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.headers()["content-type"], "application/json");
    let page: Value = page.json().await.unwrap();
    assert_eq!(page["gpc"], true);
    assert!(page["lastUpdate"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenant_has_its_own_policy_and_the_default_is_for_the_others() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let make = |tenant: &str| {
        let made = Command::new(env!("CARGO_BIN_EXE_playhead"))
            .args(["keys", "make", "--tenant", tenant, "--file"])
            .arg(&file)
            .output();
        let key = String::from_utf8(made.unwrap().stdout).unwrap();
        key.trim().to_owned()
    };
    let (strict, open) = (make("strict"), make("open"));
    let keys = format!("2026-01-01 {KEY}");
    let settings = [
        ("KAFKA__LINGER_MS", "5"),
        ("HTTP__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#),
        ("GATE__MODE", "enforce"),
        ("GATE__KEYS_FILE", file.to_str().unwrap()),
        ("PRIVACY__HASH_KEYS", &keys),
        ("PRIVACY__TENANTS__STRICT__IDS", "hash"),
        ("PRIVACY__TENANTS__STRICT__CLIENT_ADDRESS", "none"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    // Whatever a tenant's own players say of their address, and of another tenant.
    let send = async |session: &str, key: &str| {
        let mut beacon = native(session);
        beacon["tenant"] = json!("open");
        let sent = client()
            .post(gateway.url("/v1/beacons"))
            .header("x-playhead-key", key)
            .header("x-forwarded-for", ADDRESS)
            .body(beacon.to_string())
            .send();
        assert_eq!(sent.await.unwrap().status(), 200);
    };

    send("of strict", &strict).await;
    let messages = topic.messages();
    assert_eq!(messages.len(), 1);
    let network = "198.51.100.";
    for secret in [VIEWER, DEVICE, ADDRESS, network, TOKEN, EMAIL, KEY] {
        let found = messages.iter().any(|message| holds(message, secret));
        assert!(!found, "{secret} is in Kafka: {:#?}", topic.beacons());
    }

    send("of open", &open).await;
    // Of messages in one partition, the later one comes last.
    let messages = topic.messages();
    assert_eq!(messages.len(), 2);
    for kept in [VIEWER, DEVICE, "198.51.100.0/24"] {
        assert!(holds(&messages[1], kept), "{kept}: {:#?}", topic.beacons());
    }
    for secret in [ADDRESS, TOKEN, EMAIL, KEY] {
        assert!(!holds(&messages[1], secret), "{secret} is in Kafka");
    }

    let beacons = topic.beacons();
    let of = |session: &str| {
        let beacon = beacons.iter().find(|b| b.session_id() == session);
        beacon.unwrap()
    };
    let (strict, open) = (of("of strict"), of("of open"));
    assert_eq!((strict.tenant(), open.tenant()), ("strict", "open"));
    for id in [
        &strict.viewer_id,
        &strict.device_id,
        &strict.account_id,
        &strict.profile_id,
    ] {
        assert!(id.as_deref().unwrap().starts_with("20260101."), "{id:?}");
    }
    assert!(!strict.tags.contains_key("client_address"));
    assert_eq!(open.viewer_id(), VIEWER);
    assert_eq!(open.tags["client_address"], "198.51.100.0/24");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_used_from_its_day_on_and_can_be_joined_with_the_former() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hash_keys");
    let (old, new) = ("o".repeat(32), "n".repeat(32));
    std::fs::write(&file, format!("2026-01-01 {old}\n")).unwrap();
    let gateway = Gateway::start(
        &topic,
        &[
            ("KAFKA__LINGER_MS", "5"),
            ("PRIVACY__IDS", "hash"),
            ("PRIVACY__HASH_KEYS_FILE", file.to_str().unwrap()),
        ],
    );
    let send = async |session: &str| {
        let request = client().post(gateway.url("/v1/beacons"));
        let sent = request
            .body(native(session).to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), 200);
    };
    send("before").await;
    let today = time::OffsetDateTime::now_utc().date();
    let written = file.with_extension("new");
    let day = format!(
        "{:04}-{:02}-{:02}",
        today.year(),
        u8::from(today.month()),
        today.day()
    );
    std::fs::write(&written, format!("2026-01-01 {old}\n{day} {new}\n")).unwrap();
    std::fs::rename(&written, &file).unwrap();
    let began = Instant::now();
    let label = "file=\"hash_keys\",outcome=\"used\"";
    while gateway.metric("playhead_file_reloads_total", label).await == 0 {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "the file is not read again"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    send("after").await;
    let beacons = topic.beacons();
    let of = |session: &str| {
        beacons
            .iter()
            .find(|beacon| beacon.session_id() == session)
            .unwrap()
    };
    let (before, after) = (of("before"), of("after"));
    assert!(before.viewer_id().starts_with("20260101."));
    assert!(after.viewer_id().starts_with(&day.replace('-', "")));
    assert_eq!(after.tags["former_viewer_id"], before.viewer_id());
    assert_eq!(after.tags["former_device_id"], before.device_id());
    assert!(!before.tags.contains_key("former_viewer_id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hashes_without_a_key_are_a_reason_not_to_start() {
    let topic = Topic::missing(brokers());
    let (status, log) = Gateway::fail(&topic, &[("PRIVACY__IDS", "hash")]);
    assert!(
        !status.success() && log.contains("privacy.hash_keys_file"),
        "{log}"
    );
    let short = [
        ("PRIVACY__IDS", "hash"),
        ("PRIVACY__HASH_KEYS", "2026-01-01 hunter2"),
    ];
    let (status, log) = Gateway::fail(&topic, &short);
    assert!(
        !status.success() && log.contains("fewer than 32 bytes"),
        "{log}"
    );
    assert!(!log.contains("hunter2"), "{log}");
}

async fn migrate(warehouse: &Warehouse, topic: &Topic) {
    let placeholders = Placeholders::new(PlaceholderValues {
        kafka_brokers: topic.brokers.clone(),
        kafka_topic: topic.name.clone(),
        kafka_group: topic.name.clone(),
        kafka_consumers: 1,
        liveness_seconds: 90,
        heartbeat_ms: 30_000,
        refresh_seconds: 5,
        frozen_after_hours: 192,
        replicated: false,
        all: String::new(),
    })
    .unwrap();
    let migrator = Migrator::embedded(warehouse, &placeholders);
    migrator.run(|_| {}).await.unwrap();
}

async fn rows(warehouse: &Warehouse, sql: &str) -> Vec<Value> {
    let bytes = warehouse.bytes(warehouse.query(sql), "JSONEachRow").await;
    let text = String::from_utf8(bytes.unwrap()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn wait_for_rows(warehouse: &Warehouse, count: usize) {
    let began = Instant::now();
    loop {
        let found = rows(warehouse, "SELECT count()::UInt32 AS found FROM beacons_v").await;
        if found[0]["found"] == count {
            return;
        }
        assert!(
            began.elapsed() < Duration::from_secs(90),
            "{found:?} of {count} beacons"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Every column of a stored table that may hold text, the dead letters among them.
async fn text_columns(warehouse: &Warehouse) -> Vec<(String, String)> {
    let sql = "SELECT c.table AS table, c.name AS name FROM system.columns AS c \
        INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table \
        WHERE c.database = currentDatabase() AND t.engine LIKE '%MergeTree' \
        AND c.type LIKE '%String%' AND c.type NOT LIKE 'AggregateFunction%'";
    let found = rows(warehouse, sql).await;
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    found
        .iter()
        .map(|row| (text(row, "table"), text(row, "name")))
        .collect()
}
