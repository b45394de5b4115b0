//! The integrator's view: what the gateway made of what my player just sent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::harness::{Gateway, Topic, brokers, client, moved};
use reqwest::Response;
use serde_json::{Value, json};

/// An open stream, event by event.
struct Stream {
    response: Response,
    read: String,
}

impl Stream {
    async fn open(gateway: &Gateway, query: &str, key: &str) -> Result<Self, u16> {
        let request = client().get(gateway.url(&format!("/v1/debug/stream?{query}")));
        let response = request.header("x-playhead-key", key).send().await.unwrap();
        if response.status() != 200 {
            return Err(response.status().as_u16());
        }
        let mut stream = Self {
            response,
            read: String::new(),
        };
        assert_eq!(stream.next().await.0, "watching");
        Ok(stream)
    }

    /// Name and data of the next event.
    async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let part = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.unwrap_or_default().trim().to_owned()
                };
                if !part("event:").is_empty() {
                    let data = serde_json::from_str(&part("data:")).unwrap();
                    return (part("event:"), data);
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(10), self.response.chunk());
            let chunk = chunk.await.unwrap().unwrap().unwrap();
            self.read.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// A request that was refused as a whole.
    async fn request(&mut self) -> Value {
        let (event, data) = self.next().await;
        assert_eq!(event, "request");
        data
    }

    async fn beacon(&mut self) -> Value {
        let (event, data) = self.next().await;
        assert_eq!(event, "beacon");
        data
    }
}

async fn post(gateway: &Gateway, key: &str, body: String) -> u16 {
    let request = client()
        .post(gateway.url("/v1/beacons"))
        .header("x-playhead-key", key);
    request.body(body).send().await.unwrap().status().as_u16()
}

fn advice(event: &Value) -> String {
    event["advice"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_integrator_sees_what_became_of_each_beacon_and_why() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(
        &topic,
        &[
            ("KAFKA__LINGER_MS", "5"),
            ("GATE__REPEATS_REMEMBERED_SECONDS", "60"),
        ],
    );
    let mut stream = Stream::open(&gateway, "session_id=mine", "").await.unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now_ms = u64::try_from(now.unwrap().as_millis()).unwrap();
    let good = json!({
        "session_id": "mine", "event": "heartbeat", "seq": 0, "client_time_ms": now_ms,
        "sent_time_ms": now_ms, "viewer_id": "v",
    });
    let late = json!({"session_id": "mine", "event": "heartbeat", "seq": 1, "client_time_ms": 5, "sent_time_ms": now_ms});
    let others = json!({"session_id": "theirs", "event": "heartbeat", "seq": 0});
    let odd = json!({
        "session_id": "mine", "event": "error", "bitrate": 7,
        "error": {"message": "for jo@mail.example"},
    });
    let body = [
        good.to_string(),
        others.to_string(),
        late.to_string(),
        "{broken".into(),
        odd.to_string(),
    ];
    assert_eq!(post(&gateway, "", body.join("\n")).await, 200);

    let first = stream.beacon().await;
    assert_eq!(
        (&first["outcome"], &first["index"], &first["door"]),
        (&json!("accepted"), &json!(0), &json!("json"))
    );
    assert_eq!(first["beacon"]["viewer_id"], "v");
    let second = stream.beacon().await;
    assert_eq!(
        (&second["outcome"], &second["reason"]),
        (&json!("refused"), &json!("too_late"))
    );
    assert_eq!(second["field"], "client_time_ms");
    let third = stream.beacon().await;
    assert_eq!(
        (&third["outcome"], &third["index"]),
        (&json!("accepted"), &json!(4))
    );
    assert!(
        advice(&third).contains("without seq") && advice(&third).contains("bitrate"),
        "{third}"
    );
    // As it is kept, and a word on what is not.
    assert_eq!(third["beacon"]["error"]["message"], "for [email]");
    assert!(advice(&third).contains("do not send"), "{third}");
    let fourth = stream.beacon().await;
    assert_eq!(
        (&fourth["reason"], &fourth["index"]),
        (&json!("malformed_json"), &json!(3))
    );

    assert_eq!(post(&gateway, "", good.to_string()).await, 200);
    assert_eq!(stream.beacon().await["reason"], "duplicate");
    // A defect of a release is told by its name.
    let report = "bl=(8000),cid=\"c\",e=t,sid=\"mine\",sn=1,v=2\n";
    let sent = client()
        .post(gateway.url("/v1/cmcd"))
        .body(report)
        .send()
        .await
        .unwrap();
    assert!(sent.status().is_success());
    assert!(advice(&stream.beacon().await).contains("Shaka"));
}

fn now_ms() -> i64 {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

/// Replays what a real client sent, each request as if it were sent now, and gives what is told of each beacon.
async fn told_of_capture(gateway: &Gateway, name: &str, path: &str) -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/captures");
    let read = |end: &str| std::fs::read_to_string(format!("{folder}/{name}-smooth.{end}"));
    let truth: Value = serde_json::from_str(&read("truth.json").unwrap()).unwrap();
    let session = truth["sid"].as_str().unwrap();
    let query = format!("session_id={session}");
    let mut stream = Stream::open(gateway, &query, "").await.unwrap();
    for line in read("jsonl").unwrap().lines() {
        let request: Value = serde_json::from_str(line).unwrap();
        if request["method"] != "POST" {
            continue;
        }
        let later_ms = now_ms() - request["t"].as_i64().unwrap();
        let body = moved(request["body"].as_str().unwrap(), later_ms);
        let sent = client().post(gateway.url(path)).body(body).send();
        assert!(sent.await.unwrap().status().is_success(), "{name}");
    }
    // What comes by another door is the last word.
    let last = json!({"session_id": session, "event": "heartbeat", "seq": 0});
    assert_eq!(post(gateway, "", last.to_string()).await, 200);
    let mut told = Vec::new();
    loop {
        let event = stream.beacon().await;
        if event["door"] == "json" {
            return told;
        }
        told.push(event);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn healthy_clients_get_no_advice_and_known_defects_get_theirs() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    let snowplow = "/com.snowplowanalytics.snowplow/tp2";
    for (name, path) in [
        ("hls", "/v1/cmcd"),
        ("epas", "/v1/epas"),
        ("snowplow", snowplow),
    ] {
        let told = told_of_capture(&gateway, name, path).await;
        assert!(told.len() > 10, "{name}: {told:#?}");
        for event in told {
            assert_eq!(event["advice"], json!([]), "{name}: {event:#}");
        }
    }

    // No state in any report; the first one of a session has none with any player.
    let told = told_of_capture(&gateway, "shaka", "/v1/cmcd").await;
    assert_eq!(told.len(), 27);
    for event in told {
        let is_first = event["beacon"]["seq"] == 0;
        let advice = event["advice"].as_array().unwrap();
        assert_eq!(advice.len(), usize::from(!is_first), "{event:#}");
        assert_eq!(
            self::advice(&event).contains("Shaka"),
            !is_first,
            "{event:#}"
        );
    }

    // A start-up of some ms in two reports, and moments for ttfb: in these, by their sn, of 21 requests without one.
    let told = told_of_capture(&gateway, "dash", "/v1/cmcd").await;
    assert_eq!(told.len(), 37);
    let advised = |word: &str| -> Vec<u64> {
        let events = told.iter().filter(|event| advice(event).contains(word));
        events
            .map(|event| event["beacon"]["seq"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(advised("msd"), [1, 2]);
    assert_eq!(advised("ttfb"), [6, 10, 12, 14, 16, 17, 18, 22, 24]);
    let all = told
        .iter()
        .map(|event| event["advice"].as_array().unwrap().len());
    assert_eq!(all.sum::<usize>(), 11, "and nothing else");
}

/// The text of a new key of a tenant.
fn make_key(file: &Path, tenant: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(["keys", "make", "--tenant", tenant, "--file"])
        .arg(file)
        .current_dir(file.parent().unwrap())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_which_nothing_can_be_read_is_told_to_who_watches_with_its_key() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let (mine, beside, theirs) = (
        make_key(&file, "acme"),
        make_key(&file, "acme"),
        make_key(&file, "other"),
    );
    let settings = [
        ("GATE__MODE", "enforce"),
        ("GATE__KEYS_FILE", file.to_str().unwrap()),
        ("KAFKA__LINGER_MS", "5"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let mut stream = Stream::open(&gateway, "session_id=s", &mine).await.unwrap();
    let good = json!({"session_id": "s", "event": "heartbeat", "seq": 0}).to_string();
    // Those of other keys are not told, be they the same tenant's.
    for key in [&beside, &theirs] {
        assert_eq!(post(&gateway, key, "{broken".into()).await, 400);
    }
    assert_eq!(post(&gateway, &mine, "{broken".into()).await, 400);
    let told = stream.request().await;
    assert_eq!(
        (
            &told["door"],
            &told["outcome"],
            &told["reason"],
            &told["status"]
        ),
        (
            &json!("native"),
            &json!("refused"),
            &json!("malformed_json"),
            &json!(400)
        )
    );
    assert!(
        told["message"].as_str().unwrap().contains("is not JSON"),
        "{told}"
    );
    assert_eq!(post(&gateway, &mine, "x".repeat(2_000_000)).await, 413);
    assert_eq!(stream.request().await["reason"], "body_too_large");
    let picture = client()
        .post(gateway.url("/v1/beacons"))
        .header("x-playhead-key", &mine)
        .header("content-type", "image/png")
        .body(good.clone());
    assert_eq!(picture.send().await.unwrap().status(), 415);
    let told = stream.request().await;
    assert_eq!(told["reason"], "unsupported_content_type");
    assert!(told["message"].as_str().unwrap().contains("image/png"));
    let cmcd = client()
        .post(gateway.url(&format!("/v1/cmcd?key={mine}")))
        .header("content-type", "image/png")
        .body("{}");
    // 200, since a player would repeat it for ever.
    assert_eq!(cmcd.send().await.unwrap().status(), 200);
    let told = stream.request().await;
    assert_eq!(
        (&told["door"], &told["reason"]),
        (&json!("cmcd"), &json!("unsupported_content_type"))
    );
    // The only beacon of its request: whose it is nobody knows, so what it held is not repeated.
    let unread = json!({"session_id": "s", "event": "heartbeat", "seq": "secret"});
    assert_eq!(post(&gateway, &mine, unread.to_string()).await, 200);
    let told = stream.beacon().await;
    assert_eq!(
        (&told["reason"], &told["field"]),
        (&json!("bad_type"), &json!("seq"))
    );
    assert!(!told.to_string().contains("secret"), "{told}");
    assert_eq!(post(&gateway, &mine, good).await, 200);
    assert_eq!(stream.beacon().await["outcome"], "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_watches_what_is_not_theirs() {
    let topic = Topic::create(brokers(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys.json");
    let (mine, theirs) = (make_key(&file, "acme"), make_key(&file, "other"));
    let settings = [
        ("GATE__MODE", "enforce"),
        ("GATE__KEYS_FILE", file.to_str().unwrap()),
        ("KAFKA__LINGER_MS", "5"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let refused = async |query: &str, key: &str| Stream::open(&gateway, query, key).await.err();
    assert_eq!(refused("session_id=s", "").await, Some(401));
    assert_eq!(refused("session_id=s", "phw_unknown").await, Some(401));
    assert_eq!(refused("", &mine).await, Some(400));
    let mut stream = Stream::open(&gateway, "device_id=d", &mine).await.unwrap();
    let of = |device: &str| json!({"session_id": "s", "event": "heartbeat", "device_id": device, "seq": 0});
    assert_eq!(post(&gateway, &theirs, of("d").to_string()).await, 200);
    assert_eq!(post(&gateway, &mine, of("e").to_string()).await, 200);
    assert_eq!(post(&gateway, &mine, of("d").to_string()).await, 200);
    let seen = stream.beacon().await;
    assert_eq!(
        (&seen["beacon"]["tenant"], &seen["beacon"]["device_id"]),
        (&json!("acme"), &json!("d"))
    );
}
