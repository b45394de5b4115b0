//! The body of a request: a JSON array of beacons.

use serde_json::Value;

use crate::script::Script;
use crate::script::told::told;

/// The beacons with those indices, sent at `sent_ms` (true time; the client's clock shows its own).
pub(crate) fn body(script: &Script, beacons: &[usize], sent_ms: i64) -> Vec<u8> {
    let client_sent_ms = sent_ms + script.viewer.clock.ahead_ms;
    let mut body = Vec::with_capacity(beacons.len() * 700);
    for index in beacons {
        body.push(if body.is_empty() { b'[' } else { b',' });
        let mut fields = told(&script.viewer, &script.beacons[*index]);
        fields.insert("sent_time_ms".to_owned(), client_sent_ms.into());
        body.extend_from_slice(Value::Object(fields).to_string().as_bytes());
    }
    body.push(b']');
    body
}
