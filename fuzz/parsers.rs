//! Every parser that reads what strangers, disks or other programs wrote, under one signature. What a parser
//! makes of its input goes the whole way of a beacon: validated, enriched, packed for Kafka.

use std::cell::RefCell;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::LazyLock;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use playhead::beacon::Source;
use playhead::config::{EnrichConfig, HttpConfig, LimitsConfig, PrivacyConfig, ProxyHeader};
use playhead::enrich::{Arrival, ClientFacts, Enricher, Origin, enrich, readmit};
use playhead::gate::keys::KeyFile;
use playhead::gate::{Peer, TrustedProxies};
use playhead::ingest::doors::{cmcd, epas, firehose, forward, native, pixel, snowplow};
use playhead::ingest::{DecodedBatch, RequestHead, RequestRefusal, Rules, decompress, validate};
use playhead::privacy::{HashKeys, Privacy};
use playhead::produce::{Partitioner, RowsByPartition, decode_rows, spool};

/// The policy of the defaults; its patterns take long to prepare.
static PRIVACY: LazyLock<Privacy> =
    LazyLock::new(|| Privacy::once(&PrivacyConfig::default()).unwrap());

/// What is read of clients by default; its patterns take long to prepare.
static ENRICHER: LazyLock<Enricher> =
    LazyLock::new(|| Enricher::once(&EnrichConfig::default()).unwrap());

/// The networks of [`PROXY`], once with each header that can be chosen.
static PROXIES: LazyLock<[TrustedProxies; 2]> = LazyLock::new(|| {
    [ProxyHeader::XForwardedFor, ProxyHeader::Forwarded].map(|proxy_header| {
        TrustedProxies::new(&HttpConfig {
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            proxy_header,
            ..HttpConfig::default()
        })
    })
});

/// A parser with the folder of its corpus.
pub(crate) struct Parser {
    /// Its name, and its corpus' folder.
    pub(crate) name: &'static str,
    /// Reads an input, whatever it is; a panic is a fault.
    pub(crate) read: fn(&[u8]),
}

/// All of them.
pub(crate) const PARSERS: [Parser; 18] = [
    parser("native_json", |input| {
        take(native::decode(input, BEACONS_MAX))
    }),
    parser("native_protobuf", |input| {
        take(native::decode_protobuf(input, BEACONS_MAX))
    }),
    parser("pixel_query", |input| take(Ok(pixel::decode(&text(input))))),
    parser("cmcd_events", |input| {
        for batch in cmcd::decode(input, Some("a"), BEACONS_MAX).unwrap_or_default() {
            assert!(batch.received() <= BEACONS_MAX, "batches are bounded");
            take(Ok(batch));
        }
    }),
    parser("cmcd_requests", |input| {
        take(cmcd::decode_requests(&head(""), input, BEACONS_MAX))
    }),
    parser("cmcd_query", |input| {
        take(cmcd::decode_request(&head(&text(input))))
    }),
    parser("epas", |input| take(epas::decode(input, ""))),
    parser("snowplow_payload", |input| {
        take(snowplow::decode(input, BEACONS_MAX))
    }),
    parser("snowplow_query", |input| {
        take(Ok(snowplow::decode_query(&text(input))))
    }),
    parser("firehose", read_delivery),
    parser("forward", |input| {
        settle(
            forward::decode(input, BEACONS_MAX),
            Origin::GatewayOfAllTenants,
            ClientFacts::default(),
        );
    }),
    parser("proxy_headers", read_proxy_headers),
    parser("client_headers", read_client_headers),
    parser("decompression", read_compressed),
    parser("keys_file", read_keys),
    parser("hash_keys", read_hash_keys),
    parser("kafka_message", |input| drop(decode_rows(input))),
    parser("spool_segment", read_segment),
];

/// Most beacons of one input.
const BEACONS_MAX: usize = 1_000;
/// Most bytes that a body may have, also after decompression.
const BODY_MAX_BYTES: usize = 1024 * 1024;
const RECEIVED_MS: i64 = 1_795_250_275_830;
/// The other end of every connection: a proxy that is trusted.
const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 1, 1, 1));
/// The name under which a spool finds its first segment.
const SEGMENT: &str = "00000000000000000001.segment";

const fn parser(name: &'static str, read: fn(&[u8])) -> Parser {
    Parser { name, read }
}

/// The way of every beacon that a client's door could read.
fn take(decoded: Result<DecodedBatch, RequestRefusal>) {
    settle(decoded, Origin::Client, ClientFacts::default());
}

fn settle(decoded: Result<DecodedBatch, RequestRefusal>, origin: Origin, client: ClientFacts) {
    let Ok(batch) = decoded else { return };
    let received = batch.received();
    assert!(received > 0, "a batch holds something");
    let rules = Rules::new(&LimitsConfig::default());
    let arrival = Arrival {
        tenant: "default".into(),
        write_key: None,
        received_time_ms: RECEIVED_MS,
        source: Source::NativeJson,
        stream: "fuzz",
        is_gpc: false,
        is_test: false,
        client,
        origin,
    };
    let mut protection = PRIVACY.of_request(&arrival);
    let mut rows = RowsByPartition::new(Partitioner::new(6, 1), 1_000, 256 * 1024);
    let mut refused = 0;
    for beacon in batch.beacons {
        let index = beacon.index;
        match validate(beacon, &rules, RECEIVED_MS) {
            Ok(valid) if origin != Origin::Client => rows.push(index, readmit(valid, &arrival)),
            Ok(valid) => rows.push(index, enrich(protection.protect(valid), &arrival)),
            Err(_) => refused += 1,
        }
    }
    let others = refused + batch.refusals.len() + batch.drops.len();
    assert_eq!(rows.count() + others, received, "each has one outcome");
}

fn read_delivery(input: &[u8]) {
    for batch in firehose::decode(input, BEACONS_MAX).unwrap_or_default() {
        assert!(batch.received() <= BEACONS_MAX, "batches are bounded");
        take(Ok(batch));
    }
}

/// The first byte tells the encoding.
fn read_compressed(input: &[u8]) {
    let Some((first, body)) = input.split_first() else {
        return;
    };
    let names = ["", "gzip", "zstd", "br", "deflate"];
    let name = names[usize::from(*first) % names.len()];
    if let Ok(plain) = decompress(name, body, BODY_MAX_BYTES) {
        assert!(plain.len() <= BODY_MAX_BYTES, "what comes out is bounded");
    }
}

fn read_keys(input: &[u8]) {
    with_folder(|folder| {
        let path = folder.join("keys.json");
        if fs::write(&path, input).is_ok() {
            drop(KeyFile::read(&path));
        }
    });
}

fn read_hash_keys(input: &[u8]) {
    let Ok(keys) = HashKeys::of_text(&text(input)) else {
        return;
    };
    let (now, former) = (keys.in_force(RECEIVED_MS), keys.former(RECEIVED_MS));
    assert!(
        former.is_none() || now.is_some(),
        "a former key has a later one"
    );
    for key in now.into_iter().chain(former) {
        let hash = key.hash("default", "viewer_id", "v");
        assert!(hash != "v", "an id is not left as it is");
    }
}

/// Whose request it is must always come out: at the least the proxy's own address.
fn read_proxy_headers(input: &[u8]) {
    let mut request = Request::new(());
    *request.headers_mut() = headers(input);
    request.extensions_mut().insert(Peer(PROXY));
    let (head, ()) = request.into_parts();
    for proxies in &*PROXIES {
        assert!(
            proxies.client_of(&head).is_some(),
            "every request has a client"
        );
    }
}

/// What user agent, hints and a proxy's word on the place tell goes into a beacon, and that to its record.
fn read_client_headers(input: &[u8]) {
    const BEACON: &[u8] = br#"{"session_id":"s","event":"session_start","seq":0}"#;
    let client = ENRICHER.look_at(&headers(input), Some(PROXY), true);
    let decoded = native::decode(BEACON, BEACONS_MAX);
    settle(decoded, Origin::Client, client);
}

/// One header a line; lines that HTTP would not let through are left out.
fn headers(input: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    headers
}

/// A spool's folder whose only segment this is. Its sums are made right where there is room for them, since hardly any
/// input would come past them else.
fn read_segment(input: &[u8]) {
    let mut segment = input.to_vec();
    mend_sums(&mut segment);
    with_folder(|folder| {
        if fs::write(folder.join(SEGMENT), segment).is_ok() {
            drop(spool::inspect(folder));
        }
    });
}

/// `docs/spool.md`: the head's sum stands in its last four bytes, a record's in its first four.
fn mend_sums(segment: &mut [u8]) {
    const HEAD: usize = 40;
    if segment.len() < HEAD {
        return;
    }
    segment[..8].copy_from_slice(b"PLHSPOOL");
    let sum = crc32c::crc32c(&segment[..HEAD - 4]);
    segment[HEAD - 4..HEAD].copy_from_slice(&sum.to_le_bytes());
    let mut at = HEAD;
    while let Some(record) = segment.get_mut(at..).filter(|rest| rest.len() >= HEAD) {
        let mut length = [0; 4];
        length.copy_from_slice(&record[4..8]);
        let Ok(payload) = usize::try_from(u32::from_le_bytes(length)) else {
            return;
        };
        let Some(record) = record.get_mut(..HEAD.saturating_add(payload)) else {
            return;
        };
        // One of four stays wrong.
        if record[HEAD - 1] % 4 != 3 {
            let sum = crc32c::crc32c(&record[4..]);
            record[..4].copy_from_slice(&sum.to_le_bytes());
        }
        at += record.len();
    }
}

/// A folder in memory, one for each thread.
fn with_folder(act: impl FnOnce(&PathBuf)) {
    thread_local! {
        static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
    }
    FOLDER.with_borrow_mut(|kept| {
        let memory = PathBuf::from("/dev/shm");
        let made = || {
            if memory.is_dir() {
                tempfile::tempdir_in(&memory)
            } else {
                tempfile::tempdir()
            }
        };
        if kept.is_none() {
            *kept = made().ok();
        }
        if let Some(folder) = kept {
            act(&folder.path().to_path_buf());
        }
    });
}

fn head(query: &str) -> RequestHead {
    RequestHead {
        path: "/v1/cmcd/request/a/seg.m4s".into(),
        query: query.to_owned(),
        headers: HeaderMap::new(),
        received_time_ms: RECEIVED_MS,
        is_gpc: false,
    }
}

/// An address holds text only.
fn text(input: &[u8]) -> String {
    String::from_utf8_lossy(input).into_owned()
}
