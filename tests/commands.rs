//! The commands that people type, on the real Kafka.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::process::{Command, Output};

use crate::harness::{Gateway, Topic, brokers};
use serde_json::{Value, json};

fn playhead(topic: &Topic, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_playhead"))
        .args(arguments)
        .env("PLAYHEAD_KAFKA__BROKERS", &topic.brokers)
        .env("PLAYHEAD_KAFKA__TOPIC", &topic.name)
        .env("PLAYHEAD_CLICKHOUSE__PASSWORD", "hunter2")
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    out(output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn what_is_sent_by_hand_is_seen_in_the_tail() {
    let topic = Topic::create(brokers(), 3).await;
    let gateway = Gateway::start(&topic, &[]);
    let send = |arguments: &[&str]| {
        playhead(
            &topic,
            &[&["send", "--gateway", &gateway.http], arguments].concat(),
        )
    };
    let error = r#"error={"code":"E1","fatal":true}"#;
    let sent = send(&[
        "--session",
        "s-1",
        "--event",
        "error",
        "--seq",
        "4",
        "--field",
        error,
    ]);
    assert!(sent.status.success());
    assert!(
        out(&sent).starts_with("200 OK\n{\"received\":1,\"accepted\":1,"),
        "{}",
        out(&sent)
    );
    for seq in 0..3 {
        let json = json!({"session_id": "s-2", "event": "heartbeat", "seq": seq}).to_string();
        assert!(send(&[&json]).status.success());
    }
    let refused = send(&["--field", "state=naps"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(out(&refused).contains("bad_value"), "{}", out(&refused));

    let one = lines(&playhead(&topic, &["tail", "--session", "s-1"]));
    assert_eq!(one.len(), 1);
    assert_eq!(one[0]["error"], json!({"code": "E1", "fatal": true}));
    assert_eq!(
        (&one[0]["seq"], &one[0]["stream"]),
        (&json!(4), &json!("json"))
    );
    assert_eq!(
        lines(&playhead(&topic, &["tail", "--from-beginning"])).len(),
        4
    );
    let last = lines(&playhead(&topic, &["tail", "--limit", "2"]));
    let seqs: Vec<_> = last.iter().map(|beacon| beacon["seq"].clone()).collect();
    assert_eq!(seqs, [json!(1), json!(2)]);
}

#[tokio::test]
async fn topics_creates_the_topic_once() {
    let topic = Topic::missing(brokers());
    let first = playhead(&topic, &["topics"]);
    assert_eq!(
        out(&first),
        format!("created {} with 6 partitions, 1 copies\n", topic.name)
    );
    let again = playhead(&topic, &["topics"]);
    assert!(again.status.success());
    assert_eq!(out(&again), format!("{} is already there\n", topic.name));
}

#[test]
fn check_config_prints_what_is_in_force_and_no_secret() {
    let topic = Topic::missing(brokers());
    let checked = playhead(&topic, &["check-config"]);
    let config: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(config["kafka"]["topic"], topic.name);
    assert_eq!(config["clickhouse"]["password"], "********");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "[kafka]\nlinger_ms = 5000\n").unwrap();
    let path = file.path().to_str().unwrap();
    let refused = playhead(&topic, &["--config", path, "check-config"]);
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains("kafka.linger_ms: must be at most 1000"),
        "{said}"
    );
}

#[test]
fn every_command_helps_with_examples() {
    let topic = Topic::missing(brokers());
    for command in [
        "serve",
        "check-config",
        "topics",
        "tail",
        "send",
        "migrate",
        "schema",
        "metrics",
        "check",
        "simulate",
        "redrive",
    ] {
        let help = out(&playhead(&topic, &[command, "--help"]));
        assert!(help.contains("Examples:"), "{command}: {help}");
    }
}
