//! Write keys on the real gateway: made, shown at every door, revoked while it runs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, answer, brokers, client, heartbeat};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

/// A file of keys, and the command that changes it.
struct Keys {
    folder: tempfile::TempDir,
}

impl Keys {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_playhead"))
            .arg("keys")
            .args(arguments)
            .arg("--file")
            .arg(self.path())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// The text of a new key of tenant acme.
    fn make(&self, arguments: &[&str]) -> String {
        let (is_done, key, told) = self.run(&[&["make", "--tenant", "acme"], arguments].concat());
        assert!(is_done, "{told}");
        key.trim().to_owned()
    }

    fn start(&self, topic: &Topic, mode: &str, settings: &[(&str, &str)]) -> Gateway {
        let path = self.path();
        let own = [
            ("GATE__MODE", mode),
            ("GATE__KEYS_FILE", path.to_str().unwrap()),
            ("GATE__KEYS_RELOAD_MS", "100"),
            ("KAFKA__LINGER_MS", "5"),
        ];
        Gateway::start(topic, &[own.as_slice(), settings].concat())
    }
}

async fn topic() -> Topic {
    Topic::create(brokers(), 1).await
}

fn post(gateway: &Gateway, path: &str, key: &str) -> RequestBuilder {
    let request = client().post(gateway.url(path));
    let request = request.body(heartbeat("s", 0).to_string());
    if key.is_empty() {
        request
    } else {
        request.header("x-playhead-key", key)
    }
}

/// Status and reason of an answer.
async fn reason(request: RequestBuilder) -> (u16, String) {
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    (
        status,
        body["reason"].as_str().unwrap_or_default().to_owned(),
    )
}

/// Asks until the answer has this status.
async fn until(status: u16, ask: impl AsyncFn() -> (u16, String)) -> String {
    let began = Instant::now();
    loop {
        let (answered, reason) = ask().await;
        if answered == status {
            return reason;
        }
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{answered} {reason}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_key_lets_its_tenant_in_until_it_is_revoked() {
    let (topic, keys) = (topic().await, Keys::new());
    let key = keys.make(&["--name", "web player"]);
    let other = keys.make(&["--name", "tv"]);
    let gateway = keys.start(&topic, "enforce", &[]);
    let unknown = format!("{}x", &key[..key.len() - 1]);
    for (shown, expected) in [
        ("", "missing_key"),
        (&*unknown, "unknown_key"),
        ("hunter2", "unknown_key"),
    ] {
        let (status, told) = reason(post(&gateway, "/v1/beacons", shown)).await;
        assert_eq!((status, told.as_str()), (401, expected));
    }
    let by_header = reason(post(&gateway, "/v1/beacons", &key)).await;
    let by_address = reason(post(&gateway, &format!("/v1/beacons?key={key}"), "")).await;
    assert_eq!((by_header.0, by_address.0), (200, 200));
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 2);
    for beacon in &beacons {
        assert_eq!(beacon.tenant(), "acme");
        assert_eq!(
            beacon.session_key(),
            playhead::beacon::session_key("acme", "s")
        );
    }

    let (is_done, told, _) = keys.run(&["revoke", &key[..12]]);
    assert!(is_done && told.contains("is revoked"), "{told}");
    let ask = async || reason(post(&gateway, "/v1/beacons", &key)).await;
    assert_eq!(until(403, ask).await, "revoked_key");
    assert_eq!(reason(post(&gateway, "/v1/beacons", &other)).await.0, 200);

    // A new key counts without a restart as well.
    let third = keys.make(&[]);
    until(200, async || {
        reason(post(&gateway, "/v1/beacons", &third)).await
    })
    .await;

    // A broken file changes nothing, and says so.
    std::fs::write(keys.path(), "{\"version\":1,").unwrap();
    let began = Instant::now();
    while gateway
        .metric("playhead_file_reloads_total", "outcome=\"unusable\"")
        .await
        == 0
    {
        assert!(began.elapsed() < Duration::from_secs(10), "nobody noticed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(reason(post(&gateway, "/v1/beacons", &other)).await.0, 200);
    assert_eq!(reason(post(&gateway, "/v1/beacons", &key)).await.0, 403);
    let log = gateway.logged();
    assert!(log.contains("the former ones stay in force"), "{log}");
    for secret in [&key, &other, &third, &unknown] {
        assert!(!log.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn keys_are_listed_without_their_secrets_and_kept_as_digests() {
    let keys = Keys::new();
    let key = keys.make(&[
        "--name",
        "web",
        "--door",
        "cmcd_request",
        "--origin",
        "https://*.acme.example",
        "--app-id",
        "acme-web",
        "--beacons-per-second",
        "50",
    ]);
    let (_, table, _) = keys.run(&["list"]);
    let line = table.lines().nth(1).unwrap();
    for part in [
        &key[..12],
        "acme",
        "active",
        "50",
        "web",
        "cmcd_request",
        "https://*.acme.example",
        "acme-web",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!table.contains(&key));
    let (_, listed, _) = keys.run(&["list", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed[0]["doors"], json!(["cmcd_request"]));
    let file = std::fs::read_to_string(keys.path()).unwrap();
    assert!(!file.contains(&key) && file.contains("sha256"));

    for (arguments, expected) in [
        (&["revoke", "phw_nothing"][..], "there is no such key"),
        (&["make", "--tenant", ""], "the tenant"),
        (
            &["make", "--tenant", "acme", "--app-id", "acme-web"],
            "belongs to another key",
        ),
        (
            &["make", "--tenant", "acme", "--origin", "tv.example"],
            "is no origin",
        ),
        (
            &["make", "--tenant", "acme", "--burst-beacons", "5"],
            "--beacons-per-second",
        ),
    ] {
        let (is_done, _, told) = keys.run(arguments);
        assert!(!is_done && told.contains(expected), "{arguments:?}: {told}");
    }
    // What was refused left the file as it was.
    assert_eq!(std::fs::read_to_string(keys.path()).unwrap(), file);
}

#[tokio::test]
async fn many_commands_at_once_lose_no_key() {
    let keys = std::sync::Arc::new(Keys::new());
    let makers: Vec<_> = (0..12)
        .map(|_| {
            std::thread::spawn({
                let keys = keys.clone();
                move || keys.make(&[])
            })
        })
        .collect();
    let made: Vec<String> = makers
        .into_iter()
        .map(|maker| maker.join().unwrap())
        .collect();
    let (_, table, _) = keys.run(&["list"]);
    for key in made {
        assert!(table.contains(&key[..12]), "{table}");
    }
}

/// One request at every door, with this key in the address.
fn doors(gateway: &Gateway, key: &str) -> Vec<(&'static str, RequestBuilder)> {
    let post = |path: &str, body: String| {
        client()
            .post(gateway.url(&format!("{path}?key={key}")))
            .body(body)
    };
    let get = |path: &str| client().get(gateway.url(&format!("{path}&key={key}")));
    let event = json!({"e": "ue", "eid": "1", "aid": "web", "dtm": "1795258402000", "sid": "s",
        "ue_pr": "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":{\"schema\":\"iglu:com.snowplowanalytics.snowplow.media/ping_event/jsonschema/1-0-0\",\"data\":{}}}"});
    let payload = json!({"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4", "data": [event]});
    let record = STANDARD.encode(heartbeat("s", 0).to_string());
    let delivery = json!({"requestId": "r", "timestamp": 1_795_258_402_000_i64, "records": [{"data": record}]});
    vec![
        ("native", post("/v1/beacons", heartbeat("s", 0).to_string())),
        (
            "pixel",
            get("/v1/pixel.gif?session_id=s&event=heartbeat&seq=0"),
        ),
        (
            "cmcd",
            post(
                "/v1/cmcd",
                "e=t,sid=\"s\",sn=0,ts=1795258402000,v=2\n".into(),
            ),
        ),
        (
            "cmcd get",
            get("/v1/cmcd?CMCD=e%3Dt%2Csid%3D%22s%22%2Csn%3D0"),
        ),
        (
            "cmcd request",
            get("/v1/cmcd/request?CMCD=sid%3D%22s%22%2Csn%3D0"),
        ),
        (
            "epas",
            post(
                "/v1/epas",
                r#"{"event":"heartbeat","sessionId":"s","timestamp":1795258402000}"#.into(),
            ),
        ),
        (
            "snowplow",
            post("/com.snowplowanalytics.snowplow/tp2", payload.to_string()),
        ),
        (
            "snowplow get",
            get("/i?e=ue&aid=web&sid=s&eid=1&dtm=1795258402000"),
        ),
        ("firehose", post("/v1/firehose", delivery.to_string())),
    ]
}

#[tokio::test]
async fn every_door_tells_an_unknown_key_as_its_clients_understand_it() {
    let (topic, keys) = (topic().await, Keys::new());
    keys.make(&[]);
    let gateway = keys.start(&topic, "enforce", &[]);
    let requests = doors(&gateway, "nobody");
    let count = requests.len() as u64;
    for (door, request) in requests {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let header = |response: &Response, name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let told = header(&response, "x-playhead-reason");
        let body = response.bytes().await.unwrap();
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        match door {
            // dash.js repeats for ever whatever is not 2xx.
            "cmcd" => {
                assert_eq!((status, told.as_deref()), (200, Some("unknown_key")));
                assert_eq!(json["reason"], "unknown_key");
            }
            "pixel" | "snowplow get" => {
                assert_eq!(
                    (status, told.as_deref()),
                    (401, Some("unknown_key")),
                    "{door}"
                );
                assert!(body.starts_with(b"GIF89a"));
            }
            "epas" => {
                assert_eq!((status, &json["valid"]), (401, &json!(false)));
                assert_eq!(json["reason"], "unknown_key");
            }
            "firehose" => {
                assert_eq!(status, 401);
                assert!(json["errorMessage"].is_string(), "{json}");
            }
            _ => assert_eq!(
                (status, &json["reason"]),
                (401, &json!("unknown_key")),
                "{door}"
            ),
        }
    }
    let refused = gateway
        .metric("playhead_requests_refused_total", "reason=\"unknown_key\"")
        .await;
    assert_eq!(refused, count);
    assert_eq!(gateway.metric("playhead_beacons_total", "").await, 0);
    assert!(topic.beacons().is_empty());
}

#[tokio::test]
async fn every_door_takes_a_key_and_knows_its_tenant() {
    let (topic, keys) = (topic().await, Keys::new());
    let key = keys.make(&[]);
    let gateway = keys.start(&topic, "enforce", &[]);
    for (door, request) in doors(&gateway, &key) {
        let response = request.send().await.unwrap();
        assert!(
            response.status().is_success(),
            "{door}: {}",
            response.status()
        );
    }
    let beacons = topic.beacons();
    // A page view by `GET /i` belongs to no playback, unless it names a session.
    assert!(beacons.len() >= 8, "{}", beacons.len());
    assert!(beacons.iter().all(|beacon| beacon.tenant() == "acme"));
}

#[tokio::test]
async fn what_comes_with_a_key_of_tests_is_marked_at_every_door_and_counted_as_left_out() {
    let (topic, keys) = (topic().await, Keys::new());
    let (real, test) = (keys.make(&[]), keys.make(&["--test", "--name", "lab"]));
    let (_, table, _) = keys.run(&["list"]);
    let line = |key: &str| {
        let line = table.lines().find(|line| line.contains(&key[..12]));
        line.unwrap().to_owned()
    };
    assert!(line(&test).contains("lab, test"), "{table}");
    assert!(!line(&real).contains("test"), "{table}");
    let (_, listed, _) = keys.run(&["list", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(
        (listed[0].get("is_test"), &listed[1]["is_test"]),
        (None, &json!(true))
    );
    let (is_made, _, _) = keys.run(&["make", "--tenant", "acme", "--test", "--read"]);
    assert!(!is_made);

    let gateway = keys.start(&topic, "enforce", &[]);
    for (door, request) in doors(&gateway, &test) {
        let status = request.send().await.unwrap().status();
        assert!(status.is_success(), "{door}: {status}");
    }
    let on_test = topic.beacons();
    assert!(on_test.len() >= 8, "{}", on_test.len());
    for beacon in &on_test {
        assert!(beacon.is_test(), "{beacon:?}");
    }
    for (_, request) in doors(&gateway, &real) {
        request.send().await.unwrap();
    }
    // A robot with a key of players.
    let robot = post(&gateway, "/v1/beacons", &real).header("user-agent", "ExampleBot/1.0");
    assert_eq!(robot.send().await.unwrap().status(), 200);
    let beacons = topic.beacons();
    let marked = beacons.iter().filter(|beacon| beacon.is_test()).count();
    assert_eq!(
        (beacons.len(), marked),
        (2 * on_test.len() + 1, on_test.len())
    );
    let left_out = async |label: &str| {
        let name = "playhead_beacons_unpublished_total";
        gateway.metric(name, label).await
    };
    assert_eq!(left_out("why=\"test\"").await, on_test.len() as u64);
    assert_eq!(left_out("why=\"bot\"").await, 1);
}

#[tokio::test]
async fn trackers_are_known_by_their_application_and_firehose_by_its_access_key() {
    let (topic, keys) = (topic().await, Keys::new());
    let key = keys.make(&[
        "--app-id", "web", "--door", "snowplow", "--door", "firehose",
    ]);
    let gateway = keys.start(
        &topic,
        "enforce",
        &[("FIREHOSE__ACCESS_KEYS", "[\"configured\"]")],
    );
    let without = doors(&gateway, "");
    for (door, request) in without {
        let status = request.send().await.unwrap().status().as_u16();
        let expected = match door {
            "snowplow" | "snowplow get" | "cmcd" => 200,
            _ => 401,
        };
        assert_eq!(status, expected, "{door}");
    }
    let delivery = || doors(&gateway, "").pop().unwrap().1;
    let with = async |access: &str| {
        let request = delivery().header("x-amz-firehose-access-key", access);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(
        (
            with("configured").await,
            with(&key).await,
            with("else").await
        ),
        (200, 200, 401)
    );
    let tenants: Vec<String> = topic
        .beacons()
        .iter()
        .filter(|b| b.stream().starts_with("firehose"))
        .map(|b| b.tenant().to_owned())
        .collect();
    assert_eq!(tenants, ["default", "acme"]);
}

#[tokio::test]
async fn a_key_is_good_for_its_doors_and_pages_only() {
    let (topic, keys) = (topic().await, Keys::new());
    let key = keys.make(&[
        "--door",
        "native",
        "--door",
        "pixel",
        "--origin",
        "https://tv.example",
    ]);
    let gateway = keys.start(&topic, "enforce", &[]);
    let from = async |origin: &str| {
        reason(post(&gateway, "/v1/beacons", &key).header("origin", origin)).await
    };
    assert_eq!(from("https://tv.example").await.0, 200);
    for other in ["https://evil.example", "null"] {
        assert_eq!(from(other).await, (403, "origin_not_allowed".to_owned()));
    }
    assert_eq!(
        reason(post(&gateway, "/v1/beacons", &key)).await.1,
        "origin_not_allowed"
    );
    let epas = post(&gateway, "/v1/epas", &key).header("origin", "https://tv.example");
    assert_eq!(reason(epas).await, (403, "door_not_allowed".to_owned()));
    let pixel = client()
        .get(gateway.url(&format!(
            "/v1/pixel.gif?session_id=s&event=heartbeat&seq=1&key={key}"
        )))
        .header("referer", "https://tv.example/watch/7");
    assert_eq!(pixel.send().await.unwrap().status(), 200);
    // A page reads why it was refused, and when to come again.
    let refused = post(&gateway, "/v1/beacons", "nobody").header("origin", "https://tv.example");
    let response = refused.send().await.unwrap();
    assert_eq!(
        response.headers()["access-control-allow-origin"],
        "https://tv.example"
    );
    let exposed = response.headers()["access-control-expose-headers"]
        .to_str()
        .unwrap();
    assert!(
        exposed.contains("retry-after") && exposed.contains("x-playhead-reason"),
        "{exposed}"
    );
}

#[tokio::test]
async fn a_dry_run_takes_everything_and_tells_what_it_would_refuse() {
    let (topic, keys) = (topic().await, Keys::new());
    let key = keys.make(&["--beacons-per-second", "1", "--burst-beacons", "1"]);
    let gateway = keys.start(&topic, "dry_run", &[]);
    for shown in ["", "hunter2-is-a-secret", &key, &key, &key] {
        assert_eq!(
            reason(post(&gateway, "/v1/beacons", shown)).await.0,
            200,
            "{shown}"
        );
    }
    let would = async |reason: &str| {
        let label = format!("reason=\"{reason}\"");
        gateway
            .metric("playhead_requests_would_be_refused_total", &label)
            .await
    };
    assert_eq!(
        (would("missing_key").await, would("unknown_key").await),
        (1, 1)
    );
    assert!(would("over_quota").await >= 1);
    assert_eq!(
        gateway.metric("playhead_requests_refused_total", "").await,
        0
    );
    let mut tenants: Vec<String> = topic
        .beacons()
        .iter()
        .map(|b| b.tenant().to_owned())
        .collect();
    tenants.sort_unstable();
    assert_eq!(tenants, ["acme", "acme", "acme", "default", "default"]);
    let log = gateway.logged();
    assert!(log.contains("hunt...") && !log.contains("hunter2"), "{log}");
}

#[tokio::test]
async fn without_its_keys_a_gateway_does_not_start() {
    let topic = topic().await;
    let settings = [
        ("GATE__MODE", "enforce"),
        ("GATE__KEYS_FILE", "/nowhere/keys.json"),
    ];
    let (status, told) = Gateway::fail(&topic, &settings);
    assert!(!status.success());
    assert!(
        told.contains("the write keys in /nowhere/keys.json cannot be used"),
        "{told}"
    );
    assert!(!Path::new("/nowhere").exists());
}

#[tokio::test]
async fn a_key_brings_what_its_quota_allows_and_is_told_when_to_come_again() {
    let (topic, keys) = (topic().await, Keys::new());
    let key = keys.make(&["--beacons-per-second", "10", "--burst-beacons", "30"]);
    let free = keys.make(&[]);
    let gateway = keys.start(&topic, "enforce", &[]);
    let batch = |key: &str, from: u64| {
        let beacons: Vec<Value> = (from..from + 20).map(|seq| heartbeat("s", seq)).collect();
        client()
            .post(gateway.url("/v1/beacons"))
            .header("x-playhead-key", key)
            .body(json!(beacons).to_string())
            .send()
    };
    assert_eq!(batch(&key, 0).await.unwrap().status(), 200);
    let refused = batch(&key, 20).await.unwrap();
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    let (_, _, problem) = answer(refused).await;
    assert_eq!(problem["reason"], "over_quota");
    assert_eq!(batch(&free, 0).await.unwrap().status(), 200);
    tokio::time::sleep(Duration::from_secs(wait)).await;
    assert_eq!(batch(&key, 20).await.unwrap().status(), 200);
    let count = async |label: &str| gateway.metric("playhead_beacons_total", label).await;
    assert_eq!(count("reason=\"over_quota\"").await, 20);
    assert_eq!(
        (count("outcome=\"accepted\"").await, count("").await),
        (60, 80)
    );
}

#[tokio::test]
async fn a_queue_of_more_than_the_quota_ever_holds_comes_in_some_day() {
    let (topic, keys) = (topic().await, Keys::new());
    let key = keys.make(&["--beacons-per-second", "10", "--burst-beacons", "30"]);
    let gateway = keys.start(&topic, "enforce", &[]);
    let lines: String = (0..1_500)
        .map(|sn| format!("e=t,sid=\"s\",sn={sn},ts=1795258402000,v=2\n"))
        .collect();
    let send = || {
        let url = gateway.url(&format!("/v1/cmcd?key={key}"));
        client().post(url).body(lines.clone()).send()
    };
    assert_eq!(send().await.unwrap().status(), 204);
    assert_eq!(send().await.unwrap().status(), 429);
    let count = async |label: &str| gateway.metric("playhead_beacons_total", label).await;
    assert_eq!(
        (
            count("outcome=\"accepted\"").await,
            count("reason=\"over_quota\"").await,
            count("").await
        ),
        (1_500, 1_500, 3_000)
    );
}

#[tokio::test]
async fn a_client_that_asks_too_often_is_told_to_wait_and_others_are_not() {
    let topic = topic().await;
    let settings = [
        ("GATE__CLIENT_REQUESTS_PER_SECOND", "1"),
        ("GATE__CLIENT_BURST_REQUESTS", "3"),
        ("HTTP__TRUSTED_PROXIES", "[\"127.0.0.0/8\"]"),
        ("KAFKA__LINGER_MS", "5"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let from = async |client: &str| {
        let request = post(&gateway, "/v1/beacons", "").header("x-forwarded-for", client);
        let response = request.send().await.unwrap();
        let has_time = response.headers().contains_key("retry-after");
        assert_eq!(has_time, response.status() == 429);
        response.status().as_u16()
    };
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(from("198.51.100.1").await);
    }
    assert_eq!(&statuses[..3], [200, 200, 200]);
    assert!(
        statuses.iter().filter(|status| **status == 429).count() >= 3,
        "{statuses:?}"
    );
    // Another client behind the same proxy; what a client writes before the proxy's word is nothing.
    assert_eq!(from("198.51.100.2").await, 200);
    let mut forged = Vec::new();
    for _ in 0..3 {
        forged.push(from("198.51.100.9, 198.51.100.1").await);
    }
    assert!(forged.contains(&429), "{forged:?}");
}

#[tokio::test]
async fn a_refused_client_hears_the_answer_though_it_sends_a_lot() {
    let (topic, keys) = (topic().await, Keys::new());
    keys.make(&[]);
    let gateway = keys.start(&topic, "enforce", &[]);
    let body = "x".repeat(900_000);
    let request = client().post(gateway.url("/v1/beacons")).body(body);
    assert_eq!(reason(request).await, (401, "missing_key".to_owned()));
}
