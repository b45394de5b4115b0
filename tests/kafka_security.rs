//! The gateway at brokers that want TLS, logins and rights: the real broker, its own authorizer.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::harness::{Gateway, OwnKafka, Topic, client, heartbeat};
use playhead::config::{KafkaSecurityConfig, Protocol};

const PATIENCE: Duration = Duration::from_secs(30);

/// Settings of the environment.
type Settings = Vec<(&'static str, String)>;

/// The administrator, who is known by the broker's own certificate.
fn administrator(kafka: &OwnKafka) -> KafkaSecurityConfig {
    KafkaSecurityConfig {
        protocol: Protocol::Tls,
        ca_file: kafka.secret("ca.crt"),
        certificate_file: kafka.secret("broker.crt"),
        key_file: kafka.secret("broker.key"),
        ..KafkaSecurityConfig::default()
    }
}

async fn topic(kafka: &OwnKafka) -> Topic {
    Topic::create_as(administrator(kafka), kafka.brokers_by_certificate(), 2).await
}

fn text(path: PathBuf) -> String {
    path.to_str().unwrap().to_owned()
}

/// A login by password, over TLS.
fn login(kafka: &OwnKafka, user: &str, mechanism: &str) -> Settings {
    vec![
        ("KAFKA__BROKERS", kafka.brokers.clone()),
        ("KAFKA__SECURITY__PROTOCOL", "sasl_tls".into()),
        ("KAFKA__SECURITY__MECHANISM", mechanism.into()),
        ("KAFKA__SECURITY__USER", user.into()),
        (
            "KAFKA__SECURITY__PASSWORD_FILE",
            text(kafka.secret(&format!("{user}.password"))),
        ),
        ("KAFKA__SECURITY__CA_FILE", text(kafka.secret("ca.crt"))),
    ]
}

/// A certificate instead.
fn certificate(kafka: &OwnKafka, user: &str) -> Settings {
    vec![
        ("KAFKA__BROKERS", kafka.brokers_by_certificate()),
        ("KAFKA__SECURITY__PROTOCOL", "tls".into()),
        ("KAFKA__SECURITY__CA_FILE", text(kafka.secret("ca.crt"))),
        (
            "KAFKA__SECURITY__CERTIFICATE_FILE",
            text(kafka.secret(&format!("{user}.crt"))),
        ),
        (
            "KAFKA__SECURITY__KEY_FILE",
            text(kafka.secret(&format!("{user}.key"))),
        ),
    ]
}

fn borrowed(settings: &Settings) -> Vec<(&str, &str)> {
    settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

/// A command, as this user.
fn playhead(topic: &Topic, settings: &Settings, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_playhead"));
    command
        .args(arguments)
        .env("PLAYHEAD_KAFKA__TOPIC", &topic.name);
    for (name, value) in settings {
        command.env(format!("PLAYHEAD_{name}"), value);
    }
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What `playhead topics --acls` prints, for the administrator's port and with the gateway under this name.
fn grants(kafka: &OwnKafka, topic: &Topic, gateway: &str) -> String {
    let brokers = vec![("KAFKA__BROKERS", kafka.brokers_by_certificate())];
    let printed = playhead(topic, &brokers, &["topics", "--acls", "--gateway", gateway]);
    assert!(printed.status.success());
    out(&printed)
}

/// Runs lines that were printed, as they are.
fn run(kafka: &OwnKafka, lines: &str) {
    let folder = kafka
        .secret("admin.properties")
        .parent()
        .unwrap()
        .to_owned();
    let tools = concat!(env!("CARGO_MANIFEST_DIR"), "/stack/kafka");
    let path = format!("{tools}:{}", std::env::var("PATH").unwrap());
    let ran = Command::new("sh")
        .args(["-e", "-c", lines])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

async fn post(gateway: &Gateway, session: &str) -> u16 {
    let body = heartbeat(session, 1).to_string();
    let request = client().post(gateway.url("/v1/beacons")).body(body);
    request.send().await.unwrap().status().as_u16()
}

async fn says(gateway: &Gateway, status: u16, words: &str) {
    let ready = format!("{}/readyz", gateway.operations);
    let began = Instant::now();
    loop {
        let response = client().get(&ready).send().await.unwrap();
        let told = response.status().as_u16();
        let text = response.text().await.unwrap();
        if told == status && text.contains(words) {
            return;
        }
        assert!(
            began.elapsed() < PATIENCE,
            "{told}: {text}\n{}",
            gateway.logged()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn each_login_brings_beacons_to_kafka_with_the_rights_that_are_printed() {
    let kafka = OwnKafka::start_secured("security-logins");
    let topic = topic(&kafka).await;
    for gateway in ["User:gateway", "User:CN=gateway"] {
        run(&kafka, &grants(&kafka, &topic, gateway));
    }
    let ways = [
        ("plain", login(&kafka, "gateway", "plain")),
        ("scram-256", login(&kafka, "gateway", "scram-sha-256")),
        ("scram-512", login(&kafka, "gateway", "scram-sha-512")),
        ("certificate", certificate(&kafka, "gateway")),
    ];
    let password = std::fs::read_to_string(kafka.secret("gateway.password")).unwrap();
    for (name, way) in &ways {
        let mut settings = borrowed(way);
        settings.push(("SPOOL__MODE", "kafka_only"));
        let gateway = Gateway::start(&topic, &settings);
        assert_eq!(
            post(&gateway, name).await,
            200,
            "{name}: {}",
            gateway.logged()
        );
        says(&gateway, 200, "ready\n").await;
        let log = gateway.logged();
        assert!(!log.contains(password.trim()), "{name} logs its password");
        assert!(
            !log.contains("settings are not checked"),
            "{name}: the rights do not suffice: {log}"
        );
    }
    let mut sessions: Vec<String> = topic
        .beacons()
        .iter()
        .map(|beacon| beacon.session_id().to_owned())
        .collect();
    sessions.sort();
    assert_eq!(sessions, ["certificate", "plain", "scram-256", "scram-512"]);

    // The other parts: the operator compares the topic, the reader reads it, each with its own rights.
    let mut operator = login(&kafka, "operator", "scram-sha-512");
    let checked = playhead(&topic, &operator, &["topics", "--check"]);
    assert_eq!(
        out(&checked),
        "warning: partitions is 2, wanted 6: fewer consumers can share the work\n    playhead topics --grow\n"
    );
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        playhead(&topic, &operator, &["topics", "--grow"])
            .status
            .success()
    );
    assert!(
        playhead(&topic, &operator, &["topics", "--check"])
            .status
            .success()
    );
    // And makes it, where it is not there yet.
    let made = ("KAFKA__TOPIC", format!("{}.made", topic.name));
    let administrator = vec![
        ("KAFKA__BROKERS", kafka.brokers_by_certificate()),
        made.clone(),
    ];
    run(
        &kafka,
        &out(&playhead(&topic, &administrator, &["topics", "--acls"])),
    );
    operator.push(made);
    for action in [&["topics"][..], &["topics", "--check"]] {
        let done = playhead(&topic, &operator, action);
        assert!(
            done.status.success(),
            "{action:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    operator.pop();
    let read = playhead(
        &topic,
        &login(&kafka, "reader", "plain"),
        &["tail", "--from-beginning"],
    );
    assert_eq!(
        out(&read).lines().count(),
        4,
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    operator[4].1 = text(kafka.secret("reader.password"));
    let refused = playhead(&topic, &operator, &["topics", "--check"]);
    assert!(!refused.status.success(), "another's password");
}

#[tokio::test]
async fn a_missing_right_is_told_keeps_beacons_safe_and_ends_without_a_restart() {
    let kafka = OwnKafka::start_secured("security-rights");
    let topic = topic(&kafka).await;
    let all = grants(&kafka, &topic, "User:gateway");
    let without_write = all.replace("--operation Write ", "");
    assert_ne!(all, without_write);
    run(&kafka, &without_write);
    let settings = login(&kafka, "gateway", "scram-sha-512");
    let mut settings = borrowed(&settings);
    settings.push(("SPOOL__KAFKA_PATIENCE_MS", "500"));
    let gateway = Gateway::start(&topic, &settings);
    assert_eq!(post(&gateway, "kept").await, 200, "the spool takes it");
    says(&gateway, 200, "by the spool alone: Kafka at").await;
    says(&gateway, 200, "does not let user gateway write").await;
    says(&gateway, 200, "`playhead topics --acls`").await;
    assert!(
        gateway
            .logged()
            .contains("until then no beacon reaches Kafka")
    );
    let denied = gateway
        .metric("playhead_producer_needs_a_hand", "reason=\"denied\"")
        .await;
    assert_eq!(denied, 1);
    assert_eq!(topic.beacons().len(), 0);

    run(&kafka, &all);
    says(&gateway, 200, "ready\n").await;
    let began = Instant::now();
    while topic.beacons().is_empty() {
        assert!(began.elapsed() < PATIENCE, "{}", gateway.logged());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // A right that is missing fails the idempotent producer for good.
    assert!(gateway.metric("playhead_producer_replaced_total", "").await >= 1);
    assert_eq!(
        gateway
            .metric("playhead_producer_needs_a_hand", "reason=\"denied\"")
            .await,
        0
    );
    assert_eq!(post(&gateway, "fresh").await, 200);
    assert_eq!(
        gateway
            .metric("playhead_spool_lost_records_total", "")
            .await,
        0
    );
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_authority_are_told_at_the_start() {
    let kafka = OwnKafka::start_secured("security-wrong");
    let topic = topic(&kafka).await;
    let only = [
        ("SPOOL__MODE", "kafka_only"),
        ("KAFKA__START_TIMEOUT_MS", "3000"),
    ];
    let mut wrong = login(&kafka, "gateway", "scram-sha-512");
    wrong[4].1 = text(kafka.secret("stranger.password"));
    let settings = [borrowed(&wrong).as_slice(), &only].concat();
    let (status, log) = Gateway::fail(&topic, &settings);
    assert!(!status.success());
    assert!(log.contains("refuses the login of user gateway"), "{log}");
    let password = std::fs::read_to_string(kafka.secret("stranger.password")).unwrap();
    assert!(!log.contains(password.trim()), "{log}");

    let mut unknown = login(&kafka, "gateway", "scram-sha-512");
    unknown[5].1 = text(kafka.secret("gateway.crt"));
    let settings = [borrowed(&unknown).as_slice(), &only].concat();
    let (status, log) = Gateway::fail(&topic, &settings);
    assert!(!status.success());
    assert!(log.contains("look at [kafka.security]"), "{log}");

    // Without any rights the topic is not to be seen.
    let stranger = login(&kafka, "stranger", "plain");
    let settings = [borrowed(&stranger).as_slice(), &only].concat();
    let (status, log) = Gateway::fail(&topic, &settings);
    assert!(!status.success());
    assert!(
        log.contains("that user stranger may see (`playhead topics --acls`"),
        "{log}"
    );
}
