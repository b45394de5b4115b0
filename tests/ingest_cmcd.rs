//! The CMCD door, fed with what real players sent: `tests/fixtures/captures`.
//!
//! A capture holds every request of a player's 20 s session; its `.truth.json` what the page measured
//! on the video element meanwhile.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::harness::{Gateway, Topic, answer, brokers, client};
use playhead::beacon::{Beacon, EventKind, PlayState, Source};
use serde_json::{Value, json};

struct Capture {
    bodies: Vec<String>,
    truth: Value,
}

impl Capture {
    fn read(name: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/captures");
        let requests = std::fs::read_to_string(format!("{folder}/{name}.jsonl")).unwrap();
        let truth = std::fs::read_to_string(format!("{folder}/{name}.truth.json")).unwrap();
        let bodies = requests
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .filter(|request: &Value| request["method"] == "POST")
            .map(|request| request["body"].as_str().unwrap().to_owned())
            .collect();
        Self {
            bodies,
            truth: serde_json::from_str(&truth).unwrap(),
        }
    }

    fn lines(&self) -> usize {
        self.bodies.iter().map(|body| body.lines().count()).sum()
    }

    /// A moment or duration that the page measured; ms.
    fn truth(&self, pointer: &str) -> i64 {
        let value = self.truth.pointer(&format!("/summary/{pointer}"));
        value.and_then(Value::as_i64).unwrap()
    }
}

/// Posts every body as the player did, and reads the beacons back from Kafka, in the order of `sn`.
async fn replay(capture: &Capture) -> Vec<Beacon> {
    let topic = Topic::create(brokers(), 6).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    for body in &capture.bodies {
        let request = client()
            .post(gateway.url("/v1/cmcd?target=a&key=later"))
            .header("content-type", "application/cmcd")
            .body(body.clone());
        assert_eq!(request.send().await.unwrap().status(), 204, "{body}");
    }
    let counted = gateway
        .metric("playhead_beacons_total", "source=\"cmcd_event\"")
        .await;
    assert_eq!(counted as usize, capture.lines());
    let mut beacons = topic.beacons();
    beacons.sort_by_key(Beacon::seq);
    let seqs: Vec<u64> = beacons.iter().map(Beacon::seq).collect();
    assert_eq!(seqs, (0..capture.lines() as u64).collect::<Vec<_>>());
    for beacon in &beacons {
        assert_eq!(beacon.session_id(), capture.truth["sid"]);
        assert_eq!(beacon.stream(), "cmcd:event:a");
        assert_eq!(beacon.source(), Source::CmcdEvent);
        assert!(beacon.seq_is_ordinal());
    }
    beacons
}

/// The play states that were reported, with their moments.
fn states(beacons: &[Beacon]) -> Vec<(PlayState, i64)> {
    beacons
        .iter()
        .filter(|beacon| beacon.event() == EventKind::PlayState)
        .map(|beacon| (beacon.state(), beacon.client_time_ms()))
        .collect()
}

fn names(states: &[(PlayState, i64)]) -> Vec<PlayState> {
    states.iter().map(|(state, _)| *state).collect()
}

fn count(beacons: &[Beacon], event: EventKind) -> usize {
    beacons
        .iter()
        .filter(|beacon| beacon.event() == event)
        .count()
}

#[track_caller]
fn close(found_ms: i64, true_ms: i64) {
    assert!(
        (found_ms - true_ms).abs() <= 5,
        "{found_ms} is not {true_ms}"
    );
}

#[tokio::test]
async fn hls_js() {
    use PlayState::{Ended, Paused, Playing, Preloading, Rebuffering, Seeking, Starting};
    let capture = Capture::read("hls-smooth");
    let beacons = replay(&capture).await;
    let states = states(&beacons);
    assert_eq!(
        names(&states),
        [
            Preloading,
            Starting,
            Playing,
            Paused,
            Playing,
            Seeking,
            Rebuffering,
            Playing,
            Ended
        ]
    );
    close(states[2].1, capture.truth("firstPlayingAt"));
    close(states[3].1, capture.truth("pauses/0/from"));
    close(states[4].1, capture.truth("pauses/0/to"));
    close(states[5].1, capture.truth("seeks/0/from"));
    close(states[7].1, capture.truth("seeks/0/playingAt"));
    close(states[8].1, capture.truth("endedAt"));
    assert_eq!(count(&beacons, EventKind::Heartbeat), 4);
    assert_eq!(count(&beacons, EventKind::BitrateChange), 2);
    assert_eq!(count(&beacons, EventKind::Request), 12);
    let custom = &beacons[2];
    assert_eq!(
        (custom.event(), &*custom.tags["cen"]),
        (EventKind::Custom, "capture-hello")
    );
    let request = &beacons[9];
    assert_eq!(
        serde_json::to_value(request).unwrap()["request"],
        json!({"status": 200, "ttfb_ms": 13, "ttlb_ms": 19, "host": "127.0.0.1:8801"})
    );
    assert_eq!(
        (request.bitrate_kbps(), request.throughput_kbps()),
        (1_019, 4_900)
    );
}

#[tokio::test]
async fn dash_js() {
    use PlayState::{Ended, Paused, Playing, Rebuffering, Seeking, Starting, Waiting};
    let capture = Capture::read("dash-smooth");
    let beacons = replay(&capture).await;
    let states = states(&beacons);
    assert_eq!(
        names(&states),
        [
            Starting,
            Rebuffering,
            Playing,
            Paused,
            Playing,
            Seeking,
            Waiting,
            Playing,
            Paused,
            Ended
        ]
    );
    close(states[2].1, capture.truth("firstPlayingAt"));
    close(states[3].1, capture.truth("pauses/0/from"));
    close(states[4].1, capture.truth("pauses/0/to"));
    close(states[7].1, capture.truth("seeks/0/playingAt"));
    close(states[9].1, capture.truth("endedAt"));
    // Sound and picture come apart: 831 and 96 kbit/s; the shorter buffer is the one that counts.
    let playing = beacons.iter().find(|beacon| beacon.seq() == 9).unwrap();
    assert_eq!((playing.bitrate_kbps(), playing.buffer_ms()), (927, 1_900));
    // A moment in place of a duration is left out; the rest of the request stays.
    let request = beacons.iter().find(|beacon| beacon.seq() == 6).unwrap();
    assert_eq!(
        serde_json::to_value(request).unwrap()["request"],
        json!({"status": 200, "ttlb_ms": 149, "object_type": "v", "host": "127.0.0.1:8801"})
    );
    assert!(
        beacons
            .iter()
            .all(|beacon| !beacon.request.contains_key("ttfb_ms"))
    );
}

#[tokio::test]
async fn shaka_tells_no_states_in_its_shipped_build() {
    let capture = Capture::read("shaka-smooth");
    let beacons = replay(&capture).await;
    assert_eq!(states(&beacons), []);
    let started: Vec<u64> = beacons
        .iter()
        .filter_map(|beacon| beacon.startup.get("total_ms").copied())
        .collect();
    assert_eq!(started, [382]);
    close(382, capture.truth("startupFromLoadMs"));
    assert_eq!(count(&beacons, EventKind::Heartbeat), 4);
    assert!(
        beacons[1..]
            .iter()
            .any(|beacon| beacon.bitrate_kbps() == 927)
    );
}

#[tokio::test]
async fn a_bad_line_is_named_and_its_neighbours_are_taken() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let send = async |content_type: &str, body: &'static str| {
        let request = client()
            .post(gateway.url("/v1/cmcd"))
            .header("content-type", content_type)
            .body(body);
        answer(request.send().await.unwrap()).await
    };
    let body = "e=t,sid=\"s\",sn=0,ts=1795250275767,v=2\nthis is, no =dictionary\ne=t,sn=1,v=2\ne=t,sid=\"s\",ts=1795250275768,v=2\n";
    let (status, _, mut body) = send("application/cmcd", body).await;
    body.as_object_mut().unwrap().remove("received_time_ms");
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({
            "received": 4, "accepted": 2, "refused": 2, "dropped": 0,
            "results": [
                {"index": 1, "outcome": "refused", "reason": "malformed_cmcd", "message": "a comma is due at character 5"},
                {"index": 2, "outcome": "refused", "reason": "missing_session_id", "field": "session_id", "message": "session_id is required"},
            ]
        })
    );
    // Nothing readable at all is no error either: players repeat what is answered with one.
    let (status, _, body) = send("application/cmcd", "{\"not\":\"cmcd\"}").await;
    assert_eq!((status, &body["refused"]), (200, &json!(1)));
    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 2);
    assert!(beacons.iter().all(|beacon| beacon.stream() == "cmcd:event"));
    assert!(
        !beacons[1].seq_is_ordinal(),
        "a line without sn is no ordinal"
    );
}

#[tokio::test]
async fn content_types_of_all_drafts_are_taken() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let send = async |content_type: Option<&str>, body: &'static str| {
        let mut request = client().post(gateway.url("/v1/cmcd")).body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        answer(request.send().await.unwrap()).await
    };
    let line = "e=t,sid=\"s\",sn=0\n";
    for content_type in [
        "application/cmcd",
        "text/cmcd",
        "application/cmcd+text",
        "application/json",
        "text/plain; charset=utf-8",
    ] {
        assert_eq!(
            send(Some(content_type), line).await.0,
            204,
            "{content_type}"
        );
    }
    assert_eq!(send(None, line).await.0, 204);
}

/// Lines that a player kept while nobody answered.
fn queue(lines: std::ops::Range<u64>) -> String {
    let line = |sn| format!("e=t,sid=\"s\",sn={sn},ts=1795258402000,v=2\n");
    lines.map(line).collect()
}

#[tokio::test]
async fn a_queue_that_grew_while_nobody_answered_is_taken() {
    let topic = Topic::create(brokers(), 2).await;
    let gateway = Gateway::start(&topic, &[]);
    let send = async |body: String| {
        let request = client()
            .post(gateway.url("/v1/cmcd"))
            .header("content-type", "application/cmcd")
            .body(body);
        answer(request.send().await.unwrap()).await
    };
    assert_eq!(send(queue(0..1_500)).await.0, 204);
    // A bad line of such a queue has its place in the whole body.
    let body = queue(1_500..2_700) + "no =dictionary\n" + &queue(2_700..3_999);
    let (status, _, body) = send(body).await;
    assert_eq!(status, 200);
    assert_eq!(
        (&body["received"], &body["accepted"], &body["refused"]),
        (&json!(2_500), &json!(2_499), &json!(1))
    );
    assert_eq!(body["results"][0]["index"], 1_200);
    assert_eq!(body["results"][0]["reason"], "malformed_cmcd");
    // Nor does a queue of rubbish come again; the answer names some of it, and counts all.
    let (status, _, body) = send("no =dictionary\n".repeat(2_500)).await;
    assert_eq!((status, &body["refused"]), (200, &json!(2_500)));
    assert_eq!(body["results"].as_array().unwrap().len(), 1_000);
    let mut seqs: Vec<u64> = topic.beacons().iter().map(Beacon::seq).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (0..3_999).collect::<Vec<_>>());
    let count = async |label: &str| gateway.metric("playhead_beacons_total", label).await;
    assert_eq!(count("outcome=\"accepted\"").await, 3_999);
    assert_eq!(count("reason=\"malformed_cmcd\"").await, 2_501);
    assert_eq!(count("").await, 1_500 + 2_500 + 2_500);
}

#[tokio::test]
async fn a_body_that_never_can_be_taken_does_not_come_again() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("HTTP__BODY_MAX_BYTES", "4096")]);
    let line = "e=t,sid=\"s\",sn=0\n";
    let bomb = {
        use std::io::Write as _;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&[b'\n'; 100_000]).unwrap();
        gzip.finish().unwrap()
    };
    let bodies = [
        (
            "application/cmcd",
            "",
            line.repeat(1_000).into(),
            "body_too_large",
        ),
        ("application/cmcd", "", b"\r\n \n".to_vec(), "empty_batch"),
        ("application/cmcd", "", Vec::new(), "empty_batch"),
        ("image/png", "", line.into(), "unsupported_content_type"),
        (
            "application/cmcd",
            "lzma",
            line.into(),
            "unsupported_encoding",
        ),
        (
            "application/cmcd",
            "gzip",
            line.into(),
            "malformed_encoding",
        ),
        ("application/cmcd", "gzip", bomb, "body_too_large"),
    ];
    for (content_type, encoding, body, reason) in bodies {
        let mut request = client()
            .post(gateway.url("/v1/cmcd"))
            .header("content-type", content_type)
            .body(body);
        if !encoding.is_empty() {
            request = request.header("content-encoding", encoding);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["x-playhead-reason"], reason);
        let (status, _, body) = answer(response).await;
        assert_eq!((status, &body["reason"]), (200, &json!(reason)));
    }
    // Each is counted, and no beacon of it.
    let refused = async |label: &str| {
        gateway
            .metric("playhead_requests_refused_total", label)
            .await
    };
    assert_eq!(refused("").await, 7);
    assert_eq!(refused("reason=\"body_too_large\"").await, 2);
    assert_eq!(gateway.metric("playhead_beacons_total", "").await, 0);
}

#[tokio::test]
async fn a_line_without_a_number_is_known_by_all_that_it_says() {
    let topic = Topic::create(brokers(), 2).await;
    let gateway = Gateway::start(&topic, &[]);
    let of = |path: &str| {
        format!(
            "e=rr,rc=200,sid=\"s\",ts=1795258402000,ttlb=31,url=\"https://cdn.example/{path}\",v=2\n"
        )
    };
    // As hls.js does after a refusal: again, in other batches and another order.
    let (one, other) = (of("1.m4s"), of("2.m4s"));
    for body in [
        one.clone() + &other,
        other.clone() + &one,
        one.clone(),
        other.clone() + &other,
    ] {
        let request = client().post(gateway.url("/v1/cmcd?target=a")).body(body);
        assert_eq!(request.send().await.unwrap().status(), 204);
    }
    let mut seqs: Vec<u64> = topic.beacons().iter().map(Beacon::seq).collect();
    assert_eq!(seqs.len(), 7);
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), 2, "two requests, however often they are told");
}

#[tokio::test]
async fn what_stands_behind_a_report_that_is_shed_is_taken_and_every_report_has_an_outcome() {
    let topic = Topic::create(brokers(), 1).await;
    // A hundredth of 50 is less than one: heartbeats are always too many.
    let settings = [
        ("KAFKA__LINGER_MS", "5"),
        ("KAFKA__BATCH_MAX_ROWS", "50"),
        ("KAFKA__BEACONS_IN_FLIGHT_MAX", "50"),
        ("LIMITS__BEACONS_PER_REQUEST_MAX", "5"),
        ("GATE__SHED_HEARTBEATS_PERCENT", "1"),
    ];
    let gateway = Gateway::start(&topic, &settings);
    let mut lines = String::new();
    for session in 0..4 {
        for sn in 0..4 {
            lines += &format!("e=t,sid=\"s{session}\",sn={sn},sta=p,ts=1795258402000,v=2\n");
        }
        lines += &format!("e=ps,sid=\"s{session}\",sn=4,sta=e,ts=1795258403000,v=2\n");
    }
    let request = client()
        .post(gateway.url("/v1/cmcd"))
        .header("content-type", "application/cmcd")
        .body(lines);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "5");
    let count = async |label: &str| gateway.metric("playhead_beacons_total", label).await;
    assert_eq!(count("reason=\"shed\"").await, 16);
    assert_eq!(count("outcome=\"accepted\"").await, 4);
    assert_eq!(count("").await, 20);
    let beacons = topic.beacons();
    let mut ended: Vec<&str> = beacons.iter().map(|beacon| beacon.session_id()).collect();
    ended.sort_unstable();
    assert_eq!(ended, ["s0", "s1", "s2", "s3"]);
}
