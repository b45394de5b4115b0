//! The bodies: heartbeats as SDKs send them, and what real clients sent (tests/fixtures/captures).

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use playhead::ingest::doors::native;
use prost::Message;
use serde_json::{Value, json};

/// When all of them are received; the captures are some minutes old by then. Unix ms.
pub(crate) const RECEIVED_MS: i64 = 1_795_250_700_000;
/// Beacons of a batch.
const BATCH: usize = 50;
const HLS: &str = include_str!("../../tests/fixtures/captures/hls-smooth.jsonl");
const EPAS: &str = include_str!("../../tests/fixtures/captures/epas-smooth.jsonl");
const SNOWPLOW: &str = include_str!("../../tests/fixtures/captures/snowplow-smooth.jsonl");
const SHAKA: &str = include_str!("../../tests/fixtures/captures/shaka-smooth.reqmode.jsonl");

/// The batch of heartbeats below by Node's zlib, at quality 5: brotli is only ever undone here.
const BROTLI: &[u8] = include_bytes!("heartbeats.json.br");

/// One request's body, or the query of one that has none.
pub(crate) struct Body {
    /// Protocol, then encoding.
    pub(crate) name: &'static str,
    /// What `Content-Encoding` says.
    pub(crate) encoding: Option<&'static str>,
    /// What is sent.
    pub(crate) bytes: Bytes,
    /// How many beacons are in it.
    pub(crate) beacons: usize,
}

/// One for each protocol and encoding.
pub(crate) fn all() -> Vec<Body> {
    let heartbeats: Vec<Value> = (0..BATCH).map(heartbeat).collect();
    let json = Value::Array(heartbeats.clone()).to_string().into_bytes();
    let protobuf = protobuf(&json);
    let delivery = delivery(&heartbeats);
    let sized = |name, encoding, bytes: Vec<u8>, beacons| Body {
        name,
        encoding,
        bytes: bytes.into(),
        beacons,
    };
    vec![
        sized("JSON, one", None, heartbeats[0].to_string().into_bytes(), 1),
        sized("JSON", None, json.clone(), BATCH),
        sized("JSON, gzip", Some("gzip"), gzip(&json), BATCH),
        sized(
            "JSON, zstd",
            Some("zstd"),
            zstd::encode_all(&*json, 3).unwrap(),
            BATCH,
        ),
        sized("JSON, deflate", Some("deflate"), deflate(&json), BATCH),
        sized("JSON, br", Some("br"), BROTLI.to_vec(), BATCH),
        sized("NDJSON", None, ndjson(&heartbeats), BATCH),
        sized("protobuf", None, protobuf.clone(), BATCH),
        sized("protobuf, gzip", Some("gzip"), gzip(&protobuf), BATCH),
        sized(
            "protobuf, zstd",
            Some("zstd"),
            zstd::encode_all(&*protobuf, 3).unwrap(),
            BATCH,
        ),
        sized(
            "protobuf, deflate",
            Some("deflate"),
            deflate(&protobuf),
            BATCH,
        ),
        sized("pixel", None, pixel(&heartbeats[0]), 1),
        sized("CMCD events, three", None, lines(3), 3),
        sized("CMCD events", None, lines(BATCH), BATCH),
        sized(
            "CMCD events, gzip",
            Some("gzip"),
            gzip(&lines(BATCH)),
            BATCH,
        ),
        sized("CMCD query", None, media_request(), 1),
        sized("CMCD headers", None, media_request(), 1),
        sized(
            "CMCD requests",
            None,
            vec![media_request(); BATCH].join(&b'\n'),
            BATCH,
        ),
        sized("EPAS", None, posted(EPAS, "\"heartbeat\""), 1),
        sized("Snowplow, one", None, payload(1), 1),
        sized("Snowplow", None, payload(BATCH), BATCH),
        sized("Snowplow query", None, snowplow_query(), 1),
        sized("Firehose", None, delivery.clone(), BATCH),
        sized("Firehose, gzip", Some("gzip"), gzip(&delivery), BATCH),
    ]
}

/// A heartbeat as an SDK sends it.
fn heartbeat(seq: usize) -> Value {
    json!({
        "session_id": "6f1c0c1e-9d2b-4a53-8c55-0d6b6b1f7a10", "seq": seq, "event": "heartbeat",
        "state": "playing", "client_time_ms": RECEIVED_MS - 500, "sent_time_ms": RECEIVED_MS - 20,
        "content_id": "series-9-s1e2", "device_class": "smart_tv", "viewer_id": "viewer-0123456789",
        "device_model": "OLED55C1", "os_name": "webOS", "os_version": "6.2", "app_version": "8.1.0",
        "player_name": "shaka", "player_version": "5.2.12", "stream_type": "live", "cdn": "cdn-a",
        "country": "DE", "connection_type": "ethernet", "position_ms": 812_345 + seq,
        "bitrate_kbps": 6_400, "width": 1_920, "height": 1_080, "buffer_ms": 12_000,
        "dropped_frames": 17, "heartbeat_interval_ms": 10_000
    })
}

fn protobuf(json: &[u8]) -> Vec<u8> {
    let mut messages = Vec::new();
    for decoded in native::decode(json, BATCH).unwrap().beacons {
        let beacon = decoded.beacon;
        beacon.encode_length_delimited(&mut messages).unwrap();
    }
    messages
}

fn pixel(beacon: &Value) -> Vec<u8> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in beacon.as_object().unwrap() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        query.append_pair(name, &text);
    }
    query.finish().into_bytes()
}

/// So many reports of hls.js.
fn lines(count: usize) -> Vec<u8> {
    let bodies = requests(HLS);
    let reports = bodies.iter().flat_map(|body| body.lines());
    let lines: Vec<&str> = reports.cycle().take(count).collect();
    lines.join("\n").into_bytes()
}

/// What Shaka says with a request for a segment.
fn media_request() -> Vec<u8> {
    let request: Value = serde_json::from_str(SHAKA.lines().next_back().unwrap()).unwrap();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("CMCD", request["cmcd"].as_str().unwrap());
    query.finish().into_bytes()
}

/// A payload of so many events of the media plugin.
fn payload(count: usize) -> Vec<u8> {
    let payloads: Vec<Value> = requests(SNOWPLOW)
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .collect();
    let events = payloads
        .iter()
        .flat_map(|payload| payload["data"].as_array().unwrap());
    let pauses = events.filter(|event| event.to_string().contains("media/pause_event"));
    let events: Vec<&Value> = pauses.cycle().take(count).collect();
    json!({"schema": payloads[0]["schema"], "data": events})
        .to_string()
        .into_bytes()
}

/// The same event as parameters of an address.
fn snowplow_query() -> Vec<u8> {
    let payload: Value = serde_json::from_slice(&payload(1)).unwrap();
    pixel(&payload["data"][0])
}

fn ndjson(heartbeats: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = heartbeats.iter().map(Value::to_string).collect();
    lines.join("\n").into_bytes()
}

fn delivery(heartbeats: &[Value]) -> Vec<u8> {
    let records: Vec<Value> = heartbeats
        .iter()
        .map(|beacon| json!({"data": STANDARD.encode(beacon.to_string())}))
        .collect();
    let request = json!({"requestId": "r", "timestamp": RECEIVED_MS, "records": records});
    request.to_string().into_bytes()
}

/// The bodies that a client posted.
fn requests(capture: &str) -> Vec<String> {
    let requests = capture
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let posts = requests.filter(|request: &Value| request["method"] == "POST");
    posts
        .map(|request| request["body"].as_str().unwrap().to_owned())
        .collect()
}

/// The first body that holds this.
fn posted(capture: &str, text: &str) -> Vec<u8> {
    let bodies = requests(capture);
    let mut found = bodies.into_iter().filter(|body| body.contains(text));
    found.next().unwrap().into_bytes()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn deflate(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}
