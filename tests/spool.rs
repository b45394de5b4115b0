//! The spool on a real disk, with a real broker that goes away: what was acknowledged is in the topic in
//! the end, whatever was killed in between.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::harness::{Gateway, OwnKafka, Topic, answer, client, heartbeat};
use futures_util::future::join_all;
use playhead::beacon::Beacon;
use serde_json::Value;

/// Beacons of one request.
const BATCH: u64 = 10;
/// How long the spool may take to be drained once Kafka is back.
const PATIENCE: Duration = Duration::from_secs(40);

/// Starts a program with a disk of four megabytes for the spool, which only it sees.
const OWN_DISK: [&str; 8] = [
    "unshare",
    "--user",
    "--map-root-user",
    "--mount",
    "sh",
    "-c",
    "mount -t tmpfs -o size=4m none \"$PLAYHEAD_SPOOL__FOLDER\" && exec \"$@\"",
    "sh",
];

/// Runs a script with the folder as its argument where the gateway sees its disks.
fn in_its_namespace(gateway: &Gateway, folder: &Path, script: &str) {
    let target = gateway.pid().to_string();
    let done = Command::new("nsenter")
        .args([
            "--user",
            "--mount",
            "--preserve-credentials",
            "--target",
            &target,
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", text(&done));
}

/// Settings of every gateway here; the modes and folders differ.
fn settings<'a>(mode: &'a str, folder: &'a Path) -> Vec<(&'a str, &'a str)> {
    vec![
        ("SPOOL__MODE", mode),
        ("SPOOL__FOLDER", folder.to_str().unwrap()),
        ("SPOOL__KAFKA_PATIENCE_MS", "1000"),
        ("KAFKA__LINGER_MS", "10"),
        ("KAFKA__REQUEST_TIMEOUT_MS", "1000"),
        ("KAFKA__DELIVERY_TIMEOUT_MS", "1500"),
        ("KAFKA__START_TIMEOUT_MS", "20000"),
    ]
}

/// Players that send, and remember what they were told.
#[derive(Default)]
struct Players {
    next: u64,
    acknowledged: BTreeSet<(String, u64)>,
    statuses: Vec<(u16, String)>,
}

impl Players {
    /// Twenty sessions send a batch each, at once. What is told goes into `statuses`.
    async fn send(&mut self, gateway: &Gateway) {
        self.statuses.clear();
        let seqs = self.next..self.next + BATCH;
        self.next += BATCH;
        let url = gateway.url("/v1/beacons");
        let requests = (0..20).map(|session| {
            let session = format!("s-{session}");
            let beacons: Vec<Value> = seqs.clone().map(|seq| heartbeat(&session, seq)).collect();
            let request = client().post(&url).body(Value::Array(beacons).to_string());
            async move { (session, request.send().await) }
        });
        for (session, sent) in join_all(requests).await {
            // A gateway that is killed answers nothing, and has promised nothing.
            let Ok(response) = sent else { continue };
            let (status, _, body) = answer(response).await;
            if status == 200 {
                let acknowledged = seqs.clone().map(|seq| (session.clone(), seq));
                self.acknowledged.extend(acknowledged);
            }
            let reason = body["reason"].as_str().unwrap_or_default().to_owned();
            self.statuses.push((status, reason));
        }
    }

    /// Every request was answered 200.
    fn assert_taken(&self, when: &str) {
        assert!(
            self.statuses.iter().all(|(status, _)| *status == 200),
            "{when}: {:?}",
            self.statuses
        );
    }

    /// Sends until requests are refused because of the spool's disk, and for no other reason.
    async fn send_until_the_spool_fails(&mut self, gateway: &Gateway) {
        let began = Instant::now();
        loop {
            self.send(gateway).await;
            let refusals = self.statuses.iter().filter(|(status, _)| *status != 200);
            let reasons: BTreeSet<&str> = refusals.map(|(_, reason)| reason.as_str()).collect();
            if reasons.contains("spool_failed") {
                return;
            }
            assert!(reasons.is_empty(), "{reasons:?}");
            assert!(began.elapsed() < PATIENCE * 2, "the disk does not fail");
        }
    }

    /// Everything that was acknowledged is in the topic.
    fn assert_kept(&self, topic: &Topic, when: &str) {
        let found: BTreeSet<_> = topic
            .beacons()
            .iter()
            .map(|beacon: &Beacon| (beacon.session_id().to_owned(), beacon.seq()))
            .collect();
        let missing: Vec<_> = self.acknowledged.difference(&found).collect();
        assert!(
            missing.is_empty(),
            "{when}: {} acknowledged and not in Kafka, such as {:?}",
            missing.len(),
            missing[0]
        );
    }
}

/// What `/readyz` says.
async fn ready(gateway: &Gateway) -> (u16, String) {
    let ready = format!("{}/readyz", gateway.operations);
    let response = client().get(ready).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Waits until `/readyz` says this; what it says is a second old at most.
async fn says(gateway: &Gateway, status: u16, text: &str) {
    let began = Instant::now();
    loop {
        let (told, state) = ready(gateway).await;
        if told == status && state.contains(text) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{told}: {state}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until a metric has this value.
async fn reaches(gateway: &Gateway, metric: &str, value: u64) {
    let began = Instant::now();
    loop {
        let now = gateway.metric(metric, "").await;
        if now == value {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{metric} stays at {now}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until nothing of the spool is left to bring to Kafka.
async fn drained(gateway: &Gateway) {
    reaches(gateway, "playhead_spool_records", 0).await;
}

async fn restart_until_ready(topic: &Topic, settings: &[(&str, &str)]) -> Gateway {
    let gateway = Gateway::start(topic, settings);
    let began = Instant::now();
    while ready(&gateway).await.0 != 200 {
        assert!(began.elapsed() < PATIENCE, "{:?}", ready(&gateway).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    gateway
}

fn playhead(topic: &Topic, folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(arguments)
        .env("PLAYHEAD_KAFKA__BROKERS", &topic.brokers)
        .env("PLAYHEAD_KAFKA__TOPIC", &topic.name)
        .env("PLAYHEAD_SPOOL__FOLDER", folder)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_an_outage_of_kafka_and_kills_of_the_gateway() {
    let kafka = OwnKafka::start("spool-outage");
    for mode in ["kafka_first", "spool_always", "kafka_only"] {
        let topic = Topic::create(kafka.brokers.clone(), 3).await;
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(mode, folder.path());
        let mut players = Players::default();
        let gateway = restart_until_ready(&topic, &settings).await;
        players.send(&gateway).await;
        players.assert_taken(mode);
        kafka.kill();
        for _ in 0..3 {
            players.send(&gateway).await;
            if mode == "kafka_only" {
                // On a busy machine the report of the failure may come late.
                let is_refused = |(status, reason): &(u16, String)| {
                    *status == 503 && reason.starts_with("delivery_")
                };
                assert!(
                    players.statuses.iter().all(is_refused),
                    "{:?}",
                    players.statuses
                );
            } else {
                players.assert_taken(mode);
            }
        }
        if mode != "kafka_only" {
            says(&gateway, 200, "by the spool alone").await;
            assert!(gateway.metric("playhead_spool_beacons", "").await >= 3 * 20 * BATCH);
        }
        // Killed with requests on their way.
        let pid = gateway.pid().to_string();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(15));
            Command::new("kill").args(["-9", &pid]).status().unwrap()
        });
        players.send(&gateway).await;
        killer.join().unwrap();
        drop(gateway);
        if mode == "kafka_only" {
            kafka.start_again();
        }
        // Without Kafka: it starts all the same, and takes beacons.
        let gateway = restart_until_ready(&topic, &settings).await;
        players.send(&gateway).await;
        players.assert_taken(mode);
        if mode != "kafka_only" {
            kafka.start_again();
            drained(&gateway).await;
            // Killed while it may not have saved how far it came.
            players.send(&gateway).await;
            players.assert_taken(mode);
            gateway.kill();
            let gateway = restart_until_ready(&topic, &settings).await;
            drained(&gateway).await;
            assert_eq!(
                gateway
                    .metric("playhead_spool_lost_records_total", "")
                    .await,
                0
            );
        }
        players.assert_kept(&topic, mode);
        assert!(players.acknowledged.len() as u64 >= 2 * 20 * BATCH);
    }
}

#[tokio::test]
async fn while_some_partitions_are_away_theirs_wait_in_the_spool_and_the_others_go_on() {
    let kafka = OwnKafka::start_three("some-partitions-away");
    // One copy of each: with its broker a partition is away.
    let topic = Topic::create(kafka.brokers.clone(), 6).await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("kafka_first", folder.path());
    settings.push(("KAFKA__CONTROL_PARTITIONS", "0"));
    let gateway = restart_until_ready(&topic, &settings).await;
    let mut players = Players::default();
    let spooled = || gateway.metric("playhead_spool_written_beacons_total", "");
    // The first messages of a topic may have to look for its leaders, longer than the patience with Kafka lasts.
    let began = Instant::now();
    let mut before = u64::MAX;
    while before != spooled().await {
        assert!(began.elapsed() < PATIENCE, "{:?}", ready(&gateway).await);
        before = spooled().await;
        players.send(&gateway).await;
        players.assert_taken("with all of them");
    }

    kafka.kill_broker("kafka2");
    let rounds = 12;
    for _ in 0..rounds {
        players.send(&gateway).await;
        players.assert_taken("with two of three brokers");
    }
    let away = gateway
        .metric("playhead_producer_partitions_bypassed", "")
        .await;
    assert!((1..=2).contains(&away), "{away} of 6 partitions are away");
    // Six partitions on three brokers, and sessions spread by a hash: a third of what was sent, or thereabouts.
    let spooled = spooled().await - before;
    let sent = rounds * 20 * BATCH;
    assert!(
        (sent / 10..sent * 6 / 10).contains(&spooled),
        "{spooled} of {sent} beacons went to the spool"
    );

    kafka.start_broker("kafka2");
    drained(&gateway).await;
    players.send(&gateway).await;
    players.assert_taken("with all of them again");
    reaches(&gateway, "playhead_producer_partitions_bypassed", 0).await;
    players.assert_kept(&topic, "one broker of three was away");
    gateway.terminate();
    assert!(gateway.wait().status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_acknowledges_nothing_and_recovers() {
    let kafka = OwnKafka::start("spool-full-disk");
    let topic = Topic::create(kafka.brokers.clone(), 3).await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("kafka_first", folder.path());
    settings.extend([
        ("KAFKA__BATCH_MAX_BYTES", "65536"),
        ("SPOOL__SEGMENT_BYTES", "262144"),
    ]);
    let gateway = Gateway::start_by(&OWN_DISK, &topic, &settings);
    let mut players = Players::default();
    players.send(&gateway).await;
    players.assert_taken("Kafka is there");
    kafka.kill();
    players.send_until_the_spool_fails(&gateway).await;
    assert_eq!(gateway.metric("playhead_spool_accepting", "").await, 0);
    says(&gateway, 503, "No space left on device").await;
    kafka.start_again();
    drained(&gateway).await;
    reaches(&gateway, "playhead_spool_accepting", 1).await;
    players.send(&gateway).await;
    players.assert_taken("it has recovered");
    players.assert_kept(&topic, "after the disk was full");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_becomes_read_only_is_told_acknowledges_nothing_and_recovers() {
    let kafka = OwnKafka::start("spool-read-only");
    let topic = Topic::create(kafka.brokers.clone(), 3).await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("kafka_first", folder.path());
    settings.extend([
        ("KAFKA__BATCH_MAX_BYTES", "65536"),
        ("SPOOL__SEGMENT_BYTES", "262144"),
    ]);
    let gateway = Gateway::start_by(&OWN_DISK, &topic, &settings);
    kafka.kill();
    let mut players = Players::default();
    players.send(&gateway).await;
    players.assert_taken("the disk can be written");
    // The same files once more over themselves, read-only: what is open can be written until the segment is full.
    in_its_namespace(
        &gateway,
        folder.path(),
        "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\"",
    );
    players.send_until_the_spool_fails(&gateway).await;
    assert_eq!(gateway.metric("playhead_spool_accepting", "").await, 0);
    says(&gateway, 503, "Read-only file system").await;
    // Lazily: a look of the gateway at its disk may hold a file of it open just then.
    in_its_namespace(&gateway, folder.path(), "umount --lazy \"$1\"");
    // Kafka is still away: it is the spool that acknowledges again.
    reaches(&gateway, "playhead_spool_accepting", 1).await;
    players.send(&gateway).await;
    players.assert_taken("the disk can be written again");
    kafka.start_again();
    drained(&gateway).await;
    players.assert_kept(&topic, "after the disk was read-only");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fails_to_sync_acknowledges_nothing_until_it_syncs_again() {
    let kafka = OwnKafka::start("spool-sync-fails");
    let topic = Topic::create(kafka.brokers.clone(), 3).await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings("spool_always", folder.path());
    // The kernel's answer to the 100th to the 104th sync of a thread is an error: twenty requests and a start need fewer than
    // a hundred, and the thread that writes is the only one that syncs so often.
    let failing = [
        "strace",
        "--daemonize",
        "--follow-forks",
        "--seccomp-bpf",
        "--quiet=all",
        "--output=/dev/null",
        "--trace=fdatasync",
        "--inject=fdatasync:error=EIO:when=100..104",
    ];
    let gateway = Gateway::start_by(&failing, &topic, &settings);
    let mut players = Players::default();
    players.send(&gateway).await;
    players.assert_taken("the disk syncs");
    kafka.kill();
    players.send_until_the_spool_fails(&gateway).await;
    says(&gateway, 503, "Input/output error").await;
    reaches(&gateway, "playhead_spool_accepting", 1).await;
    players.send(&gateway).await;
    players.assert_taken("the disk syncs again");
    kafka.start_again();
    drained(&gateway).await;
    players.assert_kept(&topic, "after syncs that failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_spool_says_so_and_keeps_what_it_has() {
    let kafka = OwnKafka::start("spool-full");
    let topic = Topic::create(kafka.brokers.clone(), 3).await;
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings("spool_always", folder.path());
    settings.extend([
        ("KAFKA__BATCH_MAX_BYTES", "65536"),
        ("SPOOL__SEGMENT_BYTES", "131072"),
        ("SPOOL__MAX_BYTES", "262144"),
    ]);
    let gateway = restart_until_ready(&topic, &settings).await;
    let mut players = Players::default();
    kafka.kill();
    let began = Instant::now();
    while gateway.metric("playhead_spool_accepting", "").await == 1 {
        players.send(&gateway).await;
        assert!(began.elapsed() < PATIENCE, "the spool does not fill up");
    }
    says(&gateway, 503, "spool.max_bytes").await;
    players.send(&gateway).await;
    assert!(players.statuses.iter().all(|(status, _)| *status == 503));
    kafka.start_again();
    drained(&gateway).await;
    reaches(&gateway, "playhead_spool_accepting", 1).await;
    players.send(&gateway).await;
    players.assert_taken("there is room again");
    drained(&gateway).await;
    players.assert_kept(&topic, "after the spool was full");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spool_is_listed_verified_and_drained_by_hand() {
    let kafka = OwnKafka::start("spool-by-hand");
    let topic = Topic::create(kafka.brokers.clone(), 3).await;
    let folder = tempfile::tempdir().unwrap();
    let gateway = restart_until_ready(&topic, &settings("kafka_first", folder.path())).await;
    let mut players = Players::default();
    kafka.kill();
    for _ in 0..2 {
        players.send(&gateway).await;
        players.assert_taken("Kafka is away");
    }
    let spooled = gateway.metric("playhead_spool_beacons", "").await;
    assert!(spooled >= 2 * 20 * BATCH);
    // Another gateway, and a drain, keep off while this one runs.
    let (status, log) = Gateway::fail(&topic, &settings("kafka_first", folder.path()));
    assert!(
        !status.success() && log.contains("in use by another gateway"),
        "{log}"
    );
    let refused = playhead(&topic, folder.path(), &["spool", "drain"]);
    assert!(!refused.status.success() && text(&refused).contains("in use"));
    gateway.terminate();
    assert!(gateway.wait().status.success());

    let listed = text(&playhead(&topic, folder.path(), &["spool", "list"]));
    assert!(
        listed.contains(&format!("{spooled} beacons in ")),
        "{listed}"
    );
    let verified = playhead(&topic, folder.path(), &["spool", "verify"]);
    assert!(verified.status.success(), "{}", text(&verified));

    // One bit of a copy, in the midst of what was promised.
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mut bytes = std::fs::read(entry.path()).unwrap();
        if entry.file_name().to_str().unwrap().ends_with(".segment") {
            bytes[200] ^= 1;
        }
        std::fs::write(copy.path().join(entry.file_name()), bytes).unwrap();
    }
    let damaged = playhead(&topic, copy.path(), &["spool", "verify"]);
    assert!(
        !damaged.status.success() && text(&damaged).contains("damaged"),
        "{}",
        text(&damaged)
    );

    kafka.start_again();
    let drained = playhead(&topic, folder.path(), &["spool", "drain"]);
    assert!(drained.status.success(), "{}", text(&drained));
    players.assert_kept(&topic, "after a drain by hand");
    let listed = text(&playhead(&topic, folder.path(), &["spool", "list"]));
    assert!(listed.contains("0 beacons in 0 records"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_while_kafka_is_away_spools_what_is_on_its_way() {
    let kafka = OwnKafka::start("spool-sigterm");
    let topic = Topic::create(kafka.brokers.clone(), 3).await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings("kafka_first", folder.path());
    let gateway = restart_until_ready(&topic, &settings).await;
    let mut players = Players::default();
    kafka.kill();
    let pid = gateway.pid().to_string();
    let ender = std::thread::spawn(move || {
        // The requests are on their way to a broker that is not there.
        std::thread::sleep(Duration::from_millis(300));
        Command::new("kill").args(["-TERM", &pid]).status().unwrap()
    });
    players.send(&gateway).await;
    ender.join().unwrap();
    players.assert_taken("it is asked to end");
    let exit = gateway.wait();
    assert!(exit.status.success(), "{}", exit.log);
    kafka.start_again();
    let gateway = restart_until_ready(&topic, &settings).await;
    drained(&gateway).await;
    players.assert_kept(&topic, "after SIGTERM");
}
