//! CMCD on media requests, as a CDN or a proxy mirrors them: what hls.js, dash.js and Shaka said with
//! theirs (`tests/fixtures/captures/*.reqmode.jsonl`), and the examples of version 1.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::harness::{Gateway, Topic, answer, brokers, client};
use playhead::beacon::{Beacon, EventKind, Source};
use serde_json::{Value, json};

/// What each media request of a session said: (when it came, CMCD).
fn requests(player: &str) -> Vec<(i64, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/captures");
    let text = std::fs::read_to_string(format!("{folder}/{player}-smooth.reqmode.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .map(|request: Value| {
            let cmcd = request["cmcd"].as_str().unwrap().to_owned();
            (request["t"].as_i64().unwrap(), cmcd)
        })
        .collect()
}

async fn get(gateway: &Gateway, path: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
    let request = client().get(gateway.url(path)).query(parameters);
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    (status, body)
}

#[tokio::test]
async fn a_mirrored_session_of_each_player_is_whole() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[("KAFKA__LINGER_MS", "5")]);
    for player in ["hls", "dash", "shaka"] {
        let requests = requests(player);
        // The mirror delivers some twice and out of order.
        for (at_ms, cmcd) in requests.iter().rev().chain(requests.iter().take(3)) {
            let at_ms = at_ms.to_string();
            let parameters = [("CMCD", cmcd.as_str()), ("ts", &at_ms), ("cdn", "edge-1")];
            let answer = get(&gateway, "/v1/cmcd/request", &parameters).await;
            assert_eq!(answer.0, 204, "{cmcd}");
        }
        let content = format!("testpattern-{player}");
        let mut beacons = topic.beacons();
        beacons.retain(|beacon| beacon.content_id() == content);
        assert_eq!(beacons.len(), requests.len() + 3);
        let mut seqs: Vec<u64> = beacons.iter().map(Beacon::seq).collect();
        seqs.sort_unstable();
        seqs.dedup();
        assert_eq!(
            seqs,
            (0..requests.len() as u64).collect::<Vec<_>>(),
            "{player}"
        );
        for beacon in &beacons {
            assert_eq!(
                (
                    beacon.event(),
                    beacon.source(),
                    beacon.stream(),
                    beacon.cdn()
                ),
                (
                    EventKind::Request,
                    Source::CmcdRequest,
                    "cmcd:request",
                    "edge-1"
                )
            );
            let (at_ms, _) = requests[usize::try_from(beacon.seq()).unwrap()];
            assert_eq!(beacon.client_time_ms(), at_ms);
        }
        assert!(
            beacons.iter().any(|beacon| beacon.bitrate_kbps() > 0),
            "{player}"
        );
    }
}

#[tokio::test]
async fn version_1_is_taken_by_query_by_headers_and_by_lines() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let whole = "bl=21300,br=3200,bs,cid=\"c\",d=4004,mtp=25400,ot=v,sf=h,sid=\"s\",st=v,tb=6000";
    assert_eq!(
        get(&gateway, "/v1/cmcd/request/a/seg1.m4s", &[("CMCD", whole)])
            .await
            .0,
        204
    );
    let response = client()
        .get(gateway.url("/v1/cmcd/request/a/seg2.m4s"))
        .header("CMCD-Object", "br=3200,d=4004,ot=v,tb=6000")
        .header("CMCD-Request", "bl=21300,mtp=25400")
        .header("CMCD-Session", "cid=\"c\",sf=h,sid=\"s\",st=v")
        .header("CMCD-Status", "bs")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 204);
    let lines =
        format!("{whole},ts=1795250334911\nCMCD=sid%3D%22s%22%2Cot%3Da%2Cbr%3D96\nbroken, =line\n");
    let request = client().post(gateway.url("/v1/cmcd/request")).body(lines);
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    assert_eq!(
        (status, &body["accepted"], &body["refused"]),
        (200, &json!(2), &json!(1))
    );
    assert_eq!(body["results"][0]["reason"], "malformed_cmcd");

    let beacons = topic.beacons();
    assert_eq!(beacons.len(), 4);
    assert!(beacons.iter().all(|beacon| !beacon.seq_is_ordinal()));
    let seqs: std::collections::BTreeSet<u64> = beacons.iter().map(Beacon::seq).collect();
    assert_eq!(seqs.len(), 4);
    let pictures = beacons
        .iter()
        .filter(|beacon| beacon.bitrate_kbps() == 3_200);
    for beacon in pictures {
        assert_eq!(
            (
                beacon.session_id(),
                beacon.buffer_ms(),
                beacon.throughput_kbps()
            ),
            ("s", 21_300, 25_400)
        );
        assert_eq!(beacon.request["object_type"], "v");
    }
}

#[tokio::test]
async fn older_shaka_reports_events_by_get() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[]);
    let event = "cid=\"c\",e=ps,sid=\"s\",sn=4,sta=p,ts=1795250334911,v=2";
    assert_eq!(
        get(&gateway, "/v1/cmcd?target=a", &[("CMCD", event)])
            .await
            .0,
        204
    );
    let response = client()
        .get(gateway.url("/v1/cmcd?target=a"))
        .header("CMCD-Request", "e=t,sn=5,ts=1795250344911")
        .header("CMCD-Session", "cid=\"c\",sid=\"s\",v=2")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 204);
    let (status, body) = get(&gateway, "/v1/cmcd", &[("CMCD", "sid=\"s\"")]).await;
    assert_eq!(
        (status, &body["results"][0]["reason"]),
        (200, &json!("missing_event"))
    );
    let (status, body) = get(&gateway, "/v1/cmcd", &[]).await;
    assert_eq!((status, &body["reason"]), (400, &json!("empty_batch")));
    let mut beacons = topic.beacons();
    beacons.sort_by_key(Beacon::seq);
    let told: Vec<_> = beacons
        .iter()
        .map(|beacon| {
            (
                beacon.seq(),
                beacon.event(),
                beacon.stream(),
                beacon.source(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (4, EventKind::PlayState, "cmcd:event:a", Source::CmcdEvent),
            (5, EventKind::Heartbeat, "cmcd:event:a", Source::CmcdEvent)
        ]
    );
}
