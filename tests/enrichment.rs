//! What the gateway adds to beacons, on the real one: from user agents, client hints, headers of CDNs and
//! databases of places.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use crate::mmdb;

use std::path::Path;
use std::time::{Duration, Instant};

use crate::harness::{Gateway, Topic, answer, brokers, client};
use crate::mmdb::Value as Known;
use playhead::beacon::{Beacon, DeviceClass};
use serde_json::{Value, json};

const TELEVISION: &str = "Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH2 Build/STT2.230505.001) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 Safari/537.36";

/// A gateway behind a proxy on this machine.
const PROXY: (&str, &str) = ("HTTP__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#);
const QUICK: (&str, &str) = ("KAFKA__LINGER_MS", "5");

fn play(session: &str) -> Value {
    json!({"session_id": session, "event": "play_state", "state": "playing", "seq": 0})
}

async fn post(gateway: &Gateway, beacon: &Value, headers: &[(&str, &str)]) {
    let mut request = client()
        .post(gateway.url("/v1/beacons"))
        .body(beacon.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (status, _, body) = answer(request.send().await.unwrap()).await;
    assert_eq!((status, &body["accepted"]), (200, &json!(1)), "{body}");
}

/// The beacon of a session.
fn of_session(topic: &Topic, session: &str) -> Beacon {
    let mut beacons = topic.beacons().into_iter();
    beacons
        .find(|beacon| beacon.session_id() == session)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_recognised_and_what_the_client_says_wins() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[QUICK]);
    post(&gateway, &play("tv"), &[("user-agent", TELEVISION)]).await;
    let mut own = play("own");
    own["device_class"] = json!("set_top_box");
    own["device_model"] = json!("Box 1");
    own["cdn"] = json!("Akamai-Edge");
    post(&gateway, &own, &[("user-agent", TELEVISION)]).await;
    let hints = [
        (
            "user-agent",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        ),
        (
            "sec-ch-ua",
            r#""Microsoft Edge";v="131", "Chromium";v="131", "Not_A Brand";v="24""#,
        ),
        ("sec-ch-ua-platform", r#""Windows""#),
        ("sec-ch-ua-platform-version", r#""15.0.0""#),
    ];
    post(&gateway, &play("hints"), &hints).await;
    let robot = [("user-agent", "Mozilla/5.0 (compatible; ExampleBot/1.0)")];
    post(&gateway, &play("robot"), &robot).await;

    let tv = of_session(&topic, "tv");
    assert_eq!(tv.device_class(), DeviceClass::SmartTv);
    assert_eq!(tv.device_model(), "BRAVIA 4K VH2");
    assert_eq!((tv.os_name(), tv.os_version()), ("Android", "12"));
    assert_eq!(
        (&*tv.tags["browser"], &*tv.tags["browser_version"]),
        ("Chrome", "114")
    );
    let own = of_session(&topic, "own");
    assert_eq!(
        (own.device_class(), own.device_model()),
        (DeviceClass::SetTopBox, "Box 1")
    );
    assert_eq!((own.os_name(), own.cdn()), ("Android", "akamai"));
    let hints = of_session(&topic, "hints");
    assert_eq!(
        (hints.device_class(), hints.os_version()),
        (DeviceClass::Web, "11")
    );
    assert_eq!(hints.tags["browser"], "Edge");
    assert_eq!(of_session(&topic, "robot").is_bot, Some(true));
    assert_eq!(tv.is_bot, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_firehose_says_nothing_of_the_viewers_device_or_place() {
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &[QUICK, PROXY]);
    let delivery = json!({
        "requestId": "r", "timestamp": 1_795_258_402_000_i64,
        // {"session_id":"s","event":"heartbeat","seq":0}
        "records": [{"data": "eyJzZXNzaW9uX2lkIjoicyIsImV2ZW50IjoiaGVhcnRiZWF0Iiwic2VxIjowfQ=="}]
    });
    let sent = client()
        .post(gateway.url("/v1/firehose"))
        .header("user-agent", TELEVISION)
        .header("cloudfront-viewer-country", "US")
        .body(delivery.to_string())
        .send();
    assert_eq!(sent.await.unwrap().status(), 200);
    let beacon = of_session(&topic, "s");
    assert_eq!(
        (beacon.device_class, beacon.country, beacon.os_name),
        (None, None, None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_a_cdn_count_only_where_it_is_trusted() {
    let topic = Topic::create(brokers(), 1).await;
    let cloudfront = [
        ("cloudfront-viewer-country", "US"),
        ("cloudfront-viewer-country-region", "MI"),
        ("cloudfront-viewer-asn", "7922"),
    ];
    let open = Gateway::start(&topic, &[QUICK]);
    post(&open, &play("stranger"), &cloudfront).await;
    let behind = Gateway::start(&topic, &[QUICK, PROXY]);
    post(&behind, &play("trusted"), &cloudfront).await;
    let akamai = [(
        "x-akamai-edgescape",
        "country_code=GB,region_code=EN,asnum=2856",
    )];
    post(&behind, &play("akamai"), &akamai).await;
    let mut own = play("own");
    own["country"] = json!("FR");
    post(&behind, &own, &cloudfront).await;

    let stranger = of_session(&topic, "stranger");
    assert_eq!((stranger.country, stranger.asn), (None, None));
    let trusted = of_session(&topic, "trusted");
    assert_eq!(
        (trusted.country(), trusted.region(), trusted.asn()),
        ("US", "US-MI", 7_922)
    );
    let akamai = of_session(&topic, "akamai");
    assert_eq!(
        (akamai.country(), akamai.region(), akamai.asn()),
        ("GB", "GB-EN", 2_856)
    );
    let own = of_session(&topic, "own");
    assert_eq!((own.country(), &own.region), ("FR", &None));
}

fn city(country: &'static str, region: &'static str) -> Known {
    let code = |code| Known::Map(vec![("iso_code", Known::Text(code))]);
    Known::Map(vec![
        ("country", code(country)),
        ("subdivisions", Known::List(vec![code(region)])),
    ])
}

fn write_city(path: &Path, country: &'static str, region: &'static str) {
    let written = path.with_extension("new");
    let database = mmdb::database(&[("198.51.100.0", 24, city(country, region))]);
    std::fs::write(&written, database).unwrap();
    std::fs::rename(&written, path).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn places_come_from_databases_that_may_change() {
    let folder = tempfile::tempdir().unwrap();
    let (cities, networks) = (
        folder.path().join("city.mmdb"),
        folder.path().join("asn.mmdb"),
    );
    write_city(&cities, "DE", "BY");
    let network = Known::Map(vec![
        ("autonomous_system_number", Known::U32(64_500)),
        ("autonomous_system_organization", Known::Text("Example Net")),
    ]);
    let database = mmdb::database(&[("198.51.0.0", 16, network)]);
    std::fs::write(&networks, database).unwrap();
    let files = json!([cities, networks]).to_string();
    let settings = [
        QUICK,
        PROXY,
        ("ENRICH__PLACE_FILES", files.as_str()),
        ("ENRICH__PLACE_RELOAD_MS", "100"),
    ];
    let topic = Topic::create(brokers(), 1).await;
    let gateway = Gateway::start(&topic, &settings);
    let from = |address| [("x-forwarded-for", address)];
    post(&gateway, &play("known"), &from("198.51.100.7")).await;
    post(&gateway, &play("elsewhere"), &from("203.0.113.7")).await;
    let known = of_session(&topic, "known");
    assert_eq!((known.country(), known.region()), ("DE", "DE-BY"));
    assert_eq!((known.asn(), known.isp()), (64_500, "Example Net"));
    assert_eq!(of_session(&topic, "elsewhere").country, None);

    // A file that is broken changes nothing; a new one is used without a restart.
    let reloaded = async |outcome: &str| {
        let began = Instant::now();
        let label = format!("file=\"places\",outcome=\"{outcome}\"");
        while gateway.metric("playhead_file_reloads_total", &label).await == 0 {
            assert!(began.elapsed() < Duration::from_secs(10), "not {outcome}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    std::fs::write(&cities, "no database").unwrap();
    reloaded("unusable").await;
    post(&gateway, &play("still"), &from("198.51.100.7")).await;
    assert_eq!(of_session(&topic, "still").country(), "DE");
    write_city(&cities, "AT", "9");
    reloaded("used").await;
    post(&gateway, &play("moved"), &from("198.51.100.7")).await;
    let moved = of_session(&topic, "moved");
    assert_eq!((moved.country(), moved.region()), ("AT", "AT-9"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_none_is_a_reason_not_to_start() {
    let topic = Topic::missing(brokers());
    let file = tempfile::NamedTempFile::new().unwrap();
    let files = json!([file.path()]).to_string();
    let (status, log) = Gateway::fail(&topic, &[("ENRICH__PLACE_FILES", &files)]);
    assert!(!status.success());
    assert!(log.contains("no database in MaxMind's format"), "{log}");
}
