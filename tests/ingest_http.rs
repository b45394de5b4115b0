//! The native JSON door over HTTP, as a client sees it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, answer, brokers, client, heartbeat};
use reqwest::Method;
use serde_json::{Value, json};

async fn topic() -> Topic {
    Topic::create(brokers(), 6).await
}

async fn post(
    gateway: &Gateway,
    content_type: &str,
    body: impl Into<reqwest::Body>,
) -> (u16, String, Value) {
    let request = client().post(gateway.url("/v1/beacons")).body(body);
    let request = match content_type {
        "" => request,
        content_type => request.header("content-type", content_type),
    };
    answer(request.send().await.unwrap()).await
}

/// The answer without the gateway's clock, after a look at it.
fn timeless(mut body: Value) -> Value {
    let received = body["received_time_ms"].take();
    assert!(received.as_i64().unwrap() > 1_795_000_000_000, "{received}");
    body.as_object_mut().unwrap().remove("received_time_ms");
    body
}

#[tokio::test]
async fn one_bad_beacon_never_rejects_its_batch_and_every_outcome_is_counted() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let batch = json!([
        heartbeat("a", 0),
        {"session_id": "a", "event": "heartbeat", "seq": "1"},
        {"event": "heartbeat"},
        {"session_id": "a"},
        {"session_id": "a", "event": "heartbeat", "state": "naps"},
        {"session_id": "x".repeat(129), "event": "heartbeat"},
        {"session_id": "a", "event": "heartbeat", "client_time_ms": -1},
        {"session_id": "a", "event": "heartbeat", "client_time_ms": 1_000_000_000_000_i64, "sent_time_ms": 1_700_000_000_000_i64},
        {"session_id": "a", "event": "heartbeat", "tags": {"nested": {}}},
        7,
        heartbeat("a", 1),
    ]);
    let (status, content_type, body) = post(&gateway, "application/json", batch.to_string()).await;
    assert_eq!((status, content_type.as_str()), (200, "application/json"));
    let refused = |index: u32, reason: &str, field: &str, message: &str| json!({"index": index, "outcome": "refused", "reason": reason, "field": field, "message": message});
    assert_eq!(
        timeless(body),
        json!({
            "received": 11, "accepted": 2, "refused": 9, "dropped": 0,
            "results": [
                refused(1, "bad_type", "seq", "invalid type: string \"1\", expected u64"),
                refused(2, "missing_session_id", "session_id", "session_id is required"),
                refused(3, "missing_event", "event", "event is required"),
                refused(4, "bad_value", "state", "unknown state `naps`"),
                refused(5, "session_id_too_long", "session_id", "session_id exceeds 128 bytes"),
                refused(6, "bad_time", "client_time_ms", "client_time_ms is outside of 1970 to 2100"),
                refused(7, "too_late", "client_time_ms", "it happened before the late horizon"),
                refused(8, "bad_type", "tags.nested", "invalid type: map, expected a string, a number, true or false"),
                json!({"index": 9, "outcome": "refused", "reason": "bad_type", "message": "invalid type: integer `7`, expected a beacon object"}),
            ]
        })
    );
    assert_eq!(gateway.metric("playhead_beacons_total", "").await, 11);
    assert_eq!(
        gateway
            .metric("playhead_beacons_total", "outcome=\"accepted\"")
            .await,
        2
    );
    assert_eq!(
        gateway
            .metric("playhead_beacons_total", "reason=\"bad_type\"")
            .await,
        3
    );
    let mut seqs: Vec<u64> = topic.beacons().iter().map(|beacon| beacon.seq()).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, [0, 1]);
}

#[tokio::test]
async fn an_event_that_nobody_knows_is_kept_with_its_name() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    let body = json!([
        {"session_id": "a", "event": "chapter", "seq": 0, "tags": {"number": 3}},
        {"session_id": "a", "event": 7, "seq": 1},
        {"session_id": "a", "event": "", "seq": 2},
    ]);
    let (status, _, body) = post(&gateway, "application/json", body.to_string()).await;
    assert_eq!((status, &body["accepted"]), (200, &json!(1)));
    let reasons: Vec<&Value> = body["results"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&reasons[0]["reason"], &reasons[1]["reason"]),
        (&json!("bad_type"), &json!("missing_event"))
    );
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 1);
    assert_eq!(
        serde_json::to_value(&beacons[0]).unwrap()["event"],
        "custom"
    );
    let tags = &beacons[0].tags;
    assert_eq!(
        (tags["event"].as_str(), tags["number"].as_str()),
        ("chapter", "3")
    );
}

#[tokio::test]
async fn bad_input_is_answered_with_what_is_wrong() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let problem = |status: u16, title: &str, reason: &str, detail: &str| {
        json!({
            "type": format!("urn:playhead:problem:{reason}"), "title": title, "status": status,
            "reason": reason, "detail": detail
        })
    };
    let json = "application/json";
    let many = format!("[{}]", vec![heartbeat("a", 0).to_string(); 1_001].join(","));
    let cases = [
        (
            "broken JSON",
            json,
            "{\"session_id\":".to_owned(),
            problem(
                400,
                "Bad Request",
                "malformed_json",
                "the body is not JSON: EOF while parsing a value at line 1 column 14",
            ),
        ),
        (
            "no JSON",
            json,
            "hello".into(),
            problem(
                400,
                "Bad Request",
                "malformed_json",
                "the body is not JSON: expected value at line 1 column 1",
            ),
        ),
        (
            "an endless nest",
            json,
            "[".repeat(500_000),
            problem(
                400,
                "Bad Request",
                "malformed_json",
                "the body is not JSON: EOF while parsing a list at line 1 column 500000",
            ),
        ),
        (
            "an empty batch",
            json,
            "[]".into(),
            problem(
                400,
                "Bad Request",
                "empty_batch",
                "the body holds no beacon",
            ),
        ),
        (
            "an empty body",
            json,
            String::new(),
            problem(
                400,
                "Bad Request",
                "empty_batch",
                "the body holds no beacon",
            ),
        ),
        (
            "a wrong content type",
            "image/png",
            "[]".into(),
            problem(
                415,
                "Unsupported Media Type",
                "unsupported_content_type",
                "content type `image/png` is not taken here; send application/json, application/x-ndjson, text/plain or application/x-protobuf",
            ),
        ),
        (
            "10 MB",
            json,
            format!("[{}]", " ".repeat(10_000_000)),
            problem(
                413,
                "Payload Too Large",
                "body_too_large",
                "the body exceeds 1048576 bytes; send smaller batches",
            ),
        ),
        (
            "too many beacons",
            json,
            many,
            problem(
                413,
                "Payload Too Large",
                "too_many_beacons",
                "the body holds more than 1000 beacons; send smaller batches",
            ),
        ),
    ];
    for (name, content_type, body, expected) in cases {
        let (status, answered, body) = post(&gateway, content_type, body).await;
        assert_eq!(body, expected, "{name}");
        assert_eq!(answered, "application/problem+json", "{name}");
        assert_eq!(status, expected["status"], "{name}");
    }
    assert_eq!(
        gateway.metric("playhead_requests_refused_total", "").await,
        8
    );
    assert_eq!(gateway.metric("playhead_beacons_total", "").await, 0);
}

#[tokio::test]
async fn depth_bombs_and_unknown_fields_cost_nothing() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let (status, _, body) = post(&gateway, "application/json", deep.clone()).await;
    let result = json!({"index": 0, "outcome": "refused", "reason": "bad_type", "message": "invalid type: sequence, expected a beacon object"});
    assert_eq!(status, 200);
    assert_eq!(
        timeless(body),
        json!({"received": 1, "accepted": 0, "refused": 1, "dropped": 0, "results": [result]})
    );
    let hidden = format!(r#"{{"session_id":"a","event":"heartbeat","x":{deep},"seq":0,"y":null}}"#);
    let (status, _, body) = post(&gateway, "application/json", hidden).await;
    assert_eq!(status, 200);
    assert_eq!(
        timeless(body),
        json!({"received": 1, "accepted": 1, "refused": 0, "dropped": 0, "results": [], "ignored_fields": ["x", "y"]})
    );
}

#[tokio::test]
async fn every_content_type_of_send_beacon_is_taken_as_json() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let types = [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/x-ndjson",
        "",
    ];
    for content_type in types {
        let (status, _, body) = post(&gateway, content_type, heartbeat("a", 0).to_string()).await;
        assert_eq!(
            (status, &body["accepted"]),
            (200, &json!(1)),
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn one_object_a_line_is_taken_line_by_line() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let body = format!("{}\n{{\"broken\n{}\n", heartbeat("a", 0), heartbeat("a", 1));
    let (status, _, body) = post(&gateway, "application/x-ndjson", body).await;
    assert_eq!(status, 200);
    let result = json!({"index": 1, "outcome": "refused", "reason": "malformed_json", "message": "EOF while parsing a string"});
    assert_eq!(
        timeless(body),
        json!({"received": 3, "accepted": 2, "refused": 1, "dropped": 0, "results": [result]})
    );
}

#[tokio::test]
async fn gzip_is_taken_and_a_bomb_is_not() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let gzip = |plain: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    };
    let send = async |encoding: &str, body: Vec<u8>| {
        let request = client()
            .post(gateway.url("/v1/beacons"))
            .header("content-encoding", encoding)
            .body(body);
        let (status, _, body) = answer(request.send().await.unwrap()).await;
        (status, body)
    };
    let (status, body) = send("gzip", gzip(heartbeat("a", 0).to_string().as_bytes())).await;
    assert_eq!((status, &body["accepted"]), (200, &json!(1)));
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 60_000);
    let (status, body) = send("gzip", bomb).await;
    assert_eq!((status, &body["reason"]), (413, &json!("body_too_large")));
    let (status, body) = send("gzip", b"[]".to_vec()).await;
    assert_eq!(
        (status, &body["reason"]),
        (400, &json!("malformed_encoding"))
    );
    let (status, body) = send("compress", b"[]".to_vec()).await;
    assert_eq!(
        (status, &body["reason"]),
        (415, &json!("unsupported_encoding"))
    );
}

#[tokio::test]
async fn every_encoding_is_taken_by_header_by_address_or_by_its_beginning() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let plain = br#"[{"session_id":"s","event":"heartbeat","seq":0}]"#;
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    zlib.write_all(plain).unwrap();
    // What Node's zlib makes of it.
    let brotli = "8b17805b7b2273657373696f6e5f6964223a2273222c226576656e74223a22686561727462656174222c22736571223a307d5d03";
    let brotli: Vec<u8> = (0..brotli.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&brotli[at..at + 2], 16).unwrap())
        .collect();
    let zstd = zstd::encode_all(plain.as_slice(), 1).unwrap();
    let bodies = [
        ("deflate", zlib.finish().unwrap()),
        ("br", brotli),
        ("zstd", zstd),
    ];
    let send = async |path: &str, encoding: Option<&str>, body: Vec<u8>| {
        let mut request = client().post(gateway.url(path)).body(body);
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        let (status, _, body) = answer(request.send().await.unwrap()).await;
        (status, body["accepted"].clone())
    };
    for (encoding, body) in &bodies {
        let by_header = send("/v1/beacons", Some(encoding), body.clone()).await;
        assert_eq!(by_header, (200, json!(1)), "{encoding}");
        let path = format!("/v1/beacons?compression={encoding}");
        assert_eq!(
            send(&path, None, body.clone()).await,
            (200, json!(1)),
            "{path}"
        );
    }
    let (_, zstd) = &bodies[2];
    assert_eq!(
        send("/v1/beacons", None, zstd.clone()).await,
        (200, json!(1))
    );
    let bomb = zstd::encode_all(vec![b' '; 900_000].as_slice(), 1).unwrap();
    let request = client().post(gateway.url("/v1/beacons")).body(bomb);
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    assert_eq!((status, &body["reason"]), (413, &json!("too_compressed")));
}

#[tokio::test]
async fn every_field_reaches_kafka_as_it_was_sent() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let sent: Value =
        serde_json::from_str(include_str!("fixtures/beacons/every_field.json")).unwrap();
    let mut with_own = sent.clone();
    // The gateway's own fields are not the client's to set.
    let own = json!({
        "tenant": "another", "session_key": 1, "seq_is_ordinal": false, "received_time_ms": 1,
        "event_time_ms": 1, "source": "epas", "privacy_gpc": false, "is_bot": true
    });
    with_own
        .as_object_mut()
        .unwrap()
        .extend(own.as_object().unwrap().clone());
    let response = client()
        .post(gateway.url("/v1/beacons"))
        .header("sec-gpc", "1")
        .body(with_own.to_string())
        .send()
        .await
        .unwrap();
    let (_, _, body) = answer(response).await;
    assert_eq!(body["accepted"], 1, "{body}");
    let received = body["received_time_ms"].as_i64().unwrap();

    let mut expected = sent;
    let own = json!({
        "tenant": "default", "session_key": playhead::beacon::session_key("default", expected["session_id"].as_str().unwrap()),
        "stream": "json:main", "seq_is_ordinal": true, "received_time_ms": received,
        "event_time_ms": 1_795_250_275_710_i64, "source": "native_json", "privacy_gpc": true
    });
    expected
        .as_object_mut()
        .unwrap()
        .extend(own.as_object().unwrap().clone());
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 1);
    assert_eq!(serde_json::to_value(&beacons[0]).unwrap(), expected);
}

#[tokio::test]
async fn pages_of_any_origin_may_send() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    for path in ["/v1/beacons", "/v1/cmcd"] {
        let response = client()
            .request(Method::OPTIONS, gateway.url(path))
            .header("origin", "https://tv.example")
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,content-encoding",
            )
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("access-control-allow-origin"), "https://tv.example");
        assert_eq!(
            header("access-control-allow-headers"),
            "content-type,content-encoding"
        );
        assert_eq!(header("access-control-allow-credentials"), "true");
        assert_eq!(header("access-control-max-age"), "86400");
        assert!(header("access-control-allow-methods").contains("POST"));
    }
}

#[tokio::test]
async fn other_addresses_and_methods_are_told_apart() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let get =
        async |path: &str| answer(client().get(gateway.url(path)).send().await.unwrap()).await;
    let (status, content_type, body) = get("/v1/nothing").await;
    assert_eq!(
        (status, content_type.as_str()),
        (404, "application/problem+json")
    );
    assert_eq!(body["reason"], "not_found");
    let (status, _, body) = get("/v1/beacons").await;
    assert_eq!(
        (status, &body["reason"]),
        (405, &json!("method_not_allowed"))
    );
}

#[tokio::test]
async fn operators_see_that_it_lives_and_is_ready() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    for (path, text) in [("healthz", "ok\n"), ("readyz", "ready\n")] {
        let url = format!("{}/{path}", gateway.operations);
        let response = client().get(url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.text().await.unwrap(), text);
    }
}

#[tokio::test]
async fn a_connection_that_never_completes_its_headers_is_closed() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("HTTP__HEADER_READ_TIMEOUT_MS", "400")]);
    let address = gateway.http.trim_start_matches("http://").to_owned();
    for beginning in ["", "PRI * HT", "POST /v1/beacons HTTP/1.1\r\nhost: a\r\n"] {
        let address = address.clone();
        let took = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            let began = Instant::now();
            stream.write_all(beginning.as_bytes()).unwrap();
            // Until the gateway closes it; an answer before that does not matter.
            stream.read_to_end(&mut Vec::new()).unwrap();
            began.elapsed()
        })
        .await
        .unwrap();
        assert!(
            took >= Duration::from_millis(350),
            "{beginning:?}: {took:?}"
        );
        assert!(took < Duration::from_secs(3), "{beginning:?}: {took:?}");
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("HTTP__BODY_READ_TIMEOUT_MS", "400")]);
    let address = gateway.http.trim_start_matches("http://").to_owned();
    let text = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        stream
            .write_all(b"POST /v1/beacons HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n[")
            .unwrap();
        let mut answer = vec![0; 1_000];
        let length = stream.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..length]).into_owned()
    })
    .await
    .unwrap();
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    assert!(text.contains("\"reason\":\"body_timeout\""), "{text}");
}
