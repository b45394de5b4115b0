//! A gateway that forwards to another one: nothing acknowledged is lost, nothing told is changed, no circle.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, answer, brokers, client, heartbeat};
use playhead::beacon::{Beacon, Source, session_key};
use serde_json::json;
use tempfile::TempDir;

/// The keys of the central gateway.
struct Keys(TempDir);

impl Keys {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("keys.json")
    }

    fn make(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_playhead"))
            .args(["keys", "make"])
            .args(arguments)
            .arg("--file")
            .arg(self.path())
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let key = String::from_utf8(output.stdout).unwrap();
        (output.status.success(), key.trim().to_owned())
    }
}

/// A gateway that asks for keys and brings to Kafka what others forward.
fn central(topic: &Topic, keys: &Keys, listen: &str) -> Gateway {
    let path = keys.path();
    let settings = [
        ("HTTP__LISTEN", listen),
        ("GATE__MODE", "enforce"),
        ("GATE__KEYS_FILE", path.to_str().unwrap()),
        ("KAFKA__LINGER_MS", "5"),
    ];
    Gateway::start(topic, &settings)
}

/// A gateway that forwards; it knows no brokers that answer.
fn edge(url: &str, key: &str, more: &[(&str, &str)]) -> Gateway {
    let nowhere = Topic::missing("127.0.0.1:1".into());
    let settings = [
        ("FORWARD__URL", url),
        ("FORWARD__KEY", key),
        ("KAFKA__LINGER_MS", "5"),
        ("SPOOL__KAFKA_PATIENCE_MS", "500"),
        ("HTTP__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#),
    ];
    Gateway::start(&nowhere, &[&settings[..], more].concat())
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

async fn send(gateway: &Gateway, session: &str, seq: u64) -> (u16, String) {
    let request = client()
        .post(gateway.url("/v1/beacons"))
        .header("x-forwarded-for", "198.51.100.77")
        .body(heartbeat(session, seq).to_string());
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    (
        status,
        body["reason"].as_str().unwrap_or_default().to_owned(),
    )
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < Duration::from_secs(30), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forwarded_arrives_as_the_edge_saw_it() {
    let topic = Topic::create(brokers(), 2).await;
    let keys = Keys::new();
    let (_, one) = keys.make(&["--tenant", "acme", "--door", "forward"]);
    let (_, all) = keys.make(&["--tenant", "*", "--door", "forward"]);
    let central = central(&topic, &keys, "127.0.0.1:0");
    let beacon = json!({
        "session_id": "s", "event": "play_state", "state": "playing", "seq": 3, "stream": "main",
        "viewer_id": "v", "device_class": "smart_tv", "country": "DE", "client_time_ms": 1_795_258_402_000_u64,
        "clock_offset_ms": 5, "tags": {"own": "x"},
    });
    for (key, tenant, session) in [(&all, "default", "all"), (&one, "acme", "one")] {
        let edge = edge(&central.http, key, &[]);
        let mut beacon = beacon.clone();
        beacon["session_id"] = json!(session);
        let sent = client()
            .post(edge.url("/v1/beacons"))
            .header("x-forwarded-for", "198.51.100.77")
            .header("sec-gpc", "0")
            .body(beacon.to_string())
            .send();
        let (status, _, told) = answer(sent.await.unwrap()).await;
        assert_eq!(status, 200, "{told}");
        // By the central gateway's Kafka, and not by the edge's spool.
        let beacons = topic.beacons();
        let found = beacons
            .iter()
            .find(|beacon| beacon.session_id() == session)
            .unwrap();
        assert_eq!(found.tenant(), tenant);
        assert_eq!(found.session_key(), session_key(tenant, session));
        assert_eq!((found.seq(), found.seq_is_ordinal()), (3, true));
        assert_eq!(
            (found.stream(), found.source()),
            ("json:main", Source::NativeJson)
        );
        assert_eq!(
            found.received_time_ms(),
            told["received_time_ms"].as_i64().unwrap()
        );
        assert_eq!(found.event_time_ms(), 1_795_258_402_005);
        assert_eq!((found.viewer_id(), found.country()), ("v", "DE"));
        assert_eq!(found.tags["client_address"], "198.51.100.0/24");
        assert_eq!(found.tags["own"], "x");
    }
    let counted = central
        .metric("playhead_beacons_total", "source=\"forwarded\"")
        .await;
    assert_eq!(counted, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_other_gateway_is_away_the_spool_acknowledges_and_brings_it_later() {
    let topic = Topic::create(brokers(), 1).await;
    let keys = Keys::new();
    let (_, key) = keys.make(&["--tenant", "*", "--door", "forward"]);
    let address = free_address();
    let url = format!("http://{address}");
    let edge_gateway = edge(&url, &key, &[]);
    for seq in 0..5 {
        assert_eq!(send(&edge_gateway, "s", seq).await.0, 200);
    }
    assert!(topic.messages().is_empty());
    let central = central(&topic, &keys, &address);
    until("the spool is not brought", async || {
        topic.beacons().len() >= 5
    })
    .await;
    // And at once again.
    until("nothing arrives at once", async || {
        send(&edge_gateway, "t", 0).await;
        topic
            .beacons()
            .iter()
            .any(|beacon| beacon.session_id() == "t")
    })
    .await;
    let beacons = topic.beacons();
    for seq in 0..5 {
        let of_seq = |beacon: &Beacon| beacon.session_id() == "s" && beacon.seq() == seq;
        assert!(beacons.iter().any(of_seq), "{seq} is lost");
    }
    drop(central);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_spool_nothing_is_acknowledged_that_the_other_has_not() {
    let keys = Keys::new();
    let (_, key) = keys.make(&["--tenant", "*", "--door", "forward"]);
    let away = format!("http://{}", free_address());
    let more = [
        ("SPOOL__MODE", "kafka_only"),
        ("KAFKA__DELIVERY_TIMEOUT_MS", "5000"),
    ];
    let alone = edge(&away, &key, &more);
    let (status, reason) = send(&alone, "s", 0).await;
    assert_eq!((status, reason.as_str()), (503, "delivery_failed"));
    let ready = client()
        .get(format!("{}/readyz", alone.operations))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_key_that_names_the_door_opens_it() {
    let topic = Topic::create(brokers(), 1).await;
    let keys = Keys::new();
    let (_, for_players) = keys.make(&["--tenant", "acme"]);
    let (is_made, _) = keys.make(&["--tenant", "*"]);
    assert!(!is_made, "a key of all tenants is for gateways alone");
    let central = central(&topic, &keys, "127.0.0.1:0");
    let ask = async |key: &str| {
        let request = client()
            .get(central.url("/v1/forward"))
            .header("x-playhead-key", key);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask(&for_players).await, 403);
    assert_eq!(ask("phw_unknown").await, 401);
    // A gateway that asks for no keys believes nobody.
    let open = Gateway::start(&topic, &[]);
    let request = client().post(open.url("/v1/forward")).body("");
    assert_eq!(request.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_in_a_circle_say_so_and_lose_nothing() {
    let keys = Keys::new();
    let (_, key) = keys.make(&["--tenant", "*", "--door", "forward"]);
    let path = keys.path();
    let addresses = [free_address(), free_address()];
    let start = |own: &str, other: &str| {
        let url = format!("http://{other}");
        let more = [
            ("HTTP__LISTEN", own),
            ("GATE__MODE", "dry_run"),
            ("GATE__KEYS_FILE", path.to_str().unwrap()),
        ];
        edge(&url, &key, &more)
    };
    let one = start(&addresses[0], &addresses[1]);
    let other = start(&addresses[1], &addresses[0]);
    assert_eq!(send(&one, "s", 0).await.0, 200);
    until("nobody notices the circle", async || {
        send(&one, "s", 1).await;
        let logs = [one.logged(), other.logged()];
        logs.iter().any(|log| log.contains("in a circle"))
    })
    .await;
    // To itself, which is the shortest of all circles.
    let own = free_address();
    let alone = start(&own, &own);
    assert_eq!(send(&alone, "s", 0).await.0, 200);
    until("nobody notices that it is itself", async || {
        alone.logged().contains("in a circle")
    })
    .await;
    assert!(alone.metric("playhead_spool_beacons", "").await >= 1);
}

/// A certificate for this machine that signs itself, as the paths of its two files in the folder.
fn certificate_in(folder: &Path) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let text = |path: PathBuf| path.to_str().unwrap().to_owned();
    (text(certificate), text(key))
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_beacons_go_only_to_a_gateway_that_shows_a_trusted_certificate() {
    let topic = Topic::create(brokers(), 1).await;
    let keys = Keys::new();
    let (_, forwarded_by) = keys.make(&["--tenant", "*", "--door", "forward"]);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (certificate, key) = certificate_in(folders[0].path());
    let (of_another, _) = certificate_in(folders[1].path());
    let keys_file = keys.path();
    let central = Gateway::start(
        &topic,
        &[
            ("TLS__LISTEN", "127.0.0.1:0"),
            ("TLS__CERTIFICATE_FILE", &certificate),
            ("TLS__KEY_FILE", &key),
            ("GATE__MODE", "enforce"),
            ("GATE__KEYS_FILE", keys_file.to_str().unwrap()),
            ("KAFKA__LINGER_MS", "5"),
        ],
    );
    let url = format!("https://{}", central.tls);
    let edge_that_trusts = |roots: &str| {
        let nowhere = Topic::missing("127.0.0.1:1".into());
        Gateway::start_by(
            &["env", &format!("SSL_CERT_FILE={roots}")],
            &nowhere,
            &[
                ("FORWARD__URL", &url),
                ("FORWARD__KEY", &forwarded_by),
                ("SPOOL__MODE", "kafka_only"),
                ("KAFKA__LINGER_MS", "5"),
                ("KAFKA__DELIVERY_TIMEOUT_MS", "5000"),
            ],
        )
    };
    let edge = edge_that_trusts(&certificate);
    // Without a spool: it is the other gateway that has it.
    assert_eq!(send(&edge, "s", 0).await.0, 200);
    assert_eq!(topic.beacons().len(), 1);
    let doubtful = edge_that_trusts(&of_another);
    let (status, reason) = send(&doubtful, "t", 0).await;
    assert_eq!((status, reason.as_str()), (503, "delivery_failed"));
    assert_eq!(topic.beacons().len(), 1);
    assert!(
        doubtful.logged().contains("certificate"),
        "{}",
        doubtful.logged()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_of_the_players_key_stays_and_not_that_of_the_gateways() {
    let topic = Topic::create(brokers(), 1).await;
    let keys = Keys::new();
    let (_, one) = keys.make(&["--tenant", "acme", "--door", "forward"]);
    let (_, all) = keys.make(&["--tenant", "*", "--door", "forward"]);
    let central = central(&topic, &keys, "127.0.0.1:0");
    let at_edge = Keys::new();
    let (_, players) = at_edge.make(&["--tenant", "acme"]);
    let path = at_edge.path();
    for (key, mode, session) in [
        (&all, "enforce", "all"),
        (&one, "enforce", "one"),
        (&one, "off", "none"),
    ] {
        let settings = [
            ("GATE__MODE", mode),
            ("GATE__KEYS_FILE", path.to_str().unwrap()),
        ];
        let edge = edge(&central.http, key, &settings);
        let sent = client()
            .post(edge.url("/v1/beacons"))
            .header("x-playhead-key", &players)
            .body(heartbeat(session, 0).to_string())
            .send();
        let (status, _, told) = answer(sent.await.unwrap()).await;
        assert_eq!(status, 200, "{told}");
        let beacons = topic.beacons();
        let found = beacons.iter().find(|found| found.session_id() == session);
        let expected = if mode == "off" { "" } else { &players[..12] };
        assert_eq!(found.unwrap().write_key(), expected, "{session}");
    }
}
