//! CPU time of a beacon on its way through the gateway, without HTTP and without Kafka:
//! `cargo bench --bench ingest`.
//!
//! One thread takes the same batch of 50 JSON beacons of about 568 bytes again and again. What is
//! printed is CPU time of the process, so other load on the machine hardly matters.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::hint::black_box;

use playhead::beacon::Source;
use playhead::config::{Config, LimitsConfig};
use playhead::ingest::doors::native;
use playhead::ingest::{Arrival, Rules, enrich, validate};
use playhead::produce::{Partitioner, RowsByPartition};
use serde_json::{Value, json};

const BATCH: usize = 50;
const ROUNDS: usize = 20_000;
const RECEIVED_MS: i64 = 1_795_250_275_830;

fn main() {
    let body = batch();
    println!(
        "batch of {BATCH} beacons, {} bytes each",
        body.len() / BATCH
    );
    report("decode", || {
        black_box(native::decode(black_box(&body), BATCH).unwrap());
    });
    let rules = Rules::new(&LimitsConfig::default());
    let kafka = Config::default().kafka;
    let arrival = Arrival {
        tenant: "default".into(),
        received_time_ms: RECEIVED_MS,
        source: Source::NativeJson,
        stream: "json",
        is_gpc: false,
    };
    report("decode, validate, enrich, pack, encode", || {
        let batch = native::decode(black_box(&body), BATCH).unwrap();
        let mut rows = RowsByPartition::new(
            Partitioner::new(6, 1),
            kafka.batch_max_rows,
            kafka.batch_max_bytes,
        );
        for decoded in batch.beacons {
            let index = decoded.index;
            let valid = validate(decoded, &rules, RECEIVED_MS).unwrap();
            rows.push(index, enrich(valid, &arrival));
        }
        assert_eq!(rows.count(), BATCH);
        black_box(rows);
    });
}

/// Runs it often, and prints the CPU time of one beacon.
fn report(name: &str, mut once: impl FnMut()) {
    (0..ROUNDS / 10).for_each(|_| once());
    let before = cpu_ticks();
    (0..ROUNDS).for_each(|_| once());
    // A tick of /proc is 10 ms on Linux.
    let micros = (cpu_ticks() - before) as f64 * 10_000.0;
    println!(
        "{name}: {:.2} us per beacon",
        micros / (ROUNDS * BATCH) as f64
    );
}

/// User and system time of this process.
fn cpu_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1;
    let ticks = fields.split(' ').skip(11).take(2);
    ticks.map(|field| field.parse::<u64>().unwrap()).sum()
}

fn batch() -> Vec<u8> {
    let beacons: Vec<Value> = (0..BATCH).map(beacon).collect();
    Value::Array(beacons).to_string().into_bytes()
}

/// A heartbeat as an SDK sends it.
fn beacon(seq: usize) -> Value {
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
