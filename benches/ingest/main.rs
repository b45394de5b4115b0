//! CPU time of a beacon on its way through the gateway, without HTTP and without Kafka, for every protocol and
//! encoding: `cargo bench --bench ingest`, or with the beginning of a name for some of them.
//!
//! One thread takes the same bodies again and again. What is printed is CPU time of the process, so other load on the
//! machine hardly matters. The table stands in docs/protocols.md.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

mod bodies;
mod cpu;

use std::hint::black_box;
use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderValue};
use playhead::beacon::Source;
use playhead::config::{Config, LimitsConfig, PrivacyConfig};
use playhead::enrich::{Arrival, ClientFacts, Origin, enrich};
use playhead::ingest::doors::{cmcd, epas, firehose, native, pixel, snowplow};
use playhead::ingest::{DecodedBatch, RequestHead, RequestRefusal, Rules, decompress, validate};
use playhead::privacy::Privacy;
use playhead::produce::{Partitioner, RowsByPartition};

use bodies::{Body, RECEIVED_MS};

/// The policy of the defaults; its patterns take long to prepare.
static PRIVACY: LazyLock<Privacy> =
    LazyLock::new(|| Privacy::once(&PrivacyConfig::default()).unwrap());

/// Most beacons of a request, as by default.
const BEACONS_MAX: usize = 1_000;
/// Largest body, as by default.
const BODY_MAX_BYTES: usize = 1024 * 1024;

type Decode = fn(&Body) -> Result<DecodedBatch, RequestRefusal>;

fn main() {
    let mut names = std::env::args().skip(1);
    let wanted = names
        .find(|name| !name.starts_with('-'))
        .unwrap_or_default();
    println!(
        "| protocol and encoding | beacons a request | bytes a beacon | decode, us a beacon | to the record, us a beacon |"
    );
    println!("|---|---:|---:|---:|---:|");
    let cases = bodies::all();
    for body in cases.iter().filter(|body| body.name.starts_with(&wanted)) {
        let decode = decoder(body.name);
        let beacons = decode(body).unwrap().beacons.len();
        assert_eq!(beacons, body.beacons, "{}", body.name);
        let decoding = cpu::micros_of(|| drop(black_box(decode(black_box(body)).unwrap())));
        let whole = cpu::micros_of(|| to_records(decode(black_box(body)).unwrap()));
        let each = |micros: f64| micros / beacons as f64;
        println!(
            "| {} | {beacons} | {:.0} | {:.2} | {:.2} |",
            body.name,
            body.bytes.len() as f64 / beacons as f64,
            each(decoding),
            each(whole),
        );
    }
}

/// What a door does with a body, its encoding undone.
fn decoder(name: &str) -> Decode {
    match name.split(',').next().unwrap_or_default() {
        "JSON" | "NDJSON" => |body| native::decode(&plain(body)?, BEACONS_MAX),
        "protobuf" => |body| native::decode_protobuf(&plain(body)?, BEACONS_MAX),
        "pixel" => |body| Ok(pixel::decode(&query(body))),
        "CMCD events" => |body| last(cmcd::decode(&plain(body)?, None, BEACONS_MAX)?),
        "CMCD query" => |body| cmcd::decode_request(&by_query(body)),
        "CMCD headers" => |body| cmcd::decode_request(&by_headers(body)),
        "CMCD requests" => {
            |body| cmcd::decode_requests(&head(String::new()), &plain(body)?, BEACONS_MAX)
        }
        "EPAS" => |body| epas::decode(&plain(body)?, ""),
        "Snowplow query" => |body| Ok(snowplow::decode_query(&query(body))),
        "Snowplow" => |body| snowplow::decode(&plain(body)?, BEACONS_MAX),
        _ => |body| last(firehose::decode(&plain(body)?, BEACONS_MAX)?),
    }
}

/// The only one.
fn last(mut batches: Vec<DecodedBatch>) -> Result<DecodedBatch, RequestRefusal> {
    batches.pop().ok_or(RequestRefusal::EmptyBatch)
}

fn plain(body: &Body) -> Result<bytes::Bytes, RequestRefusal> {
    match body.encoding {
        None => Ok(body.bytes.clone()),
        Some(encoding) => decompress(encoding, &body.bytes, BODY_MAX_BYTES),
    }
}

fn query(body: &Body) -> String {
    String::from_utf8_lossy(&body.bytes).into_owned()
}

fn by_query(body: &Body) -> RequestHead {
    head(query(body))
}

/// What the query says, in a header.
fn by_headers(body: &Body) -> RequestHead {
    let mut pairs = form_urlencoded::parse(&body.bytes);
    let (_, dictionary) = pairs.find(|(name, _)| name == "CMCD").unwrap();
    let mut head = head(String::new());
    let value = HeaderValue::from_str(&dictionary).unwrap();
    head.headers.insert("cmcd-session", value);
    head
}

fn head(query: String) -> RequestHead {
    RequestHead {
        path: "/v1/cmcd/request/video/segment-7.m4s".into(),
        query,
        headers: HeaderMap::new(),
        received_time_ms: RECEIVED_MS,
        is_gpc: false,
    }
}

/// The rest of the way: validated, enriched, packed, encoded for Kafka.
fn to_records(batch: DecodedBatch) {
    let rules = Rules::new(&LimitsConfig::default());
    let kafka = Config::default().kafka;
    let arrival = Arrival {
        tenant: "default".into(),
        write_key: None,
        received_time_ms: RECEIVED_MS,
        source: Source::NativeJson,
        stream: "bench",
        is_gpc: false,
        is_test: false,
        client: ClientFacts::default(),
        origin: Origin::Client,
    };
    let mut protection = PRIVACY.of_request(&arrival);
    let count = batch.beacons.len();
    let mut rows = RowsByPartition::new(
        Partitioner::new(6, 1),
        kafka.batch_max_rows,
        kafka.batch_max_bytes,
    );
    for decoded in batch.beacons {
        let index = decoded.index;
        let valid = validate(decoded, &rules, RECEIVED_MS).unwrap();
        rows.push(index, enrich(protection.protect(valid), &arrival));
    }
    assert_eq!(rows.count(), count);
    black_box(rows);
}
