//! What hostile, slow and many clients can do to a real gateway, and what goes first when it is full.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, answer, brokers, client, heartbeat};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future::join_all;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::rt::{TokioExecutor, TokioIo};
use playhead::beacon::{EventKind, PlayState};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest wait of a test for something that must happen.
const PATIENCE: Duration = Duration::from_secs(15);

async fn topic() -> Topic {
    Topic::create(brokers(), 1).await
}

async fn connect(gateway: &Gateway) -> TcpStream {
    let address = gateway.http.trim_start_matches("http://");
    TcpStream::connect(address).await.unwrap()
}

/// What comes until the gateway closes the connection; at most so much.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut bounded = stream.take(100_000);
    let reading = bounded.read_to_end(&mut text);
    // A reset ends it as well.
    let _ = timeout(PATIENCE, reading)
        .await
        .expect("the gateway closes it");
    String::from_utf8_lossy(&text).into_owned()
}

/// Waits until the public port has so many connections.
async fn connections(gateway: &Gateway, expected: u64) {
    let began = Instant::now();
    loop {
        let open = gateway
            .metric("playhead_http_connections{", "port=\"public\"")
            .await;
        if open == expected {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{open} instead of {expected}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn is_well(gateway: &Gateway) {
    let beacon = heartbeat("well", 0).to_string();
    let sent = client()
        .post(gateway.url("/v1/beacons"))
        .body(beacon)
        .send();
    assert_eq!(sent.await.unwrap().status(), 200);
}

/// Memory of the gateway; KiB.
fn memory_kib(gateway: &Gateway) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", gateway.pid())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_flood_of_headers_is_cut_off() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("HTTP__HEADERS_MAX_BYTES", "16384")]);
    let large = format!("x-flood: {}\r\n", "x".repeat(20_000));
    let many = "a: b\r\n".repeat(200);
    for flood in [large, many] {
        let mut stream = connect(&gateway).await;
        let request =
            format!("POST /v1/beacons HTTP/1.1\r\nhost: a\r\n{flood}content-length: 0\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let told = rest(&mut stream).await;
        assert!(told.starts_with("HTTP/1.1 431 "), "{told}");
    }
    // One that never ends is cut off at the same size, and costs no more memory than that.
    let before = memory_kib(&gateway);
    let mut stream = connect(&gateway).await;
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let line = format!("x-more: {}\r\n", "y".repeat(1_000)).repeat(100);
    let mut sent = 0;
    while sent < 50_000_000 && stream.write_all(line.as_bytes()).await.is_ok() {
        sent += line.len();
    }
    assert!(sent < 50_000_000, "it took {sent} bytes of headers");
    let grown = memory_kib(&gateway).saturating_sub(before);
    assert!(grown < 8_192, "{grown} KiB more");
    is_well(&gateway).await;
}

#[tokio::test]
async fn headers_and_bodies_byte_by_byte_end_in_time() {
    let topic = topic().await;
    let settings = [
        ("HTTP__HEADER_READ_TIMEOUT_MS", "600"),
        ("HTTP__BODY_READ_TIMEOUT_MS", "600"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let request = "POST /v1/beacons HTTP/1.1\r\nhost: a\r\ncontent-length: 50000\r\n\r\n";
    // Headers that trickle, and a body that does: an idle time-out would never end either.
    for (at_once, trickled) in [
        ("POST /v1/beacons HTTP/1.1\r\n", "x-a: b\r\n"),
        (request, " "),
    ] {
        let mut stream = connect(&gateway).await;
        let began = Instant::now();
        stream.write_all(at_once.as_bytes()).await.unwrap();
        let (mut reader, mut writer) = stream.split();
        let trickle = async {
            while writer.write_all(trickled.as_bytes()).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let mut told = Vec::new();
        let both = async { tokio::join!(trickle, reader.read_to_end(&mut told)) };
        // A reset ends it as well.
        let _ = timeout(PATIENCE, both).await.expect("it goes on");
        let took = began.elapsed();
        assert!(
            took >= Duration::from_millis(550) && took < Duration::from_secs(5),
            "{took:?}"
        );
        let told = String::from_utf8_lossy(&told).into_owned();
        if at_once == request {
            assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
        }
    }
    connections(&gateway, 0).await;
}

#[tokio::test]
async fn a_client_that_closes_its_side_hears_the_answer() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "200")]);
    let body = heartbeat("half", 0).to_string();
    let mut stream = connect(&gateway).await;
    let request = format!(
        "POST /v1/beacons HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let told = rest(&mut stream).await;
    assert!(
        told.starts_with("HTTP/1.1 200 ") && told.contains("\"accepted\":1"),
        "{told}"
    );
    // Half of a request, and then nothing: closed without an answer worth telling.
    let mut stream = connect(&gateway).await;
    stream
        .write_all(b"POST /v1/beacons HTTP/1.1\r\nhost: a\r\ncontent-length: 50\r\n\r\n{")
        .await
        .unwrap();
    stream.shutdown().await.unwrap();
    rest(&mut stream).await;
    connections(&gateway, 0).await;
}

#[tokio::test]
async fn a_client_that_never_reads_its_answers_is_let_go() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("HTTP__HEADER_READ_TIMEOUT_MS", "700")]);
    let mut stream = connect(&gateway).await;
    let asked = "GET /v1/time HTTP/1.1\r\nhost: a\r\n\r\n".repeat(1_000);
    let asking = async { while stream.write_all(asked.as_bytes()).await.is_ok() {} };
    timeout(PATIENCE, asking)
        .await
        .expect("the gateway closes it");
    assert!(
        gateway
            .metric("playhead_http_connections_closed_total", "reason=\"idle\"")
            .await
            >= 1
    );
    is_well(&gateway).await;
}

/// An HTTP/2 connection without TLS, by prior knowledge.
async fn http2(
    gateway: &Gateway,
) -> (
    hyper::client::conn::http2::SendRequest<Full<Bytes>>,
    tokio::task::JoinHandle<()>,
) {
    let io = TokioIo::new(connect(gateway).await);
    let (sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
        .await
        .unwrap();
    let open = tokio::spawn(async move {
        let _ = connection.await;
    });
    (sender, open)
}

#[tokio::test]
async fn http_2_is_spoken_by_prior_knowledge_and_closed_when_it_is_idle() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("HTTP__HEADER_READ_TIMEOUT_MS", "700")]);
    let (mut sender, open) = http2(&gateway).await;
    let requests = (0..20).map(|seq| {
        let body = Full::new(Bytes::from(heartbeat("h2", seq).to_string()));
        let url = gateway.url("/v1/beacons");
        sender.send_request(Request::post(url).body(body).unwrap())
    });
    for answered in join_all(requests).await {
        let answered = answered.unwrap();
        assert_eq!(answered.status(), 200);
        let body = answered.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(
            serde_json::from_slice::<Value>(&body).unwrap()["accepted"],
            1
        );
    }
    // It was in use; now nothing is asked, and the client would keep it for ever.
    timeout(PATIENCE, open).await.expect("closed").unwrap();
    connections(&gateway, 0).await;
}

#[tokio::test]
async fn an_address_has_its_share_of_connections_and_a_proxy_has_more() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[("HTTP__CONNECTIONS_PER_ADDRESS_MAX", "5")]);
    let mut held = Vec::new();
    for _ in 0..5 {
        held.push(connect(&gateway).await);
    }
    connections(&gateway, 5).await;
    let mut sixth = connect(&gateway).await;
    assert_eq!(rest(&mut sixth).await, "");
    assert_eq!(
        gateway
            .metric("playhead_http_connections_closed_total", "per_address")
            .await,
        1
    );
    held.clear();
    connections(&gateway, 0).await;
    is_well(&gateway).await;

    let settings = [
        ("HTTP__CONNECTIONS_PER_ADDRESS_MAX", "5"),
        ("HTTP__TRUSTED_PROXIES", "[\"127.0.0.1/32\"]"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    for _ in 0..9 {
        held.push(connect(&gateway).await);
    }
    connections(&gateway, 9).await;
}

#[tokio::test]
async fn thousands_of_idle_connections_cost_little_and_hold_nobody_up() {
    // 2,000 as a habit; PLAYHEAD_TEST_IDLE_CONNECTIONS says otherwise.
    let count = std::env::var("PLAYHEAD_TEST_IDLE_CONNECTIONS");
    let count: u64 = count.ok().map_or(2_000, |count| count.parse().unwrap());
    let topic = topic().await;
    let max = (count + 100).to_string();
    let gateway = Gateway::start(
        &topic,
        &[("HTTP__CONNECTIONS_MAX", &max), ("KAFKA__LINGER_MS", "5")],
    );
    is_well(&gateway).await;
    let before = memory_kib(&gateway);
    let mut held = Vec::new();
    for number in 0..count {
        let mut stream = connect(&gateway).await;
        // Every other one has begun a request.
        if number % 2 == 0 {
            stream
                .write_all(b"POST /v1/beacons HTTP/1.1\r\nhost: a\r\n")
                .await
                .unwrap();
        }
        held.push(stream);
    }
    let began = Instant::now();
    while gateway
        .metric("playhead_http_connections{", "port=\"public\"")
        .await
        < count
    {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let each = (memory_kib(&gateway) - before) as f64 / count as f64;
    let asked = Instant::now();
    is_well(&gateway).await;
    println!(
        "{count} idle connections: {each:.1} KiB each; a beacon among them took {:?}",
        asked.elapsed()
    );
    assert!(each < 40.0, "{each} KiB each");
    drop(held);
}

#[tokio::test]
async fn a_door_that_takes_too_long_says_so_in_its_clients_own_words() {
    let topic = topic().await;
    let settings = [
        ("KAFKA__LINGER_MS", "1000"),
        ("HTTP__REQUEST_TIMEOUT_MS", "400"),
        ("HTTP__BODY_READ_TIMEOUT_MS", "300"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let record = "eyJzZXNzaW9uX2lkIjoicyIsImV2ZW50IjoiaGVhcnRiZWF0Iiwic2VxIjowfQ==";
    let delivery = json!({
        "requestId": "r1", "timestamp": 1_795_258_402_000_i64, "records": [{"data": record}]
    });
    let deliver = client()
        .post(gateway.url("/v1/firehose"))
        .header("x-amz-firehose-request-id", "r1")
        .body(delivery.to_string());
    let schema = |name: &str| format!("iglu:com.snowplowanalytics.snowplow{name}/jsonschema/1-0-0");
    let play = json!({
        "schema": schema("/unstruct_event"),
        "data": {"schema": schema(".media/play_event"), "data": {}}
    });
    let play = play.to_string();
    let pictures = [
        (
            "/v1/pixel.gif",
            vec![("session_id", "s"), ("event", "heartbeat"), ("seq", "0")],
        ),
        (
            "/i",
            vec![("e", "ue"), ("eid", "1"), ("sid", "s"), ("ue_pr", &*play)],
        ),
    ];
    let asked = pictures.map(|(path, parameters)| {
        client()
            .get(gateway.url(path))
            .query(&parameters)
            .header("origin", "https://tv.example")
            .send()
    });
    // All at once: what comes later finds a message that is about to leave.
    let (delivered, shown) = tokio::join!(deliver.send(), join_all(asked));
    for (response, path) in shown.into_iter().zip(["/v1/pixel.gif", "/i"]) {
        let response = response.unwrap();
        assert_eq!(response.status(), 503, "{path}");
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/gif");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-playhead-reason"), "request_timeout");
        assert_eq!(header("retry-after"), "1");
        assert_eq!(header("access-control-allow-origin"), "https://tv.example");
        assert!(response.bytes().await.unwrap().starts_with(b"GIF89a"));
    }
    let response = delivered.unwrap();
    assert!(response.headers().contains_key("retry-after"));
    let (status, content_type, body) = answer(response).await;
    assert_eq!((status, &*content_type), (503, "application/json"));
    assert_eq!(body["requestId"], "r1");
    assert!(body["timestamp"].as_i64().unwrap() > 1_795_000_000_000);
    assert!(
        body["errorMessage"].as_str().unwrap().contains("too long"),
        "{body}"
    );
    let refused = gateway
        .metric(
            "playhead_requests_refused_total",
            "reason=\"request_timeout\"",
        )
        .await;
    assert_eq!(refused, 3);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered_and_its_beacons_are_counted_once() {
    let topic = topic().await;
    let settings = [
        ("KAFKA__LINGER_MS", "1000"),
        ("HTTP__REQUEST_TIMEOUT_MS", "400"),
        ("HTTP__BODY_READ_TIMEOUT_MS", "300"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let sent = client()
        .post(gateway.url("/v1/beacons"))
        .body(heartbeat("slow", 0).to_string())
        .send();
    let response = sent.await.unwrap();
    assert!(response.headers().contains_key("retry-after"));
    let (status, _, body) = answer(response).await;
    assert_eq!((status, &body["reason"]), (503, &json!("request_timeout")));
    let began = Instant::now();
    while gateway
        .metric("playhead_beacons_total", "outcome=\"accepted\"")
        .await
        == 0
    {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(gateway.metric("playhead_beacons_total", "").await, 1);
    assert_eq!(topic.beacons().len(), 1);
}

#[tokio::test]
async fn pages_may_ask_first_and_a_server_to_server_door_is_no_pages() {
    let topic = topic().await;
    let gateway = Gateway::start(&topic, &[]);
    let preflight = async |path: &str, wish: &str| {
        let asked = client()
            .request(Method::OPTIONS, gateway.url(path))
            .header("origin", "https://tv.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", wish);
        asked.send().await.unwrap()
    };
    for (path, wish) in [
        ("/v1/beacons", "content-type,x-playhead-key"),
        ("/v1/cmcd", "content-type"),
        ("/v1/epas", "content-type,x-epas-event,x-epas-version"),
        (
            "/com.snowplowanalytics.snowplow/tp2",
            "content-type,sp-anonymous",
        ),
    ] {
        let response = preflight(path, wish).await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(
            header("access-control-allow-origin"),
            "https://tv.example",
            "{path}"
        );
        assert_eq!(header("access-control-allow-credentials"), "true", "{path}");
        assert_eq!(header("access-control-allow-headers"), wish, "{path}");
        assert_eq!(header("access-control-max-age"), "86400", "{path}");
        assert!(header("vary").contains("origin"), "{path}");
    }
    let firehose = preflight("/v1/firehose", "content-type").await;
    assert_eq!(firehose.status(), 405);
    assert!(
        !firehose
            .headers()
            .contains_key("access-control-allow-origin")
    );
}

/// What one client sends at once, and what is counted of it.
struct Viewing {
    /// The label of its door in the metric.
    source: &'static str,
    /// Its session.
    session: String,
    path: &'static str,
    content_type: &'static str,
    body: String,
    /// Beacons in it, those that cannot be read among them.
    beacons: u64,
    /// Of these, what cannot be read.
    unreadable: u64,
}

impl Viewing {
    /// A batch of JSON: heartbeats, and one end of a session.
    fn native(number: usize, size: u64) -> Self {
        let session = format!("s{number}");
        Self {
            source: "native_json",
            path: "/v1/beacons",
            content_type: "application/json",
            body: json!(Self::beacons(&session, size)).to_string(),
            session,
            beacons: size,
            unreadable: 0,
        }
    }

    /// A batch of CMCD's event mode: a line that is none, heartbeats, and the end of the film.
    fn cmcd(number: usize, size: u64) -> Self {
        let session = format!("c{number}");
        let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
        let line = |event: &str, seq: u64| {
            format!("bl=(8000),{event},sid=\"{session}\",sn={seq},ts={now},v=2\n")
        };
        let mut body = "no=,,dictionary\n".to_owned();
        body.extend((0..size - 2).map(|seq| line("e=t", seq)));
        body += &line("e=ps,sta=e", size - 2);
        Self {
            source: "cmcd_event",
            path: "/v1/cmcd",
            content_type: "application/cmcd",
            body,
            session,
            beacons: size,
            unreadable: 1,
        }
    }

    /// A delivery of three records: twice as many beacons as go to Kafka at once, and one that is none.
    fn firehose(number: usize, size: u64) -> Self {
        let session = format!("f{number}");
        let beacons = Self::beacons(&session, 2 * size);
        let (first, second) = beacons.split_at(beacons.len() / 2);
        let records = [
            json!(first).to_string(),
            "nothing".into(),
            json!(second).to_string(),
        ];
        let records: Vec<Value> = records
            .iter()
            .map(|data| json!({"data": STANDARD.encode(data)}))
            .collect();
        Self {
            source: "firehose",
            path: "/v1/firehose",
            content_type: "application/json",
            body: json!({"requestId": session, "timestamp": 1_795_258_402_000_i64, "records": records})
                .to_string(),
            session,
            beacons: 2 * size + 1,
            unreadable: 1,
        }
    }

    fn beacons(session: &str, size: u64) -> Vec<Value> {
        let mut beacons: Vec<Value> = (0..size - 1).map(|seq| heartbeat(session, seq)).collect();
        beacons.push(json!({"session_id": session, "event": "session_end", "seq": size - 1, "exit_reason": "finished"}));
        beacons
    }

    async fn send(&self, gateway: &Gateway) -> reqwest::Response {
        let request = client()
            .post(gateway.url(self.path))
            .header("content-type", self.content_type);
        request.body(self.body.clone()).send().await.unwrap()
    }
}

#[tokio::test]
async fn when_it_is_full_conversions_survive_and_every_beacon_has_one_outcome() {
    const SIZE: u64 = 50;
    let topic = topic().await;
    // Room for 1,000 beacons, and each stays for a second: 4,500 at once are several times too many.
    let settings = [
        ("KAFKA__LINGER_MS", "1000"),
        ("KAFKA__BATCH_MAX_ROWS", "1000"),
        ("KAFKA__BEACONS_IN_FLIGHT_MAX", "1000"),
        ("LIMITS__BEACONS_PER_REQUEST_MAX", "50"),
        ("GATE__SHED_LAG_MS", "60000"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    // One of each in turn, so that none comes to an empty or a full gateway as a whole.
    let viewings: Vec<Viewing> = (0..60)
        .map(|number| match number % 4 {
            0 | 1 => Viewing::native(number, SIZE),
            2 => Viewing::cmcd(number, SIZE),
            _ => Viewing::firehose(number, SIZE),
        })
        .collect();
    let sent = viewings.iter().map(|viewing| viewing.send(&gateway));
    let (mut taken, mut put_off) = (0, 0);
    for (viewing, response) in viewings.iter().zip(join_all(sent).await) {
        match response.status().as_u16() {
            200 | 204 => taken += 1,
            503 => {
                put_off += 1;
                assert_eq!(response.headers()["retry-after"], "5");
                let (_, _, told) = answer(response).await;
                match viewing.source {
                    "firehose" => {
                        let message = told["errorMessage"].as_str().unwrap();
                        assert!(message.contains("go first"), "{told}");
                    }
                    _ => assert_eq!(told["reason"], "shed"),
                }
            }
            other => panic!("{}: {other}", viewing.source),
        }
    }
    assert!(
        taken >= 1 && put_off >= 1,
        "{taken} taken, {put_off} put off"
    );

    let count = async |labels: &[&str]| gateway.metric_of("playhead_beacons_total", labels).await;
    let mut accepted_of_all = 0;
    for source in ["native_json", "cmcd_event", "firehose"] {
        let label = format!("source=\"{source}\"");
        let of_source = |number: fn(&Viewing) -> u64| -> u64 {
            let viewings = viewings.iter().filter(|viewing| viewing.source == source);
            viewings.map(number).sum()
        };
        let accepted = count(&[&label, "outcome=\"accepted\""]).await;
        let shed = count(&[&label, "reason=\"shed\""]).await;
        let refused = count(&[&label, "outcome=\"refused\""]).await;
        println!("{source}: {accepted} accepted, {shed} shed, {refused} refused");
        assert_eq!(count(&[&label]).await, of_source(|v| v.beacons), "{source}");
        assert_eq!(
            accepted + shed + refused,
            of_source(|v| v.beacons),
            "{source}"
        );
        assert_eq!(refused, of_source(|v| v.unreadable), "{source}");
        accepted_of_all += accepted;
    }
    let sent: u64 = viewings.iter().map(|viewing| viewing.beacons).sum();
    assert_eq!(count(&[]).await, sent);
    let beacons = topic.beacons();
    assert_eq!(beacons.len() as u64, accepted_of_all);
    let ended: BTreeSet<&str> = beacons
        .iter()
        .filter(|beacon| {
            beacon.event() == EventKind::SessionEnd || beacon.state() == PlayState::Ended
        })
        .map(|beacon| beacon.session_id())
        .collect();
    assert_eq!(ended.len(), viewings.len(), "every session's end is there");

    // What was put off comes again, and then all of it is there once.
    for viewing in &viewings[..4] {
        let began = Instant::now();
        while !viewing.send(&gateway).await.status().is_success() {
            assert!(began.elapsed() < PATIENCE);
        }
    }
    let beacons = topic.beacons();
    for viewing in &viewings[..4] {
        let seqs: BTreeSet<u64> = beacons
            .iter()
            .filter(|beacon| beacon.session_id() == viewing.session)
            .map(|beacon| beacon.seq())
            .collect();
        let readable = viewing.beacons - viewing.unreadable;
        assert_eq!(seqs.len() as u64, readable, "{}", viewing.session);
    }
}

#[tokio::test]
async fn a_delivery_of_64_mib_is_taken_and_leaves_no_memory_behind() {
    const MAX: usize = 64 * 1024 * 1024;
    const RECORD: usize = 100;
    let topic = topic().await;
    let max = MAX.to_string();
    let settings = [
        ("FIREHOSE__BODY_MAX_BYTES", max.as_str()),
        ("KAFKA__LINGER_MS", "5"),
        // A machine that is busy with other tests is slow.
        ("HTTP__BODY_READ_TIMEOUT_MS", "60000"),
        ("HTTP__REQUEST_TIMEOUT_MS", "85000"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    is_well(&gateway).await;
    let before = memory_kib(&gateway);

    // Beacons of some 4 KiB, a hundred a record, until the next record would be too many.
    let note = "n".repeat(1_000);
    let record = |number: usize| {
        let beacons = (0..RECORD).map(|beacon| {
            let tags = json!({"a": note, "b": note, "c": note, "d": note});
            let seq = number * RECORD + beacon;
            json!({"session_id": "large", "event": "custom", "seq": seq, "tags": tags}).to_string()
        });
        let lines = beacons.collect::<Vec<_>>().join("\n");
        format!("{{\"data\":\"{}\"}}", STANDARD.encode(lines))
    };
    let mut body = r#"{"requestId":"large","timestamp":1795258402000,"records":["#.to_owned();
    let mut records = 0;
    loop {
        let next = record(records);
        if body.len() + next.len() + 3 > MAX {
            break;
        }
        if records > 0 {
            body.push(',');
        }
        body += &next;
        records += 1;
    }
    body += "]}";
    assert!(body.len() > MAX * 99 / 100, "{}", body.len());
    let body = Bytes::from(body);

    let patient = reqwest::Client::builder()
        .timeout(Duration::from_secs(90))
        .build()
        .unwrap();
    let mut after = Vec::new();
    // Firehose repeats what it hears no answer to: twice is no more memory than once.
    for _ in 0..2 {
        let sent = patient
            .post(gateway.url("/v1/firehose"))
            .header("content-type", "application/json")
            .body(body.clone())
            .send();
        let began = Instant::now();
        let (status, _, told) = answer(sent.await.unwrap()).await;
        println!(
            "{status} after {:?}; memory {before} KiB, then {} KiB",
            began.elapsed(),
            memory_kib(&gateway)
        );
        assert_eq!(
            (status, &told["requestId"]),
            (200, &json!("large")),
            "{told}"
        );
        after.push(memory_kib(&gateway));
    }
    let accepted = gateway
        .metric_of(
            "playhead_beacons_total",
            &["source=\"firehose\"", "outcome=\"accepted\""],
        )
        .await;
    assert_eq!(accepted, (2 * records * RECORD) as u64);
    let grown = after[1].saturating_sub(before);
    assert!(grown < 128 * 1_024, "{grown} KiB more: {after:?}");
    let by_repeating = after[1].saturating_sub(after[0]);
    assert!(
        by_repeating < 32 * 1_024,
        "{by_repeating} KiB more: {after:?}"
    );

    // One byte more is too much, and Firehose does not repeat a 413.
    let too_large = vec![b' '; MAX + 1];
    let sent = patient
        .post(gateway.url("/v1/firehose"))
        .body(too_large)
        .send();
    assert_eq!(sent.await.unwrap().status(), 413);
    is_well(&gateway).await;
}
