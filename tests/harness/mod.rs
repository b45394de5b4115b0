//! A gateway of its own for a test: the real binary on free ports, the real Kafka, a topic of its own.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "each test file uses its part"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod kafka;
mod process;
mod stack;

use std::time::Duration;

use serde_json::Value;

pub use kafka::{Topic, brokers};
pub use process::{Exit, Gateway};
pub use stack::OwnKafka;

/// A client whose requests end.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

/// Status, content type and body of an answer.
pub async fn answer(response: reqwest::Response) -> (u16, String, Value) {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get("content-type")
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let body = response.text().await.unwrap();
    let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
    (status, content_type, body)
}

/// A heartbeat of a session.
pub fn heartbeat(session_id: &str, seq: u64) -> Value {
    serde_json::json!({
        "session_id": session_id, "event": "heartbeat", "seq": seq, "state": "playing",
        "position_ms": seq * 10_000,
    })
}

/// What a client sent when it was captured, with every moment so much later; ms.
pub fn moved(text: &str, later_ms: i64) -> String {
    /// Moments of all captures begin so.
    const CAPTURED: &str = "1795250";
    let mut parts = text.split(CAPTURED);
    let mut moved = parts.next().unwrap().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(6);
        let moment_ms: i64 = format!("{CAPTURED}{digits}").parse().unwrap();
        moved.push_str(&(moment_ms + later_ms).to_string());
        moved.push_str(rest);
    }
    moved
}
